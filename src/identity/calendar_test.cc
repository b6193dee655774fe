#include "identity/calendar.h"

#include <gtest/gtest.h>

namespace identity {
namespace {

base::Time moment(std::string_view text) { return base::parse_vietnam_time(text).value(); }
std::string text(base::Time time) { return base::vietnam_time_text(time, '-'); }

TEST(Calendar, HolidaysOfAYearAreThoseOfTheLabourCode) {
  std::string all;
  for (const SpecialDay& day : statutory_days(2026)) {
    all += base::date_text(day.day) + " " + std::string(name_of(day.kind)) + "\n";
  }
  EXPECT_EQ(all,
            "2026/01/01 holiday\n"
            "2026/02/16 holiday\n2026/02/17 holiday\n2026/02/18 holiday\n2026/02/19 holiday\n"
            "2026/02/20 holiday\n"
            "2026/04/26 holiday\n2026/04/27 compensation\n"  // Hung Kings' day is a Sunday
            "2026/04/30 holiday\n2026/05/01 holiday\n"
            "2026/09/01 holiday\n2026/09/02 holiday\n");
}

TEST(Calendar, ADayInLieuIsNeverOnAnotherHoliday) {
  // 2023: Hung Kings' day on Saturday 29 April, 30 April a Sunday, 1 May a Monday.
  const Calendar calendar;
  EXPECT_EQ(calendar.kind({2023, 5, 1}), DayKind::holiday);
  EXPECT_EQ(calendar.kind({2023, 5, 2}), DayKind::compensation);
  EXPECT_EQ(calendar.kind({2023, 5, 3}), DayKind::compensation);
  EXPECT_TRUE(calendar.works({2023, 5, 4}));
}

TEST(Calendar, NextMorningSkipsDaysOfRest) {
  const Calendar calendar;
  // Friday before a weekend; the eve of Tết 2026 is Friday 13 February (16–20 are holidays).
  EXPECT_EQ(text(calendar.next_working_morning(moment("2026-11-20 16:00:00"))),
            "2026-11-23 11:30:00");
  EXPECT_EQ(text(calendar.next_working_morning(moment("2026-02-13 16:00:00"))),
            "2026-02-23 11:30:00");
}

TEST(Calendar, TheSameDayEndsWithWorkingHours) {
  const Calendar calendar;
  EXPECT_EQ(text(calendar.same_day(moment("2026-11-20 08:00:00"))), "2026-11-20 17:00:00");
  EXPECT_EQ(text(calendar.same_day(moment("2026-11-20 17:00:00"))), "2026-11-20 17:00:00");
  EXPECT_EQ(text(calendar.same_day(moment("2026-11-20 17:00:01"))), "2026-11-23 11:30:00");
  EXPECT_EQ(text(calendar.same_day(moment("2026-11-21 09:00:00"))), "2026-11-23 11:30:00");
}

TEST(Calendar, AnAnnouncedYearReplacesTheAssumption) {
  const Calendar calendar({}, {{{2026, 1, 2}, DayKind::exchanged, "Tết Dương lịch"},
                               {{2026, 1, 10}, DayKind::worked, "làm bù"}});
  EXPECT_TRUE(calendar.announced(2026));
  EXPECT_FALSE(calendar.announced(2027));
  EXPECT_FALSE(calendar.works({2026, 1, 2}));
  EXPECT_TRUE(calendar.works({2026, 1, 10}));  // a Saturday
  EXPECT_TRUE(calendar.works({2026, 2, 17}));  // the announcement does not name it
  EXPECT_FALSE(calendar.works({2027, 2, 6}));  // another year stays with the law
}

TEST(Calendar, CountsWorkingTimeOnly) {
  const Calendar calendar;
  const auto hours = [&](std::string_view from, std::string_view to) {
    return std::chrono::duration<double, std::ratio<3600>>(
               calendar.between(moment(from), moment(to)))
        .count();
  };
  EXPECT_EQ(hours("2026-11-20 16:00:00", "2026-11-23 08:30:00"), 2);  // over a weekend
  EXPECT_EQ(hours("2026-11-20 11:00:00", "2026-11-20 14:00:00"), 1);  // over noon
  EXPECT_EQ(hours("2026-11-20 00:00:00", "2026-11-21 00:00:00"), 7.5);
  EXPECT_EQ(hours("2026-11-20 14:00:00", "2026-11-20 11:00:00"), 0);
}

TEST(Calendar, AYearWithoutWorkDoesNotHang) {
  std::vector<SpecialDay> days;
  for (int month = 1; month <= 12; ++month) {
    for (int day = 1; day <= 28; ++day) days.push_back({{2026, month, day}, DayKind::holiday, ""});
  }
  const Calendar calendar({}, days);
  EXPECT_EQ(calendar.next_working_day({2026, 1, 1}).year, 2026);  // 29 January
  EXPECT_GT(calendar.next_working_morning(moment("2026-12-31 08:00:00")),
            moment("2026-12-31 08:00:00"));
}

TEST(Calendar, HoursAreReadStrictly) {
  EXPECT_EQ(*parse_hours("07:30-11:30"), std::pair(450, 690));
  EXPECT_EQ(*parse_hours(" 13:00 - 16:30 "), std::pair(780, 990));
  for (const char* bad : {"", "7:30-11:30", "07:30", "11:30-07:30", "24:00-25:00", "ab:cd-ef:gh"}) {
    EXPECT_EQ(parse_hours(bad).error().reason(), "identity.bad_hours") << bad;
  }
}

}  // namespace
}  // namespace identity
