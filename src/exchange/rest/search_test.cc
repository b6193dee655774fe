// Finding documents through the API.
#include <gtest/gtest.h>

#include <set>

#include "exchange/rest/resources.h"
#include "exchange/searching.h"
#include "exchange/testing/engines.h"
#include "exchange/testing/rest_server.h"
#include "page/sheet.h"

namespace exchange::rest {
namespace {

using testing::Letter;
using testing::RestServer;

class RestSearch : public ::testing::TestWithParam<std::string> {
 public:
  RestSearch() : server(testing::fresh_database(GetParam())) {
    server.know_system("A", testing::kSender);
    server.know_system("B", testing::kReceiver);
    server.know_person("clerk", identity::Role::clerk, {"K97"});
    server.know_person("integrator", identity::Role::integrator, {"K97"});
  }
  std::string send(const std::string& subject, std::vector<std::string> to) {
    Letter letter;
    letter.subject = subject;
    letter.number = std::to_string(++sent_);
    letter.to = std::move(to);
    letter.attachment = attachment;
    return server.site.send(letter).id;
  }
  void index() {
    SearchOptions options;
    options.text.directory = server.site.directory_path();
    while (index_accepted(server.site.exchange(), *server.search, options).value() > 0) {
    }
  }
  static std::string pdf(const std::string& text) {
    page::Sheet sheet;
    sheet.title = "Thử";
    sheet.blocks.push_back(page::Paragraph{page::both({text, "x"})});
    return page::render(sheet)->bytes;
  }
  // Of every page; each page but the last is full, and none comes after it.
  std::set<std::string> ids(std::string next, const std::string& caller) {
    std::set<std::string> seen;
    for (int round = 0; round < 9 && !next.empty(); ++round) {
      const auto page = server.get(next, caller);
      EXPECT_FALSE(page.items().empty()) << page.body;
      for (const auto& item : page.items())
        EXPECT_TRUE(seen.insert(std::string(item["id"].text())).second);
      next = page.text("next");
    }
    return seen;
  }
  RestServer server;
  std::string attachment;
  int sent_ = 0;
};
ON_BOTH_ENGINES(RestSearch);

TEST_P(RestSearch, FindsWhatIsOnesOwnAndMarksIt) {
  const std::string id = send("Về việc phòng chống dịch tả lợn", {"K97"});
  send("Về việc phòng chống cháy rừng", {"G99"});
  index();
  const auto found = server.get("/api/v1/search?q=dich%20ta", "clerk");
  ASSERT_EQ(found.items().size(), 1u) << found.body;
  const base::Json hit = found.items()[0];
  EXPECT_EQ(hit["id"].text(), id);
  EXPECT_FALSE(hit["recalled"].boolean(true));
  EXPECT_EQ(hit["subject"]["text"].text(), "Về việc phòng chống dịch tả lợn");
  // What is only there to be found by is not shown.
  EXPECT_EQ(hit["code"]["text"].text(), "1/SGD-VP");
  EXPECT_EQ(hit["sender_code"].text(), "H99.01");
  EXPECT_EQ(hit["sender"]["text"].text().find('\n'), std::string_view::npos);
  // Characters, not bytes.
  EXPECT_EQ(hit["subject"]["marks"].array().at(0)["from"].integer(), 20);
  // A recipient does not find what went to others; the sender finds both.
  EXPECT_TRUE(server.get("/api/v1/search?q=chay%20rung", "clerk").items().empty());
  EXPECT_EQ(server.get("/api/v1/search?q=phong%20chong", "A").items().size(), 2u);
  EXPECT_EQ(server.get("/api/v1/search?q=%20", "A").reason(), "search.query_empty");
  EXPECT_EQ(server.get("/api/v1/search?q=x", "integrator").reason(), "identity.not_permitted");
}

TEST_P(RestSearch, WhatTheContentSaysIsForThoseWhoHaveIt) {
  attachment = pdf("Yêu cầu các trạm thú y báo cáo về tình hình tiêm phòng");
  const std::string id = send("Về việc tiêm phòng", {"K97"});
  index();
  const std::string query = "/api/v1/search?q=tram%20thu%20y";
  EXPECT_TRUE(server.get(query, "A").items().at(0).has("snippet"));
  const auto before = server.get(query, "clerk");
  ASSERT_EQ(before.items().size(), 1u) << before.body;
  EXPECT_FALSE(before.items()[0].has("snippet")) << before.body;
  EXPECT_EQ(server.get("/api/v1/documents/" + id + "/content", "clerk").status, 200);
  const auto after = server.get(query, "clerk");
  EXPECT_NE(after.items().at(0)["snippet"]["text"].text().find("trạm thú y"),
            std::string_view::npos)
      << after.body;
}

TEST_P(RestSearch, PagesFollowEachOther) {
  for (int i = 0; i < 5; ++i) send("Về việc phòng chống thiên tai", {"K97"});
  index();
  EXPECT_EQ(ids("/api/v1/search?q=thien%20tai&limit=2", "clerk").size(), 5u);
  EXPECT_EQ(server.get("/api/v1/search?q=thien&cursor=zz", "clerk").reason(), "rest.bad_cursor");
  EXPECT_EQ(server.get("/api/v1/search?q=thien&limit=51", "clerk").status, 400);
  // Another's cursor is none.
  const std::string next = server.get("/api/v1/search?q=thien%20tai&limit=2", "clerk").text("next");
  EXPECT_EQ(server.get(next, "A").reason(), "rest.bad_cursor");
}

// Nothing in an answer tells a document that was taken back from one that never was.
TEST_P(RestSearch, WhatWasTakenBackIsNotFoundByItsWords) {
  std::vector<std::string> sent;
  for (int i = 0; i < 5; ++i)
    sent.push_back(send("Về việc phòng chống dịch tả lợn", {"K97", "G99"}));
  index();
  const std::string query = "/api/v1/search?q=dich%20ta&limit=1";
  ASSERT_EQ(ids(query, "clerk").size(), 5u);
  EXPECT_EQ(server.get("/api/v1/documents/" + sent[1] + "/content", "B").status, 200);
  base::Json back;
  back.add("reason", "nhầm");
  for (const int number : {1, 3, 4}) {
    ASSERT_EQ(server
                  .post("/api/v1/documents/" + sent[static_cast<std::size_t>(number)] + "/recall",
                        "A", back)
                  .status,
              200);
  }
  for (const bool indexed : {false, true}) {
    if (indexed) index();
    EXPECT_EQ(ids(query, "clerk"), (std::set<std::string>{sent[0], sent[2]}));
    // This one had it, and was asked.
    EXPECT_EQ(ids(query, "B"), (std::set<std::string>{sent[0], sent[1], sent[2]}));
    EXPECT_EQ(ids(query, "A").size(), 5u);
  }
  int recalled = 0;
  for (const base::Json& hit : server.get("/api/v1/search?q=dich%20ta", "A").items())
    recalled += hit["recalled"].boolean() ? 1 : 0;
  EXPECT_EQ(recalled, 2);
  for (const int number : {0, 2}) {
    ASSERT_EQ(server
                  .post("/api/v1/documents/" + sent[static_cast<std::size_t>(number)] + "/recall",
                        "A", back)
                  .status,
              200);
  }
  const auto gone = server.get("/api/v1/search?q=dich%20ta", "clerk");
  EXPECT_EQ(gone.body, server.get("/api/v1/search?q=khong%20co%20tu%20nay", "clerk").body);
}

TEST(RestSearchOff, IsSaid) {
  RestServer server("", [](Exchange& exchange) { return search_rows(exchange, nullptr); });
  server.know_person("clerk", identity::Role::clerk, {"K97"});
  const auto answer = server.get("/api/v1/search?q=x", "clerk");
  EXPECT_EQ(answer.reason(), "rest.search_off");
  EXPECT_EQ(answer.status, 503);
}

}  // namespace
}  // namespace exchange::rest
