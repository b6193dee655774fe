#include "exchange/clocks.h"

#include <gtest/gtest.h>

// The clauses of docs/law.md that are clocks; the table there names these tests.

namespace exchange {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

base::Time moment(std::string_view text) { return base::parse_vietnam_time(text).value(); }

struct Clocks : testing::Test {
  std::string due(const std::optional<Clock>& clock) {
    return clock && clock->due ? base::vietnam_time_text(*clock->due, '-') : "none";
  }
  const identity::Calendar calendar;
  const ClockOptions options;
};

TEST_F(Clocks, SentOnTheDayOfSigningOrInTheNextWorkingMorning) {
  // Signed on Friday 20 November 2026.
  SendFacts facts{0, base::Date{2026, 11, 20}, std::nullopt, moment("2026-11-20 23:50:00")};
  auto clock = send_clock(calendar, options, facts);
  EXPECT_EQ(due(clock), "2026-11-23 11:30:00");
  EXPECT_FALSE(clock->late(facts.accepted_at));
  facts.accepted_at = moment("2026-11-23 11:30:00");
  EXPECT_FALSE(send_clock(calendar, options, facts)->late(facts.accepted_at));
  facts.accepted_at = moment("2026-11-23 14:30:00");
  clock = send_clock(calendar, options, facts);
  EXPECT_TRUE(clock->late(facts.accepted_at));
  EXPECT_EQ(clock->lateness(calendar, facts.accepted_at), hours(1));  // noon does not count
}

TEST_F(Clocks, TheNextWorkingMorningIsAfterTheHolidays) {
  const SendFacts facts{0, base::Date{2026, 2, 13}, std::nullopt, moment("2026-02-23 08:00:00")};
  EXPECT_EQ(due(send_clock(calendar, options, facts)), "2026-02-23 11:30:00");
}

TEST_F(Clocks, UrgentIsSentAtOnce) {
  SendFacts facts{3, base::Date{2026, 11, 20}, moment("2026-11-20 19:00:00"),
                  moment("2026-11-20 19:15:00")};
  EXPECT_FALSE(send_clock(calendar, options, facts)->late(facts.accepted_at));
  facts.accepted_at = moment("2026-11-20 19:45:00");
  const auto clock = send_clock(calendar, options, facts);
  EXPECT_TRUE(clock->late(facts.accepted_at));
  EXPECT_EQ(clock->lateness(calendar, facts.accepted_at), minutes(30));  // by night as by day
}

TEST_F(Clocks, WhereOnlyTheDayOfSigningIsKnownUrgentHasThatDay) {
  SendFacts facts{1, base::Date{2026, 11, 20}, std::nullopt, moment("2026-11-20 23:59:00")};
  EXPECT_FALSE(send_clock(calendar, options, facts)->late(facts.accepted_at));
  facts.accepted_at = moment("2026-11-21 00:01:00");
  EXPECT_TRUE(send_clock(calendar, options, facts)->late(facts.accepted_at));
}

TEST_F(Clocks, ADocumentWithoutADateHasNoSendingClock) {
  EXPECT_FALSE(send_clock(calendar, options, {0, {}, {}, moment("2026-11-20 08:00:00")}));
}

TEST_F(Clocks, ReceiptIsAcknowledgedTheSameDay) {
  DeliveryFacts facts;
  facts.accepted_at = moment("2026-11-20 09:00:00");
  const base::Time before = moment("2026-11-20 16:59:00"), after = moment("2026-11-20 17:01:00");
  EXPECT_EQ(due(receipt_clock(calendar, options, facts)), "2026-11-20 17:00:00");
  EXPECT_FALSE(receipt_clock(calendar, options, facts).late(before));
  EXPECT_TRUE(receipt_clock(calendar, options, facts).late(after));
  facts.answered_at = before;
  EXPECT_FALSE(receipt_clock(calendar, options, facts).late(after + hours(1000)));
}

TEST_F(Clocks, WhatComesAfterHoursIsAcknowledgedInTheNextWorkingMorning) {
  DeliveryFacts facts;
  facts.accepted_at = moment("2026-11-20 17:20:00");
  EXPECT_EQ(due(receipt_clock(calendar, options, facts)), "2026-11-23 11:30:00");
}

TEST_F(Clocks, UrgentIsPresentedAtOnceByNightToo) {
  DeliveryFacts facts;
  facts.urgency = 4;
  facts.accepted_at = moment("2026-11-21 22:00:00");
  EXPECT_EQ(due(receipt_clock(calendar, options, facts)), "2026-11-21 22:15:00");
}

TEST_F(Clocks, TheClockRunsFromTheElectronicCopyNotFromPaper) {
  // The first word of the recipient stops it, whatever it does about paper later.
  DeliveryFacts facts;
  facts.accepted_at = moment("2026-11-20 09:00:00");
  facts.answered_at = moment("2026-11-20 09:30:00");
  facts.transport = Transport::processing;
  const Clock clock = receipt_clock(calendar, options, facts);
  EXPECT_EQ(clock.started, facts.accepted_at);
  EXPECT_EQ(clock.stopped, facts.answered_at);
}

TEST_F(Clocks, NobodyIsLateWhoIsNotConnected) {
  DeliveryFacts facts;
  facts.accepted_at = moment("2026-11-16 09:00:00");
  facts.connected = false;
  const Clock paused = receipt_clock(calendar, options, facts);
  EXPECT_TRUE(paused.paused);
  EXPECT_FALSE(paused.due);
  EXPECT_FALSE(paused.late(moment("2027-01-01 00:00:00")));
  facts.connected = true;
  facts.visible_at = moment("2026-11-20 10:00:00");
  const Clock clock = receipt_clock(calendar, options, facts);
  EXPECT_FALSE(clock.paused);
  EXPECT_EQ(clock.resumed, facts.visible_at);
  EXPECT_EQ(due(clock), "2026-11-20 17:00:00");
}

TEST_F(Clocks, WhatWasTakenBackIsNotLateAnyMore) {
  DeliveryFacts facts;
  facts.accepted_at = moment("2026-11-20 09:00:00");
  facts.transport = Transport::withdrawn;
  facts.updated_at = moment("2026-11-20 09:05:00");
  EXPECT_FALSE(receipt_clock(calendar, options, facts).late(moment("2027-01-01 00:00:00")));
}

TEST_F(Clocks, ARecallIsAnsweredTheSameDay) {
  DeliveryFacts facts;
  EXPECT_FALSE(recall_clock(calendar, options, facts));
  facts.accepted_at = moment("2026-11-19 09:00:00");
  facts.recall_requested_at = moment("2026-11-20 14:00:00");
  EXPECT_EQ(due(recall_clock(calendar, options, facts)), "2026-11-20 17:00:00");
  EXPECT_TRUE(recall_clock(calendar, options, facts)->late(moment("2026-11-23 08:00:00")));
  facts.recall_answered_at = moment("2026-11-20 15:00:00");
  EXPECT_FALSE(recall_clock(calendar, options, facts)->late(moment("2026-11-23 08:00:00")));
}

}  // namespace
}  // namespace exchange
