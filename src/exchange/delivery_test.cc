#include "exchange/delivery.h"

#include <gtest/gtest.h>

namespace exchange {
namespace {

const base::Time kMorning = base::from_micros(1'795'000'000'000'000);
const base::Time kNoon = kMorning + std::chrono::hours(4);

DeliveryState at(Transport transport, bool was_fetched = false, Recall recall = Recall::none) {
  DeliveryState state;
  state.transport = transport;
  state.fetched = was_fetched;
  state.recall = recall;
  return state;
}

TEST(Delivery, FetchingMovesAWaitingDeliveryAndMayBeRepeated) {
  const auto once = fetched(at(Transport::initial));
  ASSERT_TRUE(once);
  EXPECT_EQ(once->transport, Transport::processing);
  EXPECT_TRUE(once->fetched);
  EXPECT_EQ(*fetched(*once), *once);
}

TEST(Delivery, FetchingAFinishedOneLeavesItFinished) {
  for (const Transport transport : {Transport::processing, Transport::done, Transport::fail}) {
    const auto after = fetched(at(transport));
    ASSERT_TRUE(after);
    EXPECT_EQ(after->transport, transport);
  }
}

TEST(Delivery, WhatWasWithdrawnOrTakenBackIsNotHandedOut) {
  for (const DeliveryState& state : {at(Transport::withdrawn, false, Recall::agreed),
                                     at(Transport::done, true, Recall::agreed)}) {
    EXPECT_FALSE(state.readable());
    const auto refused = fetched(state);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason(), "exchange.recalled");
    EXPECT_EQ(refused.error().code(), base::Code::gone);
  }
  EXPECT_TRUE(at(Transport::processing, true, Recall::requested).readable());
  EXPECT_TRUE(at(Transport::processing, true, Recall::refused).readable());
}

struct Acknowledgement {
  Transport before;
  const char* word;
  Transport after;
};

TEST(Delivery, EveryAcknowledgementFromEveryState) {
  using enum Transport;
  const Acknowledgement all[] = {{initial, "done", done},
                                 {initial, "fail", fail},
                                 {initial, "processing", processing},
                                 {initial, "initial", initial},
                                 {initial, "inbox", processing},
                                 {initial, "acceptance", processing},
                                 {initial, "finish", done},
                                 {initial, "rejection", fail},
                                 {initial, "assignment", processing},
                                 {initial, "", processing},
                                 {initial, "lạ", processing},
                                 {processing, "done", done},
                                 {processing, "fail", fail},
                                 {processing, "initial", processing},
                                 {processing, "inbox", processing},
                                 {done, "done", done},
                                 {done, "fail", done},
                                 {done, "processing", done},
                                 {fail, "done", fail},
                                 {fail, "fail", fail},
                                 {withdrawn, "done", withdrawn},
                                 {withdrawn, "fail", withdrawn},
                                 {withdrawn, "processing", withdrawn}};
  for (const auto& one : all) {
    const DeliveryState state = acknowledged(at(one.before), one.word);
    EXPECT_EQ(state.transport, one.after) << word_of(one.before) << " + " << one.word;
    // Saying it again changes nothing.
    EXPECT_EQ(acknowledged(state, one.word), state) << word_of(one.before) << " + " << one.word;
  }
}

TEST(Delivery, OnlyWaitingAndProcessingArePending) {
  EXPECT_TRUE(at(Transport::initial).pending());
  EXPECT_TRUE(at(Transport::processing).pending());
  EXPECT_FALSE(at(Transport::done).pending());
  EXPECT_FALSE(at(Transport::fail).pending());
  EXPECT_FALSE(at(Transport::withdrawn).pending());
}

TEST(Delivery, StatusesInOrderBecomeCurrent) {
  DeliveryState state = at(Transport::done, true);
  base::Time time = kMorning;
  for (const char* code : {"01", "03", "04", "05", "06"}) {
    const auto outcome = reported(state, code, time += std::chrono::minutes(1));
    EXPECT_EQ(outcome.effect, StatusEffect::pass_on);
    state = outcome.state;
    EXPECT_EQ(state.status_code, code);
    EXPECT_EQ(state.status_at, time);
  }
}

TEST(Delivery, ALateArrivingOldStatusDoesNotReplaceANewerOne) {
  const DeliveryState newer = reported(at(Transport::done, true), "06", kNoon).state;
  const auto outcome = reported(newer, "03", kMorning);
  EXPECT_EQ(outcome.effect, StatusEffect::pass_on);
  EXPECT_EQ(outcome.state.status_code, "06");
  EXPECT_EQ(outcome.state.status_at, kNoon);
}

TEST(Delivery, OutOfOrderCodesAreNeverRefused) {
  DeliveryState state = at(Transport::done, true);
  base::Time time = kMorning;
  for (const char* code : {"06", "01", "05", "02", "03", "06", "06"}) {
    const auto outcome = reported(state, code, time += std::chrono::minutes(1));
    EXPECT_EQ(outcome.effect, StatusEffect::pass_on);
    EXPECT_EQ(outcome.state.status_code, code);
    state = outcome.state;
  }
}

TEST(Delivery, OfTwoStatusesOfOneSecondTheLaterArrivalCounts) {
  DeliveryState state = reported(at(Transport::done, true), "03", kMorning).state;
  state = reported(state, "05", kMorning).state;
  EXPECT_EQ(state.status_code, "05");
}

TEST(Delivery, UnknownCodesArePassedOnAndChangeNothing) {
  const DeliveryState before = reported(at(Transport::done, true), "03", kMorning).state;
  for (const char* code : {"00", "07", "14", "99", ""}) {
    const auto outcome = reported(before, code, kNoon);
    EXPECT_EQ(outcome.effect, StatusEffect::pass_on) << code;
    EXPECT_EQ(outcome.state, before) << code;
  }
}

TEST(Delivery, RecallBeforeAnyoneFetchedWithdrawsAtOnce) {
  for (const Transport transport : {Transport::initial, Transport::processing}) {
    const auto outcome = reported(at(transport), "13", kMorning);
    EXPECT_EQ(outcome.effect, StatusEffect::withdrawn);
    EXPECT_EQ(outcome.state.transport, Transport::withdrawn);
    EXPECT_EQ(outcome.state.recall, Recall::agreed);
    EXPECT_FALSE(outcome.state.pending());
    EXPECT_FALSE(outcome.state.readable());
    // Asking once more is history only.
    EXPECT_EQ(reported(outcome.state, "13", kNoon).effect, StatusEffect::kept_only);
  }
}

TEST(Delivery, RecallAfterFetchAsksTheRecipient) {
  for (const DeliveryState& before : {at(Transport::processing, true), at(Transport::done, true),
                                      at(Transport::done), at(Transport::fail)}) {
    const auto asked = reported(before, "13", kMorning);
    EXPECT_EQ(asked.effect, StatusEffect::pass_on);
    EXPECT_EQ(asked.state.recall, Recall::requested);
    EXPECT_EQ(asked.state.transport, before.transport);
    EXPECT_TRUE(asked.state.readable());

    const DeliveryState agreed = reported(asked.state, "15", kNoon).state;
    EXPECT_EQ(agreed.recall, Recall::agreed);
    EXPECT_EQ(agreed.status_code, "15");
    EXPECT_FALSE(agreed.readable());

    const DeliveryState refused = reported(asked.state, "16", kNoon).state;
    EXPECT_EQ(refused.recall, Recall::refused);
    EXPECT_TRUE(refused.readable());
    // After a refusal the sender may ask again.
    EXPECT_EQ(reported(refused, "13", kNoon).state.recall, Recall::requested);
  }
}

// A fetched copy that was given back stayed in the list, where it could not be fetched any more,
// until somebody acknowledged it.
TEST(Delivery, AnAgreedRecallEndsTheWaitForAnAcknowledgement) {
  const DeliveryState asked = at(Transport::processing, true, Recall::requested);
  EXPECT_TRUE(asked.pending());
  const DeliveryState agreed = reported(asked, "15", kNoon).state;
  EXPECT_EQ(agreed.transport, Transport::withdrawn);
  EXPECT_FALSE(agreed.pending());
  EXPECT_TRUE(agreed.fetched);
  EXPECT_EQ(acknowledged(agreed, "done"), agreed);
  EXPECT_TRUE(reported(asked, "16", kNoon).state.pending());
  // What was acknowledged keeps its final word.
  for (const Transport final : {Transport::done, Transport::fail}) {
    EXPECT_EQ(reported(at(final, true, Recall::requested), "15", kNoon).state.transport, final);
  }
}

TEST(Delivery, AnAgreedRecallStaysWhateverIsSaidLater) {
  DeliveryState state = at(Transport::done, true, Recall::requested);
  state = reported(state, "15", kMorning).state;
  for (const char* code : {"03", "06", "16", "13"}) {
    state = reported(state, code, kNoon).state;
    EXPECT_EQ(state.status_code, "15") << code;
    EXPECT_EQ(state.recall, Recall::agreed) << code;
  }
}

TEST(Delivery, AnswersToARecallThatNobodyAskedForTakeNothingBack) {
  EXPECT_EQ(reported(at(Transport::done, true), "16", kNoon).state.recall, Recall::none);
  const DeliveryState agreed = reported(at(Transport::done, true), "15", kNoon).state;
  EXPECT_EQ(agreed.recall, Recall::none);
  EXPECT_TRUE(agreed.readable());
}

TEST(Delivery, EveryStateHasAWordAndASentenceInBothLanguages) {
  for (const auto transport : {Transport::initial, Transport::processing, Transport::done,
                               Transport::fail, Transport::withdrawn}) {
    EXPECT_FALSE(word_of(transport).empty());
    EXPECT_FALSE(text_of(transport).vi.empty());
    EXPECT_NE(text_of(transport).vi, text_of(transport).en);
  }
  for (const char* code : {"01", "02", "03", "04", "05", "06", "13", "15", "16"}) {
    EXPECT_NE(text_of_status(code).vi, code);
  }
  EXPECT_EQ(text_of_status("77").vi, "77");
}

}  // namespace
}  // namespace exchange
