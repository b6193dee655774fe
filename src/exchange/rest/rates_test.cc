#include "exchange/rest/rates.h"

#include <gtest/gtest.h>

#include "base/testing/fake_clock.h"
#include "exchange/rest/paging.h"

namespace exchange::rest {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

TEST(Rates, ABurstThenAsMuchAsIsRefilled) {
  base::testing::FakeClock clock;
  Rates rates;
  const RateLimit limit{3, 60, 1000};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(rates.take("a", limit, clock.now()).allowed);
  const RateState refused = rates.take("a", limit, clock.now());
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.retry_s, 1);
  EXPECT_TRUE(rates.take("b", limit, clock.now()).allowed);
  clock.advance(seconds(1));
  EXPECT_TRUE(rates.take("a", limit, clock.now()).allowed);
  EXPECT_FALSE(rates.take("a", limit, clock.now()).allowed);
  clock.advance(-hours(1));  // a clock that jumps back gives nothing
  EXPECT_FALSE(rates.take("a", limit, clock.now()).allowed);
}

TEST(Rates, ADaysQuotaEndsWithTheDay) {
  base::testing::FakeClock clock(base::from_micros(86'400'000'000LL * 20000));
  Rates rates;
  const RateLimit limit{100, 6000, 2};
  EXPECT_EQ(rates.take("a", limit, clock.now()).left_today, 1);
  EXPECT_TRUE(rates.take("a", limit, clock.now()).allowed);
  clock.advance(hours(1));
  const RateState refused = rates.take("a", limit, clock.now());
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.retry_s, 23 * 3600);
  clock.advance(hours(23));
  EXPECT_TRUE(rates.take("a", limit, clock.now()).allowed);
}

TEST(Rates, SayWhatIsLeft) {
  base::testing::FakeClock clock(base::from_micros(86'400'000'000LL * 20000));
  Rates rates;
  const RateLimit limit{20, 60, 500};
  EXPECT_EQ(rate_policy(limit), R"("burst";q=20;w=20, "day";q=500;w=86400)");
  EXPECT_EQ(rate_text(rates.take("a", limit, clock.now())),
            R"("burst";r=19;t=1, "day";r=499;t=86400)");
}

TEST(Cursors, GiveBackWhatTheyWereMadeOf) {
  const Cursors cursors(std::string(32, 'k'));
  const Place place = {-5, 1LL << 60};
  const std::string text = cursors.write("list", place);
  EXPECT_EQ(*cursors.read("list", text), place);
  EXPECT_EQ(
      text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
      std::string::npos);
}

TEST(Cursors, NothingElseIsTaken) {
  const Cursors cursors(std::string(32, 'k')), others(std::string(32, 'x'));
  const std::string text = cursors.write("list", {7, 8});
  EXPECT_FALSE(cursors.read("another", text).ok());
  EXPECT_FALSE(others.read("list", text).ok());
  EXPECT_FALSE(cursors.read("list", "").ok());
  EXPECT_FALSE(cursors.read("list", "%00").ok());
  EXPECT_FALSE(cursors.read("list", text + "AAAA").ok());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    // The last character has bits that mean nothing.
    const auto read = cursors.read("list", changed);
    EXPECT_TRUE(!read.ok() || *read == (Place{7, 8})) << i;
  }
}

}  // namespace
}  // namespace exchange::rest
