// Lists in pages: a cursor says where the next page begins. It is opaque and sealed, so that only
// what was given out is taken back, and only for the same list with the same filters.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace exchange::rest {

inline constexpr std::int64_t kPageItems = 50, kPageItemsMax = 200;
inline constexpr std::size_t kPlaceNumbersMax = 4;

// What the last item of a page was ordered by.
using Place = std::vector<std::int64_t>;

class Cursors {
 public:
  // `key`: 32 bytes that stay the same over restarts.
  explicit Cursors(base::Bytes key) : key_(std::move(key)) {}
  std::string write(std::string_view scope, const Place& place) const;
  // rest.bad_cursor (Code::invalid) for anything that write() did not give for this scope.
  base::Result<Place> read(std::string_view scope, std::string_view cursor) const;

 private:
  base::Bytes sealed(std::string_view scope, std::string_view numbers) const;
  const base::Bytes key_;
};

}  // namespace exchange::rest
