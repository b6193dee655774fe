#include "insight/decimal.h"

#include <algorithm>

namespace insight {
namespace {

constexpr std::size_t kWholeDigits = 12, kFractionDigits = 6;

bool digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::int64_t rounded(Wide number, Wide by) {
  return static_cast<std::int64_t>((number + by / 2) / by);
}

}  // namespace

base::Result<Decimal> Decimal::parse(std::string_view text) {
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  const bool right = !whole.empty() && whole.size() <= kWholeDigits &&
                     fraction.size() <= kFractionDigits && digits(whole) && digits(fraction) &&
                     (point == std::string_view::npos || !fraction.empty());
  if (!right) {
    return base::Error(base::Code::invalid, "insight.bad_number",
                       "a value is a number such as 1234.5, with at most six digits behind the "
                       "point and no sign",
                       "giá trị là số như 1234.5, tối đa sáu chữ số sau dấu chấm, không có dấu");
  }
  std::int64_t units = 0;
  for (const char c : whole) units = units * 10 + (c - '0');
  for (std::size_t i = 0; i < kFractionDigits; ++i)
    units = units * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
  return of_millionths(units);
}

std::string Decimal::text() const {
  std::string out = std::to_string(units_ / kOne);
  std::string fraction = std::to_string(kOne + units_ % kOne).substr(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return fraction.empty() ? out : out + "." + fraction;
}

std::int64_t product(std::int64_t count, Decimal a, Decimal b) {
  constexpr Wide kOne = Decimal::kOne;
  return rounded(Wide{count} * a.millionths() * b.millionths(), kOne * kOne);
}

std::int64_t share_of(Decimal amount, std::int64_t part, std::int64_t whole) {
  return rounded(Wide{amount.millionths()} * part, Wide{whole} * Decimal::kOne);
}

}  // namespace insight
