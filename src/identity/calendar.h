// Working time of the State's agencies: Monday to Friday, a morning and an afternoon, less public
// holidays, plus the days that are worked in exchange. All in Viet Nam's time. Deadlines of the
// law count in it (docs/law.md).
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace identity {

enum class DayKind : unsigned char {
  working = 0,
  weekend = 1,
  holiday = 2,       // Labour Code 45/2019/QH14 art. 112
  compensation = 3,  // for a holiday on a weekly rest day (art. 111(3))
  exchanged = 4,     // a day off that is worked on another day
  worked = 5,        // a rest day that is worked in exchange
};
std::string_view name_of(DayKind kind);  // "working", "holiday", …
std::optional<DayKind> parse_day_kind(std::string_view name);
base::Text text_of(DayKind kind);

// One day that is not as its place in the week says.
struct SpecialDay {
  base::Date day;
  DayKind kind = DayKind::holiday;
  std::string note;  // "Tết Nguyên đán"
};

// What the law fixes for a year, as long as nobody has announced more: the five days of Tết are
// taken to begin on the last day of the old lunar year, and the second day of National Day to be
// 1 September (3 September when the 2nd is a Monday); both are decided anew each year, and days are
// exchanged, by the announcement that `truc calendar import` takes.
std::vector<SpecialDay> statutory_days(int year);

struct WorkingHours {
  // Minutes after midnight.
  int morning_from = 7 * 60 + 30, morning_to = 11 * 60 + 30;
  int afternoon_from = 13 * 60 + 30, afternoon_to = 17 * 60;
};
// "07:30-11:30" into minutes after midnight; identity.bad_hours.
base::Result<std::pair<int, int>> parse_hours(std::string_view text);

// A value: cheap to share by pointer, never changed. Any thread.
class Calendar {
 public:
  // `announced`: special days by year; a year that is in it is taken from there alone, any other
  // from statutory_days().
  explicit Calendar(WorkingHours hours = {}, std::vector<SpecialDay> announced = {});

  const WorkingHours& hours() const { return hours_; }
  DayKind kind(const base::Date& day) const;
  bool works(const base::Date& day) const;
  // The special day, if it is one.
  std::optional<SpecialDay> special(const base::Date& day) const;
  // Whether the year was announced, so that its figures are not an assumption.
  bool announced(int year) const { return announced_.contains(year); }

  base::Date next_working_day(const base::Date& after) const;  // strictly after
  // A point of a day, given in minutes after midnight.
  base::Time at(const base::Date& day, int minute) const;
  // The end of the morning of the first working day after the day of `time`: "at the latest in the
  // morning of the next working day".
  base::Time next_working_morning(base::Time time) const;
  // "The same day": the end of the working day that `time` falls in; what comes after working hours
  // or on a day of rest has until the end of the next working morning.
  base::Time same_day(base::Time time) const;
  // Working time between two moments; 0 when `to` is not after `from`.
  base::Duration between(base::Time from, base::Time to) const;

 private:
  const std::map<int, SpecialDay>* year(int number) const;
  WorkingHours hours_;
  // By year, then by month * 100 + day.
  using Year = std::map<int, SpecialDay>;
  std::map<int, Year> announced_;
  std::map<int, Year> statutory_;
};

}  // namespace identity
