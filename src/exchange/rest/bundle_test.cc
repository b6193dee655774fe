// Bundles through the API: who gets one, and that it is a fetch. What is in one is tested with
// those who make it.
#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "exchange/rest/resources.h"
#include "exchange/testing/rest_server.h"

namespace exchange::rest {
namespace {

using testing::Letter;
using testing::RestServer;

// Says what it was asked for.
class Sayer : public BundleMaker {
 public:
  base::Result<void> make(const BundleOrder& order, const trust::Sink& out) override {
    if (wait != nullptr) {
      begun->count_down();
      wait->wait();
    }
    if (fails) {
      return base::Error(base::Code::conflict, "trust.evidence_waiting", "not sealed yet",
                         "chưa ký");
    }
    for (int i = 0; i < 100; ++i) {
      const std::string piece(100'000, static_cast<char>('a' + i % 26));
      TRY(out(piece));
    }
    return out(order.document_id);
  }
  std::atomic<bool> fails = false;
  std::latch* begun = nullptr;
  std::latch* wait = nullptr;
};

class RestBundle : public ::testing::Test {
 public:
  RestBundle()
      : server("", [this](Exchange& exchange) {
          ApiOptions options;
          options.bundles = &maker;
          auto rows = document_file_rows(exchange, options);
          auto more = delivery_rows(exchange);
          rows.insert(rows.end(), more.begin(), more.end());
          return rows;
        }) {
    server.know_system("A", testing::kSender);
    server.know_person("clerk", identity::Role::clerk, {"K97"});
    server.know_person("other", identity::Role::clerk, {"G99"});
    server.know_person("auditor", identity::Role::auditor, {"K97"});
    Letter letter;
    letter.to = {"K97"};
    id = server.site.send(letter).id;
    target = "/api/v1/documents/" + id + "/bundle";
  }
  std::string state() {
    return std::string(server.get("/api/v1/deliveries", "clerk").items().at(0)["state"].text());
  }
  Sayer maker;
  RestServer server;
  std::string id, target;
};

TEST_F(RestBundle, IsAFetchOnceItIsMade) {
  EXPECT_EQ(server.ask("HEAD", target, "clerk").status, 200);
  maker.fails = true;
  EXPECT_EQ(server.get(target, "clerk").reason(), "trust.evidence_waiting");
  EXPECT_EQ(state(), "initial");
  maker.fails = false;
  const auto bundle = server.get(target, "clerk");
  EXPECT_EQ(bundle.status, 200);
  EXPECT_EQ(bundle.header("Content-Type"), "application/vnd.etsi.asic-e+zip");
  EXPECT_NE(bundle.header("Content-Disposition").find(id + ".asice"), std::string::npos);
  ASSERT_EQ(bundle.body.size(), 10'000'000 + id.size());
  EXPECT_TRUE(bundle.body.ends_with(id));
  EXPECT_EQ(state(), "processing");
  EXPECT_EQ(server.get(target, "A").status, 200);
}

TEST_F(RestBundle, IsForThoseWhoMayReadBoth) {
  EXPECT_EQ(server.get(target, "other").status, 404);
  EXPECT_EQ(server.get(target, "auditor").reason(), "identity.not_permitted");
  identity::Principal reader;
  reader.kind = identity::Principal::Kind::person;
  reader.person = 70;
  reader.id = "person:70";
  const OrganisationKey k97 = server.site.directory().find("K97")->key;
  const OrganisationKey g99 = server.site.directory().find("G99")->key;
  reader.grants.push_back({{identity::Permission::documents_read}, {k97}, false, 0, 0});
  server.know("reader", reader);
  EXPECT_EQ(server.get(target, "reader").reason(), "identity.not_permitted");
  // The right for another organisation does not help.
  reader.grants.push_back({{identity::Permission::evidence_read}, {g99}, false, 0, 0});
  server.know("reader", reader);
  EXPECT_GE(server.get(target, "reader").status, 403);
  reader.grants.push_back({{identity::Permission::evidence_read}, {k97}, false, 0, 0});
  server.know("reader", reader);
  EXPECT_EQ(server.get(target, "reader").status, 200);
}

TEST_F(RestBundle, FewAreMadeAtTheSameTime) {
  std::latch begun(2), wait(1);
  maker.begun = &begun;
  maker.wait = &wait;
  std::vector<std::jthread> making;
  std::atomic<int> made = 0;
  for (int i = 0; i < 2; ++i)
    making.emplace_back([&] { made += server.get(target, "clerk").status == 200 ? 1 : 0; });
  begun.wait();
  EXPECT_EQ(server.get(target, "A").reason(), "rest.too_many_bundles");
  wait.count_down();
  making.clear();
  EXPECT_EQ(made, 2);
}

TEST(RestBundleNone, WhereThereAreNoEvidences) {
  RestServer server;
  server.know_person("clerk", identity::Role::clerk, {"K97"});
  Letter letter;
  letter.to = {"K97"};
  const std::string id = server.site.send(letter).id;
  EXPECT_EQ(server.get("/api/v1/documents/" + id + "/bundle", "clerk").reason(), "rest.no_bundles");
}

}  // namespace
}  // namespace exchange::rest
