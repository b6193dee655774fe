#include "identity/calendar_book.h"

#include <map>
#include <string>

namespace identity {
namespace {

using store::Query;

const Query kDays{"identity.calendar_days",
                  "select day, kind, note from calendar_day order by day"};
const Query kForget{"identity.calendar_forget",
                    "delete from calendar_day where day >= $1 and day <= $2"};
const Query kPut{"identity.calendar_put",
                 "insert into calendar_day (day, kind, note) values ($1, $2, $3) "
                 "on conflict (day) do update set kind = excluded.kind, note = excluded.note"};

constexpr int kHolidaysOfAYear = 11;  // Labour Code 45/2019/QH14 art. 112

// yyyymmdd: readable in the table, and in the order of time.
std::int64_t number_of(const base::Date& day) {
  return day.year * 10000 + day.month * 100 + day.day;
}

base::Date day_of(std::int64_t number) {
  return {static_cast<int>(number / 10000), static_cast<int>(number / 100 % 100),
          static_cast<int>(number % 100)};
}

base::Error incomplete(int year, int count) {
  const std::string y = std::to_string(year), n = std::to_string(count);
  return base::Error(base::Code::invalid, "identity.calendar_incomplete",
                     "the year " + y + " has " + n +
                         " of its 11 public holidays (kind holiday); list them all, beginning with "
                         "what truc calendar show " +
                         y + " --csv prints",
                     "năm " + y + " mới có " + n +
                         " trong 11 ngày nghỉ lễ, tết (loại holiday); hãy ghi đủ, bắt đầu từ kết "
                         "quả của truc calendar show " +
                         y + " --csv");
}

}  // namespace

base::Result<void> write_announced(store::Connection& connection,
                                   const std::vector<SpecialDay>& days) {
  std::map<int, int> holidays;  // of each year
  for (const SpecialDay& day : days) holidays[day.day.year] += day.kind == DayKind::holiday ? 1 : 0;
  for (const auto& [year, count] : holidays) {
    if (count < kHolidaysOfAYear) return incomplete(year, count);
    TRY(connection.run(kForget, {number_of({year, 1, 1}), number_of({year, 12, 31})}));
  }
  for (const SpecialDay& day : days) {
    TRY(connection.run(kPut, {number_of(day.day), static_cast<int>(day.kind), day.note}));
  }
  return base::done();
}

base::Result<void> CalendarBook::refresh() {
  std::vector<SpecialDay> days;
  TRY(database_.read([&](store::Connection& connection) -> base::Result<void> {
    days.clear();
    return connection.each(kDays, {}, [&](const store::Row& row) {
      const std::int64_t kind = row.integer(1);
      if (kind < 0 || kind > static_cast<int>(DayKind::worked)) return true;  // of a later version
      days.push_back({day_of(row.integer(0)), static_cast<DayKind>(kind), row.string(2)});
      return true;
    });
  }));
  auto fresh = std::make_shared<const Calendar>(hours_, std::move(days));
  std::lock_guard lock(mutex_);
  calendar_ = std::move(fresh);
  return base::done();
}

std::shared_ptr<const Calendar> CalendarBook::calendar() const {
  std::lock_guard lock(mutex_);
  return calendar_;
}

}  // namespace identity
