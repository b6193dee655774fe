// Webhooks through the API.
#include <gtest/gtest.h>

#include "exchange/testing/engines.h"
#include "exchange/testing/rest_server.h"

namespace exchange::rest {
namespace {

using testing::RestServer;

class RestWebhooks : public ::testing::TestWithParam<std::string> {
 public:
  RestWebhooks() : server(testing::fresh_database(GetParam())) {
    server.know_system("A", testing::kSender);
    server.know_system("B", testing::kReceiver);
    server.know_person("K", identity::Role::integrator, {"K97"});
    server.know_person("G", identity::Role::integrator, {"G99"});
  }
  std::string add(const std::string& caller, const std::string& organisation = {}) {
    base::Json wanted;
    wanted.add("url", "http://127.0.0.1:1/hook");
    if (!organisation.empty()) wanted.add("organisation", organisation);
    const auto answer = server.post("/api/v1/webhooks", caller, wanted);
    EXPECT_EQ(answer.status, 201) << answer.body;
    EXPECT_TRUE(answer.text("secret").starts_with("whsec_"));
    return answer.text("id");
  }
  RestServer server;
};
ON_BOTH_ENGINES(RestWebhooks);

TEST_P(RestWebhooks, LiveFromAddingToRemoving) {
  const std::string id = add("K", "K97"), at = "/api/v1/webhooks/" + id;
  EXPECT_EQ(server.get(at, "K").text("state"), "active");
  EXPECT_EQ(server.get(at, "K").text("organisation"), "K97");
  EXPECT_EQ(server.ask("POST", at + "/pause", "K").text("state"), "paused");
  EXPECT_FALSE(server.get(at, "K").text("why_vi").empty());
  EXPECT_EQ(server.ask("POST", at + "/resume", "K").text("state"), "active");
  const auto secret = server.ask("POST", at + "/secret", "K");
  EXPECT_TRUE(secret.text("secret").starts_with("whsec_")) << secret.body;
  EXPECT_FALSE(server.get(at, "K").text("previous_secret_until").empty());
  base::Json where;
  where.add("cursor", server.get(at, "K").text("cursor"));
  EXPECT_EQ(server.post(at + "/replay", "K", where).status, 200);
  where = base::Json();
  where.add("cursor", "xyz");
  EXPECT_EQ(server.post(at + "/replay", "K", where).reason(), "exchange.bad_cursor");
  // Nobody listens there.
  const auto ping = server.ask("POST", at + "/ping", "K");
  EXPECT_FALSE(ping.json["ok"].boolean(true)) << ping.body;
  EXPECT_FALSE(ping.text("error").empty()) << ping.body;
  const auto tried = server.get(at + "/attempts", "K").items();
  ASSERT_EQ(tried.size(), 1u);
  EXPECT_EQ(tried[0]["type"].text(), "webhook.ping");
  EXPECT_EQ(server.ask("DELETE", at, "K").status, 204);
  EXPECT_EQ(server.get(at, "K").status, 404);
}

TEST_P(RestWebhooks, AreChangedInPlace) {
  const std::string id = add("K", "K97"), at = "/api/v1/webhooks/" + id;
  const auto patch = [&](const base::Json& body) {
    return server.ask("PATCH", at, "K", body.dump());
  };
  base::Json types;
  types.add("types", base::Json::Array{"delivery.available"});
  auto now = patch(types);
  EXPECT_EQ(now.text("url"), "http://127.0.0.1:1/hook") << now.body;
  EXPECT_EQ(now.json["types"].array().size(), 1u);
  server.ask("POST", at + "/pause", "K");
  base::Json url;
  url.add("url", "http://127.0.0.1:2/other");
  now = patch(url);
  EXPECT_EQ(now.text("url"), "http://127.0.0.1:2/other") << now.body;
  EXPECT_EQ(now.json["types"].array().size(), 1u);
  EXPECT_EQ(now.text("state"), "paused");
  url = base::Json();
  url.add("url", "https://192.168.1.1/");
  EXPECT_EQ(patch(url).reason(), "exchange.bad_webhook_url");
  types = base::Json();
  types.add("types", base::Json::Array{"no.such"});
  EXPECT_EQ(patch(types).reason(), "rest.value_unknown");
  EXPECT_EQ(server.get(at, "K").text("url"), "http://127.0.0.1:2/other");
}

// Neither the list nor an answer that is given again shows a secret: it is not kept, so that a
// repetition is another webhook.
TEST_P(RestWebhooks, SecretsAreShownOnce) {
  base::Json wanted;
  wanted.add("url", "http://127.0.0.1:1/hook").add("organisation", "K97");
  const std::string key = "Idempotency-Key: 7d1f\r\n";
  const auto first = server.post("/api/v1/webhooks", "K", wanted, key);
  const auto again = server.post("/api/v1/webhooks", "K", wanted, key);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 201);
  EXPECT_NE(again.text("id"), first.text("id"));
  EXPECT_EQ(again.header("Idempotency-Replayed"), "");
  const std::string secret = first.text("secret"), at = "/api/v1/webhooks/" + first.text("id");
  ASSERT_GT(secret.size(), 40u);
  for (const std::string& target : {std::string("/api/v1/webhooks"), at, at + "/attempts"})
    EXPECT_EQ(server.get(target, "K").body.find(secret.substr(6)), std::string::npos) << target;
  EXPECT_NE(server.ask("POST", at + "/secret", "K").text("secret"), secret);
}

TEST_P(RestWebhooks, OthersAreNotThere) {
  const std::string mine = add("K", "K97"), systems = add("B");
  // One of the organisations that a system serves is not all of them.
  const std::vector<std::pair<std::string, std::string>> others = {
      {mine, "G"}, {mine, "B"}, {systems, "K"}, {systems, "G"}, {systems, "A"}};
  for (const auto& [id, caller] : others) {
    const std::string at = "/api/v1/webhooks/" + id;
    EXPECT_EQ(server.get(at, caller).status, 404) << caller;
    EXPECT_EQ(server.ask("DELETE", at, caller).status, 404) << caller;
    for (const char* what : {"/pause", "/resume", "/secret", "/ping"})
      EXPECT_EQ(server.ask("POST", at + what, caller).status, 404) << caller << what;
    EXPECT_EQ(server.get(at + "/attempts", caller).status, 404) << caller;
    EXPECT_EQ(server.ask("PATCH", at, caller, "{}").status, 404) << caller;
    EXPECT_EQ(server.ask("POST", at + "/replay", caller, R"({"cursor": "x"})").status, 404);
  }
  for (const char* caller : {"G", "A"})
    EXPECT_TRUE(server.get("/api/v1/webhooks", caller).items().empty()) << caller;
  EXPECT_EQ(server.get("/api/v1/webhooks", "B").items().size(), 1u);
  base::Json wanted;
  wanted.add("url", "http://127.0.0.1:1/hook").add("organisation", "G99");
  EXPECT_EQ(server.post("/api/v1/webhooks", "K", wanted).reason(), "identity.organisation_unknown");
  wanted = base::Json();
  wanted.add("url", "http://127.0.0.1:1/hook");
  EXPECT_EQ(server.post("/api/v1/webhooks", "K", wanted).reason(), "rest.webhook_owner");
  wanted = base::Json();
  wanted.add("url", "http://10.0.0.1/hook").add("organisation", "K97");
  const auto refused = server.post("/api/v1/webhooks", "K", wanted);
  EXPECT_EQ(refused.reason(), "exchange.bad_webhook_url");
  EXPECT_EQ(refused.text("pointer"), "/url");
  EXPECT_EQ(server.get("/api/v1/webhooks", "K").items().size(), 1u);
}

TEST_P(RestWebhooks, ListsComeInPages) {
  std::vector<std::string> ids, seen;
  for (int i = 0; i < 3; ++i) ids.push_back(add("K", "K97"));
  std::string next = "/api/v1/webhooks?limit=2";
  while (!next.empty() && seen.size() < 9) {
    const auto page = server.get(next, "K");
    for (const auto& item : page.items()) seen.emplace_back(item["id"].text());
    next = page.text("next");
  }
  EXPECT_EQ(seen, ids);
}

}  // namespace
}  // namespace exchange::rest
