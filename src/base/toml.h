// The part of TOML 1.0 that settings need: tables, bare and dotted keys, text in quotes, whole
// numbers, true and false, comments. config.cc is its only reader.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace base::toml {

// What a file may hold and a setting never is: a fraction, a date, an array.
struct Unusable {};

struct Entry {
  std::string name;  // with its table: "server.listen"
  std::uint32_t line;
  std::variant<Unusable, std::string, std::int64_t, bool> value;
};

// In the order of the file. An error (base.config_malformed) names `name` of the file, the line and
// the remedy. A byte order mark at the beginning is read over.
Result<std::vector<Entry>> read(std::string_view text, const std::string& name);

// "truc.toml:3"
std::string place(const std::string& name, std::uint32_t line);

}  // namespace base::toml
