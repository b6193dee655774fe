#include "trust/demo/service.h"

#include <gtest/gtest.h>

#include "base/metrics.h"
#include "base/random.h"
#include "http/client.h"
#include "http/server.h"

namespace trust::demo {
namespace {

struct Running {
  base::SystemClock clock;
  base::SystemRandom random;
  base::Metrics metrics;
  std::unique_ptr<Authority> authority = Authority::create({"", 2048, clock.now()}).value();
  Service service{*authority, clock};
  http::Router router;
  std::unique_ptr<http::Server> server;
  std::string url;
  Running() {
    router.add(service.routes());
    server = http::Server::start({}, router, metrics, random).value();
    url = "http://127.0.0.1:" + std::to_string(server->port()) + "/pki";
  }
  http::Response get(const std::string& path, const std::string& body = {}) {
    http::Client::Options options;
    options.url = http::Url::parse(url).value();
    http::Client::Exchange exchange;
    exchange.method = body.empty() ? http::Method::get : http::Method::post;
    exchange.path = path;
    exchange.body = body;
    return http::Client::create(options)->exchange(exchange).value();
  }
};

TEST(DemoService, GivesListsAndTheRoot) {
  Running running;
  EXPECT_EQ(running.get("/root.cer").body, running.authority->root());
  for (const char* path : {"/crl", "/root-crl"}) {
    const http::Response list = running.get(path);
    EXPECT_EQ(list.status, 200);
    EXPECT_EQ(list.headers["Content-Type"], "application/pkix-crl");
    EXPECT_EQ(list.body.substr(0, 1), "\x30");
  }
}

TEST(DemoService, AnswersGarbageWithAnErrorAndGoesOn) {
  Running running;
  for (const char* path : {"/ocsp", "/tsa"}) {
    const http::Response answer = running.get(path, "not DER at all");
    EXPECT_TRUE(answer.status >= 400 || !answer.body.empty());
  }
  EXPECT_EQ(running.get("/crl").status, 200);
}

}  // namespace
}  // namespace trust::demo
