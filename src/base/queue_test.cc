#include "base/queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace base {
namespace {

TEST(Queue, FirstInFirstOutWithinALane) {
  Queue<int> queue(10);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(queue.push(int{i}));
  EXPECT_EQ(queue.size(), 3u);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(queue.try_pop(), i);
  EXPECT_EQ(queue.try_pop(), std::nullopt);
}

TEST(Queue, UrgentGoesFirstAndOneInEightIsNormal) {
  Queue<char> queue(100);
  for (int i = 0; i < 20; ++i) queue.push('n', Lane::normal);
  for (int i = 0; i < 20; ++i) queue.push('u', Lane::urgent);
  std::string order;
  while (const auto item = queue.try_pop()) order += *item;
  EXPECT_EQ(order, "uuuuuuunuuuuuuunuuuuuu" + std::string(18, 'n'));
}

TEST(Queue, UrgentIsNeverStarvedByTheRule) {
  Queue<char> queue(100);
  for (int i = 0; i < 50; ++i) queue.push('n', Lane::normal);
  for (int i = 0; i < 50; ++i) {
    queue.push('u', Lane::urgent);
    const char first = *queue.try_pop();
    if (first == 'n') {
      EXPECT_EQ(queue.try_pop(), 'u');
    }
  }
}

TEST(Queue, AFullLaneRefusesAndLeavesTheItem) {
  Queue<std::unique_ptr<int>> queue(2);
  EXPECT_TRUE(queue.push(std::make_unique<int>(1)));
  EXPECT_TRUE(queue.push(std::make_unique<int>(2)));
  auto third = std::make_unique<int>(3);
  EXPECT_FALSE(queue.push(std::move(third)));
  ASSERT_NE(third, nullptr);  // NOLINT(bugprone-use-after-move): refused means untouched
  EXPECT_TRUE(queue.push(std::move(third), Lane::urgent));
  EXPECT_EQ(queue.size(), 3u);
  EXPECT_EQ(**queue.try_pop(), 3);
  EXPECT_FALSE(queue.push(std::make_unique<int>(4)));
}

TEST(Queue, ClosedGivesWhatItHasAndTakesNothing) {
  Queue<int> queue(10);
  queue.push(1);
  queue.close();
  EXPECT_FALSE(queue.push(2));
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), std::nullopt);
  EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(Queue, PopWaitsForAnItemOrTheEnd) {
  Queue<int> queue(10);
  std::vector<int> seen;
  std::thread reader([&] {
    while (const auto item = queue.pop()) seen.push_back(*item);
  });
  for (int i = 0; i < 100; ++i) {
    while (!queue.push(int{i})) std::this_thread::yield();
  }
  queue.close();
  reader.join();
  ASSERT_EQ(seen.size(), 100u);
  EXPECT_EQ(seen.back(), 99);
}

TEST(Queue, ManyWritersAndReadersLoseNothing) {
  Queue<int> queue(8);
  constexpr int kWriters = 4, kEach = 500;
  std::atomic<long> sum{0};
  std::atomic<int> count{0};
  std::vector<std::thread> readers, writers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (const auto item = queue.pop()) {
        sum += *item;
        ++count;
      }
    });
  }
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 1; i <= kEach; ++i) {
        while (!queue.push(int{i}, w % 2 == 0 ? Lane::normal : Lane::urgent))
          std::this_thread::yield();
      }
    });
  }
  for (auto& writer : writers) writer.join();
  queue.close();
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(count, kWriters * kEach);
  EXPECT_EQ(sum, kWriters * kEach * (kEach + 1L) / 2);
}

}  // namespace
}  // namespace base
