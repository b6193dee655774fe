#include "exchange/acceptance.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "edxml/testing/sample.h"
#include "exchange/testing/engines.h"
#include "store/journal.h"

namespace exchange {
namespace {

using testing::kReceiver;
using testing::kSender;
using testing::Letter;

const store::Query kDocuments{"test.documents", "select count(*) from document"};
const store::Query kDeliveries{"test.deliveries", "select count(*) from delivery"};
const store::Query kLinks{"test.links", "select count(*) from document_link"};

class AcceptanceTest : public testing::OnEngine {
 protected:
  std::vector<std::string> recipients(const Accepted& accepted) {
    std::vector<std::string> codes;
    for (const SentItem& item : site.sent(kSender, accepted.id)) {
      codes.push_back(site.directory().by_key(item.recipient)->code);
    }
    return codes;
  }
  std::string last_journal_body() {
    std::string body;
    const auto done =
        site.database().read([&](store::Connection& connection) -> base::Result<void> {
          TRY(store::journal::verify(
              connection, 1, [&](const store::journal::Entry& entry) { body = entry.body; }));
          return base::done();
        });
    EXPECT_TRUE(done);
    return body;
  }
};
ON_BOTH_ENGINES(AcceptanceTest);

using Codes = std::vector<std::string>;

TEST_P(AcceptanceTest, EveryRecipientGetsADelivery) {
  Letter letter;
  letter.to = {"G99", "H98", "H99.02", "K97"};
  const Accepted accepted = site.send(letter);
  EXPECT_FALSE(accepted.resent);
  EXPECT_EQ(accepted.deliveries, 4);
  EXPECT_TRUE(accepted.unknown.empty());
  EXPECT_EQ(recipients(accepted), letter.to);
  EXPECT_EQ(accepted.id.size(), 24u);
}

TEST_P(AcceptanceTest, TheSameFileWithinTheWindowIsOneSubmission) {
  const Accepted first = site.send(Letter{});
  site.clock.advance(std::chrono::hours(24));
  const Accepted again = site.send(Letter{});
  EXPECT_TRUE(again.resent);
  EXPECT_EQ(again.id, first.id);
  EXPECT_EQ(again.deliveries, 0);
  EXPECT_EQ(site.number(kDocuments), 1);
  EXPECT_EQ(site.number(kDeliveries), 1);
}

TEST_P(AcceptanceTest, AfterTheWindowItIsANewSubmission) {
  const Accepted first = site.send(Letter{});
  site.clock.advance(std::chrono::hours(24) + std::chrono::seconds(1));
  const Accepted again = site.send(Letter{});
  EXPECT_FALSE(again.resent);
  EXPECT_NE(again.id, first.id);
  EXPECT_EQ(site.number(kDeliveries), 2);
}

TEST_P(AcceptanceTest, AnotherByteAnotherSenderOrAnotherSystemIsAnotherSubmission) {
  const Accepted first = site.send(Letter{});
  Letter other;
  other.content += ".";
  EXPECT_NE(site.send(other).id, first.id);
  Letter from_second;
  from_second.from = "H99.02";
  EXPECT_NE(site.send(from_second).id, first.id);
  // The same organisation, moved to another system.
  ASSERT_TRUE(site.directory().put_system(kReceiver, "another-secret-9876", {"H99.01"}));
  const auto moved = site.hand_in(kReceiver, file_of(Letter{}));
  ASSERT_TRUE(moved);
  EXPECT_FALSE(moved->resent);
}

TEST_P(AcceptanceTest, AfterAWithdrawalTheSameFileIsSentAnew) {
  const Accepted first = site.send(Letter{});
  ASSERT_TRUE(site.send(kSender, testing::recall_of(Letter{}, "G99")));
  const Accepted again = site.send(Letter{});
  EXPECT_FALSE(again.resent);
  EXPECT_NE(again.id, first.id);
  EXPECT_EQ(site.pending(kReceiver).size(), 1u);
}

// The frozen first copy was taken for the new one, and the recipient could never read it.
TEST_P(AcceptanceTest, AfterAnAgreedRecallTheSameFileIsSentAnew) {
  const Accepted first = site.send(Letter{});
  ASSERT_TRUE(site.fetch(kReceiver, first.id));
  ASSERT_TRUE(site.send(kSender, testing::recall_of(Letter{}, "G99")));
  ASSERT_TRUE(site.send(kReceiver, testing::report_on(Letter{}, "G99", "15")));
  ASSERT_FALSE(site.fetch(kReceiver, first.id));
  const Accepted again = site.send(Letter{});
  EXPECT_FALSE(again.resent);
  EXPECT_TRUE(site.fetch(kReceiver, again.id));
}

// A client that repeated its request after one of the copies was taken back delivered the document
// a second time to everybody.
TEST_P(AcceptanceTest, AfterOneOfSeveralCopiesWasTakenBackTheSameFileIsTheSameDocument) {
  Letter letter;
  letter.to = {"G99", "H98"};
  const Accepted first = site.send(letter);
  ASSERT_TRUE(site.send(kSender, testing::recall_of(letter, "H98")));
  const auto after_withdrawal = site.send(letter);
  EXPECT_TRUE(after_withdrawal.resent);
  EXPECT_EQ(after_withdrawal.id, first.id);
  EXPECT_EQ(after_withdrawal.deliveries, 0);
  EXPECT_EQ(site.pending(kReceiver).size(), 1u);  // of the one who kept it
  // When the last copy is taken back too, nobody has it.
  ASSERT_TRUE(site.fetch(kReceiver, site.pending(kReceiver).at(0).id));
  ASSERT_TRUE(site.send(kSender, testing::recall_of(letter, "G99")));
  EXPECT_TRUE(site.send(letter).resent);  // asked for, not given back yet
  ASSERT_TRUE(site.send(kReceiver, testing::report_on(letter, "G99", "15")));
  const Accepted anew = site.send(letter);
  EXPECT_FALSE(anew.resent);
  EXPECT_NE(anew.id, first.id);
  EXPECT_EQ(anew.deliveries, 2);
  EXPECT_EQ(site.findings(), "");
}

TEST_P(AcceptanceTest, HeaderNarrowsWhatTheFileNames) {
  Letter letter;
  letter.to = {"G99", "H98", "K97"};
  const auto accepted = site.hand_in(kSender, file_of(letter), {"H98", "K97", "H99.02"});
  ASSERT_TRUE(accepted);
  EXPECT_EQ(recipients(*accepted), (Codes{"H98", "K97"}));
}

TEST_P(AcceptanceTest, AHeaderWithNothingInCommonIsStaleAndTheFileWins) {
  Letter letter;
  letter.to = {"G99"};
  const auto accepted = site.hand_in(kSender, file_of(letter), {"H98", "KHONG-CO"});
  ASSERT_TRUE(accepted);
  EXPECT_EQ(recipients(*accepted), Codes{"G99"});
  EXPECT_TRUE(accepted->unknown.empty());
}

TEST_P(AcceptanceTest, WithoutToTheHeaderNamesTheRecipients) {
  const std::string file = edxml::testing::file_with(
      "<From><OrganId>H99.01</OrganId></From><Code><CodeNumber>1</CodeNumber><CodeNotation>A</"
      "CodeNotation></Code>");
  const auto accepted = site.hand_in(kSender, file, {"H98", "KHONG-CO"});
  ASSERT_TRUE(accepted);
  EXPECT_EQ(recipients(*accepted), Codes{"H98"});
  EXPECT_EQ(accepted->unknown, Codes{"KHONG-CO"});
  const auto nobody = site.hand_in(kSender, file + "\n");
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().reason(), "exchange.recipients_unknown");
}

TEST_P(AcceptanceTest, AnOrganisationNamedTwiceOrByItsOldCodeGetsOneDelivery) {
  Letter letter;
  letter.to = {"G99", "000.00.00.G99", "G99", "H98"};
  const Accepted accepted = site.send(letter);
  EXPECT_EQ(recipients(accepted), (Codes{"G99", "H98"}));
}

TEST_P(AcceptanceTest, TheHeaderMayUseTheOtherNotation) {
  Letter letter;
  letter.to = {"G99", "H98"};
  const auto accepted = site.hand_in(kSender, file_of(letter), {"000.00.00.H98"});
  ASSERT_TRUE(accepted);
  EXPECT_EQ(recipients(*accepted), Codes{"H98"});
}

TEST_P(AcceptanceTest, UnknownRecipientsAreReportedAndKeptInTheJournal) {
  Letter letter;
  letter.to = {"LẠ-1", "G99", "LA-2", "LẠ-1"};
  const Accepted accepted = site.send(letter);
  EXPECT_EQ(accepted.deliveries, 1);
  EXPECT_EQ(accepted.unknown, (Codes{"LẠ-1", "LA-2"}));
  EXPECT_NE(last_journal_body().find("\"unknown\":[\"LẠ-1\",\"LA-2\"]"), std::string::npos)
      << last_journal_body();
}

TEST_P(AcceptanceTest, WhenEveryRecipientIsUnknownNothingIsKept) {
  Letter letter;
  letter.to = {"LA-1", "LA-2"};
  const auto refused = site.hand_in(kSender, file_of(letter));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason(), "exchange.recipients_unknown");
  EXPECT_NE(refused.error().detail().find("LA-1, LA-2"), std::string::npos);
  EXPECT_NE(refused.error().text().vi.find("LA-1, LA-2"), std::string::npos);
  EXPECT_EQ(site.number(kDocuments), 0);
}

// The second sending was taken for a repetition and answered OK, and the new recipient never got
// it.
TEST_P(AcceptanceTest, ARecipientWhoBecameKnownGetsTheFileWhenItIsSentAgain) {
  Letter letter;
  letter.to = {"G99", "MOI"};
  const Accepted first = site.send(letter);
  EXPECT_EQ(first.unknown, Codes{"MOI"});
  Organisation added;
  added.code = "MOI";
  ASSERT_TRUE(site.directory().put({added}, "test"));
  const Accepted again = site.send(letter);
  EXPECT_TRUE(again.resent);
  EXPECT_EQ(again.id, first.id);
  EXPECT_EQ(again.deliveries, 1);
  EXPECT_EQ(recipients(again), (Codes{"G99", "MOI"}));
  EXPECT_EQ(site.send(letter).deliveries, 0);
  EXPECT_EQ(site.findings(), "");
}

TEST_P(AcceptanceTest, TheSameFileForOthersReachesThemToo) {
  Letter letter;
  letter.to = {"G99", "H98"};
  const auto first = site.hand_in(kSender, file_of(letter), {"G99"});
  const auto second = site.hand_in(kSender, file_of(letter), {"H98"});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(second->id, first->id);
  EXPECT_EQ(recipients(*first), (Codes{"G99", "H98"}));
  EXPECT_EQ(site.pending(kReceiver).size(), 2u);
}

TEST_P(AcceptanceTest, UpdateReplacementAndRevocationAreLinkedToWhatTheyChange) {
  const Letter original;
  site.send(original);
  Letter update;
  update.number = "16";
  update.business = edxml::Business{};
  update.business->operation = edxml::Operation::update;
  update.business->operation_written = "2";
  update.business->document_id = document_id(original);
  update.business->document_info = "1";
  site.send(update);
  EXPECT_EQ(site.number(kLinks), 1);
  Letter replacement;
  replacement.number = "17";
  replacement.business = edxml::Business{};
  replacement.business->operation = edxml::Operation::replace;
  replacement.business->operation_written = "3";
  replacement.business->replacements = {{document_id(original), {"G99"}},
                                        {document_id(update), {"G99"}}};
  site.send(replacement);
  EXPECT_EQ(site.number(kLinks), 3);
  Letter revocation;
  revocation.number = "18";
  revocation.business = edxml::Business{};
  revocation.business->operation = edxml::Operation::revoke;
  revocation.business->operation_written = "1";
  revocation.business->reason = "Ban hành nhầm";
  revocation.about = {document_id(replacement)};
  site.send(revocation);
  EXPECT_EQ(site.number(kLinks), 4);
}

TEST_P(AcceptanceTest, NobodyLinksToAnotherSendersDocument) {
  site.send(Letter{});
  Letter update;
  update.from = "H99.02";
  update.number = "16";
  update.business = edxml::Business{};
  update.business->operation = edxml::Operation::update;
  update.business->operation_written = "2";
  update.business->document_id = document_id(Letter{});
  update.business->document_info = "1";
  site.send(update);
  EXPECT_EQ(site.number(kLinks), 0);
}

TEST_P(AcceptanceTest, OnlyTheSystemThatServesTheSenderMaySend) {
  const auto refused = site.hand_in(kReceiver, file_of(Letter{}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason(), "exchange.sender_unknown");
  EXPECT_EQ(refused.error().text().vi, "Đơn vị gửi H99.01 không đúng với mã đã đăng ký: 00.98.W00");
  ASSERT_TRUE(site.directory().remove("H99.01", "test"));
  EXPECT_FALSE(site.hand_in(kSender, file_of(Letter{})));
}

TEST_P(AcceptanceTest, TheSenderMayBeNamedByItsOldCode) {
  Letter letter;
  letter.from = "000.00.01.H99";
  const Accepted accepted = site.send(letter);
  EXPECT_EQ(site.directory().by_key(site.sent(kSender, accepted.id).at(0).sender)->code, "H99.01");
}

TEST_P(AcceptanceTest, ThousandsOfRecipientsInOneSubmission) {
  std::vector<Organisation> many;
  Letter letter;
  letter.to.clear();
  for (int i = 0; i < 3000; ++i) {
    Organisation organisation;
    organisation.code = "X" + std::to_string(i);
    letter.to.push_back(organisation.code);
    many.push_back(std::move(organisation));
  }
  ASSERT_TRUE(site.directory().put(many, "test"));
  EXPECT_EQ(site.send(letter).deliveries, 3000);
  EXPECT_EQ(site.findings(), "");
}

TEST_P(AcceptanceTest, DocumentIdIsComposedWhereTheFileHasNone) {
  const std::string file = edxml::testing::file_with(
      "<From><OrganId>H99.01</OrganId></From><To><OrganId>G99</OrganId></To>"
      "<Code><CodeNumber>7</CodeNumber><CodeNotation>VP</CodeNotation></Code>"
      "<PromulgationInfo><PromulgationDate>18/11/2026</PromulgationDate></PromulgationInfo>");
  ASSERT_TRUE(site.hand_in(kSender, file));
  static const store::Query kComposed{
      "test.composed",
      "select count(*) from document where document_id = 'H99.01,2026/11/18,7/VP'"};
  EXPECT_EQ(site.number(kComposed), 1);
}

}  // namespace
}  // namespace exchange
