#include "exchange/system_calls.h"

#include <gtest/gtest.h>

#include "exchange/testing/engines.h"
#include "exchange/testing/test_exchange.h"

namespace exchange {
namespace {

using namespace std::chrono_literals;
using testing::TestExchange;

constexpr SystemKey kSystem = 7;

class SystemCallsTest : public ::testing::TestWithParam<std::string> {
 public:
  SystemCallsTest()
      : site(testing::fresh_database(GetParam())), calls(site.database(), site.clock) {}
  SeenCalls of(const SystemCalls& node, SystemKey system = kSystem) {
    SeenCalls seen;
    const auto read =
        site.database().read([&](store::Connection& connection) -> base::Result<void> {
          seen = TRY(node.of(connection, system));
          return base::done();
        });
    EXPECT_TRUE(read.ok()) << read.error().detail();
    return seen;
  }
  TestExchange site;
  SystemCalls calls;
};
ON_BOTH_ENGINES(SystemCallsTest);

TEST_P(SystemCallsTest, TheFirstStaysAndTheLastGoesOn) {
  EXPECT_FALSE(of(calls).last.has_value());
  const base::Time first = site.clock.now();
  calls.note(kSystem, CallProtocol::token, "10.0.0.1");
  site.clock.advance(1h);
  calls.note(kSystem, CallProtocol::vxp, "10.0.0.2");
  EXPECT_EQ(calls.flush().value(), 1);
  EXPECT_EQ(calls.flush().value(), 0);
  SystemCalls other(site.database(), site.clock);  // of another node
  for (const SystemCalls* node : {&calls, &other}) {
    const SeenCalls seen = of(*node);
    EXPECT_EQ(seen.first, first);
    ASSERT_TRUE(seen.last.has_value());
    EXPECT_EQ(seen.last->at, site.clock.now());
    EXPECT_EQ(seen.last->protocol, CallProtocol::vxp);
    EXPECT_EQ(seen.last->remote, "10.0.0.2");
    EXPECT_FALSE(of(*node, 999).last.has_value());
  }
  site.clock.advance(1h);
  other.note(kSystem, CallProtocol::api, "10.0.0.3");
  EXPECT_EQ(of(other).first, first);
  EXPECT_EQ(other.flush().value(), 1);
  EXPECT_EQ(of(calls).last->remote, "10.0.0.3");
}

// Rows of before it was noted how systems call.
TEST_P(SystemCallsTest, WhatWasKnownBeforeStays) {
  site.tamper("insert into system_seen (system, seen_at) values (7, 1700000000000000)");
  const base::Time before = base::from_micros(1'700'000'000'000'000);
  EXPECT_EQ(of(calls).first, before);
  EXPECT_EQ(of(calls).last->protocol, CallProtocol::unknown);
  calls.note(kSystem, CallProtocol::vxp, "10.0.0.1");
  ASSERT_TRUE(calls.flush().ok());
  EXPECT_EQ(of(calls).first, before);
  EXPECT_EQ(of(calls).last->at, site.clock.now());
}

TEST_P(SystemCallsTest, WhatWasRefusedIsCountedByReason) {
  calls.refuse(kSystem, CallProtocol::vxp, "10.0.0.1", "vxp.signature");
  calls.refuse(kSystem, CallProtocol::vxp, "10.0.0.1", "vxp.signature");
  EXPECT_EQ(calls.flush().value(), 1);
  site.clock.advance(2h);
  calls.refuse(kSystem, CallProtocol::vxp, "10.0.0.9", "vxp.signature");
  site.clock.advance(1min);
  calls.refuse(kSystem, CallProtocol::api, "10.0.0.1", "rest.member_missing");
  for (const bool written : {false, true}) {
    const auto refused = of(calls).refused;
    ASSERT_EQ(refused.size(), 2U) << written;
    EXPECT_EQ(refused[0].reason, "rest.member_missing");
    EXPECT_EQ(refused[1].calls, 3);
    EXPECT_EQ(refused[1].last_hour, 1);
    EXPECT_EQ(refused[1].last_day, 3);
    EXPECT_EQ(refused[1].last.remote, "10.0.0.9");
    EXPECT_EQ(calls.flush().value(), written ? 0 : 1);
  }
  EXPECT_FALSE(of(calls).last.has_value());  // it has never shown who it is
  site.clock.advance(25h);
  EXPECT_EQ(of(calls).refused[1].last_day, 0);
  EXPECT_EQ(of(calls).refused[1].calls, 3);
  calls.refuse(kSystem, CallProtocol::api, "10.0.0.1", "rest.member_missing");
  EXPECT_EQ(calls.flush().value(), 1);
  static const store::Query kLately{"test.lately", "select count(*) from system_refused_lately"};
  EXPECT_EQ(site.number(kLately), 1);  // what is over a day old is forgotten
}

TEST_P(SystemCallsTest, AFloodOfReasonsIsBounded) {
  for (int i = 0; i < 1000; ++i)
    calls.refuse(kSystem, CallProtocol::api, std::string(10'000, 'x'), "a." + std::to_string(i));
  const auto refused = of(calls).refused;
  ASSERT_EQ(refused.size(), kRefusalReasonsMax + 1);
  std::int64_t all = 0;
  for (const auto& one : refused) {
    all += one.calls;
    EXPECT_LE(one.last.remote.size(), 64U);
  }
  EXPECT_EQ(all, 1000);
}

TEST_P(SystemCallsTest, NothingIsLostWhenItCannotBeWritten) {
  calls.note(kSystem, CallProtocol::vxp, "10.0.0.1");
  calls.refuse(kSystem, CallProtocol::vxp, "10.0.0.1", "vxp.signature");
  site.tamper("alter table system_refused rename to elsewhere");
  EXPECT_FALSE(calls.flush().ok());
  calls.refuse(kSystem, CallProtocol::vxp, "10.0.0.2", "vxp.signature");
  site.tamper("alter table elsewhere rename to system_refused");
  EXPECT_EQ(calls.flush().value(), 1);
  SystemCalls other(site.database(), site.clock);
  EXPECT_TRUE(of(other).last.has_value());
  EXPECT_EQ(of(other).refused.at(0).calls, 2);
  EXPECT_EQ(of(other).refused.at(0).last.remote, "10.0.0.2");
}

class Ear : public CallListener {
 public:
  void called() override { ++heard; }
  int heard = 0;
};

TEST_P(SystemCallsTest, ListenersAreToldWhileTheyLive) {
  auto ear = std::make_shared<Ear>();
  calls.listen(kSystem, ear);
  calls.note(kSystem, CallProtocol::vxp, "10.0.0.1");
  calls.refuse(kSystem, CallProtocol::vxp, "10.0.0.1", "vxp.signature");
  calls.note(kSystem + 1, CallProtocol::vxp, "10.0.0.1");
  EXPECT_EQ(ear->heard, 2);
  ear.reset();
  calls.note(kSystem, CallProtocol::vxp, "10.0.0.1");
}

}  // namespace
}  // namespace exchange
