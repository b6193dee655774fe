#include "base/random.h"

#include <gtest/gtest.h>

#include <set>

namespace base {
namespace {

TEST(SystemRandom, GivesWhatWasAskedForAndNeverTheSame) {
  SystemRandom random;
  std::set<Bytes> seen;
  for (int i = 0; i < 1000; ++i) {
    const Bytes bytes = random.bytes(16);
    EXPECT_EQ(bytes.size(), 16u);
    EXPECT_TRUE(seen.insert(bytes).second);
  }
  EXPECT_TRUE(random.bytes(0).empty());
  EXPECT_EQ(random.bytes(1000).size(), 1000u);
  EXPECT_NE(random.number(), random.number());
}

// The reference implementation's first numbers for this seed.
TEST(SeededRandom, IsSplitmix64) {
  SeededRandom random(1234567);
  for (const std::uint64_t expected :
       {6457827717110365317ull, 3203168211198807973ull, 9817491932198370423ull,
        4593380528125082431ull, 16408922859458223821ull}) {
    EXPECT_EQ(random.next(), expected);
  }
}

TEST(SeededRandom, TheSameSeedRepeats) {
  SeededRandom a(7), b(7), c(8);
  const Bytes first = a.bytes(100);
  EXPECT_EQ(first, b.bytes(100));
  EXPECT_NE(first, c.bytes(100));
}

TEST(SeededRandom, BelowAndChanceStayInTheirRange) {
  SeededRandom random(1);
  std::set<std::uint64_t> seen;
  int yes = 0;
  for (int i = 0; i < 10000; ++i) {
    seen.insert(random.below(6));
    yes += random.chance(0.25) ? 1 : 0;
    EXPECT_FALSE(random.chance(0));
    EXPECT_TRUE(random.chance(1));
  }
  EXPECT_EQ(seen, (std::set<std::uint64_t>{0, 1, 2, 3, 4, 5}));
  EXPECT_NEAR(yes, 2500, 200);
}

}  // namespace
}  // namespace base
