#include "insight/savings.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "exchange/testing/engines.h"
#include "identity/principal.h"

namespace insight {
namespace {

Decimal number(std::string_view text) { return Decimal::parse(text).value(); }

TEST(InsightDecimal, IsExactAndReadsNothingElse) {
  for (const char* text : {"0", "1", "0.000001", "15.43", "28760", "999999999999.999999"})
    EXPECT_EQ(number(text).text(), text);
  EXPECT_EQ(number("007.50").text(), "7.5");
  for (const char* text : {"", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", " 1", "0.0000001",
                           "1000000000000", "nan", "１"}) {
    const auto read = Decimal::parse(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().reason(), "insight.bad_number");
  }
  // A tenth thousand times is a hundred; with floating point it is not always.
  EXPECT_EQ(product(1000, number("0.1")), 100);
  EXPECT_EQ(product(3, number("0.5")), 2) << "half up";
  EXPECT_EQ(share_of(number("100"), 1, 3), 33);
  EXPECT_EQ(product(20'000'000, number("15.43"), number("500")), 154'300'000'000);
}

class InsightSavings : public exchange::testing::OnEngine {
 protected:
  InsightSavings() { rollup = Rollup::open(site.exchange()).value(); }
  Assumption wanted(const char* code, const char* value, std::int64_t from) {
    Assumption one;
    one.code = code;
    one.value = one.low = one.high = number(value);
    one.source = "Bảng giá cước";
    one.owner = "Vụ Tài chính";
    one.valid_from = from;
    return one;
  }
  std::unique_ptr<Rollup> rollup;
  const std::int64_t january = day_of(base::Date{2027, 1, 1});
};
ON_BOTH_ENGINES(InsightSavings);

TEST_P(InsightSavings, WhatWasPublishedComesOutAtTwentyMillionDeliveries) {
  const Sheet sheet = Assumptions::read(site.exchange())->on(january);
  const Claim claim = claim_of(sheet);
  ASSERT_EQ(claim.components.size(), 3u);
  const std::int64_t published[] = {154'300'000'000, 575'200'000'000, 576'000'000'000};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(claim.components[i].published, published[i]);
    EXPECT_EQ(claim.components[i].deliveries, 20'000'000);
    EXPECT_EQ(claim.components[i].reproduced, published[i]);
    EXPECT_EQ(claim.components[i].remainder, 0);
  }
  EXPECT_EQ(claim.gross, 1'305'500'000'000);
  EXPECT_EQ(claim.cost_at_most, 105'500'000'000);
  EXPECT_EQ(claim.net_per_document, 3'621'744) << "implausible for the documents known";
  // A whole year of it, by the ledger.
  const Savings year = savings_of(sheet, {0, 20'000'000, 3'000'000}, 365, 365);
  EXPECT_EQ(year.gross.central, claim.gross);
  EXPECT_EQ(year.net.central, claim.net);
  EXPECT_LT(year.net.low, year.net.central);
  EXPECT_LT(year.net.central, year.net.high);
}

TEST_P(InsightSavings, EachDayGoesByTheSheetOfThatDay) {
  identity::Principal by;
  by.id = "person:7";
  ASSERT_TRUE(set_assumption(site.exchange(), by, wanted("post.price", "100", january + 10)).ok());
  const auto set = set_assumption(site.exchange(), by, wanted("post.price", "200", january + 20));
  ASSERT_TRUE(set.ok());
  EXPECT_EQ(set->version, 2);
  const Assumptions all = Assumptions::read(site.exchange()).value();
  EXPECT_EQ(all.version(), 2);
  // One delivery a day, none of them urgent, over the year's end.
  std::vector<std::pair<std::int64_t, Volume>> by_day;
  for (std::int64_t day = january - 5; day < january + 25; ++day)
    by_day.push_back({day, {1, 1, 0}});
  const Period period{january - 5, january + 25};
  const Ledger ledger = ledger_of(all, period, by_day, {});
  EXPECT_EQ(ledger.savings.post.central, 15 * 28'760 + 10 * 100 + 5 * 200);
  EXPECT_EQ(ledger.volume.deliveries, 30);
  EXPECT_EQ(ledger.versions, (std::vector<std::int64_t>{0, 1, 2}));
  // 5 days of 2026 and 25 of 2027, each part rounded once.
  EXPECT_NEAR(static_cast<double>(ledger.savings.cost.central), 105.5e9 * 30 / 365, 4);
  const Savings& out = ledger.savings;
  EXPECT_EQ(out.gross.central, out.copy.central + out.post.central + out.labour.central);
  EXPECT_EQ(out.net.low, out.gross.low - out.cost.high);
  // Parts add up to the whole.
  const Ledger first = ledger_of(all, {period.from, january + 3}, by_day, {});
  const Ledger rest = ledger_of(all, {january + 3, period.to}, by_day, {});
  EXPECT_EQ(first.savings.post.central + rest.savings.post.central, out.post.central);
  // A scenario changes nothing that is kept.
  const Ledger otherwise = ledger_of(all, period, by_day, {wanted("post.price", "0", 0)});
  EXPECT_EQ(otherwise.savings.post.central, 0);
  EXPECT_EQ(ledger_of(all, period, by_day, {}).savings.post.central, out.post.central);
  EXPECT_EQ(Assumptions::read(site.exchange())->version(), 2);
  // As it was when only the first had been set.
  EXPECT_EQ(assumptions_up_to(site.exchange(), 1)->on(january + 24).at("post.price").value,
            number("100"));
}

TEST_P(InsightSavings, AssumptionsNeedASourceAnOwnerAndARange) {
  const identity::Principal by = identity::console();
  const auto reason = [&](const Assumption& one) {
    const auto set = set_assumption(site.exchange(), by, one);
    return set ? std::string() : std::string(set.error().reason());
  };
  Assumption one = wanted("post.price", "100", 0);
  one.source = "  ";
  EXPECT_EQ(reason(one), "insight.bad_assumption");
  one = wanted("post.price", "100", 0);
  one.owner = std::string(3000, 'x');
  EXPECT_EQ(reason(one), "insight.bad_assumption");
  EXPECT_EQ(reason(wanted("post.prize", "100", 0)), "insight.unknown_assumption");
  one = wanted("post.price", "100", 0);
  one.low = number("101");
  EXPECT_EQ(reason(one), "insight.bad_range");
  EXPECT_EQ(reason(wanted("post.price", "100", 0)), "");
  EXPECT_EQ(site.findings(), "");
}

// Whatever the numbers are: low <= central <= high, and the whole is the sum of its parts.
TEST_P(InsightSavings, RangesHoldForAnyVolume) {
  base::SeededRandom random(5);
  const Sheet sheet = Assumptions::read(site.exchange())->on(january);
  for (int i = 0; i < 1000; ++i) {
    Volume volume;
    volume.deliveries = static_cast<std::int64_t>(random.below(1'000'000'000));
    volume.urgent =
        static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(volume.deliveries + 1)));
    const Savings made =
        savings_of(sheet, volume, static_cast<std::int64_t>(random.below(367)), 366);
    for (const Range& range :
         {made.copy, made.post, made.labour, made.gross, made.cost, made.net}) {
      EXPECT_LE(range.low, range.central);
      EXPECT_LE(range.central, range.high);
    }
    EXPECT_EQ(made.gross.high, made.copy.high + made.post.high + made.labour.high);
  }
}

}  // namespace
}  // namespace insight
