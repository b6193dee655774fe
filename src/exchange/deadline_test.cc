#include "exchange/deadline.h"

#include <gtest/gtest.h>

namespace exchange {
namespace {

base::Time at(const char* text) { return base::parse_vietnam_time(text).value(); }

Deadline morning() { return **Deadline::parse("11:30"); }

// When something that began at `began` is first overdue, to the minute, by asking every minute.
std::string first_overdue(const char* began, const Deadline& deadline,
                          const identity::Calendar& days) {
  const base::Time start = at(began);
  for (base::Time now = start; now < start + std::chrono::days(20);
       now += std::chrono::minutes(1)) {
    if (start < overdue_before(deadline, days, now)) return base::vietnam_time_text(now, '-');
  }
  return "never";
}

TEST(Deadline, IsTheNextWorkingMorning) {
  const identity::Calendar days;
  // 2026-11-20 is a Friday.
  EXPECT_EQ(first_overdue("2026-11-18 09:00:00", morning(), days), "2026-11-19 11:30:00");
  EXPECT_EQ(first_overdue("2026-11-18 23:59:00", morning(), days), "2026-11-19 11:30:00");
  EXPECT_EQ(first_overdue("2026-11-19 00:00:00", morning(), days), "2026-11-20 11:30:00");
  EXPECT_EQ(first_overdue("2026-11-20 09:00:00", morning(), days), "2026-11-23 11:30:00");
  EXPECT_EQ(first_overdue("2026-11-21 09:00:00", morning(), days), "2026-11-23 11:30:00");
  EXPECT_EQ(first_overdue("2026-11-22 23:00:00", morning(), days), "2026-11-23 11:30:00");
}

TEST(Deadline, PassesOverDaysOff) {
  const identity::Calendar lawful;
  // National Day and the day before it.
  EXPECT_EQ(first_overdue("2026-08-31 09:00:00", morning(), lawful), "2026-09-03 11:30:00");
  EXPECT_EQ(first_overdue("2026-09-01 09:00:00", morning(), lawful), "2026-09-03 11:30:00");
  EXPECT_EQ(first_overdue("2027-08-31 09:00:00", morning(), lawful), "2027-09-03 11:30:00");
}

TEST(Deadline, MayBeASpan) {
  const identity::Calendar days;
  EXPECT_EQ(first_overdue("2026-11-20 09:00:00", **Deadline::parse("24h"), days),
            "2026-11-21 09:01:00");
  EXPECT_EQ(first_overdue("2026-11-20 09:00:00", **Deadline::parse("90s"), days),
            "2026-11-20 09:02:00");
  EXPECT_FALSE(Deadline::parse("off")->has_value());
}

TEST(Deadline, RefusesWhatIsNone) {
  for (const char* text : {"", "1", "h", "-1h", "0m", "24:00", "11:60", "1:30", "ab:cd", "5w",
                           "99999999999d", "11.30"}) {
    const auto parsed = Deadline::parse(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().reason(), "exchange.bad_deadline");
  }
}

}  // namespace
}  // namespace exchange
