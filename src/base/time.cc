#include "base/time.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <vector>

#include "base/text.h"

namespace base {
namespace {

constexpr std::chrono::hours kVietnamOffset{7};

struct Civil {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<Duration> time;
};

Civil civil(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  return {std::chrono::year_month_day(day), std::chrono::hh_mm_ss<Duration>(time - day)};
}

// With zeros in front. Not by printf: these texts are in every answer, log line and journal entry.
void put(std::string& out, std::int64_t number, std::size_t width) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  const auto length = static_cast<std::size_t>(end - digits.data());
  const std::size_t sign = number < 0 ? 1 : 0;
  out.append(digits.data(), sign);
  if (length < width) out.append(width - length, '0');
  out.append(digits.data() + sign, length - sign);
}

void put_date(std::string& out, const Civil& c, char separator) {
  put(out, static_cast<int>(c.date.year()), 4);
  put(out += separator, static_cast<unsigned>(c.date.month()), 2);
  put(out += separator, static_cast<unsigned>(c.date.day()), 2);
}

void put_time(std::string& out, const Civil& c) {
  put(out, c.time.hours().count(), 2);
  put(out += ':', c.time.minutes().count(), 2);
  put(out += ':', c.time.seconds().count(), 2);
}

bool valid(const Date& d) {
  return std::chrono::year_month_day(std::chrono::year(d.year),
                                     std::chrono::month(static_cast<unsigned>(d.month)),
                                     std::chrono::day(static_cast<unsigned>(d.day)))
      .ok();
}

}  // namespace

Time SystemClock::now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

std::int64_t monotonic_micros() {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::string vietnam_time_text(Time time, char separator) {
  const Civil c = civil(time + kVietnamOffset);
  std::string out;
  out.reserve(20);
  put_date(out, c, separator == '/' ? '/' : '-');
  put_time(out += ' ', c);
  return out;
}

std::string iso_time_text(Time time) {
  const Civil c = civil(time);
  std::string out;
  out.reserve(28);
  put_date(out, c, '-');
  put_time(out += 'T', c);
  put(out += '.', c.time.subseconds().count(), 6);
  return out += 'Z';
}

std::optional<Date> parse_date(std::string_view text) {
  text = trim(text);
  const std::string_view day_part = text.substr(0, text.find_first_of(" T"));
  const char separator = day_part.find('/') != std::string_view::npos ? '/' : '-';
  const auto parts = split(day_part, separator);
  if (parts.size() != 3) return std::nullopt;
  std::array<std::int64_t, 3> numbers{};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto number = parts[i].size() <= 4 ? parse_int(parts[i]) : std::nullopt;
    if (!number || *number < 0) return std::nullopt;
    numbers[i] = *number;
  }
  const bool year_first = parts[0].size() == 4;
  if (year_first == (parts[2].size() == 4)) return std::nullopt;
  if (!year_first && separator == '-') return std::nullopt;
  const Date date{static_cast<int>(year_first ? numbers[0] : numbers[2]),
                  static_cast<int>(numbers[1]),
                  static_cast<int>(year_first ? numbers[2] : numbers[0])};
  return valid(date) ? std::optional(date) : std::nullopt;
}

std::optional<Time> parse_vietnam_time(std::string_view text) {
  text = trim(text);
  const auto date = parse_date(text);
  if (!date) return std::nullopt;
  const std::chrono::sys_days day = std::chrono::year_month_day(
      std::chrono::year(date->year), std::chrono::month(static_cast<unsigned>(date->month)),
      std::chrono::day(static_cast<unsigned>(date->day)));
  Duration within{0};
  if (const auto space = text.find_first_of(" T"); space != std::string_view::npos) {
    const auto parts = split(trim(text.substr(space + 1)).substr(0, 8), ':');
    if (parts.size() != 3) return std::nullopt;
    const auto h = parse_int(parts[0]), m = parse_int(parts[1]), s = parse_int(parts[2]);
    if (!h || !m || !s || *h > 23 || *m > 59 || *s > 60 || *h < 0 || *m < 0 || *s < 0) {
      return std::nullopt;
    }
    within = std::chrono::hours(*h) + std::chrono::minutes(*m) + std::chrono::seconds(*s);
  }
  return Time(day) + within - kVietnamOffset;
}

std::string date_text(const Date& date) {
  std::array<char, 40> out{};
  std::snprintf(out.data(), out.size(), "%04d/%02d/%02d", date.year, date.month, date.day);
  return out.data();
}

Date vietnam_date(Time time) {
  const auto c = civil(time + kVietnamOffset);
  return {static_cast<int>(c.date.year()), static_cast<int>(static_cast<unsigned>(c.date.month())),
          static_cast<int>(static_cast<unsigned>(c.date.day()))};
}

}  // namespace base
