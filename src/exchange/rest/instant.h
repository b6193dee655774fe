// Times and dates as the API writes them.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace exchange::rest {

// RFC 3339 with a zone; up to microseconds, finer digits are dropped. Nothing for anything else.
std::optional<base::Time> parse_instant(std::string_view text);
// "2026-11-22" and nothing else.
std::optional<base::Date> parse_day(std::string_view text);

}  // namespace exchange::rest
