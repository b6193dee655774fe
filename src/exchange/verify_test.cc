#include "exchange/verify.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "exchange/testing/engines.h"

namespace exchange {
namespace {

using testing::kReceiver;
using testing::kSender;
using testing::Letter;

class VerifyTest : public testing::OnEngine {
 protected:
  void SetUp() override {
    Letter letter;
    letter.to = {"G99", "H98"};
    first_ = site.send(letter);
    letter.number = "16";
    letter.content_bytes = 200'000;  // a file of its own
    second_ = site.send(letter);
    ASSERT_TRUE(site.fetch(kReceiver, first_.id));
    ASSERT_TRUE(site.acknowledge(kReceiver, first_.id, "done"));
    ASSERT_TRUE(site.send(kReceiver, testing::report_on(letter, "G99", "03")));
    ASSERT_EQ(site.findings(), "");
  }
  void expect_finding(const std::string& what, const std::string& named) {
    const auto report = site.verify();
    const std::string text = testing::findings_of(report);
    EXPECT_NE(text.find(what), std::string::npos) << what << "\n" << text;
    EXPECT_NE(text.find(named), std::string::npos) << named << "\n" << text;
    for (const auto& finding : report.findings) EXPECT_FALSE(finding.vi.empty());
  }
  std::filesystem::path blob_in(const std::string& folder) {
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(site.blobs_path() + folder)) {
      if (entry.is_regular_file()) return entry.path();
    }
    return {};
  }
  static void change_byte(const std::filesystem::path& path, std::streamoff at) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(at);
    const char c = static_cast<char>(file.get());
    file.seekp(at);
    file.put(static_cast<char>(c ^ 1));
  }
  Accepted first_, second_;
};
ON_BOTH_ENGINES(VerifyTest);

TEST_P(VerifyTest, CountsWhatIsThere) {
  const auto report = site.verify();
  EXPECT_EQ(report.documents, 3);
  EXPECT_EQ(report.deliveries, 5);
  EXPECT_EQ(report.journal_head.size(), 64u);
  EXPECT_GT(report.journal_entries, 5);
}

TEST_P(VerifyTest, FindsAMissingBlob) {
  std::filesystem::remove(blob_in("/file"));
  expect_finding("its bytes are missing", second_.id);
  EXPECT_TRUE(site.verify(false).findings.empty());  // without looking at bytes
  EXPECT_EQ(site.fetch(kReceiver, second_.id).error().code(), base::Code::data_loss);
}

TEST_P(VerifyTest, FindsAChangedByteInAFile) {
  change_byte(blob_in("/file"), 100'000);
  expect_finding("do not match their hash", second_.id);
}

TEST_P(VerifyTest, FindsAChangedByteInAPack) {
  change_byte(blob_in("/pack"), 300);
  expect_finding("its bytes", first_.id);
}

TEST_P(VerifyTest, FindsATruncatedFile) {
  std::filesystem::resize_file(blob_in("/file"), 1000);
  expect_finding("its bytes are missing", second_.id);
}

TEST_P(VerifyTest, FindsAChangedHash) {
  site.tamper("update document set hash = (select hash from document order by id limit 1)");
  expect_finding("disagree about its hash", second_.id);
}

TEST_P(VerifyTest, FindsAChangedSenderOrSize) {
  site.tamper(
      "update document set sender = (select key from organisation where code = 'K97') where size < "
      "100000");
  expect_finding("disagree about its sender or size", first_.id);
  site.tamper("update document set size = size + 1 where size > 100000");
  expect_finding("disagree about its sender or size", second_.id);
}

TEST_P(VerifyTest, FindsADeliveryThatGoesToSomebodyElse) {
  site.tamper(
      "update delivery set recipient = (select key from organisation where code = 'K97') "
      "where id = (select max(id) from delivery where kind = 0)");
  expect_finding("go to others than the journal says", second_.id);
}

TEST_P(VerifyTest, FindsAMissingDocumentRow) {
  site.tamper("delete from document where id = (select max(id) from document where kind = 0)");
  expect_finding("its record is missing", second_.id);
  expect_finding("2 documents are kept, but the journal accepted 3", second_.id);
}

TEST_P(VerifyTest, FindsADocumentThatWasNeverAccepted) {
  site.tamper(
      "insert into document select id + 1, kind, system, sender, hash, hash_prefix, blob, size, "
      "document_id, "
      "code, promulgated, subject, urgency, operation, recalled, accepted_at, type_name from "
      "document "
      "where id = (select max(id) from document)");
  EXPECT_NE(site.findings().find("4 documents are kept, but the journal accepted 3"),
            std::string::npos);
}

TEST_P(VerifyTest, FindsAMissingDelivery) {
  site.tamper("delete from delivery where id = (select max(id) from delivery where kind = 0)");
  expect_finding("has 1 deliveries instead of 2", second_.id);
}

TEST_P(VerifyTest, FindsAMissingDeliveryOfAStatusMessage) {
  site.tamper("delete from delivery where kind = 1");
  EXPECT_NE(site.findings().find("has 0 deliveries instead of 1"), std::string::npos);
}

TEST_P(VerifyTest, FindsADeliveryThatWasFetchedAndAcknowledgedAndIsGone) {
  const std::string id = site.sent(kSender, first_.id).at(0).delivery_id;
  site.tamper("delete from delivery where id = (select min(id) from delivery)");
  expect_finding("is missing", id);
}

TEST_P(VerifyTest, FindsADeliveryPutBackToUnfetched) {
  site.tamper("update delivery set fetched_at = null");
  expect_finding("was fetched, but its record does not say so",
                 site.sent(kSender, first_.id).at(0).delivery_id);
}

TEST_P(VerifyTest, FindsAnExtraDelivery) {
  site.tamper(
      "insert into delivery (id, recipient, system, kind, rank, state, word, recall, status_code, "
      "status_at, fetched_at, updated_at) select id + 7, recipient, system, kind, rank, state, "
      "word, recall, "
      "status_code, "
      "status_at, fetched_at, updated_at from delivery where id = (select max(id) from delivery)");
  EXPECT_NE(site.findings().find("6 deliveries are kept, but the journal made 5"),
            std::string::npos);
}

TEST_P(VerifyTest, FindsDamageOfTheJournalAndNamesTheEntry) {
  site.tamper("update journal set body = '{}' where seq = 4");
  expect_finding("journal entry 4: the entry was changed", "truc restore");
}

TEST_P(VerifyTest, KeepsAtMostAHundredFindings) {
  for (int i = 0; i < 120; ++i) {
    Letter letter;
    letter.number = "T" + std::to_string(i);
    site.send(letter);
  }
  site.tamper("update document set size = 0");
  EXPECT_EQ(site.verify().findings.size(), 100u);
}

}  // namespace
}  // namespace exchange
