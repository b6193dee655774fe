// Where the words of a query stand in a text.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "search/index.h"
#include "search/query.h"

namespace search {

// Ranges that do not overlap, in order.
std::vector<Range> marks_in(std::string_view text, const Query& query);

// A piece of `text` of some 240 bytes with as many of the words as can be, and their places in it;
// empty when none stands there.
struct Snippet {
  std::string text;
  std::vector<Range> marks;
};
Snippet snippet_of(std::string_view text, const Query& query);

// Whether each phrase of the query stands in one of the texts.
bool has_phrases(const std::vector<std::string_view>& texts, const Query& query);

// How well a text as short as a subject fits, 0 to 1: words in their order side by side, and how
// much of it they are.
double closeness(std::string_view subject, const Query& query);

}  // namespace search
