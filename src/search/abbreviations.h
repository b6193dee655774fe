// What registers write short: the short form and what it stands for are the same words.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace search {

struct Abbreviation {
  std::string_view abbreviation, words;  // "UBND", "Ủy ban nhân dân"
};
// All of them; a new one counts for documents indexed after it (`truc search rebuild` for all).
const std::vector<Abbreviation>& abbreviations();

}  // namespace search
