#include "exchange/deadline.h"

#include <string>

#include "base/text.h"

namespace exchange {
namespace {

using std::chrono::local_days;

constexpr auto kVietNam = std::chrono::hours(7);  // no summer time since 1975
constexpr int kDaysOffMax = 400;                  // next to each other; more is no calendar

base::Error bad_deadline(std::string_view text) {
  const std::string shown(base::cut_utf8(text, 40));
  return base::Error(base::Code::invalid, "exchange.bad_deadline",
                     "\"" + shown +
                         "\" is no deadline: write 11:30 for that time of the next working day, "
                         "30m, 24h or 3d for a span, or off",
                     "\"" + shown +
                         "\" không phải thời hạn: ghi 11:30 là giờ ấy của ngày làm việc kế tiếp, "
                         "30m, 24h hoặc 3d là khoảng thời gian, hoặc off");
}

// Exactly `digits` decimal digits.
std::optional<unsigned> number(std::string_view text, std::size_t digits) {
  const auto value = text.size() == digits ? base::parse_int(text) : std::nullopt;
  if (!value || *value < 0) return std::nullopt;
  return static_cast<unsigned>(*value);
}

base::Date date_of(local_days day) {
  const std::chrono::year_month_day date(day);
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day()))};
}

}  // namespace

base::Result<std::optional<Deadline>> Deadline::parse(std::string_view text) {
  text = base::trim(text);
  if (text == "off") return std::optional<Deadline>();
  Deadline out;
  if (text.size() == 5 && text[2] == ':') {
    const auto hour = number(text.substr(0, 2), 2), minute = number(text.substr(3), 2);
    if (!hour || !minute || *hour > 23 || *minute > 59) return bad_deadline(text);
    out.at = std::chrono::hours(*hour) + std::chrono::minutes(*minute);
    return std::optional(out);
  }
  constexpr std::int64_t kSpanMax = 1'000'000'000;  // seconds: thirty years
  std::int64_t unit = 0;
  switch (text.empty() ? '\0' : text.back()) {
    case 's':
      unit = 1;
      break;
    case 'm':
      unit = 60;
      break;
    case 'h':
      unit = 3600;
      break;
    case 'd':
      unit = 86400;
      break;
    default:
      return bad_deadline(text);
  }
  const auto count = base::parse_int(text.substr(0, text.size() - 1));
  if (!count || *count <= 0 || *count > kSpanMax / unit) return bad_deadline(text);
  out.after = std::chrono::seconds(*count * unit);
  return std::optional(out);
}

base::Time overdue_before(const Deadline& deadline, const identity::Calendar& calendar,
                          base::Time now) {
  if (deadline.after) return now - *deadline.after;
  const auto local = std::chrono::local_time<base::Duration>(now.time_since_epoch() + kVietNam);
  // The last working day whose hour has passed is the deadline of every day before it, back to the
  // working day before, and what began still earlier was overdue sooner.
  local_days day = std::chrono::floor<std::chrono::days>(local);
  if (local - day < *deadline.at) day -= std::chrono::days(1);
  for (int i = 0; i < kDaysOffMax && !calendar.works(date_of(day)); ++i)
    day -= std::chrono::days(1);
  return base::Time(base::Duration(day.time_since_epoch()) - kVietNam);
}

}  // namespace exchange
