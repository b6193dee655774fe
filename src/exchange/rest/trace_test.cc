// Where a document is, as the API tells it.
#include <gtest/gtest.h>

#include "exchange/testing/engines.h"
#include "exchange/testing/rest_server.h"

namespace exchange::rest {
namespace {

using testing::Letter;
using testing::RestServer;

class RestTrace : public ::testing::TestWithParam<std::string> {
 public:
  RestTrace() : server(testing::fresh_database(GetParam())) {
    server.know_system("A", testing::kSender);
    server.know_system("B", testing::kReceiver);
    server.know_person("clerk", identity::Role::clerk, {"K97"});
    server.know_person("monitor", identity::Role::operator_, {});
  }
  std::string send(std::vector<std::string> to) {
    Letter letter;
    letter.to = std::move(to);
    const auto answer = server.ask("POST", "/api/v1/submissions", "A", testing::file_of(letter),
                                   "Content-Type: application/edxml+xml\r\n");
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.text("id");
  }
  RestServer server;
};
ON_BOTH_ENGINES(RestTrace);

TEST_P(RestTrace, TheSenderSeesAllAndARecipientItsOwn) {
  const std::string id = send({"K97", "G99"}), target = "/api/v1/documents/" + id + "/trace";
  const auto whole = server.get(target, "A");
  ASSERT_EQ(whole.status, 200) << whole.body;
  EXPECT_TRUE(whole.json["whole"].boolean());
  EXPECT_EQ(whole.json["deliveries_total"].integer(), 2);
  EXPECT_FALSE(whole.text("subject").empty());
  EXPECT_EQ(whole.json["hops"].array().at(0)["kind"].text(), "received");
  const auto own = server.get("/api/v1/trace?document=" + id, "clerk");
  EXPECT_FALSE(own.json["whole"].boolean(true));
  ASSERT_EQ(own.json["deliveries"].array().size(), 1u);
  EXPECT_EQ(own.json["deliveries"].array().at(0)["recipient"].text(), "K97");
  EXPECT_EQ(own.json["deliveries"].array().at(0)["waiting"]["organisation"].text(), "K97");
  // One page after the other.
  std::string seen;
  for (int first = 0; first < 3; ++first) {
    const auto page = server.get(target + "?limit=1&first=" + std::to_string(first), "A");
    for (const auto& one : page.json["deliveries"].array())
      seen += std::string(one["recipient"].text()) + " ";
    EXPECT_EQ(page.json["deliveries_total"].integer(), 2);
  }
  EXPECT_EQ(seen.size(), 8u) << seen;
}

TEST_P(RestTrace, ByNumberAndSender) {
  const std::string id = send({"G99"});
  const std::string code = server.get("/api/v1/documents/" + id, "A").text("code");
  std::string escaped;
  for (const char c : code) escaped += c == '/' ? "%2F" : std::string(1, c);
  const std::string target = "/api/v1/trace?code=" + escaped + "&sender=H99.01";
  EXPECT_EQ(server.get(target, "A").text("id"), id);
  EXPECT_EQ(server.get(target, "B").text("id"), id);
  EXPECT_EQ(server.get(target, "clerk").status, 404);
  EXPECT_EQ(server.get("/api/v1/trace?code=" + escaped + "&sender=G99", "A").status, 404);
  EXPECT_EQ(server.get("/api/v1/trace?code=" + escaped, "A").reason(), "rest.trace_of_what");
  EXPECT_EQ(server.get("/api/v1/trace?document=" + id + "&sender=H99.01", "A").reason(),
            "rest.trace_of_what");
}

TEST_P(RestTrace, TheSubjectIsForReaders) {
  const std::string id = send({"K97"});
  const std::string target = "/api/v1/documents/" + id + "/trace";
  EXPECT_FALSE(server.get(target, "clerk").text("subject").empty());
  // The platform's operators see where everything is, and no content.
  const auto seen = server.get(target, "monitor");
  ASSERT_EQ(seen.status, 200) << seen.body;
  EXPECT_FALSE(seen.json.has("subject")) << seen.body;
  EXPECT_EQ(server.get("/api/v1/documents/" + id, "monitor").status, 403);
  // Taken back from a recipient, it is as far from it as its content.
  base::Json back;
  back.add("reason", "nhầm");
  ASSERT_EQ(server.post("/api/v1/documents/" + id + "/recall", "A", back).status, 200);
  const auto after = server.get(target, "clerk");
  EXPECT_EQ(after.status, 200) << after.body;
  EXPECT_FALSE(after.json.has("subject"));
  EXPECT_FALSE(server.get(target, "A").text("subject").empty());
  EXPECT_EQ(server.get(target, "B").status, 404);
}

}  // namespace
}  // namespace exchange::rest
