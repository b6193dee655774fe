// Where a reader of the feed stands. To readers it is opaque text; docs/formats/events.md.
#pragma once
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace exchange::feed {

// Everything up to and with the event `sub` of the journal's entry `seq` has been read.
struct Cursor {
  static constexpr std::uint32_t kWholeEntry = 0xffffffff;

  std::int64_t seq = 0;
  std::uint32_t sub = kWholeEntry;
  auto operator<=>(const Cursor&) const = default;

  // 42 hexadecimal digits, with a version, the site's tag and a checksum.
  std::string text(std::uint32_t site) const;
  // exchange.bad_cursor (invalid): not a cursor, damaged, or of another site.
  static base::Result<Cursor> parse(std::string_view text, std::uint32_t site);
};

}  // namespace exchange::feed
