// Time comes in as a parameter, so that tests and the simulation own it.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

// Wall-clock time, UTC, microseconds. Kept in records as int64 microseconds since 1970.
using Time = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

inline std::int64_t to_micros(Time time) { return time.time_since_epoch().count(); }
inline Time from_micros(std::int64_t micros) { return Time(Duration(micros)); }

class Clock {
 public:
  virtual ~Clock() = default;
  // May jump either way; callers must not assume that it only grows. Any thread.
  virtual Time now() const = 0;
};

// The machine's clock.
class SystemClock : public Clock {
 public:
  Time now() const override;
};

// For measuring: never jumps.
std::int64_t monotonic_micros();

// Viet Nam keeps UTC+7 all year; edXML and the national protocol write local time without a zone.
// "2026/11/22 09:30:00" with '/' and "2026-11-22 09:30:00" with '-'.
std::string vietnam_time_text(Time time, char separator);
// "2026-11-22T02:30:00.123456Z"
std::string iso_time_text(Time time);

// A calendar date without time or zone.
struct Date {
  int year = 0;
  int month = 0;
  int day = 0;
  bool operator==(const Date&) const = default;
};
// Reads yyyy/MM/dd, dd/MM/yyyy and yyyy-MM-dd (edxml.md §5.4: the group with four digits is the
// year), each optionally followed by a time, which is ignored. Nothing for anything else.
std::optional<Date> parse_date(std::string_view text);
// Reads a date as above with an optional HH:mm:ss; without one, midnight. Local time of Viet Nam.
std::optional<Time> parse_vietnam_time(std::string_view text);
std::string date_text(const Date& date);  // "2026/11/22"
Date vietnam_date(Time time);             // the calendar day in Viet Nam at `time`

}  // namespace base
