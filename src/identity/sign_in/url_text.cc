#include "identity/sign_in/url_text.h"

#include "http/query.h"

namespace identity {

std::string url_escaped(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
  const auto parsed = http::Query::parse(query);
  if (!parsed) return std::nullopt;
  const auto values = parsed->all(name);
  return values.size() == 1 ? std::optional(std::string(values.front())) : std::nullopt;
}

}  // namespace identity
