#include "base/log.h"

#include <gtest/gtest.h>

#include <mutex>
#include <thread>

#include "base/json.h"

namespace base::log {
namespace {

class Log : public ::testing::Test {
 protected:
  void SetUp() override {
    set_level(Level::debug);
    set_sink([this](std::string_view line) {
      std::lock_guard lock(mutex_);
      lines_.emplace_back(line);
    });
  }
  void TearDown() override {
    set_sink({});
    set_level(Level::error);
  }
  Json last() {
    std::lock_guard lock(mutex_);
    auto json = Json::parse(lines_.back());
    EXPECT_TRUE(json.ok()) << lines_.back();
    return json ? *std::move(json) : Json();
  }
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

TEST_F(Log, OneJsonObjectALine) {
  const std::string id = "8af2";
  info("exchange.accepted",
       {{"document", id}, {"bytes", std::uint64_t{12}}, {"again", false}, {"from", "H11"}});
  const Json line = last();
  const auto& members = line.object();
  ASSERT_EQ(members.size(), 7u);
  EXPECT_EQ(members[0].first, "time");
  EXPECT_EQ(members[1].first, "level");
  EXPECT_EQ(members[2].first, "event");
  EXPECT_EQ(line["time"].text().size(), 27u);
  EXPECT_EQ(line["level"].text(), "info");
  EXPECT_EQ(line["event"].text(), "exchange.accepted");
  EXPECT_EQ(line["document"].text(), "8af2");
  EXPECT_EQ(line["bytes"].integer(), 12);
  EXPECT_FALSE(line["again"].boolean(true));
  EXPECT_EQ(line["from"].text(), "H11");
}

TEST_F(Log, WhatStrangersSendCannotForgeALine) {
  warning("test.x", {{"source", "a\"}\n{\"event\":\"forged\"\xff\x00"}});
  EXPECT_EQ(lines_.size(), 1u);
  EXPECT_EQ(lines_[0].find('\n'), std::string::npos);
  EXPECT_EQ(last()["source"].text(), "a\"}\n{\"event\":\"forged\"\xef\xbf\xbd");
  EXPECT_EQ(last()["event"].text(), "test.x");
}

TEST_F(Log, BelowTheLevelNothingIsWritten) {
  set_level(Level::warning);
  debug("test.a");
  info("test.b");
  EXPECT_TRUE(lines_.empty());
  warning("test.c");
  error("test.d");
  EXPECT_EQ(lines_.size(), 2u);
}

TEST_F(Log, ErrorsAreCounted) {
  const auto before = error_count();
  warning("test.a");
  EXPECT_EQ(error_count(), before);
  error("test.b");
  EXPECT_EQ(error_count(), before + 1);
}

TEST_F(Log, LinesOfARequestCarryItsId) {
  info("test.a");
  EXPECT_FALSE(last().has("request"));
  {
    const RequestScope outer("r1");
    EXPECT_EQ(current_request(), "r1");
    info("test.b");
    EXPECT_EQ(last()["request"].text(), "r1");
    {
      const RequestScope inner("r2");
      info("test.c");
      EXPECT_EQ(last()["request"].text(), "r2");
    }
    info("test.d");
    EXPECT_EQ(last()["request"].text(), "r1");
    std::thread([] { info("test.e"); }).join();
    EXPECT_FALSE(last().has("request"));  // another thread is another request
  }
  EXPECT_EQ(current_request(), "");
}

TEST_F(Log, ThreadsDoNotMixTheirLines) {
  constexpr int kThreads = 4, kEach = 200;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < kEach; ++i) info("test.x", {{"thread", t}, {"i", i}});
    });
  }
  for (auto& thread : threads) thread.join();
  ASSERT_EQ(lines_.size(), static_cast<std::size_t>(kThreads * kEach));
  for (const std::string& line : lines_) EXPECT_TRUE(Json::parse(line).ok());
}

}  // namespace
}  // namespace base::log
