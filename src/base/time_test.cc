#include "base/time.h"

#include <gtest/gtest.h>

#include "base/testing/fake_clock.h"

namespace base {
namespace {

constexpr std::int64_t kNoon = 1'795'314'600'123'456;  // 2026-11-22 02:30:00.123456 UTC

TEST(Time, IsWrittenAsIso) {
  EXPECT_EQ(iso_time_text(from_micros(kNoon)), "2026-11-22T02:30:00.123456Z");
  EXPECT_EQ(iso_time_text(from_micros(0)), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(iso_time_text(from_micros(-1)), "1969-12-31T23:59:59.999999Z");
}

TEST(Time, IsWrittenAsInVietnam) {
  EXPECT_EQ(vietnam_time_text(from_micros(kNoon), '/'), "2026/11/22 09:30:00");
  EXPECT_EQ(vietnam_time_text(from_micros(kNoon), '-'), "2026-11-22 09:30:00");
}

TEST(Time, TheDayInVietnamBeginsSevenHoursEarlier) {
  const Time evening = *parse_vietnam_time("2026/12/31 23:59:59");
  EXPECT_EQ(vietnam_date(evening), (Date{2026, 12, 31}));
  EXPECT_EQ(vietnam_date(evening + std::chrono::seconds(1)), (Date{2027, 1, 1}));
  EXPECT_EQ(iso_time_text(evening), "2026-12-31T16:59:59.000000Z");
}

TEST(Date, IsReadInItsThreeForms) {
  const Date expected{2025, 10, 16};
  for (const char* text :
       {"2025/10/16", "16/10/2025", "2025-10-16", " 2025/10/16 ", "2025/10/16 08:00:00",
        "16/10/2025 08:00:00", "2025-10-16T08:00:00", "2025-10-16T08:00:00.5+07:00"}) {
    ASSERT_TRUE(parse_date(text)) << text;
    EXPECT_EQ(*parse_date(text), expected) << text;
  }
  EXPECT_EQ(*parse_date("2025/1/5"), (Date{2025, 1, 5}));
  EXPECT_EQ(*parse_date("5/1/2025"), (Date{2025, 1, 5}));
}

TEST(Date, KnowsTheCalendar) {
  EXPECT_TRUE(parse_date("2024/02/29"));
  EXPECT_TRUE(parse_date("2000/02/29"));
  for (const char* text : {"2025/02/29", "1900/02/29", "2025/04/31", "2025/13/01", "13/13/2025",
                           "2025/00/10", "2025/10/00", "32/01/2025"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
}

TEST(Date, AnythingElseIsNotADate) {
  for (const char* text : {"",
                           " ",
                           "2025",
                           "2025/10",
                           "2025/10/16/1",
                           "16-10-2025",
                           "10/16/25",
                           "2025.10.16",
                           "2025/10/2025",
                           "20251016",
                           "abcd/10/16",
                           "2025/-1/16",
                           "2025/+1/16",
                           "2025/1 /16",
                           "2025//16",
                           "02025/10/16",
                           "99999/1/1",
                           "/10/2025",
                           "2025/10/1x",
                           "ngày 16 tháng 10 năm 2025",
                           "2025/10-16"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
}

TEST(Date, IsWrittenWithLeadingZeros) { EXPECT_EQ(date_text({2025, 1, 5}), "2025/01/05"); }

TEST(VietnamTime, IsReadWithAndWithoutATime) {
  EXPECT_EQ(iso_time_text(*parse_vietnam_time("2025/10/16 08:00:01")),
            "2025-10-16T01:00:01.000000Z");
  EXPECT_EQ(iso_time_text(*parse_vietnam_time("16/10/2025 08:00:01")),
            "2025-10-16T01:00:01.000000Z");
  EXPECT_EQ(iso_time_text(*parse_vietnam_time("2025-10-16T08:00:01")),
            "2025-10-16T01:00:01.000000Z");
  EXPECT_EQ(iso_time_text(*parse_vietnam_time("2025/10/16")), "2025-10-15T17:00:00.000000Z");
  EXPECT_EQ(iso_time_text(*parse_vietnam_time("2025-10-16 08:00:01.250")),
            "2025-10-16T01:00:01.000000Z");
}

TEST(VietnamTime, ABadTimeIsNotATime) {
  for (const char* text :
       {"2025/10/16 24:00:00", "2025/10/16 08:60:00", "2025/10/16 08:00:61", "2025/10/16 08:00",
        "2025/10/16 8h", "2025/10/16 -1:00:00", "2025/10/16 08:xx:00", "08:00:00"}) {
    EXPECT_FALSE(parse_vietnam_time(text)) << text;
  }
}

TEST(VietnamTime, RoundTrips) {
  for (std::int64_t micros = 0; micros < 4'000'000'000'000'000; micros += 86'399'999'000'000) {
    const Time time = from_micros(micros / 1'000'000 * 1'000'000);
    EXPECT_EQ(*parse_vietnam_time(vietnam_time_text(time, '/')), time);
    EXPECT_EQ(*parse_vietnam_time(vietnam_time_text(time, '-')), time);
  }
}

TEST(Clock, TheMachinesClockMoves) {
  const SystemClock clock;
  EXPECT_GT(to_micros(clock.now()), 1'700'000'000'000'000);
  const auto before = monotonic_micros();
  EXPECT_GE(monotonic_micros(), before);
}

TEST(Clock, TheTestsClockStandsStill) {
  testing::FakeClock clock;
  const Time start = clock.now();
  EXPECT_EQ(clock.now(), start);
  clock.advance(std::chrono::seconds(2));
  EXPECT_EQ(clock.now() - start, std::chrono::seconds(2));
}

}  // namespace
}  // namespace base
