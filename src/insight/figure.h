// A figure: a number that says what it counts, as of when, and by which list it can be checked.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/time.h"

namespace insight {

// What a figure means. `id` never changes its meaning: that would be another definition.
struct Definition {
  std::string_view id;    // "arrival.p95"
  std::string_view unit;  // "documents", "deliveries", "seconds", "permille", "dong"
  base::Text name, formula;
};
const std::vector<Definition>& definitions();
// Null when there is none.
const Definition* definition_of(std::string_view id);

struct Figure {
  std::string_view id;
  std::optional<std::int64_t> value;     // nothing: not known yet
  std::optional<std::int64_t> at_least;  // of what is not known yet: it is more than this
  std::int64_t numerator = 0, denominator = 0;
  base::Time as_of;
  std::string query;  // the address of the list that makes it
  std::optional<std::int64_t> low = std::nullopt, high = std::nullopt;  // of what is estimated
  std::optional<std::int64_t> previous = std::nullopt;  // of the period before, equally long
};

// {id, definition, name_vi, name_en, unit, value?, at_least?, low?, high?, previous?, numerator,
// denominator, as_of, query?}
base::Json to_json(const Figure& figure);

}  // namespace insight
