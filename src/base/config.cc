#include "base/config.h"

#include <algorithm>
#include <sstream>

#include "base/check.h"
#include "base/text.h"
#include "base/toml.h"

namespace base {
namespace {

const Setting* find(const std::vector<Setting>& settings, std::string_view name) {
  for (const Setting& setting : settings) {
    if (setting.name == name) return &setting;
  }
  return nullptr;
}

// The known name most like `name`, so that an error can suggest it.
std::string_view nearest(const std::vector<Setting>& settings, std::string_view name) {
  std::string_view best;
  std::size_t best_distance = 4;
  for (const Setting& setting : settings) {
    std::vector<std::size_t> row(setting.name.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= name.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j < row.size(); ++j) {
        const std::size_t above = row[j];
        row[j] = std::min(
            {above + 1, row[j - 1] + 1, diagonal + (name[i - 1] == setting.name[j - 1] ? 0u : 1u)});
        diagonal = above;
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = setting.name;
    }
  }
  return best;
}

Error unknown(const std::vector<Setting>& settings, const std::string& name,
              const std::string& place) {
  const std::string key(cut_utf8(name, 100));
  const std::string_view like = nearest(settings, key);
  const std::string en_like = like.empty() ? "" : "; did you mean " + std::string(like) + "?";
  const std::string vi_like = like.empty() ? "" : "; có phải là " + std::string(like) + "?";
  return Error(Code::invalid, "base.config_unknown_key",
               place + ": unknown setting " + key + en_like,
               place + ": không có thiết lập " + key + vi_like);
}

Error bad_value(const Setting& setting, const std::string& place) {
  std::string en = "must be text in quotes", vi = "phải là chuỗi trong dấu nháy";
  if (setting.type == Setting::Type::boolean) {
    en = "must be true or false";
    vi = "phải là true hoặc false";
  } else if (setting.type == Setting::Type::integer) {
    const std::string range = std::to_string(setting.least) + " … " + std::to_string(setting.most);
    en = "must be a number within " + range;
    vi = "phải là số trong khoảng " + range;
  }
  return Error(Code::invalid, "base.config_bad_value",
               place + ": " + std::string(setting.name) + " " + en,
               place + ": " + std::string(setting.name) + " " + vi);
}

Result<std::string> value_of(const toml::Entry& entry, const Setting& setting,
                             const std::string& place) {
  if (setting.type == Setting::Type::text) {
    if (const auto* text = std::get_if<std::string>(&entry.value)) return *text;
  } else if (setting.type == Setting::Type::boolean) {
    if (const auto* flag = std::get_if<bool>(&entry.value)) {
      return std::string(*flag ? "true" : "false");
    }
  } else if (const auto* number = std::get_if<std::int64_t>(&entry.value)) {
    if (*number >= setting.least && *number <= setting.most) return std::to_string(*number);
  }
  return bad_value(setting, place);
}

}  // namespace

Config Config::defaults(const std::vector<Setting>& settings) {
  Config config;
  for (const Setting& setting : settings) {
    config.values_[std::string(setting.name)] = std::string(setting.fallback);
  }
  return config;
}

Result<Config> Config::parse(std::string_view toml_text, const std::string& name,
                             const std::vector<Setting>& settings) {
  Config config = defaults(settings);
  const auto entries = TRY(toml::read(toml_text, name));
  for (const toml::Entry& entry : entries) {
    const std::string place = toml::place(name, entry.line);
    const Setting* setting = find(settings, entry.name);
    if (setting == nullptr) return unknown(settings, entry.name, place);
    config.values_[entry.name] = TRY(value_of(entry, *setting, place));
  }
  return config;
}

Result<Config> Config::load(FileSystem& files, const std::string& path,
                            const std::vector<Setting>& settings) {
  const Bytes text = TRY(read_file(files, path, 1 << 20));
  return parse(text, path, settings);
}

const std::string& Config::text(std::string_view name) const {
  const auto found = values_.find(name);
  CHECK(found != values_.end());
  return found->second;
}
std::int64_t Config::integer(std::string_view name) const {
  const auto value = parse_int(text(name));
  CHECK(value.has_value());
  return *value;
}
bool Config::boolean(std::string_view name) const { return text(name) == "true"; }
void Config::set(std::string_view name, std::string value) {
  CHECK(values_.find(name) != values_.end());
  values_[std::string(name)] = std::move(value);
}

std::string sample_config(const std::vector<Setting>& settings) {
  std::ostringstream out;
  std::string table;
  for (const Setting& setting : settings) {
    const auto dot = setting.name.find('.');
    const std::string its_table(setting.name.substr(0, dot));
    if (its_table != table) {
      out << (table.empty() ? "" : "\n") << "[" << its_table << "]\n";
      table = its_table;
    }
    out << "# " << setting.vi << "\n# " << setting.en << "\n";
    const bool quoted = setting.type == Setting::Type::text;
    out << "# " << setting.name.substr(dot + 1) << " = " << (quoted ? "\"" : "") << setting.fallback
        << (quoted ? "\"" : "") << "\n";
  }
  return out.str();
}

}  // namespace base
