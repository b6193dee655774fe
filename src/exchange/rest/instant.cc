#include "exchange/rest/instant.h"

#include <array>
#include <chrono>

namespace exchange::rest {
namespace {

// Takes `digits` decimal digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::chrono::sys_days> take_day(std::string_view& text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *year < 1970) return std::nullopt;
  return std::chrono::sys_days(date);
}

// Microseconds of ".123456789"; 0 without a fraction.
std::optional<int> take_fraction(std::string_view& text) {
  if (!take(text, '.')) return 0;
  int micros = 0, digits = 0;
  while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    if (digits < 6) micros = micros * 10 + (text[0] - '0');
    ++digits;
    text.remove_prefix(1);
  }
  if (digits == 0 || digits > 9) return std::nullopt;
  for (; digits < 6; ++digits) micros *= 10;
  return micros;
}

// Minutes east of Greenwich.
std::optional<int> take_zone(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return 0;
  const int sign = text.starts_with('-') ? -1 : 1;
  if (!take(text, '+') && !take(text, '-')) return std::nullopt;
  const auto hours = take_number(text, 2);
  if (!hours || *hours > 23 || !take(text, ':')) return std::nullopt;
  const auto minutes = take_number(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  return sign * (*hours * 60 + *minutes);
}

}  // namespace

std::optional<base::Time> parse_instant(std::string_view text) {
  const auto day = take_day(text);
  if (!day || (!take(text, 'T') && !take(text, 't'))) return std::nullopt;
  std::array<int, 3> clock{};
  constexpr std::array<int, 3> kMost = {23, 59, 60};  // a leap second is the next minute's first
  for (std::size_t i = 0; i < clock.size(); ++i) {
    if (i > 0 && !take(text, ':')) return std::nullopt;
    const auto value = take_number(text, 2);
    if (!value || *value > kMost[i]) return std::nullopt;
    clock[i] = *value;
  }
  const auto micros = take_fraction(text);
  if (!micros) return std::nullopt;
  const auto zone = take_zone(text);
  if (!zone || !text.empty()) return std::nullopt;
  return base::Time(*day) + std::chrono::hours(clock[0]) + std::chrono::minutes(clock[1] - *zone) +
         std::chrono::seconds(clock[2]) + std::chrono::microseconds(*micros);
}

std::optional<base::Date> parse_day(std::string_view text) {
  const auto day = take_day(text);
  if (!day || !text.empty()) return std::nullopt;
  const std::chrono::year_month_day date(*day);
  return base::Date{static_cast<int>(date.year()),
                    static_cast<int>(static_cast<unsigned>(date.month())),
                    static_cast<int>(static_cast<unsigned>(date.day()))};
}

}  // namespace exchange::rest
