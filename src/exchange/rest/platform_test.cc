// The platform for those who run it.
#include "exchange/testing/engines.h"
#include "exchange/testing/rest_server.h"

namespace exchange::rest {
namespace {

using namespace std::chrono_literals;
using testing::RestServer;

class RestPlatform : public ::testing::TestWithParam<std::string> {
 public:
  RestPlatform() : server(testing::fresh_database(GetParam())) {
    server.know_person("operator", identity::Role::operator_, {});
    server.know_person("auditor", identity::Role::auditor, {});
  }
  void know_certificate(const char* use, const char* name, base::Duration left) {
    trust::DatedCertificate one;
    one.use = use;
    one.name = name;
    one.subject = std::string("CN=") + name;
    one.issuer = "CN=CA";
    one.key_id = "\x0a\x0b";
    one.sha256 = std::string(32, 'x');
    one.from = server.site.clock.now() - 24h;
    one.until = server.site.clock.now() + left;
    server.platform.known.all.push_back(std::move(one));
  }
  std::vector<std::string> names(const std::string& query) {
    std::vector<std::string> all;
    for (const auto& one : server.get("/api/v1/certificates?" + query, "operator").items())
      all.emplace_back(one["name"].text());
    return all;
  }
  RestServer server;
};
ON_BOTH_ENGINES(RestPlatform);

using Names = std::vector<std::string>;

TEST_P(RestPlatform, CertificatesComeByTheDayTheyEnd) {
  know_certificate("anchor", "later", 240h);
  know_certificate("tls", "over", -36h);
  know_certificate("evidence", "soon", 50h);
  identity::SystemCredentials::Wanted wanted;
  wanted.kind = identity::CredentialKind::certificate;
  wanted.name = "mtls";
  wanted.permissions = {identity::Permission::documents_read};
  wanted.fingerprint = std::string(64, 'a');
  wanted.expires_at = server.site.clock.now() + 100h;
  auto& credentials = server.identity.credentials;
  ASSERT_TRUE(credentials.issue(identity::console(), testing::kSender, wanted, true).ok());
  wanted.fingerprint = std::string(64, 'b');
  wanted.expires_at.reset();
  wanted.name = "open";
  ASSERT_TRUE(credentials.issue(identity::console(), testing::kReceiver, wanted, true).ok());
  const std::string mtls = std::string(testing::kSender) + " (mtls)",
                    open = std::string(testing::kReceiver) + " (open)";
  EXPECT_EQ(names(""), (Names{"over", "soon", mtls, "later", open}));
  EXPECT_EQ(names("within_days=5"), (Names{"over", "soon", mtls}));
  EXPECT_EQ(names("use=system"), (Names{mtls, open}));
  server.platform.known.troubles.push_back(
      base::Error(base::Code::unavailable, "store.unavailable", "away", "không mở được"));
  const auto page = server.get("/api/v1/certificates?limit=1", "operator");
  EXPECT_EQ(page.items().at(0)["days_left"].integer(), -2);
  EXPECT_EQ(page.items()[0]["key_id"].text(), "0a0b");
  EXPECT_EQ(page.json["troubles"].array().at(0)["vi"].text(), "không mở được");
  EXPECT_EQ(server.get(page.text("next"), "operator").items().at(0)["name"].text(), "soon");
  EXPECT_EQ(server.get("/api/v1/certificates", "auditor").status, 403);
}

TEST_P(RestPlatform, SaysHowItIsDoing) {
  PlatformState& told = server.platform.told;
  told.version = "1.2.3";
  told.database = "sqlite";
  told.disk_bytes = 1000;
  told.checks = {{true, false, {"tốt", "well"}}, {true, true, {"sắp", "soon"}}};
  auto now = server.get("/api/v1/platform", "operator").json;
  EXPECT_TRUE(now["ok"].boolean());
  EXPECT_FALSE(now["backup"]["known"].boolean(true));
  EXPECT_FALSE(now["storage"].has("documents"));
  told.checks.push_back({false, false, {"hỏng", "broken"}});
  told.documents = 7;
  told.backup_at = server.site.clock.now() - 3h;
  now = server.get("/api/v1/platform", "operator").json;
  EXPECT_FALSE(now["ok"].boolean(true));
  EXPECT_EQ(now["backup"]["hours_ago"].integer(), 3);
  EXPECT_EQ(now["checks"].array().at(1)["state"].text(), "warning");
  EXPECT_EQ(now["checks"].array().at(2)["text"]["vi"].text(), "hỏng");
  EXPECT_EQ(server.get("/api/v1/platform", "auditor").status, 403);
}

TEST_P(RestPlatform, QuotasSayWhoAsksMost) {
  for (int i = 0; i < 3; ++i) server.get("/api/v1/me", "auditor");
  server.get("/api/v1/calendar", "");
  const auto now = server.get("/api/v1/quotas", "operator").json;
  const auto& clients = now["clients"].array();
  ASSERT_GE(clients.size(), 3U);
  EXPECT_EQ(clients[0]["client"].text(), "person:auditor");
  EXPECT_EQ(clients[0]["today"].integer(), 3);
  EXPECT_EQ(clients[0]["left_today"].integer(), now["callers"]["per_day"].integer() - 3);
  EXPECT_EQ(server.get("/api/v1/quotas?limit=1", "operator").json["clients"].array().size(), 1U);
}

}  // namespace
}  // namespace exchange::rest
