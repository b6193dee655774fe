// By when a recipient's system has to have done something: the clocks of Decision 28/2018/QĐ-TTg
// and Decree 30/2020/NĐ-CP, which count working days. Pure functions; no clock, no disk.
#pragma once
#include <chrono>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "identity/calendar.h"

namespace exchange {

struct Deadline {
  std::optional<base::Duration> after;     // this long after it began
  std::optional<std::chrono::minutes> at;  // or at this time of the next working day
  // "11:30"; "90s", "30m", "24h", "3d"; "off" is nothing. exchange.bad_deadline (invalid).
  static base::Result<std::optional<Deadline>> parse(std::string_view text);
};

// What began before this moment is overdue at `now`. Never later than `now`.
base::Time overdue_before(const Deadline& deadline, const identity::Calendar& calendar,
                          base::Time now);

}  // namespace exchange
