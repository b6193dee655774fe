#include "insight/report.h"

#include <map>

#include "exchange/testing/engines.h"
#include "insight/assumptions.h"
#include "insight/testing/busy_exchange.h"

namespace insight {
namespace {

constexpr Month kNovember{2026, 11};

class InsightReport : public exchange::testing::OnEngine {
 protected:
  InsightReport() {
    site.clock.set(testing::monday());
    rollup = Rollup::open(site.exchange()).value();
  }
  base::Result<Report> make() {
    return make_report(site.exchange(), kNovember,
                       [](base::BytesView pdf) -> base::Result<base::Bytes> {
                         EXPECT_TRUE(pdf.starts_with("%PDF-"));
                         return base::Bytes("the seal");
                       });
  }
  // By day, organisation and direction.
  using Counted = std::map<std::pair<std::int64_t, Cells::key_type>, base::Bytes>;
  Counted counted(std::optional<base::Time> as_of) {
    Counted out;
    EXPECT_TRUE(site.database()
                    .read([&](store::Connection& connection) -> base::Result<void> {
                      out.clear();
                      const std::int64_t first = day_of(testing::monday());
                      for (std::int64_t day = first; day < first + 60; ++day) {
                        for (const auto& [key, cell] :
                             TRY(count_day(connection, site.exchange(), day, as_of)))
                          out[{day, key}] = cell.encode();
                      }
                      return base::done();
                    })
                    .ok());
    return out;
  }
  std::unique_ptr<Rollup> rollup;
};
ON_BOTH_ENGINES(InsightReport);

// Whatever happens afterwards, what was counted at a time can be counted again, to the byte.
TEST_P(InsightReport, TheRecordsCanBeReadAsTheyWere) {
  for (const std::uint64_t seed : {11u, 12u, 13u}) {
    testing::Busy busy(site, seed);
    std::vector<std::pair<base::Time, Counted>> seen;
    for (int round = 0; round < 3; ++round) {
      busy.work(40);
      seen.emplace_back(site.clock.now(), counted(std::nullopt));
      site.clock.advance(std::chrono::seconds(1));
    }
    for (auto& [time, cells] : seen) {
      const auto then = counted(time);
      // Days that began afterwards have documents, which a report of a month that is over has not.
      for (const auto& [key, bytes] : cells) {
        const auto found = then.find(key);
        ASSERT_NE(found, then.end());
        if (key.first < day_of(time)) {
          EXPECT_EQ(found->second, bytes) << "day " << key.first;
        }
      }
    }
  }
}

// Recipients that were added, and a system that was connected, after the time.
TEST_P(InsightReport, WhatWasAddedLaterIsNotThereYet) {
  exchange::testing::Letter letter;
  letter.to = {"G99", "K97"};
  site.send(letter);
  site.clock.advance(std::chrono::hours(13));  // the next day
  const base::Time time = site.clock.now();
  const Counted before = counted(std::nullopt);
  ASSERT_FALSE(before.empty());
  site.clock.advance(std::chrono::hours(1));
  const auto again = site.hand_in(exchange::testing::kSender, exchange::testing::file_of(letter),
                                  {"G99", "K97", "H98"});
  ASSERT_TRUE(again->resent);
  ASSERT_TRUE(site.directory().put_system("00.97.W00", "secret-of-97", {"K97"}).ok());
  EXPECT_NE(counted(std::nullopt), before);
  EXPECT_EQ(counted(time), before);
}

TEST_P(InsightReport, IsComputedAgainToTheSameBytes) {
  testing::Busy busy(site, 21);
  busy.work(60);
  EXPECT_EQ(make().error().reason(), "insight.month_not_over");
  site.clock.set(*base::parse_vietnam_time("2026/12/03 09:00:00"));
  const Report first = make().value();
  EXPECT_EQ(first.id, 1);
  EXPECT_TRUE(first.pdf.ends_with("the seal"));
  EXPECT_TRUE(first.csv.starts_with("\xEF\xBB\xBFperiod,as_of,organisation,"));
  EXPECT_NE(first.csv.find("\r\n2026-11,2026-12-03T01:55:00.000000Z,,,documents,1,documents,"),
            std::string::npos)
      << first.csv.substr(0, 400);
  // Much happens afterwards; assumptions change; a later report supersedes it.
  busy.work(60);
  Assumption price;
  price.code = "post.price";
  price.value = price.low = price.high = Decimal::of(1);
  price.source = "=HYPERLINK(\"http://x\")";
  price.owner = "@SUM(1)";
  price.valid_from = day_of(base::Date{2026, 11, 1});
  ASSERT_TRUE(set_assumption(site.exchange(), identity::console(), price).ok());
  site.clock.advance(std::chrono::hours(48));
  const Report second = make().value();
  EXPECT_NE(first.csv, second.csv);
  EXPECT_NE(second.csv.find("\"'=HYPERLINK(\"\"http://x\"\")\""), std::string::npos);
  const auto listed = reports(site.exchange()).value();
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0].id, 2);
  EXPECT_FALSE(listed[0].superseded);
  EXPECT_TRUE(listed[1].superseded);
  for (const std::int64_t id : {1, 2}) {
    const Report kept = report(site.exchange(), id).value();
    const ReportVerdict verdict = verify_report(site.exchange(), kept).value();
    EXPECT_TRUE(verdict.csv_same) << id;
    EXPECT_TRUE(verdict.pdf_same) << id;
    EXPECT_TRUE(verdict.basis_same) << id;
  }
  EXPECT_EQ(report(site.exchange(), 3).error().reason(), "insight.unknown_report");
  // Records that somebody meddled with give other figures.
  site.tamper("update delivery set fetched_at = null, answered_at = null, state = 0");
  EXPECT_FALSE(verify_report(site.exchange(), first)->csv_same);
}

TEST(InsightCsv, NothingIsTakenForAFormula) {
  for (const auto& [text, cell] : {std::pair{"H41.12", "H41.12"},
                                   {"=1+1", "'=1+1"},
                                   {"+84", "'+84"},
                                   {"-1", "'-1"},
                                   {"@SUM(A1)", "'@SUM(A1)"},
                                   {"\tx", "'\tx"},
                                   {"a,b", "\"a,b\""},
                                   {"a\"b", "\"a\"\"b\""},
                                   {"=\"a\"", "\"'=\"\"a\"\"\""},
                                   {"\r=1", "\"'\r=1\""},
                                   {"", ""}})
    EXPECT_EQ(csv_cell(text), cell);
}

TEST(InsightMonth, AreThoseOfTheCalendar) {
  EXPECT_EQ(text_of(*parse_month("2026-02")), "2026-02");
  EXPECT_EQ(days_of({2026, 2}).to - days_of({2026, 2}).from, 28);
  EXPECT_EQ(days_of({2026, 12}).to, days_of({2027, 1}).from);
  for (const char* text :
       {"", "2026", "2026-13", "2026-00", "2026-2", "1999-01", "2026-1x", "26-001"})
    EXPECT_FALSE(parse_month(text)) << text;
}

}  // namespace
}  // namespace insight
