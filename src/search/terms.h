// The terms of a text: its words, its notations as a whole, and what its abbreviations stand for.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "search/fold.h"

namespace search {

struct Term {
  std::string text;  // bare; "#…" for a notation as a whole, without its separators
  std::uint8_t variant = 0;
  std::uint32_t position = 0;        // counted in words
  std::uint32_t begin = 0, end = 0;  // bytes of the text
  bool written = true;               // false: stands for something written there
  bool digits = false;
};
// `text` is composed. At most `words_max` words of it are read. "28/2018/QĐ-TTg" gives its parts,
// "qdttg", "#282018qdttg", and without the year "#28qdttg"; "UBND" gives also the words that it
// stands for, and these words give "ubnd".
std::vector<Term> terms_of(std::string_view text, std::size_t words_max);

// Whether the bare form of an abbreviation.
bool abbreviates(std::string_view bare);

}  // namespace search
