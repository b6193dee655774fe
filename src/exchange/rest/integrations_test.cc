// How connected systems are doing, over the API.
#include <thread>

#include "exchange/rest/noted_calls.h"
#include "exchange/testing/engines.h"
#include "exchange/testing/rest_server.h"

namespace exchange::rest {
namespace {

using namespace std::chrono_literals;
using testing::kReceiver;
using testing::kSender;
using testing::RestServer;

const std::string kCalls = std::string("/api/v1/systems/") + kReceiver + "/calls";

class Integrations : public ::testing::TestWithParam<std::string> {
 public:
  Integrations() : server(testing::fresh_database(GetParam())) {
    server.know_person("operator", identity::Role::operator_, {});
    server.know_person("stranger", identity::Role::integrator, {"K97"});
    server.know_person("theirs", identity::Role::integrator, {"G99", "H98"});
  }
  SystemCalls& calls() { return server.site.exchange().calls(); }
  base::Json health(std::string_view caller = "operator", std::string_view query = "") {
    const auto items = server.get("/api/v1/integrations?q=98" + std::string(query), caller).items();
    return items.empty() ? base::Json() : items[0];
  }
  bool has(const base::Json& one, std::string_view trouble) {
    for (const auto& word : one["troubles"].array())
      if (word.text() == trouble) return true;
    return false;
  }
  RestServer server;
};
ON_BOTH_ENGINES(Integrations);

TEST_P(Integrations, TheFirstCallIsSeenComing) {
  const auto before = server.get(kCalls, "operator");
  ASSERT_EQ(before.status, 200) << before.body;
  EXPECT_FALSE(before.json.has("first_call_at"));
  const SystemKey system = server.site.key_of(kReceiver);
  std::thread caller([&] {
    std::this_thread::sleep_for(200ms);
    calls().note(system + 1000, CallProtocol::vxp, "10.0.0.7");  // somebody else
    calls().refuse(system, CallProtocol::vxp, "10.0.0.7", "vxp.signature");
  });
  const auto start = std::chrono::steady_clock::now();
  const auto first = server.get(kCalls + "?wait=20&known=" + before.text("version"), "operator");
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
  caller.join();
  ASSERT_EQ(first.json["refused"].array().size(), 1U) << first.body;
  EXPECT_EQ(first.json["refused"].array()[0]["reason"].text(), "vxp.signature");
  EXPECT_EQ(first.json["refused"].array()[0]["last"]["address"].text(), "10.0.0.7");
  EXPECT_FALSE(first.json.has("last_call"));
  calls().note(system, CallProtocol::vxp, "10.0.0.7");
  // What came between two waits is there at once.
  const auto second = server.get(kCalls + "?wait=20&known=" + first.text("version"), "theirs");
  EXPECT_EQ(second.json["last_call"]["protocol"].text(), "vxp");
  EXPECT_EQ(second.text("first_call_at"), base::iso_time_text(server.site.clock.now()));
  const auto over = server.get(kCalls + "?wait=1&known=" + second.text("version"), "theirs");
  EXPECT_EQ(over.status, 200);
  EXPECT_EQ(over.text("version"), second.text("version"));
  EXPECT_EQ(server.get(kCalls + "?wait=61", "operator").status, 400);
  EXPECT_EQ(server.get(kCalls, "stranger").status, 404);
  EXPECT_EQ(server.get("/api/v1/systems/NOBODY/calls?wait=60", "operator").status, 404);
}

TEST_P(Integrations, AProbeGoesTheWholeWayAndIsNoDocument) {
  const std::string at = std::string("/api/v1/systems/") + kReceiver + "/probe";
  EXPECT_EQ(server.ask("POST", at, "stranger").status, 404);
  const auto sent = server.ask("POST", at, "operator");
  ASSERT_EQ(sent.status, 201) << sent.body;
  EXPECT_EQ(sent.text("state"), "waiting");
  EXPECT_EQ(sent.text("organisation"), "G99");
  EXPECT_EQ(sent.text("sent_by"), "person:operator");
  const auto again = server.ask("POST", at, "theirs");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.text("id"), sent.text("id"));
  EXPECT_TRUE(server.site.pending(kReceiver).empty());
  const auto waiting = server.site.pending(kReceiver, edxml::Kind::status);
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0].id, sent.text("id"));

  // As the screen waits, and as the system works.
  std::string known = server.get(kCalls, "operator").text("version");
  std::thread system([&] {
    std::this_thread::sleep_for(200ms);
    const auto bytes = server.site.fetch(kReceiver, waiting[0].id);
    EXPECT_NE(bytes->find("THỬ KẾT NỐI"), std::string::npos) << *bytes;
  });
  auto now = server.get(kCalls + "?wait=20&known=" + known, "operator");
  system.join();
  EXPECT_EQ(now.json["probe"]["state"].text(), "fetched") << now.body;
  EXPECT_TRUE(now.json["probe"].has("fetched_at"));
  ASSERT_TRUE(server.site.acknowledge(kReceiver, waiting[0].id, "done").ok());
  now = server.get(kCalls + "?wait=20&known=" + now.text("version"), "operator");
  EXPECT_EQ(now.json["probe"]["state"].text(), "acknowledged");

  // It is in nobody's way.
  server.know_person("auditor", identity::Role::auditor, {});
  server.know_system("B", kReceiver);
  EXPECT_TRUE(server.get("/api/v1/documents", "B").items().empty());
  EXPECT_TRUE(server.get("/api/v1/documents?box=sent", "B").items().empty());
  EXPECT_TRUE(server.get("/api/v1/deliveries", "B").items().empty());
  server.site.clock.advance(24h * 30);
  EXPECT_EQ(server.site.exchange().late(10)->total, 0);
  EXPECT_EQ(health()["waiting"]["deliveries"].integer(), 0);
  const auto noted = server.get("/api/v1/journal?kind=probe_sent", "auditor").items();
  ASSERT_EQ(noted.size(), 1U);
  EXPECT_EQ(noted[0]["actor"].text(), "person:operator");
  EXPECT_EQ(server.site.findings(), "");
  // The next one is another.
  EXPECT_EQ(server.ask("POST", at, "operator").status, 201);
  ASSERT_TRUE(server.site.directory().enable_system(kReceiver, false).ok());
  EXPECT_EQ(server.ask("POST", at, "operator").reason(), "identity.system_disabled");
  ASSERT_TRUE(server.site.directory().put_system("00.97.W00", "a-third-secret-1234", {}).ok());
  EXPECT_EQ(server.ask("POST", "/api/v1/systems/00.97.W00/probe", "operator").reason(),
            "exchange.nobody_served");
}

TEST_P(Integrations, WhatIsWrongIsSaid) {
  EXPECT_TRUE(has(health(), "never_called"));
  EXPECT_TRUE(health("stranger").is_null());
  calls().note(server.site.key_of(kReceiver), CallProtocol::vxp, "10.0.0.7");
  EXPECT_TRUE(health()["troubles"].array().empty());
  EXPECT_TRUE(health("operator", "&troubled=true").is_null());
  server.site.send(testing::Letter{});
  EXPECT_EQ(health()["waiting"]["deliveries"].integer(),
            static_cast<std::int64_t>(server.site.pending(kReceiver).size()));
  EXPECT_GT(health()["waiting"]["deliveries"].integer(), 0);
  EXPECT_EQ(health()["waiting"]["oldest_at"].text().substr(0, 19),
            base::iso_time_text(server.site.clock.now()).substr(0, 19));
  server.site.clock.advance(25h);
  EXPECT_TRUE(has(health("theirs", "&troubled=true"), "silent"));
  EXPECT_TRUE(has(health(), "waiting"));
  calls().refuse(server.site.key_of(kReceiver), CallProtocol::api, "10.0.0.7", "rest.bad_time");
  EXPECT_TRUE(has(health(), "refused"));
  identity::SystemCredentials::Wanted wanted;
  wanted.name = "thử";
  wanted.permissions = {identity::Permission::documents_read};
  wanted.expires_at = server.site.clock.now() + 48h;
  ASSERT_TRUE(server.identity.credentials.issue(identity::console(), kReceiver, wanted, true).ok());
  EXPECT_TRUE(has(health(), "expiring"));
  EXPECT_EQ(health()["credential_expires_at"].text(), base::iso_time_text(*wanted.expires_at));
}

TEST_P(Integrations, AreFoundByTheNamesOfThoseTheyServe) {
  auto organisation = server.site.directory().find("G99").value();
  organisation.name = "Bộ Thử nghiệm";
  ASSERT_TRUE(server.site.directory().put({organisation}, "test").ok());
  const base::Json one = health();
  EXPECT_EQ(one["id"].text(), kReceiver);
  EXPECT_EQ(one["organisation"]["code"].text(), "G99");
  EXPECT_EQ(one["organisation"]["name"].text(), organisation.name);
  EXPECT_EQ(one["organisations_total"].integer(), 2);
  const auto found = server.get("/api/v1/integrations?q=bo+thu", "operator").items();
  ASSERT_EQ(found.size(), 1U) << organisation.name;
  EXPECT_EQ(found[0]["id"].text(), kReceiver);
  EXPECT_TRUE(server.get("/api/v1/integrations?q=khong+co", "operator").items().empty());
}

TEST_P(Integrations, ComeInPages) {
  std::size_t seen = 0;
  std::string next = "/api/v1/integrations?limit=1";
  while (!next.empty() && seen < 10) {
    const auto page = server.get(next, "operator");
    EXPECT_EQ(page.items().size(), 1U);
    ++seen;
    next = page.text("next");
  }
  EXPECT_EQ(seen, server.site.directory().systems().size());
}

TEST_P(Integrations, CallsByTheApiAreNotedByWhoTheySayTheyAre) {
  identity::SystemCredentials::Wanted wanted;
  wanted.name = "thử";
  wanted.permissions = {identity::Permission::documents_read};
  const std::string key =
      server.identity.credentials.issue(identity::console(), kReceiver, wanted, true)
          .value()
          .secret;
  const auto authenticate = noting_calls(server.site.exchange(), server.identity.authenticator);
  http::Head head;
  head.remote = "10.0.0.8";
  head.headers.add("Authorization", "Bearer " + key + "x");
  EXPECT_FALSE(authenticate(head).ok());
  auto now = server.get(kCalls, "operator").json;
  ASSERT_EQ(now["refused"].array().size(), 1U);
  EXPECT_EQ(now["refused"].array()[0]["reason"].text(), "identity.bad_token");
  EXPECT_FALSE(now.has("last_call"));
  head.headers.set("Authorization", "Bearer " + key);
  EXPECT_TRUE(authenticate(head).ok());
  now = server.get(kCalls, "operator").json;
  EXPECT_EQ(now["last_call"]["protocol"].text(), "api");
  EXPECT_EQ(now["last_call"]["address"].text(), "10.0.0.8");
  head.headers.set("Authorization", "Bearer truc_key_999_x");
  EXPECT_FALSE(authenticate(head).ok());
  // A call of a system that is known, refused for what it asks.
  server.know_system("B", kReceiver);
  EXPECT_EQ(server.get("/api/v1/documents/" + std::string(24, '0'), "B").status, 404);
  EXPECT_EQ(server.get(kCalls, "operator").json["refused"].array().size(), 2U);
}

}  // namespace
}  // namespace exchange::rest
