#include "exchange/migrations.h"

#include <gtest/gtest.h>

#include "exchange/testing/engines.h"

namespace exchange {
namespace {

using testing::kReceiver;
using testing::kSender;
using testing::Letter;

class MigrationsTest : public testing::OnEngine {
 protected:
  void run_again(int number) {
    for (const store::Migration& step : migrations()) {
      if (step.number == number) site.tamper(step.sql);
    }
  }
};
ON_BOTH_ENGINES(MigrationsTest);

TEST_P(MigrationsTest, ADocumentOfWhichACopyIsLeftIsNotRecalledAnyMore) {
  Letter one, all;
  one.to = all.to = {"G99", "H98"};
  all.number = "16";
  const Accepted partly = site.send(one), wholly = site.send(all);
  ASSERT_TRUE(site.send(kSender, testing::recall_of(one, "G99")));
  ASSERT_TRUE(site.send(kSender, testing::recall_of(all, "G99")));
  ASSERT_TRUE(site.send(kSender, testing::recall_of(all, "H98")));
  site.tamper("update document set recalled = 1 where kind = 0");  // as it was written before
  run_again(2);
  EXPECT_EQ(site.send(one).id, partly.id);
  EXPECT_NE(site.send(all).id, wholly.id);
}

TEST_P(MigrationsTest, ACopyThatWasTakenBackWaitsNoLonger) {
  for (const char* number : {"15", "16"}) {
    Letter letter;
    letter.number = number;
    site.send(letter);
  }
  const auto waiting = site.pending(kReceiver);
  ASSERT_TRUE(site.fetch(kReceiver, waiting.at(0).id));
  ASSERT_TRUE(site.send(kSender, testing::recall_of(Letter{}, "G99")));
  ASSERT_TRUE(site.send(kReceiver, testing::report_on(Letter{}, "G99", "15")));
  site.tamper("update delivery set state = 1 where state = 4");  // as it was written before
  ASSERT_EQ(site.pending(kReceiver).size(), 2u);
  run_again(3);
  ASSERT_EQ(site.pending(kReceiver).size(), 1u);
  EXPECT_EQ(site.pending(kReceiver).at(0).id, waiting.at(1).id);
}

}  // namespace
}  // namespace exchange
