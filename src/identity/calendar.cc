#include "identity/calendar.h"

#include <algorithm>
#include <chrono>

#include "base/text.h"
#include "identity/lunar.h"

namespace identity {
namespace {

constexpr int kFirstYear = 2015, kLastYear = 2060;  // of which the law's days are at hand
constexpr base::Duration kZone = std::chrono::hours(7);

std::chrono::sys_days days_of(const base::Date& date) {
  return std::chrono::year(date.year) / date.month / static_cast<unsigned>(date.day);
}

base::Date date_of(std::chrono::sys_days days) {
  const std::chrono::year_month_day date{days};
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day()))};
}

base::Date plus(const base::Date& date, int days) {
  return date_of(days_of(date) + std::chrono::days(days));
}

bool weekend(const base::Date& date) {
  return std::chrono::weekday(days_of(date)).iso_encoding() >= 6;
}

int key_of(const base::Date& date) { return date.month * 100 + date.day; }

struct Name {
  DayKind kind;
  std::string_view name;
  base::Text text;
};
const Name kNames[] = {
    {DayKind::working, "working", {"ngày làm việc", "working day"}},
    {DayKind::weekend, "weekend", {"nghỉ hằng tuần", "weekly rest"}},
    {DayKind::holiday, "holiday", {"nghỉ lễ, tết", "public holiday"}},
    {DayKind::compensation, "compensation", {"nghỉ bù", "day off in lieu"}},
    {DayKind::exchanged, "exchanged", {"nghỉ hoán đổi", "day off, worked on another"}},
    {DayKind::worked, "worked", {"làm bù", "worked in exchange"}},
};

const Name& entry(DayKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

}  // namespace

std::string_view name_of(DayKind kind) { return entry(kind).name; }
base::Text text_of(DayKind kind) { return entry(kind).text; }

std::optional<DayKind> parse_day_kind(std::string_view name) {
  for (const Name& one : kNames) {
    if (one.name == name) return one.kind;
  }
  return std::nullopt;
}

std::vector<SpecialDay> statutory_days(int year) {
  const base::Date national{year, 9, 2};
  const bool monday = std::chrono::weekday(days_of(national)) == std::chrono::Monday;
  std::vector<SpecialDay> days = {{{year, 1, 1}, DayKind::holiday, "Tết Dương lịch"}};
  const base::Date tet = lunar_date(year, 1, 1);
  for (int i = -1; i <= 3; ++i) days.push_back({plus(tet, i), DayKind::holiday, "Tết Âm lịch"});
  days.push_back({lunar_date(year, 3, 10), DayKind::holiday, "Giỗ Tổ Hùng Vương"});
  days.push_back({{year, 4, 30}, DayKind::holiday, "Ngày Chiến thắng"});
  days.push_back({{year, 5, 1}, DayKind::holiday, "Ngày Quốc tế lao động"});
  days.push_back({plus(national, monday ? 1 : -1), DayKind::holiday, "Quốc khánh"});
  days.push_back({national, DayKind::holiday, "Quốc khánh"});
  std::sort(days.begin(), days.end(),
            [](const auto& a, const auto& b) { return days_of(a.day) < days_of(b.day); });
  // A holiday on a day of rest is made up for on the working day that follows.
  const auto taken = [&](const base::Date& day) {
    return weekend(day) ||
           std::any_of(days.begin(), days.end(), [&](const auto& one) { return one.day == day; });
  };
  const std::size_t holidays = days.size();
  for (std::size_t i = 0; i < holidays; ++i) {
    if (!weekend(days[i].day)) continue;
    base::Date free = days[i].day;
    while (taken(free)) free = plus(free, 1);
    days.push_back({free, DayKind::compensation, days[i].note});
  }
  std::sort(days.begin(), days.end(),
            [](const auto& a, const auto& b) { return days_of(a.day) < days_of(b.day); });
  return days;
}

base::Result<std::pair<int, int>> parse_hours(std::string_view text) {
  const auto minute = [](std::string_view part) -> std::optional<int> {
    const auto halves = base::split(part, ':');
    if (halves.size() != 2 || halves[0].size() != 2 || halves[1].size() != 2) return std::nullopt;
    const auto hour = base::parse_int(halves[0]), rest = base::parse_int(halves[1]);
    if (!hour || !rest || *hour < 0 || *hour > 23 || *rest < 0 || *rest > 59) return std::nullopt;
    return static_cast<int>(*hour * 60 + *rest);
  };
  const auto ends = base::split(text, '-');
  if (ends.size() == 2) {
    const auto from = minute(base::trim(ends[0])), to = minute(base::trim(ends[1]));
    if (from && to && *from < *to) return std::pair(*from, *to);
  }
  const std::string shown(base::cut_utf8(text, 40));
  return base::Error(base::Code::invalid, "identity.bad_hours",
                     "working hours must be written like 07:30-11:30, not \"" + shown + "\"",
                     "giờ làm việc phải viết như 07:30-11:30, không phải \"" + shown + "\"");
}

Calendar::Calendar(WorkingHours hours, std::vector<SpecialDay> announced) : hours_(hours) {
  for (SpecialDay& day : announced) {
    announced_[day.day.year][key_of(day.day)] = std::move(day);
  }
  for (int year = kFirstYear; year <= kLastYear; ++year) {
    for (SpecialDay& day : statutory_days(year)) {
      statutory_[year].try_emplace(key_of(day.day), std::move(day));
    }
  }
}

const std::map<int, SpecialDay>* Calendar::year(int number) const {
  if (const auto found = announced_.find(number); found != announced_.end()) return &found->second;
  const auto found = statutory_.find(number);
  return found == statutory_.end() ? nullptr : &found->second;
}

std::optional<SpecialDay> Calendar::special(const base::Date& day) const {
  const Year* days = year(day.year);
  if (!days) return std::nullopt;
  const auto found = days->find(key_of(day));
  return found == days->end() ? std::nullopt : std::optional(found->second);
}

DayKind Calendar::kind(const base::Date& day) const {
  if (const auto found = special(day)) return found->kind;
  return weekend(day) ? DayKind::weekend : DayKind::working;
}

bool Calendar::works(const base::Date& day) const {
  const DayKind found = kind(day);
  return found == DayKind::working || found == DayKind::worked;
}

base::Date Calendar::next_working_day(const base::Date& after) const {
  // A year of nothing but holidays can be imported; it must not hang anyone.
  base::Date day = plus(after, 1);
  for (int i = 0; i < 366 && !works(day); ++i) day = plus(day, 1);
  return day;
}

base::Time Calendar::at(const base::Date& day, int minute) const {
  return base::Time(days_of(day)) + std::chrono::minutes(minute) - kZone;
}

base::Time Calendar::next_working_morning(base::Time time) const {
  return at(next_working_day(base::vietnam_date(time)), hours_.morning_to);
}

base::Time Calendar::same_day(base::Time time) const {
  const base::Date day = base::vietnam_date(time);
  const base::Time end = at(day, hours_.afternoon_to);
  return works(day) && time <= end ? end : next_working_morning(time);
}

base::Duration Calendar::between(base::Time from, base::Time to) const {
  base::Duration total{0};
  // Years of lateness are counted day by day, at most so many.
  constexpr int kDaysMax = 366 * 50;
  base::Date day = base::vietnam_date(from);
  for (int i = 0; i < kDaysMax && at(day, 0) < to; ++i, day = plus(day, 1)) {
    if (!works(day)) continue;
    for (const auto& [begins, ends] : {std::pair(hours_.morning_from, hours_.morning_to),
                                       std::pair(hours_.afternoon_from, hours_.afternoon_to)}) {
      const base::Time a = std::max(from, at(day, begins)), b = std::min(to, at(day, ends));
      if (a < b) total += b - a;
    }
  }
  return total;
}

}  // namespace identity
