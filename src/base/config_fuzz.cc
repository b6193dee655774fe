// Whatever stands in truc.toml is read or refused with a sentence that names the place.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/config.h"
#include "base/text.h"

namespace {

const std::vector<base::Setting>& settings() {
  using Type = base::Setting::Type;
  static const std::vector<base::Setting> kAll = {
      {"a.text", Type::text, "x", 0, 0, "Text.", "Chuỗi."},
      {"a.number", Type::integer, "4", 1, 9, "Number.", "Số."},
      {"b.flag", Type::boolean, "true", 0, 0, "Flag.", "Cờ."},
  };
  return kAll;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = base::Config::parse(text, "truc.toml", settings());
  if (!config.ok()) {
    CHECK(config.error().code() == base::Code::invalid);
    CHECK(config.error().text().en.starts_with("truc.toml:"));
    CHECK(config.error().text().vi.starts_with("truc.toml:"));
    return 0;
  }
  CHECK(base::is_utf8(config->text("a.text")));
  CHECK(config->text("a.text").find('\0') == std::string::npos);
  CHECK(config->integer("a.number") >= 1 && config->integer("a.number") <= 9);
  static_cast<void>(config->boolean("b.flag"));
  return 0;
}
