#include "catalogue/said.h"

namespace catalogue {
namespace {

std::string filled(std::string_view text, std::initializer_list<Value> values,
                   std::string base::Text::*language) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = text.find('{', at);
    out += text.substr(at, open - at);
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    const std::string_view name = text.substr(open + 1, close - open - 1);
    for (const Value& value : values)
      if (value.name == name) out += value.text.*language;
    at = close + 1;
  }
  return out;
}

}  // namespace

base::Text said(Key key, std::initializer_list<Value> values) {
  return {filled(key.vi(), values, &base::Text::vi), filled(key.en(), values, &base::Text::en)};
}

}  // namespace catalogue
