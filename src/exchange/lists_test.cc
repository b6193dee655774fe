#include <gtest/gtest.h>

#include "exchange/exchange.h"
#include "exchange/testing/engines.h"

namespace exchange {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::kReceiver;
using testing::kSender;
using testing::Letter;

class ListsTest : public testing::OnEngine {
 protected:
  void SetUp() override { site.clock.set(moment("2026-11-20 09:00:00")); }  // a Friday
  static base::Time moment(std::string_view text) { return base::parse_vietnam_time(text).value(); }
  SentItem only() {
    const auto items = site.sent(kSender);
    EXPECT_EQ(items.size(), 1u);
    return items.at(0);
  }
  std::int64_t overdue() { return site.exchange().late(0).value().total; }
};
ON_BOTH_ENGINES(ListsTest);

TEST_P(ListsTest, ADeliveryIsOverdueUntilTheRecipientSaysAWord) {
  site.send(Letter{});
  EXPECT_EQ(only().receipt.due, moment("2026-11-20 17:00:00"));
  EXPECT_EQ(site.pending(kReceiver).at(0).due, moment("2026-11-20 17:00:00"));
  EXPECT_EQ(overdue(), 0);
  site.clock.set(moment("2026-11-23 09:30:00"));
  EXPECT_EQ(overdue(), 1);
  const auto late = site.exchange().late(10).value();
  ASSERT_EQ(late.items.size(), 1u);
  EXPECT_EQ(late.items[0].lateness, hours(2));
  // A status is a word, though the copy still waits for its acknowledgement.
  ASSERT_TRUE(site.send(kReceiver, report_on(Letter{}, "G99", "01")).ok());
  EXPECT_EQ(overdue(), 0);
  EXPECT_EQ(only().receipt.stopped, moment("2026-11-23 09:30:00"));
  EXPECT_EQ(only().receipt.lateness(*site.exchange().calendar(), site.clock.now()), hours(2));
}

TEST_P(ListsTest, AnAcknowledgementIsTimedOnce) {
  site.send(Letter{});
  const std::string id = site.pending(kReceiver).at(0).id;
  site.clock.set(moment("2026-11-20 10:00:00"));
  ASSERT_TRUE(site.acknowledge(kReceiver, id, "done").ok());
  site.clock.set(moment("2026-11-24 10:00:00"));
  ASSERT_TRUE(site.acknowledge(kReceiver, id, "done").ok());
  ASSERT_TRUE(site.send(kReceiver, report_on(Letter{}, "G99", "06")).ok());
  EXPECT_EQ(only().receipt.stopped, moment("2026-11-20 10:00:00"));
}

TEST_P(ListsTest, TheLongestOverdueComeFirstAndNoMoreThanAsked) {
  const char* const numbers[] = {"1", "2", "3", "4"};
  for (const char* number : numbers) {
    Letter letter;
    letter.number = number;
    site.send(letter);
    site.clock.set(site.clock.now() + hours(24));
  }
  Letter urgent;
  urgent.number = "5";
  urgent.priority = "3";
  site.send(urgent);
  site.clock.set(site.clock.now() + hours(24 * 7));
  const auto late = site.exchange().late(3).value();
  EXPECT_EQ(late.total, 5);
  ASSERT_EQ(late.items.size(), 3u);
  EXPECT_EQ(late.items[0].code, "1/SGD-VP");
  // Sent on Saturday and on Sunday: both due on Monday at 11:30, before the urgent one of Tuesday.
  EXPECT_EQ(late.items[1].clock.due, moment("2026-11-23 11:30:00"));
  EXPECT_EQ(late.items[2].clock.due, moment("2026-11-23 11:30:00"));
}

TEST_P(ListsTest, TheClockOfARecipientStartsWhenItIsConnected) {
  Letter letter;
  letter.to = {"K97"};
  site.send(letter);
  site.clock.set(moment("2026-11-25 10:00:00"));
  EXPECT_TRUE(only().receipt.paused);
  EXPECT_EQ(overdue(), 0);
  ASSERT_TRUE(site.directory().put_system("00.97.W00", testing::kSecret, {"K97"}).ok());
  EXPECT_EQ(only().receipt.resumed, moment("2026-11-25 10:00:00"));
  EXPECT_EQ(only().receipt.due, moment("2026-11-25 17:00:00"));
  EXPECT_EQ(site.pending("00.97.W00").at(0).due, moment("2026-11-25 17:00:00"));
}

TEST_P(ListsTest, WhatWasSentAfterItsTimeSaysSo) {
  site.send(Letter{});  // issued on 18 November, a Wednesday; due on Thursday at 11:30
  ASSERT_TRUE(only().sending);
  EXPECT_EQ(only().sending->due, moment("2026-11-19 11:30:00"));
  EXPECT_EQ(only().sending->lateness(*site.exchange().calendar(), site.clock.now()), hours(5));
}

TEST_P(ListsTest, ARecallHasAClockOfItsOwn) {
  site.send(Letter{});
  ASSERT_TRUE(site.fetch(kReceiver, site.pending(kReceiver).at(0).id).ok());
  site.clock.set(moment("2026-11-20 10:00:00"));
  ASSERT_TRUE(site.send(kSender, recall_of(Letter{}, "G99")).ok());
  const auto asked = [&] {
    for (const SentItem& item : site.sent(kSender)) {
      if (item.recall) return *item.recall;
    }
    ADD_FAILURE() << "no recall clock";
    return Clock{};
  };
  EXPECT_EQ(asked().started, moment("2026-11-20 10:00:00"));
  EXPECT_EQ(asked().due, moment("2026-11-20 17:00:00"));
  EXPECT_FALSE(asked().stopped);
  site.clock.set(moment("2026-11-20 11:00:00"));
  ASSERT_TRUE(site.send(kReceiver, report_on(Letter{}, "G99", "16")).ok());
  EXPECT_EQ(asked().stopped, moment("2026-11-20 11:00:00"));
}

TEST_P(ListsTest, RowsFromBeforeTheClocksAreNotOverdueOnceAcknowledged) {
  site.send(Letter{});
  const std::string id = site.pending(kReceiver).at(0).id;
  ASSERT_TRUE(site.acknowledge(kReceiver, id, "done").ok());
  site.tamper("update delivery set answered_at = null");
  site.clock.set(moment("2026-12-20 09:00:00"));
  EXPECT_FALSE(only().receipt.late(site.clock.now()));
}

}  // namespace
}  // namespace exchange
