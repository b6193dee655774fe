// Accepted documents are found, on both engines, whatever happens on the way.
#include "exchange/searching.h"

#include <gtest/gtest.h>

#include "exchange/testing/engines.h"
#include "page/sheet.h"

namespace exchange {
namespace {

using testing::Letter;

class Searching : public testing::OnEngine {
 protected:
  Searching() {
    options_.text.directory = directory_.path();
    open();
  }
  void open() {
    index_.reset();
    database_.reset();
    store::Database::Options options;
    options.url = site.url().empty() ? "sqlite:" + (directory_ / "search.db") : site.url();
    database_ = store::Database::open(options).value();
    index_ = search::Index::open(*database_).value();
  }
  std::int64_t rounds() {
    for (std::int64_t count = 0;; ++count) {
      const auto done = index_accepted(site.exchange(), *index_, options_);
      if (!done) ADD_FAILURE() << done.error().detail();
      if (!done || *done == 0) return count;
    }
  }
  std::vector<search::Hit> find(const std::string& query, search::Sight sight = {true, {}}) {
    auto found = index_->find({query, std::move(sight), "", 20});
    if (!found) ADD_FAILURE() << found.error().detail();
    return found ? found->hits : std::vector<search::Hit>{};
  }
  OrganisationKey key(const char* code) { return site.directory().find(code)->key; }
  static std::string pdf(const std::string& text) {
    page::Sheet sheet;
    sheet.title = "Thử";
    sheet.blocks.push_back(page::Paragraph{page::both({text, "x"})});
    return page::render(sheet)->bytes;
  }

  base::testing::TempDirectory directory_;
  SearchOptions options_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<search::Index> index_;
};

TEST_P(Searching, FindsHeaderAndAttachment) {
  Letter letter;
  letter.subject = "Về việc phòng chống dịch tả lợn";
  letter.attachment =
      pdf("Yêu cầu các trạm thú y báo cáo trước ngày mười lăm hằng tháng về tình hình tiêm phòng");
  const Accepted accepted = site.send(letter);
  EXPECT_GT(entries_to_index(site.exchange(), *index_).value(), 0);
  rounds();
  EXPECT_EQ(entries_to_index(site.exchange(), *index_).value(), 0);
  for (const char* query :
       {"phong chong dich", "15/sgd-vp", "từ:H99.01 lợn", "đến:G99", "\"trạm thú y báo cáo\""}) {
    const auto hits = find(query);
    ASSERT_EQ(hits.size(), 1U) << query;
    EXPECT_EQ(hits[0].id, accepted.document);
    EXPECT_EQ(hits[0].note, "");
  }
}

TEST_P(Searching, ShowsADocumentToItsSenderAndRecipientsOnly) {
  Letter letter;
  letter.to = {"G99", "H98"};
  ASSERT_TRUE(site.hand_in(testing::kSender, testing::file_of(letter), {"G99"}).ok());
  rounds();
  EXPECT_EQ(find("trục", {false, {key("H99.01")}}).size(), 1U);
  EXPECT_EQ(find("trục", {false, {key("G99")}}).size(), 1U);
  EXPECT_TRUE(find("trục", {false, {key("H98"), key("H99.02")}}).empty());
  // The same file for one more recipient.
  ASSERT_TRUE(site.hand_in(testing::kSender, testing::file_of(letter), {"H98"}).ok());
  rounds();
  EXPECT_EQ(find("trục", {false, {key("H98")}}).size(), 1U);
  EXPECT_EQ(find("trục").size(), 1U) << "once";
}

TEST_P(Searching, IndexesByItsHeaderWhatCannotBeRead) {
  Letter letter;
  letter.attachment = "%PDF-1.7 no pages";
  site.send(letter);
  rounds();
  const auto hits = find("trục liên thông");
  ASSERT_EQ(hits.size(), 1U);
  EXPECT_NE(hits[0].note, "");
}

TEST_P(Searching, GoesOnWhereItStopped) {
  options_.documents_max = 2;
  for (int number = 1; number <= 7; ++number) {
    Letter letter;
    letter.number = std::to_string(number);
    site.send(letter);
    if (number == 4) {
      ASSERT_TRUE(index_accepted(site.exchange(), *index_, options_).ok());
    }
  }
  open();  // nothing but what is on disk
  EXPECT_GE(rounds(), 3);
  EXPECT_EQ(find("trục").size(), 7U);
  EXPECT_EQ(index_->documents().value(), 7);
  ASSERT_TRUE(index_->clear().ok());
  EXPECT_TRUE(find("trục").empty());
  rounds();
  EXPECT_EQ(find("trục").size(), 7U);
  // An index ahead of its records: they came from a backup.
  const std::int64_t cursor = index_->cursor().value();
  ASSERT_TRUE(index_->put({}, cursor, cursor + 1000).ok());
  rounds();
  EXPECT_EQ(index_->cursor().value(), cursor);
  EXPECT_EQ(find("trục").size(), 7U);
}

ON_BOTH_ENGINES(Searching);

}  // namespace
}  // namespace exchange
