// What a person types into the search box, as terms to look for.
//
//   kế hoạch phòng chống dịch      words: the more of them, and the nearer together, the better
//   "kế hoạch năm 2024"            exactly these words side by side
//   28/2018/QĐ-TTg                 a notation, in any spelling
//   từ:"Sở Y tế"  from:H99.01      sender        đến: to:      recipient
//   loại:"Quyết định"  type:       kind          ký: signer:   who signed
//   số:28/2018/QĐ-TTg  no:         notation      khẩn:2 urgency:2
//   ngày:2018-01-01..2018-12-31    date, one day or from..to, either end open; date:
//
// Names of filters may be typed without marks. A filter must hold; a colon behind any other word is
// no filter.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace search {

inline constexpr std::size_t kQueryBytesMax = 600;
inline constexpr std::size_t kQueryWordsMax = 40;
inline constexpr std::size_t kSlotsMax = 64;

// One term that is looked for.
struct Slot {
  std::string term;
  std::uint8_t variant = 0;
  std::uint8_t fields = 0xFF;  // where it counts
  bool required = false;       // by a filter or in a phrase
  bool counted = true;         // one of the words typed; otherwise it only makes a hit better
};

struct Query {
  std::vector<Slot> slots;                        // at most kSlotsMax
  std::vector<std::string> words;                 // bare, in the order typed
  std::vector<std::vector<std::string>> phrases;  // bare words side by side
  std::optional<std::int32_t> day_from, day_to;   // days since 1970, both inclusive
};

// search.query_too_long, search.query_empty, search.too_many_terms, search.bad_filter (invalid).
base::Result<Query> parse(std::string_view text);

}  // namespace search
