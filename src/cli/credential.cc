// Credentials of connected systems for Trúc's own API.
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/site.h"
#include "trust/certificate.h"

namespace cli {
namespace {

constexpr base::Duration kDay = std::chrono::hours(24);

// SHA-256 of the first certificate of a PEM file, in hex.
base::Result<std::string> fingerprint_of(std::string_view pem, const std::string& name) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  const auto from = pem.find(kBegin), to = pem.find(kEnd);
  if (from != std::string_view::npos && to != std::string_view::npos && from < to) {
    const auto der = base::from_base64(pem.substr(from + kBegin.size(), to - from - kBegin.size()));
    if (der && trust::read_certificate(*der)) return base::hex(base::sha256(*der));
  }
  return base::Error(base::Code::invalid, "cli.bad_certificate",
                     name + " holds no certificate in PEM", name + " không có chứng thư dạng PEM");
}

base::Result<identity::SystemCredentials::Wanted> wanted_of(const CredentialOptions& options,
                                                            base::Time now) {
  identity::SystemCredentials::Wanted wanted;
  const auto kind = identity::credential_kind_named(options.kind);
  if (!kind) {
    return base::Error(base::Code::invalid, "cli.bad_kind",
                       "--kind must be api_key, client_secret or certificate",
                       "--kind phải là api_key, client_secret hoặc certificate");
  }
  wanted.kind = *kind;
  wanted.name = options.name;
  wanted.permissions = options.permissions.empty()
                           ? identity::permissions_of_systems()
                           : TRY(identity::read_permissions(options.permissions));
  if (options.days > 0) wanted.expires_at = now + options.days * kDay;
  if (!options.certificate.empty()) {
    const base::Bytes pem = TRY(base::read_file(base::real_files(), options.certificate, 1 << 20));
    wanted.fingerprint = TRY(fingerprint_of(pem, options.certificate));
  }
  return wanted;
}

base::Json json_of(const identity::SystemCredential& one, bool good) {
  base::Json json;
  json.add("credential", one.key).add("kind", identity::name_of(one.kind)).add("name", one.name);
  json.add("permissions", identity::write_permissions(one.permissions)).add("good", good);
  if (one.expires_at) json.add("expires_at", base::iso_time_text(*one.expires_at));
  if (one.revoked_at) json.add("revoked_at", base::iso_time_text(*one.revoked_at));
  if (one.used_at) json.add("used_at", base::iso_time_text(*one.used_at));
  return json;
}

std::string day_text(const std::optional<base::Time>& time) {
  return time ? base::vietnam_time_text(*time, '-') : "–";
}

}  // namespace

int credential_add(const Terminal& terminal, const CredentialOptions& options) {
  const auto site = Site::open(options.site, false);
  if (!site) return terminal.fail(site.error());
  const auto identity = (*site)->identity();
  if (!identity) return terminal.fail(identity.error());
  const auto wanted = wanted_of(options, (*site)->clock.now());
  if (!wanted) return terminal.fail(wanted.error());
  // Who runs this on the machine stands outside of the acts that take two (rights.md).
  const auto issued =
      (*identity)->credentials.issue(identity::console(), options.system, *wanted, true);
  if (!issued) return terminal.fail(issued.error());
  base::Json json;
  json.add("system", options.system).add("credential", issued->key);
  if (issued->secret.empty()) {
    terminal.answer({"Hệ thống " + options.system + " đăng nhập được bằng chứng thư này.",
                     "System " + options.system + " can sign in with this certificate."},
                    json);
    return 0;
  }
  json.add("secret", issued->secret);
  terminal.answer(
      {"Khóa của hệ thống " + options.system +
           " (chỉ hiện một lần này, hãy cất ngay vào nơi an toàn):\n\n  " + issued->secret + "\n",
       "The secret of system " + options.system +
           " (shown this once; put it in a safe place now):\n\n  " + issued->secret + "\n"},
      json);
  return 0;
}

int credential_list(const Terminal& terminal, const CredentialOptions& options) {
  const auto site = Site::open(options.site, false);
  if (!site) return terminal.fail(site.error());
  const auto identity = (*site)->identity();
  if (!identity) return terminal.fail(identity.error());
  const auto all = (*identity)->credentials.list(options.system);
  if (!all) return terminal.fail(all.error());
  const bool english = terminal.language() == base::Language::english;
  base::Json list{base::Json::Array{}};
  std::vector<std::vector<std::string>> rows;
  for (const identity::SystemCredential& one : *all) {
    const bool good =
        !one.revoked_at && (!one.expires_at || (*site)->clock.now() < *one.expires_at);
    list.push(json_of(one, good));
    const std::string state = good             ? (english ? "good" : "hiệu lực")
                              : one.revoked_at ? (english ? "revoked" : "đã thu hồi")
                                               : (english ? "expired" : "hết hạn");
    rows.push_back({std::to_string(one.key), std::string(identity::name_of(one.kind)), one.name,
                    state, day_text(one.expires_at), day_text(one.used_at)});
  }
  terminal.give(list);
  if (english) {
    terminal.table({"Number", "Kind", "Name", "State", "Expires", "Last used"}, rows);
  } else {
    terminal.table({"Số", "Loại", "Tên", "Trạng thái", "Hết hạn", "Dùng lần cuối"}, rows);
  }
  return 0;
}

int credential_revoke(const Terminal& terminal, const CredentialOptions& options) {
  const auto site = Site::open(options.site, false);
  if (!site) return terminal.fail(site.error());
  const auto identity = (*site)->identity();
  if (!identity) return terminal.fail(identity.error());
  const auto done = (*identity)->credentials.revoke(identity::console(), options.number);
  if (!done) return terminal.fail(done.error());
  base::Json json;
  json.add("credential", options.number).add("revoked", true);
  const std::string number = std::to_string(options.number);
  terminal.answer(
      {"Đã thu hồi thông tin xác thực số " + number + ".", "Credential " + number + " is revoked."},
      json);
  return 0;
}

}  // namespace cli
