#include <map>
#include <optional>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/site.h"

namespace cli {
namespace {

constexpr std::uint64_t kSecretBytesMax = 4096;

// The secret as configured in the SDK: the file's content without the line end that editors add.
// Nothing when no file is named.
base::Result<std::optional<base::Bytes>> read_secret(const std::string& file) {
  if (file.empty()) return std::optional<base::Bytes>();
  base::Bytes secret = TRY(base::read_file(base::real_files(), file, kSecretBytesMax));
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
  return std::optional(std::move(secret));
}

base::Result<std::size_t> add(const SystemAddOptions& options) {
  std::vector<std::string> codes;
  for (const std::string& code : options.organisations) codes.emplace_back(base::trim(code));
  if (!options.organisations_file.empty()) {
    const base::Bytes text =
        TRY(base::read_file(base::real_files(), options.organisations_file, 16 << 20));
    for (const auto line : base::split(text, '\n')) {
      if (!base::trim(line).empty()) codes.emplace_back(base::trim(line));
    }
  }
  const auto secret = TRY(read_secret(options.secret_file));
  const auto site = TRY(Site::open(options.site, false));
  TRY(TRY(site->exchange())->directory().put_system(options.id, secret, codes));
  return codes.size();
}

}  // namespace

int system_add(const Terminal& terminal, const SystemAddOptions& options) {
  const auto count = add(options);
  if (!count) return terminal.fail(count.error());
  base::Json json;
  json.add("system", options.id).add("organisations", static_cast<std::int64_t>(*count));
  const std::string number = std::to_string(*count);
  terminal.answer({"Hệ thống " + options.id + " đã sẵn sàng, phục vụ " + number + " cơ quan.",
                   "System " + options.id + " is ready and serves " + number +
                       (*count == 1 ? " organisation." : " organisations.")},
                  json);
  return 0;
}

int system_list(const Terminal& terminal, const std::string& directory) {
  const auto site = Site::open(directory, false);
  if (!site) return terminal.fail(site.error());
  const auto exchange = (*site)->exchange();
  if (!exchange) return terminal.fail(exchange.error());
  const bool english = terminal.language() == base::Language::english;
  std::map<exchange::SystemKey, std::int64_t> served;
  (*exchange)->directory().each([&](const exchange::Organisation& organisation) {
    if (!organisation.deleted) ++served[organisation.system];
  });
  std::vector<std::vector<std::string>> rows;
  base::Json list{base::Json::Array{}};
  for (const auto& system : (*exchange)->directory().systems()) {
    const std::int64_t count = served[system.key];
    rows.push_back(
        {system.id, std::to_string(count),
         system.enabled ? (english ? "enabled" : "hoạt động") : (english ? "disabled" : "đã khóa"),
         base::vietnam_time_text(system.added_at, '-')});
    base::Json one;
    one.add("id", system.id).add("organisations", count).add("enabled", system.enabled);
    list.push(std::move(one));
  }
  terminal.give(list);
  if (english) {
    terminal.table({"System", "Organisations", "State", "Added"}, rows);
  } else {
    terminal.table({"Hệ thống", "Số cơ quan", "Trạng thái", "Thêm lúc"}, rows);
  }
  return 0;
}

int system_enable(const Terminal& terminal, const SystemAddOptions& options, bool enable) {
  const auto secret = read_secret(options.secret_file);
  if (!secret) return terminal.fail(secret.error());
  const auto site = Site::open(options.site, false);
  if (!site) return terminal.fail(site.error());
  const auto exchange = (*site)->exchange();
  if (!exchange) return terminal.fail(exchange.error());
  const std::string& id = options.id;
  if (const auto done = (*exchange)->directory().enable_system(id, enable, *secret); !done)
    return terminal.fail(done.error());
  base::Json json;
  json.add("system", id).add("enabled", enable);
  terminal.answer(
      enable ? base::Text{"Hệ thống " + id + " hoạt động trở lại.",
                          "System " + id + " is enabled again."}
             : base::Text{"Đã khóa hệ thống " + id + ". Mở lại: truc system enable -C " +
                              options.site + " " + id,
                          "System " + id + " is disabled. To undo: truc system enable -C " +
                              options.site + " " + id},
      json);
  return 0;
}

}  // namespace cli
