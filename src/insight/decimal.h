// Exact decimal numbers, for money: no floating point anywhere. Six digits behind the point.
#pragma once
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace insight {

// Wide enough for a product of two amounts of the State's budget.
__extension__ using Wide = __int128;

class Decimal {
 public:
  static constexpr std::int64_t kOne = 1'000'000;
  constexpr Decimal() = default;
  static constexpr Decimal of_millionths(std::int64_t units) {
    Decimal made;
    made.units_ = units;
    return made;
  }
  static constexpr Decimal of(std::int64_t whole) { return of_millionths(whole * kOne); }
  // "1234.5": digits, at most 12 of them before the point and six behind it; no sign, no exponent.
  // insight.bad_number.
  static base::Result<Decimal> parse(std::string_view text);
  // The shortest that parse() reads as the same.
  std::string text() const;
  constexpr std::int64_t millionths() const { return units_; }
  auto operator<=>(const Decimal&) const = default;
  // Not below zero.
  Decimal less(Decimal other) const {
    return of_millionths(units_ > other.units_ ? units_ - other.units_ : 0);
  }

 private:
  std::int64_t units_ = 0;
};

// count × a × b in whole dong, rounded once, half up. The three may be as large as they come.
std::int64_t product(std::int64_t count, Decimal a, Decimal b = Decimal::of(1));
// amount × part / whole in whole dong, rounded half up.
std::int64_t share_of(Decimal amount, std::int64_t part, std::int64_t whole);

}  // namespace insight
