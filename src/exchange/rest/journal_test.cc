// The journal for those who audit.
#include "exchange/rest/spreadsheet.h"
#include "exchange/testing/engines.h"
#include "exchange/testing/rest_server.h"

namespace exchange::rest {
namespace {

using namespace std::chrono_literals;
using testing::RestServer;

class RestJournal : public ::testing::TestWithParam<std::string> {
 public:
  RestJournal() : server(testing::fresh_database(GetParam())) {
    server.know_person("auditor", identity::Role::auditor, {});
    server.know_person("unit", identity::Role::auditor, {"K97"});
  }
  void note(std::string_view kind, std::string_view subject, std::string_view by) {
    base::Json body;
    body.add("by", by);
    ASSERT_TRUE(server.site.database()
                    .write([&](store::Connection& connection) {
                      return store::journal::append(connection, server.site.clock.now(), kind,
                                                    subject, body);
                    })
                    .ok());
  }
  // The subjects, page by page.
  std::vector<std::string> subjects(const std::string& query) {
    std::vector<std::string> all;
    std::string next = "/api/v1/journal?limit=2" + query;
    for (int pages = 0; !next.empty() && pages < 20; ++pages) {
      const auto page = server.get(next, "auditor");
      EXPECT_EQ(page.status, 200) << page.body;
      for (const auto& one : page.items()) all.emplace_back(one["subject"].text());
      next = page.text("next");
    }
    return all;
  }
  RestServer server;
};
ON_BOTH_ENGINES(RestJournal);

using Names = std::vector<std::string>;

TEST_P(RestJournal, IsFoundByWhoWhatAboutWhatAndWhen) {
  const base::Time start = server.site.clock.now() + 1h;
  for (int i = 0; i < 5; ++i) {
    server.site.clock.advance(1h);
    note(i % 2 == 0 ? "even" : "odd", "s" + std::to_string(i), i < 2 ? "person:1" : "person:2");
  }
  EXPECT_EQ(subjects("&kind=even"), (Names{"s0", "s2", "s4"}));
  EXPECT_EQ(subjects("&actor=person:2"), (Names{"s2", "s3", "s4"}));
  EXPECT_EQ(subjects("&actor=person:2&kind=even"), (Names{"s2", "s4"}));
  EXPECT_EQ(subjects("&subject=s3"), (Names{"s3"}));
  EXPECT_EQ(subjects("&subject=s3&actor=person:1"), Names{});
  const std::string from = "&from=" + base::iso_time_text(start + 1h);
  EXPECT_EQ(subjects(from), (Names{"s1", "s2", "s3", "s4"}));
  EXPECT_EQ(subjects(from + "&to=" + base::iso_time_text(start + 3h)), (Names{"s1", "s2"}));
  EXPECT_EQ(subjects(from + "&order=newest"), (Names{"s4", "s3", "s2", "s1"}));
  EXPECT_EQ(subjects("&actor=nobody"), Names{});
  EXPECT_EQ(server.get("/api/v1/journal?order=sideways", "auditor").status, 400);
  EXPECT_EQ(server.get("/api/v1/journal", "unit").reason(), "rest.platform_only");
  EXPECT_EQ(server.get("/api/v1/journal/export", "unit").reason(), "rest.platform_only");
}

TEST_P(RestJournal, SaysWhatIsKnownOfTheChain) {
  const auto chain = [&] { return server.get("/api/v1/journal", "auditor").json["chain"]; };
  EXPECT_EQ(chain()["state"].text(), "checking");
  while (server.chain.step().value() > 0) continue;
  EXPECT_EQ(chain()["state"].text(), "intact");
  EXPECT_GT(chain()["until"].integer(), 0);
  EXPECT_EQ(chain()["checked_at"].text(), base::iso_time_text(server.site.clock.now()));
  server.site.tamper("update journal set body = '1' where seq = 1");
  server.site.clock.advance(25h);
  while (server.chain.step().value() > 0) continue;
  while (server.chain.step().value() > 0) continue;
  EXPECT_EQ(chain()["state"].text(), "broken");
  EXPECT_EQ(chain()["broken_at"].integer(), 1);
}

TEST_P(RestJournal, GoesIntoASpreadsheetAndCarriesNothingOut) {
  while (server.chain.step().value() > 0) continue;
  note("odd", "=cmd|' /C calc'!A0", "person:1");
  note("odd", "nói \"thế\"", "person:1");
  const auto vi =
      server.get("/api/v1/journal/export?kind=odd", "auditor", "Accept-Language: vi\r\n");
  ASSERT_EQ(vi.status, 200) << vi.body;
  EXPECT_TRUE(vi.header("Content-Type").starts_with("text/csv")) << vi.head;
  EXPECT_NE(vi.header("Content-Disposition").find("attachment"), std::string::npos);
  EXPECT_TRUE(vi.body.starts_with(std::string(kCsvStart) + "\"Chuỗi nhật ký nguyên vẹn tới mục "))
      << vi.body;
  EXPECT_NE(vi.body.find("\"'=cmd|"), std::string::npos) << vi.body;
  EXPECT_NE(vi.body.find("\"nói \"\"thế\"\"\""), std::string::npos) << vi.body;
  EXPECT_EQ(vi.body.find("CHƯA HẾT"), std::string::npos);
  const auto en =
      server.get("/api/v1/journal/export?limit=1", "auditor", "Accept-Language: en\r\n");
  EXPECT_NE(en.body.find("\"NOT ALL"), std::string::npos) << en.body;
}

TEST(Spreadsheet, EveryFormulaIsText) {
  for (const std::string cell : {"=1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "－1"}) {
    std::string line;
    add_csv_line(line, {cell, "1"});
    EXPECT_EQ(line, "\"'" + cell + "\",\"1\"\r\n");
  }
}

}  // namespace
}  // namespace exchange::rest
