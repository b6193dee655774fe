// The announced years of the working calendar, kept in the database.
#pragma once
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "identity/calendar.h"
#include "store/connection.h"
#include "store/database.h"

namespace identity {

// Replaces what was announced for each year that `days` are of, within the transaction of
// `connection`. identity.calendar_incomplete when a year lacks some of the eleven days that the
// Labour Code gives (art. 112): such a file would make working days of holidays.
base::Result<void> write_announced(store::Connection& connection,
                                   const std::vector<SpecialDay>& days);

class CalendarBook {
 public:
  // `database` outlives the book.
  CalendarBook(store::Database& database, WorkingHours hours)
      : database_(database), hours_(hours), calendar_(std::make_shared<const Calendar>(hours)) {}
  // Reads the announced days again; other processes (commands) change them too. Any thread.
  base::Result<void> refresh();
  // As of the last refresh; never null. Any thread.
  std::shared_ptr<const Calendar> calendar() const;

 private:
  store::Database& database_;
  const WorkingHours hours_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Calendar> calendar_;
};

}  // namespace identity
