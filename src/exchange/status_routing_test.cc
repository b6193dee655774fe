#include "exchange/status_routing.h"

#include <gtest/gtest.h>

#include "edxml/reader.h"
#include "exchange/testing/engines.h"

namespace exchange {
namespace {

using testing::kReceiver;
using testing::kSender;
using testing::Letter;
using testing::recall_of;
using testing::Report;
using testing::report_on;

constexpr auto kStatus = edxml::Kind::status;

class StatusRoutingTest : public testing::OnEngine {
 protected:
  void SetUp() override { original_ = site.send(Letter{}); }
  DeliveryState state() { return site.sent(kSender, original_.id).at(0).state; }
  std::int64_t history() {
    static const store::Query kEvents{"test.events", "select count(*) from status_event"};
    return site.number(kEvents);
  }
  // The status message that waits for the sender, read.
  edxml::Document waiting_for_sender() {
    const auto waiting = site.pending(kSender, kStatus);
    EXPECT_EQ(waiting.size(), 1u);
    return edxml::read(*site.fetch(kSender, waiting.at(0).id)).value();
  }
  void must_send(std::string_view system, const Report& report) {
    const auto accepted = site.send(system, report);
    ASSERT_TRUE(accepted) << accepted.error().detail();
  }
  void end_with_successor(const char* code, const char* successor) {
    Organisation ended;
    ended.code = code;
    ended.effective_to = site.clock.now();
    ended.successor = successor;
    ASSERT_TRUE(site.directory().put({ended}, "test"));
  }
  Accepted original_;
};
ON_BOTH_ENGINES(StatusRoutingTest);

TEST_P(StatusRoutingTest, EveryReportReachesTheSenderAndStaysInHistory) {
  int minute = 0;
  for (const char* code : {"01", "03", "04", "05", "06"}) {
    Report report = report_on(Letter{}, "G99", code);
    report.time = "2026/11/18 08:0" + std::to_string(minute++) + ":00";
    must_send(kReceiver, report);
    EXPECT_EQ(state().status_code, code);
    EXPECT_EQ(history(), minute);
    EXPECT_EQ(site.pending(kSender, kStatus).size(), static_cast<std::size_t>(minute));
  }
  EXPECT_TRUE(site.pending(kReceiver, kStatus).empty());
  EXPECT_EQ(site.findings(), "");
}

TEST_P(StatusRoutingTest, TheBytesOfAStatusMessageArePassedOnUnchanged) {
  const std::string file = file_of(report_on(Letter{}, "G99", "03"));
  ASSERT_TRUE(site.hand_in(kReceiver, file));
  EXPECT_EQ(*site.fetch(kSender, site.pending(kSender, kStatus).at(0).id), file);
}

TEST_P(StatusRoutingTest, TheLatestByItsOwnTimeIsCurrentWhateverTheOrderOfArrival) {
  Report later = report_on(Letter{}, "G99", "06"), earlier = report_on(Letter{}, "G99", "03");
  later.time = "2026/11/18 17:00:00";
  earlier.time = "2026/11/18 09:00:00";
  must_send(kReceiver, later);
  must_send(kReceiver, earlier);
  EXPECT_EQ(state().status_code, "06");
  EXPECT_EQ(history(), 2);
}

TEST_P(StatusRoutingTest, AMessageWithoutAReadableTimeCountsFromItsArrival) {
  Report report = report_on(Letter{}, "G99", "03");
  report.time = "hôm qua";
  must_send(kReceiver, report);
  EXPECT_EQ(state().status_code, "03");
  EXPECT_EQ(state().status_at, site.clock.now());
}

TEST_P(StatusRoutingTest, TheDocumentIsFoundByNumberAndDateWhenTheIdIsAnother) {
  Report report = report_on(Letter{}, "G99", "03");
  report.about = "8af226c8-7cde-4fbe-88fe-e15a768b49cb";
  must_send(kReceiver, report);
  EXPECT_EQ(state().status_code, "03");
}

TEST_P(StatusRoutingTest, AReportOnSomethingUnknownIsStillDelivered) {
  Report report = report_on(Letter{}, "G99", "03");
  report.about = "H99.01,2020/01/01,99/KHAC";
  report.about_code = "99/KHAC";
  must_send(kReceiver, report);
  EXPECT_EQ(state().status_code, "");
  EXPECT_EQ(history(), 0);
  EXPECT_EQ(site.pending(kSender, kStatus).size(), 1u);
}

TEST_P(StatusRoutingTest, SomebodyWhoIsNoRecipientChangesNothing) {
  must_send(kReceiver, report_on(Letter{}, "H98", "06"));
  EXPECT_EQ(state().status_code, "");
  EXPECT_EQ(history(), 0);
}

TEST_P(StatusRoutingTest, AReportForNobodyKnownIsRefused) {
  Report report = report_on(Letter{}, "G99", "03");
  report.to = "LA-1";
  const auto refused = site.send(kReceiver, report);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason(), "exchange.recipients_unknown");
}

TEST_P(StatusRoutingTest, TheSameReportTwiceIsOneMessage) {
  must_send(kReceiver, report_on(Letter{}, "G99", "03"));
  EXPECT_TRUE(site.send(kReceiver, report_on(Letter{}, "G99", "03"))->resent);
  EXPECT_EQ(site.pending(kSender, kStatus).size(), 1u);
  EXPECT_EQ(history(), 1);
}

TEST_P(StatusRoutingTest, RecallBeforeTheFetchWithdrawsAtOnceAndAnswersForTheRecipient) {
  must_send(kSender, recall_of(Letter{}, "G99"));
  EXPECT_EQ(state().transport, Transport::withdrawn);
  EXPECT_TRUE(site.pending(kReceiver).empty());
  EXPECT_TRUE(site.pending(kReceiver, kStatus).empty());  // nothing to bother the recipient with
  EXPECT_EQ(site.fetch(kReceiver, original_.id).error().reason(), "exchange.recalled");
  EXPECT_TRUE(site.fetch(kSender, original_.id));
  const edxml::Document answer = waiting_for_sender();
  EXPECT_EQ(answer.status_code, "15");
  EXPECT_EQ(answer.from.id, "G99");
  ASSERT_EQ(answer.response_for.size(), 1u);
  EXPECT_EQ(answer.response_for[0].organisation, "H99.01");
  EXPECT_EQ(answer.response_for[0].document_id, testing::document_id(Letter{}));
  EXPECT_EQ(site.findings(), "");
}

TEST_P(StatusRoutingTest, RecallOfWhatIsWithdrawnAlreadyIsOnlyHistory) {
  must_send(kSender, recall_of(Letter{}, "G99"));
  Report again = recall_of(Letter{}, "G99");
  again.text = "Gửi nhầm, lần hai";
  must_send(kSender, again);
  EXPECT_EQ(history(), 2);
  EXPECT_EQ(site.pending(kSender, kStatus).size(), 1u);
  EXPECT_EQ(site.findings(), "");
}

TEST_P(StatusRoutingTest, RecallAfterTheFetchIsPassedOnAndAgreed) {
  ASSERT_TRUE(site.fetch(kReceiver, original_.id));
  must_send(kSender, recall_of(Letter{}, "G99"));
  EXPECT_EQ(state().recall, Recall::requested);
  EXPECT_EQ(site.pending(kReceiver, kStatus).size(), 1u);
  EXPECT_TRUE(site.pending(kSender, kStatus).empty());
  EXPECT_TRUE(site.fetch(kReceiver, original_.id));
  must_send(kReceiver, report_on(Letter{}, "G99", "15"));
  EXPECT_EQ(state().recall, Recall::agreed);
  EXPECT_EQ(state().status_code, "15");
  const auto frozen = site.fetch(kReceiver, original_.id);
  ASSERT_FALSE(frozen);
  EXPECT_EQ(frozen.error().reason(), "exchange.recalled");
  EXPECT_TRUE(site.fetch(kSender, original_.id));
  EXPECT_EQ(site.pending(kSender, kStatus).size(), 1u);
}

TEST_P(StatusRoutingTest, AFetchedCopyThatWasTakenBackLeavesTheListAtOnce) {
  const std::string id = site.pending(kReceiver).at(0).id;
  ASSERT_TRUE(site.fetch(kReceiver, id));
  must_send(kSender, recall_of(Letter{}, "G99"));
  EXPECT_EQ(site.pending(kReceiver).size(), 1u);
  must_send(kReceiver, report_on(Letter{}, "G99", "15"));
  EXPECT_TRUE(site.pending(kReceiver).empty());
  EXPECT_EQ(*site.exchange().pending_count(site.key_of(kReceiver), edxml::Kind::document), 0);
  // Its system may still acknowledge it, as it was about to.
  EXPECT_TRUE(site.acknowledge(kReceiver, id, "done"));
  EXPECT_EQ(state().transport, Transport::withdrawn);
  EXPECT_EQ(site.findings(), "");
}

TEST_P(StatusRoutingTest, RecallAfterTheFetchIsPassedOnAndRefused) {
  ASSERT_TRUE(site.fetch(kReceiver, original_.id));
  must_send(kSender, recall_of(Letter{}, "G99"));
  must_send(kReceiver, report_on(Letter{}, "G99", "16"));
  EXPECT_EQ(state().recall, Recall::refused);
  EXPECT_TRUE(site.fetch(kReceiver, original_.id));
  EXPECT_EQ(site.pending(kSender, kStatus).size(), 1u);
}

TEST_P(StatusRoutingTest, RecallWithdrawsOnlyTheCopyItNames) {
  Letter letter;
  letter.number = "16";
  letter.to = {"G99", "H98"};
  const Accepted accepted = site.send(letter);
  must_send(kSender, recall_of(letter, "H98"));
  const auto items = site.sent(kSender, accepted.id);
  EXPECT_EQ(items.at(0).state.transport, Transport::initial);
  EXPECT_EQ(items.at(1).state.transport, Transport::withdrawn);
  EXPECT_TRUE(site.fetch(kReceiver, items.at(0).delivery_id));
  EXPECT_FALSE(site.fetch(kReceiver, items.at(1).delivery_id));
}

// A message about a withdrawn and a fetched copy went to everybody or to nobody.
TEST_P(StatusRoutingTest, OneMessageForTwoRecipientsGoesOnlyToTheOneWhoHasACopy) {
  Letter letter;
  letter.number = "16";
  letter.to = {"G99", "H98"};
  const Accepted accepted = site.send(letter);
  ASSERT_TRUE(site.fetch(kReceiver, site.sent(kSender, accepted.id).at(0).delivery_id));
  const std::string one = file_of(recall_of(letter, "G99"));
  const auto begin = one.find("<edXML:ResponseFor>");
  const auto end = one.find("</edXML:ResponseFor>") + std::string("</edXML:ResponseFor>").size();
  const std::string second = testing::replaced(one.substr(begin, end - begin), ">G99<", ">H98<");
  for (const bool fetched_first : {true, false}) {
    std::string file = one;
    file.insert(fetched_first ? end : begin, second);
    if (!fetched_first) file += "\n";
    ASSERT_TRUE(site.hand_in(kSender, file));
  }
  const auto items = site.sent(kSender, accepted.id);
  EXPECT_EQ(items.at(0).state.recall, Recall::requested);
  EXPECT_EQ(items.at(1).state.transport, Transport::withdrawn);
  for (const auto& item : site.pending(kReceiver, kStatus)) {
    EXPECT_EQ(site.directory().by_key(item.recipient)->code, "G99");
  }
  EXPECT_EQ(site.pending(kReceiver, kStatus).size(), 2u);
  EXPECT_EQ(site.findings(), "");
}

TEST_P(StatusRoutingTest, NobodyRecallsAnotherSendersDocument) {
  for (const auto& [system, from] : {std::pair{kSender, "H99.02"}, std::pair{kReceiver, "H98"}}) {
    Report recall = recall_of(Letter{}, "G99");
    recall.from = from;
    const auto refused = site.send(system, recall);
    ASSERT_FALSE(refused) << from;
    EXPECT_EQ(refused.error().reason(), "exchange.not_the_sender");
    EXPECT_EQ(refused.error().code(), base::Code::forbidden);
  }
  EXPECT_EQ(state().transport, Transport::initial);
  EXPECT_TRUE(site.pending(kReceiver, kStatus).empty());
  EXPECT_EQ(history(), 0);
  EXPECT_EQ(site.findings(), "");
}

TEST_P(StatusRoutingTest, TheRecipientCannotWithdrawByReportingARecall) {
  Report recall = recall_of(Letter{}, "H99.01");
  recall.from = "G99";
  EXPECT_FALSE(site.send(kReceiver, recall));
  EXPECT_EQ(state().transport, Transport::initial);
}

TEST_P(StatusRoutingTest, PartiesMayUseTheirOldCodes) {
  Report report = report_on(Letter{}, "000.00.00.G99", "03");
  report.to = "000.00.01.H99";
  must_send(kReceiver, report);
  EXPECT_EQ(state().status_code, "03");
  Report recall = recall_of(Letter{}, "000.00.00.G99");
  recall.from = "000.00.01.H99";
  must_send(kSender, recall);
  EXPECT_EQ(state().transport, Transport::withdrawn);
}

TEST_P(StatusRoutingTest, RecallByTheAddressedCodeFindsTheCopyOfItsSuccessor) {
  end_with_successor("H98", "G99");
  Letter letter;
  letter.number = "21";
  letter.to = {"H98"};
  const Accepted accepted = site.send(letter);
  must_send(kSender, recall_of(letter, "H98"));
  EXPECT_EQ(site.sent(kSender, accepted.id).at(0).state.transport, Transport::withdrawn);
  EXPECT_EQ(waiting_for_sender().status_code, "15");
}

// The message about a copy that had just been withdrawn went to the successor, who had none.
TEST_P(StatusRoutingTest, ARecallThatWithdrewTheCopyOfAnEndedOrganisationIsNotPassedOn) {
  Letter letter;
  letter.number = "21";
  letter.to = {"H98"};
  const Accepted accepted = site.send(letter);
  end_with_successor("H98", "G99");
  must_send(kSender, recall_of(letter, "H98"));
  EXPECT_EQ(site.sent(kSender, accepted.id).at(0).state.transport, Transport::withdrawn);
  EXPECT_TRUE(site.pending(kReceiver, kStatus).empty());
  EXPECT_EQ(waiting_for_sender().from.id, "H98");
}

// The first copy was withdrawn, and the successor kept and read a document that had been recalled.
TEST_P(StatusRoutingTest, ARecallReachesTheCopiesOfTheOneNamedAndOfItsSuccessors) {
  Letter letter;
  letter.number = "21";
  letter.to = {"H98"};
  const Accepted accepted = site.send(letter);
  end_with_successor("H98", "K97");
  EXPECT_EQ(site.send(letter).deliveries, 1);
  end_with_successor("K97", "G99");
  EXPECT_EQ(site.send(letter).deliveries, 1);
  must_send(kSender, recall_of(letter, "H98"));
  for (const auto& item : site.sent(kSender, accepted.id)) {
    EXPECT_EQ(item.state.transport, Transport::withdrawn);
  }
  EXPECT_TRUE(site.pending(kReceiver, kStatus).empty());
  EXPECT_EQ(site.pending(kSender, kStatus).size(), 3u);  // each copy's 15
  EXPECT_FALSE(site.send(letter).resent);
  EXPECT_EQ(site.findings(), "");
}

// The successor got the 13, but its copy was not recorded as asked for, so that its consent counted
// for nothing.
TEST_P(StatusRoutingTest, ASuccessorThatGetsTheRecallIsRecordedAsAskedAndMayAgree) {
  Letter letter;
  letter.number = "21";
  letter.to = {"H98"};
  site.send(letter);
  must_send(kSender, recall_of(letter, "H98"));
  end_with_successor("H98", "G99");
  const Accepted again = site.send(letter);
  EXPECT_FALSE(again.resent);
  ASSERT_TRUE(site.fetch(kReceiver, again.id));
  Report second = recall_of(letter, "H98");
  second.text = "Gửi nhầm, lần hai";
  must_send(kSender, second);
  EXPECT_EQ(site.sent(kSender, again.id).at(0).state.recall, Recall::requested);
  EXPECT_EQ(site.pending(kReceiver, kStatus).size(), 1u);
  must_send(kReceiver, report_on(letter, "G99", "15"));
  EXPECT_EQ(site.sent(kSender, again.id).at(0).state.recall, Recall::agreed);
  EXPECT_EQ(site.fetch(kReceiver, again.id).error().reason(), "exchange.recalled");
  EXPECT_EQ(site.findings(), "");
}

TEST_P(StatusRoutingTest, OrganisationsThatSucceedEachOtherEndTheSearch) {
  Letter letter;
  letter.number = "21";
  letter.to = {"H98"};
  site.send(letter);
  end_with_successor("H98", "K97");
  end_with_successor("K97", "H98");
  EXPECT_EQ(site.directory().succession("H98", site.clock.now()).size(), 2u);
  EXPECT_TRUE(site.directory().succession("KHONG-CO", site.clock.now()).empty());
  EXPECT_EQ(site.send(kSender, recall_of(letter, "H98")).error().reason(),
            "exchange.recipients_unknown");
}

TEST_P(StatusRoutingTest, WithdrawalOfWhatWaitsForAnUnservedOrganisation) {
  Letter letter;
  letter.number = "20";
  letter.to = {"K97"};
  const Accepted accepted = site.send(letter);
  must_send(kSender, recall_of(letter, "K97"));
  EXPECT_EQ(site.sent(kSender, accepted.id).at(0).state.transport, Transport::withdrawn);
  ASSERT_TRUE(site.directory().put_system("00.97.W00", "secret-of-k97", {"K97"}));
  EXPECT_TRUE(site.pending("00.97.W00").empty());
  EXPECT_EQ(waiting_for_sender().status_code, "15");
}

}  // namespace
}  // namespace exchange
