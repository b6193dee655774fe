#include "cli/checkup.h"
#include "cli/commands.h"

namespace cli {

int doctor(const Terminal& terminal, const std::string& directory) {
  const auto config = load_config(directory);
  if (!config) return terminal.fail(config.error());
  base::Json checks{base::Json::Array{}};
  bool well = true;
  Checkup checkup([&](const exchange::rest::Check& check) {
    const char* const mark = !check.ok ? "✗ " : check.warning ? "! " : "✓ ";
    terminal.say({mark + check.text.vi, mark + check.text.en});
    base::Json one;
    one.add("ok", check.ok).add("vi", check.text.vi).add("en", check.text.en);
    if (check.warning) one.add("warning", true);
    checks.push(std::move(one));
    well = well && check.ok;
  });
  checkup.good("Cấu hình đọc được", "the configuration reads well");
  check_machine(checkup, directory);
  if (const auto site = Site::open(directory, false); !site) {
    checkup.bad("Không mở được máy chủ: " + site.error().text().in(base::Language::vietnamese),
                "the site cannot be opened: " + site.error().detail());
  } else {
    check_site(checkup, **site);
    check_database(checkup, **site);
    check_evidence(checkup, **site);
    check_keys(checkup, **site);
    check_backup(checkup, **site);
    check_helpers(checkup, **site);
  }
  base::Json json;
  json.add("ok", well).add("checks", std::move(checks));
  terminal.give(json);
  return well ? 0 : 1;
}

}  // namespace cli
