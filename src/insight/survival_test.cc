#include "insight/survival.h"

#include <gtest/gtest.h>

namespace insight {
namespace {

Durations of(const std::vector<std::int64_t>& seconds) {
  Durations out;
  for (const std::int64_t one : seconds) add_to(out, class_of(std::chrono::seconds(one)), 1);
  return out;
}

TEST(InsightSurvival, WithoutOpenCasesItIsThePlainPercentile) {
  std::vector<std::int64_t> all;
  for (int i = 1; i <= 60; ++i) all.push_back(i);
  const Survival survival(of(all), {});
  EXPECT_EQ(survival.within_seconds(0.5), 30);
  EXPECT_EQ(survival.within_seconds(0.95), 57);
  EXPECT_EQ(survival.within_seconds(1), 60);
  EXPECT_DOUBLE_EQ(survival.beyond(std::chrono::seconds(45)), 0.25);
}

// The example of Kaplan and Meier's own kind: 10 cases, some of them cut off.
TEST(InsightSurvival, OpenCasesCountAsAtLeastSoLong) {
  const Survival survival(of({1, 3, 5, 8}), of({2, 4, 6, 7, 9, 10}));
  EXPECT_EQ(survival.cases(), 10);
  EXPECT_EQ(survival.happened(), 4);
  EXPECT_NEAR(survival.beyond(std::chrono::seconds(1)), 0.9, 1e-12);
  EXPECT_NEAR(survival.beyond(std::chrono::seconds(3)), 0.9 * 7 / 8, 1e-12);
  EXPECT_NEAR(survival.beyond(std::chrono::seconds(5)), 0.9 * 7 / 8 * 5 / 6, 1e-12);
  EXPECT_NEAR(survival.beyond(std::chrono::seconds(8)), 0.9 * 7 / 8 * 5 / 6 * 2 / 3, 1e-12);
  EXPECT_EQ(survival.within_seconds(0.5), 8);
  EXPECT_EQ(survival.within_seconds(0.9), std::nullopt) << "nobody can know yet";
  EXPECT_EQ(survival.known_seconds(), 10);
  // To leave the open cases out would promise too much.
  EXPECT_EQ(Survival(of({1, 3, 5, 8}), {}).within_seconds(0.5), 3);
}

TEST(InsightSurvival, NothingIsKnownOfNothing) {
  const Survival none({}, {});
  EXPECT_EQ(none.within_seconds(0.5), std::nullopt);
  EXPECT_EQ(none.beyond(std::chrono::hours(1)), 1);
  EXPECT_EQ(Survival({}, of({5})).within_seconds(0.01), std::nullopt);
}

TEST(InsightCell, ClassesFollowEachOtherAndAreNarrow) {
  std::int64_t last = -1;
  for (std::size_t i = 0; i < 800; ++i) {
    const std::int64_t begin = last + 1, end = last_second_of(i);
    ASSERT_GE(end, begin);
    EXPECT_LE(end - begin, begin / 32);
    EXPECT_EQ(class_of(std::chrono::seconds(begin)), i);
    EXPECT_EQ(class_of(std::chrono::seconds(end)), i);
    last = end;
  }
}

TEST(InsightCell, BytesComeBackAndDamageIsSeen) {
  Cell cell;
  cell.documents = 300;
  cell.deliveries = 1'500'000'000'000;
  cell.stages = {1, 2, 3, 4, 5, 6, 7, 8};
  cell.arrival = of({0, 5, 5, 100'000'000});
  cell.answer_ended = of({7});
  cell.unarrived = {{29'000'000, 2}, {29'000'005, 1}};
  cell.unanswered = {{{29'000'000, 0}, 3}, {{29'000'000, 1'795'000'000'000'000}, 1}};
  const base::Bytes bytes = cell.encode();
  EXPECT_EQ(Cell::decode(bytes).value(), cell);
  const auto after = base::from_micros(1'795'000'000'000'001);
  const Tally tally = Tally::read(bytes, after).value();
  EXPECT_EQ(tally.documents, 300);
  EXPECT_EQ(tally.deliveries, 1'500'000'000'000);
  EXPECT_EQ(tally.answered, 0);
  EXPECT_EQ(tally.unarrived, 3);
  EXPECT_EQ(tally.late_now, 1);
  EXPECT_EQ(Tally::read(bytes, after - base::Duration(1))->late_now, 0);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    const auto read = Cell::decode(base::BytesView(bytes).substr(0, cut));
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().reason(), "insight.cell_damaged");
    EXPECT_FALSE(Tally::read(base::BytesView(bytes).substr(0, cut), after).ok());
  }
  EXPECT_FALSE(Cell::decode(bytes + "x").ok());
}

TEST(InsightCell, DaysAreThoseOfVietNam) {
  const auto evening = *base::parse_vietnam_time("2026/11/22 23:59:59");
  EXPECT_EQ(date_of(day_of(evening)), (base::Date{2026, 11, 22}));
  EXPECT_EQ(day_of(evening + std::chrono::seconds(1)), day_of(evening) + 1);
  EXPECT_EQ(day_of(base::Date{2026, 11, 22}), day_of(evening));
  EXPECT_EQ(start_of(day_of(evening)), *base::parse_vietnam_time("2026/11/22"));
}

}  // namespace
}  // namespace insight
