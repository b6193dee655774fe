#include "http/query.h"

#include <algorithm>

#include "base/text.h"
#include "http/head.h"

namespace http {
namespace {

bool decode(std::string_view text, std::string& out) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decode(spaced, out) && out.find('\0') == std::string::npos && base::is_utf8(out);
}

}  // namespace

base::Result<Query> Query::parse(std::string_view text) {
  Query query;
  for (const std::string_view pair : base::split(text, '&')) {
    if (pair.empty()) continue;
    if (query.pairs_.size() == kQueryPairsMax) {
      return base::Error(base::Code::too_large, "http.query_too_large",
                         "The address has too many parameters after '?'.",
                         "Địa chỉ có quá nhiều tham số sau dấu '?'.");
    }
    auto& [name, value] = query.pairs_.emplace_back();
    const std::size_t equals = pair.find('=');
    const auto right = equals == std::string_view::npos ? "" : pair.substr(equals + 1);
    if (!decode(pair.substr(0, equals), name) || !decode(right, value)) {
      return base::Error(
          base::Code::invalid, "http.query_malformed",
          "The address is wrong after '?': values are UTF-8, percent-encoded.",
          "Phần sau dấu '?' của địa chỉ sai: giá trị phải là UTF-8, mã hóa kiểu %XX.");
    }
  }
  return query;
}

std::optional<std::string_view> Query::operator[](std::string_view name) const {
  for (const auto& [known, value] : pairs_) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::vector<std::string_view> Query::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [known, value] : pairs_) {
    if (known == name) values.push_back(value);
  }
  return values;
}

}  // namespace http
