// Configuration: one TOML file, one table of settings. An unknown key is an error; every default is
// safe.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace base {

// One setting, declared once: documentation, validation and the generated sample come from it.
struct Setting {
  enum class Type : unsigned char { text, integer, boolean };
  std::string_view name;  // "server.listen": table, dot, key
  Type type;
  std::string_view fallback;         // the default, as text
  std::int64_t least = 0, most = 0;  // bounds of an integer
  std::string_view en, vi;           // one sentence
};

class Config {
 public:
  // Every setting at its default.
  static Config defaults(const std::vector<Setting>& settings);
  // Reads `path`; a missing file is an error. Errors (Code::invalid) name the key, the line and the
  // remedy: base.config_malformed, base.config_unknown_key, base.config_bad_value.
  static Result<Config> load(FileSystem& files, const std::string& path,
                             const std::vector<Setting>& settings);
  static Result<Config> parse(std::string_view toml, const std::string& name,
                              const std::vector<Setting>& settings);
  // The name must be in the table (CHECK).
  const std::string& text(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;
  bool boolean(std::string_view name) const;
  // From the command line: wins over the file.
  void set(std::string_view name, std::string value);

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

// A commented TOML file with every setting at its default, in both languages.
std::string sample_config(const std::vector<Setting>& settings);

}  // namespace base
