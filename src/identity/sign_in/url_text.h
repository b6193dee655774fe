// Parts of URLs: what is written into them, and the values of a query.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace identity {

// Everything but letters, digits and -._~ as %XX.
std::string url_escaped(std::string_view text);
// The value of `name` in a query or form ("a=1&b=2"), decoded. Nothing when it is missing, is there
// twice or is malformed.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

}  // namespace identity
