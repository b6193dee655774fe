#include "identity/lunar.h"

#include <chrono>
#include <cmath>
#include <numbers>

namespace identity {
namespace {

// Julian day numbers of whole days, counted at noon; the new moon of 1900-01-01 has number 0.
constexpr double kFirstNewMoon = 2415021.076998695;
constexpr double kMonth = 29.530588853;  // mean, in days
constexpr double kZone = 7.0 / 24;
constexpr std::int64_t kJulianOf1970 = 2440588;

double sine(double degrees) { return std::sin(degrees * std::numbers::pi / 180); }

std::int64_t floor_of(double value) { return static_cast<std::int64_t>(std::floor(value)); }

std::int64_t julian_day(int year, int month, int day) {
  const std::chrono::sys_days days = std::chrono::year(year) / month / static_cast<unsigned>(day);
  return days.time_since_epoch().count() + kJulianOf1970;
}

base::Date date_of(std::int64_t julian) {
  const std::chrono::year_month_day date{
      std::chrono::sys_days(std::chrono::days(julian - kJulianOf1970))};
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day()))};
}

// The moment of the new moon `k`, as a Julian day, UTC.
double new_moon(std::int64_t k) {
  const double n = static_cast<double>(k);
  const double t = n / 1236.85, t2 = t * t, t3 = t2 * t;
  const double mean = 2415020.75933 + 29.53058868 * n + 0.0001178 * t2 - 0.000000155 * t3 +
                      0.00033 * sine(166.56 + 132.87 * t - 0.009173 * t2);
  const double sun = 359.2242 + 29.10535608 * n - 0.0000333 * t2 - 0.00000347 * t3;
  const double moon = 306.0253 + 385.81691806 * n + 0.0107306 * t2 + 0.00001236 * t3;
  const double latitude = 21.2964 + 390.67050646 * n - 0.0016528 * t2 - 0.00000239 * t3;
  const double corrected = mean + (0.1734 - 0.000393 * t) * sine(sun) + 0.0021 * sine(2 * sun) -
                           0.4068 * sine(moon) + 0.0161 * sine(2 * moon) - 0.0004 * sine(3 * moon) +
                           0.0104 * sine(2 * latitude) - 0.0051 * sine(sun + moon) -
                           0.0074 * sine(sun - moon) + 0.0004 * sine(2 * latitude + sun) -
                           0.0004 * sine(2 * latitude - sun) - 0.0006 * sine(2 * latitude + moon) +
                           0.0010 * sine(2 * latitude - moon) + 0.0005 * sine(2 * moon + sun);
  const double earth_slows = -0.000278 + 0.000265 * t + 0.000262 * t2;
  return corrected - earth_slows;
}

std::int64_t new_moon_day(std::int64_t k) { return floor_of(new_moon(k) + 0.5 + kZone); }

// Which twelfth of the ecliptic the sun is in at the beginning of the day: 0 from the spring
// equinox on, 9 from the winter solstice on.
int sun_sign(std::int64_t julian) {
  const double t = (static_cast<double>(julian) - 0.5 - kZone - 2451545.0) / 36525;
  const double t2 = t * t;
  const double anomaly = 357.52910 + 35999.05030 * t - 0.0001559 * t2 - 0.00000048 * t * t2;
  const double longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t2 +
                           (1.914600 - 0.004817 * t - 0.000014 * t2) * sine(anomaly) +
                           (0.019993 - 0.000101 * t) * sine(2 * anomaly) +
                           0.000290 * sine(3 * anomaly);
  return static_cast<int>((longitude - 360 * std::floor(longitude / 360)) / 30);
}

std::int64_t moon_before(std::int64_t julian) {
  return floor_of((static_cast<double>(julian) - kFirstNewMoon) / kMonth + 0.5);
}

// The first day of the lunar month that holds the winter solstice of `year`: the eleventh.
std::int64_t eleventh_month(int year) {
  const auto k = floor_of((static_cast<double>(julian_day(year, 12, 31)) - 2415021) / kMonth);
  const std::int64_t first = new_moon_day(k);
  return sun_sign(first) >= 9 ? new_moon_day(k - 1) : first;
}

// How many months after the eleventh the leap month comes: the first that the sun does not change
// its sign in.
int leap_after(std::int64_t eleventh) {
  const std::int64_t k = moon_before(eleventh);
  int months = 1;
  int sign = sun_sign(new_moon_day(k + months));
  for (;;) {
    const int last = sign;
    ++months;
    sign = sun_sign(new_moon_day(k + months));
    if (sign == last || months >= 14) return months - 1;
  }
}

}  // namespace

base::Date lunar_date(int year, int month, int day) {
  const int from = month < 11 ? year - 1 : year;
  const std::int64_t eleventh = eleventh_month(from), next = eleventh_month(from + 1);
  int months = month < 11 ? month + 1 : month - 11;
  if (next - eleventh > 365 && months >= leap_after(eleventh)) ++months;
  return date_of(new_moon_day(moon_before(eleventh) + months) + day - 1);
}

}  // namespace identity
