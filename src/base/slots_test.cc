#include "base/slots.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace base {
namespace {

TEST(Slots, AreGivenBack) {
  Slots slots(2);
  auto one = slots.take();
  {
    const auto two = slots.take();
    EXPECT_TRUE(one && two);
    EXPECT_FALSE(slots.take());
  }
  EXPECT_TRUE(slots.take());
  const auto moved = *std::move(one);
  one.reset();
  const auto two = slots.take();
  EXPECT_TRUE(two);
  EXPECT_FALSE(slots.take());
}

TEST(Slots, AreNeverMoreAmongThreads) {
  Slots slots(3);
  std::atomic<int> held = 0, most = 0, taken = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 2000; ++round) {
        const auto one = slots.take();
        if (!one) continue;
        const int now = ++held;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
        }
        ++taken;
        --held;
      }
    });
  }
  threads.clear();
  EXPECT_GT(taken, 0);
  EXPECT_LE(most, 3);
}

}  // namespace
}  // namespace base
