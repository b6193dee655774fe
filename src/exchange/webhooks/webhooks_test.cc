#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <mutex>
#include <thread>

#include "base/hash.h"
#include "base/text.h"
#include "exchange/testing/engines.h"
#include "exchange/webhooks/deliverer.h"
#include "exchange/webhooks/testing/target_server.h"

namespace exchange::webhooks {
namespace {

using namespace std::chrono_literals;
using testing::kReceiver;
using testing::kSender;
using testing::Letter;
using testing::TargetServer;

Letter letter(int number, const std::vector<std::string>& to = {"G99"}) {
  Letter letter;
  letter.number = std::to_string(number);
  letter.to = to;
  return letter;
}

class WebhooksTest : public testing::OnEngine {
 protected:
  WebhooksTest() { open(); }
  ~WebhooksTest() override { deliverer_.reset(); }
  void open() {
    rules_.loopback = true;
    rules_.deadline_ms = 700;
    feed_.emplace(site.exchange(), feed::Feed::Options());
    webhooks_.emplace(*feed_, site.random, std::string(32, 's'), rules_);
    follow();
  }
  void restart() {
    deliverer_.reset();
    webhooks_.reset();
    feed_.reset();
    site.close();
    ASSERT_TRUE(site.open().ok());
    open();
  }
  void deliver(std::size_t attempts = 8) {
    Deliverer::Options options;
    options.attempts_max = attempts;
    options.rest_ms = 5;
    options.reload_ms = 20;
    deliverer_ = std::make_unique<Deliverer>(*webhooks_, site.random, site.metrics, options);
  }
  void follow() {
    while (feed_->follow().value() > 0) {
    }
  }
  Owner owner(const std::string& code) { return {site.directory().find(code)->key, 0}; }
  Subscriptions::Added add(const TargetServer& target, const std::string& code = "G99",
                           const std::vector<std::string>& types = {}) {
    return webhooks_->add(owner(code), target.url(), types, "now", "test").value();
  }
  // Waits until `done`, moving the clock so that what failed is tried again.
  template <class Done>
  bool until(const Done& done, base::Duration step = 0s) {
    for (int i = 0; i < 1000; ++i) {
      if (done()) return true;
      site.clock.advance(step);
      std::this_thread::sleep_for(10ms);
    }
    return false;
  }
  std::string state(const std::string& id) { return std::string(webhooks_->get(id)->state()); }

  TargetRules rules_;
  std::optional<feed::Feed> feed_;
  std::optional<Subscriptions> webhooks_;
  std::unique_ptr<Deliverer> deliverer_;
};
ON_BOTH_ENGINES(WebhooksTest);

TEST_P(WebhooksTest, TellsInOrderAndSigns) {
  TargetServer target;
  const auto added = add(target);
  deliver();
  for (int i = 0; i < 20; ++i) site.send(letter(i));
  follow();
  ASSERT_TRUE(until([&] { return target.count() == 20; })) << target.count();
  const auto received = target.received();
  std::vector<std::string> ids;
  const std::string secret = *base::from_base64(added.secret.substr(6));
  for (const auto& one : received) {
    ids.emplace_back(base::Json::parse(one.body).value()["data"]["delivery"].text());
    EXPECT_EQ(one.header("webhook-signature"),
              "v1," + base::base64(base::hmac_sha256(secret, one.header("webhook-id") + "." +
                                                                 one.header("webhook-timestamp") +
                                                                 "." + one.body)));
    EXPECT_EQ(one.header("webhook-id"), base::Json::parse(one.body).value()["id"].text());
  }
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  EXPECT_EQ(added.secret.substr(0, 6), "whsec_");
  const auto attempts = webhooks_->attempts(added.id).value();
  ASSERT_FALSE(attempts.empty());
  EXPECT_EQ(attempts[0].outcome.status, 200);
  EXPECT_EQ(attempts[0].type, "delivery.available");
}

TEST_P(WebhooksTest, OnlyTheTypesThatWereAskedFor) {
  TargetServer target;
  add(target, "H99.01", {"delivery.fetched"});
  deliver();
  site.send(letter(1));
  ASSERT_TRUE(site.fetch(kReceiver, site.pending(kReceiver).at(0).id).ok());
  follow();
  ASSERT_TRUE(until([&] { return target.count() == 1; }));
  EXPECT_EQ(base::Json::parse(target.received()[0].body).value()["type"].text(),
            "delivery.fetched");
}

// Targets that hang, answer 500, redirect or close early: each is tried again, in order, and none
// delays the one that works.
TEST_P(WebhooksTest, StuckTargetsDelayNobody) {
  TargetServer good, hangs, broken, redirects, closes;
  hangs.behave(TargetServer::Way::hang);
  broken.behave(TargetServer::Way::error);
  redirects.behave(TargetServer::Way::redirect, good.url() + "/redirected");
  closes.behave(TargetServer::Way::close);
  std::vector<std::string> ids;
  for (const auto* one : {&hangs, &broken, &redirects, &closes, &good}) ids.push_back(add(*one).id);
  deliver(6);
  for (int i = 0; i < 10; ++i) site.send(letter(i));
  follow();
  const auto start = std::chrono::steady_clock::now();
  ASSERT_TRUE(until([&] { return good.count() == 10; })) << good.count();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
  ASSERT_TRUE(until([&] {
    return state(ids[0]) == "failing" && state(ids[1]) == "failing" && state(ids[2]) == "failing" &&
           state(ids[3]) == "failing";
  }));
  EXPECT_EQ(webhooks_->attempts(ids[0])->at(0).outcome.error, "http.timed_out");
  EXPECT_EQ(webhooks_->attempts(ids[1])->at(0).outcome.status, 500);
  EXPECT_EQ(webhooks_->attempts(ids[2])->at(0).outcome.status, 302);
  EXPECT_EQ(webhooks_->attempts(ids[3])->at(0).outcome.error, "http.broken_off");
  for (const auto& one : good.received()) EXPECT_EQ(one.path, "/hook");  // nobody was redirected
  for (auto* one : {&hangs, &broken, &redirects, &closes}) one->behave(TargetServer::Way::take);
  for (auto* one : {&hangs, &broken, &redirects, &closes}) {
    ASSERT_TRUE(until([&] { return one->taken() == 10; }, 10s)) << one->taken();
    std::vector<std::string> events;
    for (const auto& got : one->received()) events.push_back(got.header("webhook-id"));
    events.erase(std::unique(events.begin(), events.end()), events.end());
    EXPECT_EQ(events.size(), 10u);  // repeated only until it was taken, then the next
  }
  ASSERT_TRUE(until([&] { return state(ids[0]) == "active"; }));
}

TEST_P(WebhooksTest, GivesUpAfterThreeDaysAndReplays) {
  TargetServer target;
  target.behave(TargetServer::Way::error);
  const auto added = add(target);
  const std::string start = feed_->start_from("now").value();
  deliver();
  site.send(letter(1));
  follow();
  const base::Time began = site.clock.now();
  ASSERT_TRUE(until([&] { return state(added.id) == "paused"; }, 1h));
  EXPECT_GE(site.clock.now() - began, 72h);
  EXPECT_EQ(webhooks_->get(added.id)->why, "exchange.webhook_given_up");
  EXPECT_LE(webhooks_->attempts(added.id)->size(), 100u);
  target.behave(TargetServer::Way::take);
  site.send(letter(2));
  ASSERT_TRUE(webhooks_->resume(added.id, "test").ok());
  follow();
  ASSERT_TRUE(until([&] { return target.taken() == 2; }));
  ASSERT_TRUE(webhooks_->replay(added.id, start, "test").ok());
  ASSERT_TRUE(until([&] { return target.taken() == 4; }));
  EXPECT_EQ(webhooks_->replay(added.id, "x", "test").error().reason(), "exchange.bad_cursor");
  ASSERT_TRUE(webhooks_->remove(added.id, "test").ok());
  EXPECT_EQ(webhooks_->get(added.id).error().reason(), "exchange.webhook_unknown");
  EXPECT_EQ(site.findings(), "");
}

TEST_P(WebhooksTest, BothSecretsSignForADay) {
  TargetServer target;
  const auto added = add(target);
  const std::string second = webhooks_->rotate_secret(added.id, "test").value();
  EXPECT_NE(second, added.secret);
  ASSERT_TRUE(webhooks_->ping(added.id)->outcome.ok());
  site.clock.advance(25h);
  ASSERT_TRUE(webhooks_->ping(added.id)->outcome.ok());
  const auto received = target.received();
  ASSERT_EQ(received.size(), 2u);
  const auto signed_by = [&](const auto& one, const std::string& secret) {
    const std::string mac = base::base64(base::hmac_sha256(
        *base::from_base64(secret.substr(6)),
        one.header("webhook-id") + "." + one.header("webhook-timestamp") + "." + one.body));
    return one.header("webhook-signature").find("v1," + mac) != std::string::npos;
  };
  EXPECT_TRUE(signed_by(received[0], added.secret));
  EXPECT_TRUE(signed_by(received[0], second));
  EXPECT_FALSE(signed_by(received[1], added.secret));
  EXPECT_TRUE(signed_by(received[1], second));
  EXPECT_EQ(webhooks_->attempts(added.id)->at(0).type, "webhook.ping");
}

TEST_P(WebhooksTest, ASystemIsToldOfAllThatItServes) {
  TargetServer target;
  const Owner owner{0, site.key_of(kReceiver)};
  ASSERT_TRUE(webhooks_->add(owner, target.url(), {}, "now", "test").ok());
  deliver();
  site.send(letter(1, {"G99", "H98", "K97"}));
  follow();
  ASSERT_TRUE(until([&] { return target.count() == 2; }));
  // K97 gets a system: what waits comes along from now on.
  ASSERT_TRUE(site.directory().put_system(kReceiver, std::nullopt, {"K97"}).ok());
  std::this_thread::sleep_for(100ms);
  site.send(letter(2, {"K97"}));
  follow();
  ASSERT_TRUE(until([&] { return target.count() == 3; })) << target.count();
  EXPECT_EQ(webhooks_->of(owner)->size(), 1u);
}

// Killed in the middle, again and again: every event arrives, in order, some of them twice.
TEST_P(WebhooksTest, SurvivesBeingKilled) {
  TargetServer target;
  add(target);
  for (int i = 0; i < 40; ++i) site.send(letter(i));
  follow();
  webhooks_.reset();
  feed_.reset();
  site.close();
  for (int round = 0; round < 5; ++round) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      if (!site.open().ok()) ::_exit(3);
      site.clock.advance(round * 60s);  // the lease of the one that died has run out
      open();
      deliver();
      for (;;) ::usleep(1000000);
    }
    ::usleep(60000 + 30000 * static_cast<useconds_t>(round));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
  }
  site.clock.advance(600s);
  ASSERT_TRUE(site.open().ok());
  open();
  deliver();
  ASSERT_TRUE(until([&] { return target.subjects().size() == 40; })) << target.subjects().size();
  std::vector<std::string> firsts;
  for (const auto& one : target.received()) {
    const std::string id = one.header("webhook-id");
    if (std::find(firsts.begin(), firsts.end(), id) == firsts.end()) firsts.push_back(id);
  }
  EXPECT_EQ(firsts.size(), 40u);
}

TEST_P(WebhooksTest, ManyOfOneOwnerAndWrongOnesAreRefused) {
  TargetServer target;
  for (std::size_t i = 0; i < Subscriptions::kOfOneOwnerMax; ++i) add(target);
  EXPECT_EQ(webhooks_->add(owner("G99"), target.url(), {}, "now", "test").error().reason(),
            "exchange.too_many_webhooks");
  EXPECT_EQ(webhooks_->add(owner("H98"), target.url(), {"no.such"}, "now", "test").error().reason(),
            "exchange.bad_webhook_types");
  EXPECT_EQ(webhooks_->add(owner("H98"), target.url(), {}, "then", "test").error().reason(),
            "exchange.bad_start");
}

TEST_P(WebhooksTest, PingsThatHangTakeFewThreads) {
  TargetServer target;
  target.behave(TargetServer::Way::hang);
  const auto added = add(target);
  std::vector<std::jthread> pinging;
  std::atomic<int> waited = 0;
  for (int i = 0; i < Subscriptions::kPingsMax; ++i) {
    pinging.emplace_back([&] {
      if (const auto ping = webhooks_->ping(added.id); ping && !ping->outcome.ok()) ++waited;
    });
  }
  ASSERT_TRUE(until([&] { return target.count() == Subscriptions::kPingsMax; }));
  EXPECT_EQ(webhooks_->ping(added.id).error().reason(), "exchange.too_many_pings");
  pinging.clear();
  EXPECT_EQ(waited, Subscriptions::kPingsMax);
  target.behave(TargetServer::Way::take);
  EXPECT_TRUE(webhooks_->ping(added.id)->outcome.ok());
}

TEST_P(WebhooksTest, AChangeIsToldToTheNewAddress) {
  TargetServer old, other;
  const auto added = add(old);
  old.behave(TargetServer::Way::error);
  deliver();
  site.send(letter(1));
  follow();
  ASSERT_TRUE(until([&] { return state(added.id) == "failing"; }));
  ASSERT_TRUE(webhooks_->change(added.id, other.url(), std::nullopt, "test").ok());
  ASSERT_TRUE(until([&] { return other.count() == 1; })) << state(added.id);
  EXPECT_EQ(webhooks_->change(added.id, "https://10.0.0.1/", std::nullopt, "test").error().reason(),
            "exchange.bad_webhook_url");
}

TEST(WebhookTarget, AddressesThatMayNotBeCalled) {
  TargetRules rules;
  for (const char* url : {"http://example.org/",
                          "ftp://example.org/",
                          "https://127.0.0.1/",
                          "https://[::1]/",
                          "https://10.1.2.3/",
                          "https://192.168.1.1/",
                          "https://169.254.169.254/latest/",
                          "https://100.64.1.1/",
                          "https://[fd00::1]/",
                          "https://[fe80::1]/",
                          "https://224.0.0.1/",
                          "https://[::ffff:10.0.0.1]/",
                          "https://[2002:a00:1::]/",
                          "https://[64:ff9b::a00:1]/",
                          "https://127.1/",
                          "https://2130706433/",
                          "https://0x7f.0.0.1/",
                          "https://0177.0.0.1/",
                          "https://example.org:8443/",
                          "https://user@example.org/",
                          "https://example.org/?a=b"}) {
    const auto checked = check_url(url, rules);
    EXPECT_EQ(checked.ok() ? "" : checked.error().reason(), "exchange.bad_webhook_url") << url;
  }
  EXPECT_TRUE(check_url("https://example.org/hook", rules).ok());
  EXPECT_TRUE(check_url("https://1.1.1.1/hook", rules).ok());
  rules.loopback = true;
  EXPECT_TRUE(check_url("http://127.0.0.1:1234/", rules).ok());
  EXPECT_FALSE(check_url("http://example.org/", rules).ok());
  rules.ports.push_back(8443);
  EXPECT_TRUE(check_url("https://example.org:8443/", rules).ok());
}

// A name that leads to this machine is as good as its address: judged when it is called.
TEST(WebhookTarget, ANameThatLeadsHomeIsNotCalled) {
  TargetServer target;
  TargetRules rules;
  rules.ports = {target.port()};
  const std::string url = "https://localhost:" + std::to_string(target.port()) + "/hook";
  ASSERT_TRUE(check_url(url, rules).ok());
  const Outcome outcome = send(url, {"1", "{}", base::Time(), {"s"}}, rules);
  EXPECT_EQ(outcome.error, "http.address_refused");
  EXPECT_EQ(target.count(), 0u);
}

TEST(WebhookTarget, ReadsNoMoreThanItShould) {
  TargetServer target;
  TargetRules rules;
  rules.loopback = true;
  rules.deadline_ms = 700;
  target.behave(TargetServer::Way::flood);
  EXPECT_EQ(send(target.url(), {"1", "{}", base::Time(), {"s"}}, rules).error,
            "http.answer_too_large");
  target.behave(TargetServer::Way::trickle);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(send(target.url(), {"1", "{}", base::Time(), {"s"}}, rules).error, "http.timed_out");
  EXPECT_LT(std::chrono::steady_clock::now() - start, 2s);
}

TEST(WebhookTarget, SignsAsTheStandardsExample) {
  // standardwebhooks.com, the specification's test vector.
  const std::string secret = *base::from_base64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  EXPECT_EQ(
      signature({secret}, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})"),
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookDelay, GrowsToSixHoursAndIsSpread) {
  EXPECT_EQ(delay_after(1, 200), 5s);
  EXPECT_EQ(delay_after(2, 200), 10s);
  EXPECT_EQ(delay_after(1, 0), 4s);
  EXPECT_EQ(delay_after(1, 400), 6s);
  EXPECT_EQ(delay_after(100, 200), 6h);
}

}  // namespace
}  // namespace exchange::webhooks
