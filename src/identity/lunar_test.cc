#include "identity/lunar.h"

#include <gtest/gtest.h>

namespace identity {
namespace {

TEST(Lunar, NewYearIsWhenVietNamKeptIt) {
  const std::pair<int, base::Date> known[] = {
      {1985, {1985, 1, 21}},  // a month before China's
      {2007, {2007, 2, 17}},  // a day before China's
      {2019, {2019, 2, 5}},  {2020, {2020, 1, 25}}, {2021, {2021, 2, 12}}, {2022, {2022, 2, 1}},
      {2023, {2023, 1, 22}}, {2024, {2024, 2, 10}}, {2025, {2025, 1, 29}}, {2026, {2026, 2, 17}},
      {2027, {2027, 2, 6}},  {2030, {2030, 2, 2}},  // a day before China's
  };
  for (const auto& [year, date] : known) {
    const base::Date tet = lunar_date(year, 1, 1);
    EXPECT_EQ(base::date_text(tet), base::date_text(date));
  }
}

// The tenth of the third month; 2020, 2023 and 2025 have leap months (4, 2, 6).
TEST(Lunar, HungKingsDayIsWhenItWasKept) {
  const std::pair<int, base::Date> known[] = {
      {2019, {2019, 4, 14}}, {2020, {2020, 4, 2}},  {2021, {2021, 4, 21}}, {2022, {2022, 4, 10}},
      {2023, {2023, 4, 29}}, {2024, {2024, 4, 18}}, {2025, {2025, 4, 7}},  {2026, {2026, 4, 26}},
  };
  for (const auto& [year, date] : known) {
    EXPECT_EQ(base::date_text(lunar_date(year, 3, 10)), base::date_text(date));
  }
}

TEST(Lunar, MonthsElevenAndTwelveEndInTheNextYear) {
  EXPECT_EQ(base::date_text(lunar_date(2025, 12, 29)), "2026/02/16");
  EXPECT_EQ(base::date_text(lunar_date(2024, 11, 1)), "2024/12/01");
}

}  // namespace
}  // namespace identity
