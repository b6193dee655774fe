// What Index promises, on each engine.
#include "search/index.h"

#include <gtest/gtest.h>

#include <map>

#include "base/testing/temp_directory.h"
#include "base/time.h"
#include "search/query.h"
#include "search/testing/corpus.h"
#include "store/testing/postgres_server.h"

namespace search {
namespace {

class IndexTest : public ::testing::TestWithParam<const char*> {
 protected:
  IndexTest() {
    options_.url = "sqlite:" + (directory_ / "search.db");
    if (std::string(GetParam()) == "postgresql")
      options_.url = (*store::testing::PostgresServer::shared())->create_database().value();
    open();
  }
  void open() {
    index_.reset();
    database_.reset();
    database_ = store::Database::open(options_).value();
    index_ = Index::open(*database_).value();
  }
  void put(const std::vector<Entry>& entries) {
    const std::int64_t before = index_->cursor().value();
    const auto done =
        index_->put(entries, before, before + static_cast<std::int64_t>(entries.size()));
    ASSERT_TRUE(done.ok()) << done.error().detail();
  }
  Found find(const std::string& query, Sight sight = {true, {}}, const std::string& after = "",
             std::size_t limit = 20) {
    auto found = index_->find({query, std::move(sight), after, limit});
    if (!found) ADD_FAILURE() << query << ": " << found.error().detail();
    return found ? *std::move(found) : Found{};
  }
  std::vector<std::int64_t> ids(const std::string& query, Sight sight = {true, {}}) {
    std::vector<std::int64_t> out;
    for (const Hit& hit : find(query, std::move(sight)).hits) out.push_back(hit.id);
    return out;
  }
  std::string reason(const std::string& query) {
    const auto found = index_->find({query, {true, {}}, "", 20});
    return found ? "" : std::string(found.error().reason());
  }
  static Entry entry(std::int64_t id, std::string subject, std::string content = "") {
    Entry made;
    made.id = id;
    made.notation = std::to_string(id) + "/QĐ-UBND";
    made.subject = std::move(subject);
    made.sender = "Ủy ban nhân dân tỉnh Quảng Ninh H49";
    made.type = "Quyết định";
    made.day = 17532 + static_cast<std::int32_t>(id);  // 2018-01-01 and after
    made.content = std::move(content);
    made.visible_to = {1};
    return made;
  }

  base::testing::TempDirectory directory_;
  store::Database::Options options_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<Index> index_;
};

using Ids = std::vector<std::int64_t>;

TEST_P(IndexTest, RanksExactBeforeTonelessBeforeBare) {
  put({entry(1, "tại hoa"), entry(2, "tại hóa"), entry(3, "tại hoà"), entry(4, "khác hẳn")});
  EXPECT_EQ(ids("hòa"), (Ids{3, 2, 1}));
  EXPECT_EQ(ids("hoa").front(), 1);
  EXPECT_EQ(ids("hoa").size(), 3U);
}

TEST_P(IndexTest, FindsANotationInAnySpelling) {
  Entry law = entry(1, "gửi, nhận văn bản điện tử");
  law.notation = "28/2018/QĐ-TTg";
  put({law, entry(28, "khác"), entry(2018, "khác nữa"),
       entry(4, "căn cứ Quyết định 28/2018/QĐ-TTg")});
  for (const char* way :
       {"28/2018/QĐ-TTg", "28/2018/qd-ttg", "28 2018 qdttg", "28/QĐ-TTg", "028/2018/QDTTG"})
    EXPECT_EQ(ids(way).front(), 1) << way;
  EXPECT_EQ(ids("số:28/2018/qd-ttg"), Ids{1});
}

TEST_P(IndexTest, FindsByFieldAndDate) {
  Entry letter = entry(1, "họp giao ban");
  letter.sender = "Sở Y tế H49.01";
  letter.recipients = "Bộ Y tế G14";
  letter.type = "Công văn";
  letter.signer = "Trần Văn An";
  letter.urgency = 3;
  put({letter, entry(2, "họp Sở Y tế"), entry(3, "họp giao ban Công văn")});
  EXPECT_EQ(ids("từ:\"Sở Y tế\""), Ids{1});
  EXPECT_EQ(ids("from:H49.01 họp"), Ids{1});
  EXPECT_EQ(ids("den:G14"), Ids{1});
  EXPECT_EQ(ids("loại:\"công văn\""), Ids{1});
  EXPECT_EQ(ids("ký:an"), Ids{1});
  EXPECT_EQ(ids("khẩn:3"), Ids{1});
  EXPECT_EQ(ids("họp ngày:2018-01-03..2018-01-04"), (Ids{2, 3})) << "the shorter subject first";
  EXPECT_EQ(ids("ngày:03/01/2018"), Ids{2});
  EXPECT_EQ(ids("ngày:2018").size(), 3U);
  EXPECT_TRUE(ids("ngày:2019..").empty());
  EXPECT_EQ(ids("họp lúc:8 giao ban").size(), 2U) << "an unknown name is a word";
}

TEST_P(IndexTest, KeepsWordsOfAPhraseTogether) {
  put({entry(1, "kế hoạch phòng cháy"), entry(2, "phòng kế hoạch"),
       entry(3, "a", "theo kế hoạch của phòng cháy chữa cháy"),
       entry(4, "b", "kế hoạch\nphòng cháy")});
  EXPECT_EQ(ids("\"kế hoạch phòng\""), (Ids{1, 4}));
  EXPECT_EQ(ids("“ke hoach phong”"), (Ids{1, 4}));
}

TEST_P(IndexTest, ShowsOnlyWhatTheCallerMaySee) {
  std::vector<Entry> all;
  for (std::int64_t id = 1; id <= 60; ++id) {
    all.push_back(entry(id, "mật khẩu chung"));
    all.back().visible_to = {id, 100 + id % 2};
  }
  put(all);
  EXPECT_EQ(ids("mật khẩu", {false, {7}}), Ids{7});
  EXPECT_EQ(find("mật khẩu", {false, {101}}).matches, 30);
  EXPECT_TRUE(ids("mật khẩu", {false, {}}).empty());
  EXPECT_TRUE(ids("mật khẩu", {false, {999}}).empty());
  std::vector<std::int64_t> many = {101};
  for (std::int64_t other = 1000; other < 1700; ++other) many.push_back(other);
  EXPECT_EQ(find("mật khẩu", {false, many}).matches, 30) << "many organisations";
  EXPECT_TRUE(ids("@107").empty()) << "the inside of the index cannot be asked for";
  EXPECT_TRUE(ids("!0 =day").empty());
}

TEST_P(IndexTest, LeavesNoTraceOfWhatIsNotToBeKept) {
  std::vector<Entry> all;
  for (std::int64_t id = 1; id <= 250; ++id) all.push_back(entry(id, "báo cáo tháng"));
  put(all);
  const auto page = [&](const std::string& after, const auto& keep) {
    return index_->find({"báo cáo", {true, {}}, after, 10, keep}).value();
  };
  const auto thirds = [](std::int64_t id) -> base::Result<bool> { return id % 3 == 0; };
  Ids seen;
  std::string after;
  do {
    const Found found = page(after, thirds);
    EXPECT_TRUE(found.hits.size() == 10 || found.next.empty());
    EXPECT_FALSE(found.hits.empty());
    for (const Hit& hit : found.hits) seen.push_back(hit.id);
    after = found.next;
  } while (!after.empty() && seen.size() < 300);
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::unique(seen.begin(), seen.end()), seen.end());
  EXPECT_EQ(seen.size(), 83U);
  EXPECT_EQ(seen.front(), 3);
  const Found none = page("", [](std::int64_t) -> base::Result<bool> { return false; });
  EXPECT_TRUE(none.hits.empty());
  EXPECT_EQ(none.next, "");
  const auto failed = index_->find({"báo cáo", {true, {}}, "", 10, [](std::int64_t) {
                                      return base::Result<bool>(base::Error(
                                          base::Code::unavailable, "test.away", "away", "vắng"));
                                    }});
  EXPECT_EQ(failed.error().reason(), "test.away");
}

TEST_P(IndexTest, ReplacesAnEntryOfTheSameId) {
  put({entry(1, "bản cũ"), entry(2, "bản khác")});
  Entry again = entry(1, "bản mới");
  again.visible_to = {1, 2};
  put({again});
  EXPECT_EQ(ids("bản mới").front(), 1);
  EXPECT_EQ(ids("cũ"), Ids{});
  EXPECT_EQ(ids("bản", {false, {2}}), Ids{1});
  EXPECT_EQ(index_->documents().value(), 2);
}

TEST_P(IndexTest, PagesThroughWithoutLossOrRepetition) {
  std::vector<Entry> all;
  for (std::int64_t id = 1; id <= 257; ++id)
    all.push_back(entry(id, "báo cáo tháng " + std::to_string(id % 12 + 1)));
  put(all);
  std::set<std::int64_t> seen;
  std::string after;
  do {
    const Found page = find("báo cáo", {true, {}}, after, 50);
    for (const Hit& hit : page.hits) EXPECT_TRUE(seen.insert(hit.id).second) << hit.id;
    after = page.next;
    put({entry(1000 + static_cast<std::int64_t>(seen.size()), "báo cáo mới")});
  } while (!after.empty());
  EXPECT_EQ(seen.size(), 257U);
  for (const char* bad : {"x", "1", "1.x", "-1.5", "99999.1"})
    EXPECT_EQ(index_->find({"báo", {true, {}}, bad, 10}).error().reason(), "search.bad_page")
        << bad;
}

TEST_P(IndexTest, MarksWordsInRangesOfTheText) {
  put({entry(1, "Ủy ban <b>Nhân</b> dân họp",
             "Đoạn đầu. " + std::string(2000, 'x') + " Sau đó cuộc họp <script> kết thúc. ")});
  const Hit hit = find("hop").hits.at(0);
  ASSERT_EQ(hit.subject_marks.size(), 1U);
  const Range range = hit.subject_marks[0];
  EXPECT_EQ(hit.subject.substr(range.begin, range.end - range.begin), "họp");
  ASSERT_EQ(hit.snippet_marks.size(), 1U);
  EXPECT_EQ(hit.snippet.substr(hit.snippet_marks[0].begin,
                               hit.snippet_marks[0].end - hit.snippet_marks[0].begin),
            "họp");
  EXPECT_NE(hit.snippet.find("<script>"), std::string::npos) << "as it stands there";
  EXPECT_LE(hit.snippet.size(), 260U);
}

TEST_P(IndexTest, RefusesWhatIsTooMuch) {
  put({entry(1, "một")});
  EXPECT_EQ(reason(std::string(5000, 'a')), "search.query_too_long");
  std::string many;
  for (int i = 0; i < 60; ++i) many += "w" + std::to_string(i) + " ";
  EXPECT_EQ(reason(many), "search.too_many_terms");
  EXPECT_EQ(reason("  ... \"\" "), "search.query_empty");
  EXPECT_EQ(reason("khẩn:9"), "search.bad_filter");
  EXPECT_EQ(reason("ngày:hôm-qua"), "search.bad_filter");
  EXPECT_EQ(reason("từ:\"\" một"), "search.bad_filter");
  for (const char* odd :
       {"\"", "\"\"\"", ":", "từ:", "a:b:c", "\xFF\xFE", "' or 1=1 --", "%_*", "một \"hai"})
    (void)index_->find({odd, {true, {}}, "", 10});
}

TEST_P(IndexTest, IsOneWithItsCursor) {
  put({entry(1, "một"), entry(2, "hai")});
  const auto twice = index_->put({entry(1, "một")}, 0, 2);
  ASSERT_FALSE(twice.ok());
  EXPECT_EQ(twice.error().reason(), "search.cursor_moved");
  open();
  EXPECT_EQ(index_->cursor().value(), 2);
  EXPECT_EQ(ids("một"), Ids{1});
  ASSERT_TRUE(index_->put({}, 2, 9).ok());
  EXPECT_EQ(index_->cursor().value(), 9);
  ASSERT_TRUE(index_->clear().ok());
  EXPECT_EQ(index_->cursor().value(), 0);
  EXPECT_TRUE(ids("một").empty());
  EXPECT_EQ(index_->documents().value(), 0);
  put({entry(1, "một lần nữa")});
  EXPECT_EQ(ids("một"), Ids{1});
}

TEST_P(IndexTest, FindsTheSameAfterSegmentsAreMerged) {
  for (std::int64_t id = 1; id <= 1200; id += 12) {
    std::vector<Entry> some;
    for (std::int64_t one = id; one < id + 12; ++one) some.push_back(testing::document(one));
    put(some);
  }
  put({testing::document(5)});
  const std::vector<std::string> queries = {"chuyển đổi số",  "UBND tỉnh", "ngày:2020 kế hoạch",
                                            "từ:\"Bộ Y tế\"", "khẩn:1",    "và của"};
  std::map<std::string, Ids> before;
  for (const auto& query : queries) before[query] = ids(query);
  const Ids seen = ids("kế hoạch", {false, {3}});
  int rounds = 0;
  while (index_->merge().value()) ++rounds;
  EXPECT_GE(rounds, 10);
  static const store::Query kSegments{"test.segments", "select count(*) from search_segment"};
  static const store::Query kOrphans{
      "test.orphans",
      "select count(*) from search_page where segment not in (select id from search_segment)"};
  ASSERT_TRUE(database_
                  ->read([&](store::Connection& connection) -> base::Result<void> {
                    EXPECT_LT(connection.integer(kSegments, {}).value().value(), 16);
                    EXPECT_EQ(connection.integer(kOrphans, {}).value().value(), 0);
                    return base::done();
                  })
                  .ok());
  open();
  for (const auto& query : queries) EXPECT_EQ(ids(query), before[query]) << query;
  EXPECT_EQ(ids("kế hoạch", {false, {3}}), seen);
}

TEST_P(IndexTest, SaysWhenItIsDamaged) {
  put({entry(1, "một hai ba")});
  ASSERT_TRUE(database_
                  ->write([](store::Connection& connection) {
                    return connection.script("update search_page set data = substr(data, 1, 20)");
                  })
                  .ok());
  EXPECT_EQ(reason("ba"), "search.index_damaged");
}

// At least 95 of 100 of what answers a question is among the first ten.
TEST_P(IndexTest, FindsWhatPeopleTypeInManyWays) {
  constexpr std::int64_t kDocuments = 4000;
  std::vector<testing::Question> questions = testing::questions(kDocuments, 352);
  testing::Answers answers(questions);
  for (std::int64_t id = 1; id <= kDocuments; id += 500) {
    std::vector<Entry> some;
    for (std::int64_t one = id; one < id + 500; ++one) some.push_back(testing::document(one));
    for (const Entry& each : some) answers.see(each);
    put(some);
  }
  std::map<std::string, std::pair<double, int>> kinds;
  double sum = 0;
  for (const testing::Question& question : questions) {
    EXPECT_FALSE(question.answers.empty()) << question.kind << ": " << question.text;
    const double recall = testing::recall_at_10(question, ids(question.text));
    sum += recall;
    kinds[question.kind].first += recall;
    ++kinds[question.kind].second;
    if (recall < 0.5)
      std::printf("missed (%s): %s\n", question.kind.c_str(), question.text.c_str());
  }
  for (const auto& [kind, of] : kinds)
    std::printf("%-28s %.3f of %d\n", kind.c_str(), of.first / of.second, of.second);
  const double recall = sum / static_cast<double>(questions.size());
  std::printf("recall_at_10 %.4f of %zu questions\n", recall, questions.size());
  EXPECT_GE(recall, 0.95);
}

INSTANTIATE_TEST_SUITE_P(Engines, IndexTest, ::testing::Values("sqlite", "postgresql"),
                         [](const auto& engine) { return std::string(engine.param); });

}  // namespace
}  // namespace search
