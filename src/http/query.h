// The query of a request's target as names and values.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace http {

inline constexpr std::size_t kQueryPairsMax = 64;

// As forms write it: pairs joined by '&', '+' for a space, everything else percent-encoded UTF-8.
class Query {
 public:
  // `text` as in Head::query. A name without '=' has an empty value; empty pairs are read over.
  // Errors: http.query_malformed (an escape that is none, a NUL, not UTF-8),
  // http.query_too_large (more than kQueryPairsMax pairs).
  static base::Result<Query> parse(std::string_view text);

  // The first of that name, with its case; nothing when it is not there.
  std::optional<std::string_view> operator[](std::string_view name) const;
  std::vector<std::string_view> all(std::string_view name) const;  // in their order
  const std::vector<std::pair<std::string, std::string>>& pairs() const { return pairs_; }

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

}  // namespace http
