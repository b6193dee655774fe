#include "identity/sign_in/options.h"

#include <string_view>

#include "base/text.h"
#include "http/client.h"

namespace identity {
namespace {

constexpr std::size_t kSecretBytesMax = 4096;

base::Error bad_setting(std::string_view name, const std::string& en, const std::string& vi) {
  return base::Error(base::Code::invalid, "identity.sign_in_setting",
                     "setting " + std::string(name) + ": " + en,
                     "mục cấu hình " + std::string(name) + ": " + vi);
}

bool of_this_machine(std::string_view host) {
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]" || host == "::1";
}

// https, or plain on this machine.
base::Result<http::Url> safe_url(std::string_view setting, const std::string& text) {
  auto url = http::Url::parse(text);
  if (!url || (!url->tls && !of_this_machine(url->host))) {
    return bad_setting(setting, text + " must be an address that begins with https://",
                       text + " phải là địa chỉ bắt đầu bằng https://");
  }
  return std::move(*url);
}

base::Result<RelyingParty> relying_party(const base::Config& config) {
  RelyingParty party;
  party.id = config.text("sign_in.domain");
  for (const std::string_view item : base::split(config.text("sign_in.origins"), ',')) {
    const std::string origin(base::trim(item));
    if (origin.empty()) continue;
    const http::Url url = TRY(safe_url("sign_in.origins", origin));
    const bool within = url.host == party.id || url.host.ends_with("." + party.id);
    if (!url.path.empty() || origin.ends_with('/') || !within) {
      return bad_setting(
          "sign_in.origins",
          origin + " must be https://HOST of the domain " + party.id + " without a path",
          origin + " phải có dạng https://MÁY thuộc tên miền " + party.id + ", không có đường dẫn");
    }
    party.origins.push_back(origin);
  }
  return party;
}

base::Result<base::Bytes> secret_of(const base::Config& config, std::string_view setting,
                                    base::FileSystem& files) {
  const std::string& path = config.text(setting);
  if (path.empty()) return base::Bytes();
  const base::Bytes bytes = TRY(base::read_file(files, path, kSecretBytesMax));
  const std::string_view secret = base::trim(bytes);
  if (secret.empty()) return bad_setting(setting, path + " is empty", path + " là tệp rỗng");
  return base::Bytes(secret);
}

}  // namespace

base::Result<SignInOptions> sign_in_options(const base::Config& config, base::FileSystem& files) {
  SignInOptions options;
  options.party = TRY(relying_party(config));
  options.pepper = TRY(secret_of(config, "sign_in.pepper_file", files));
  options.session_longest = std::chrono::hours(config.integer("sign_in.session_hours"));
  options.session_idle = std::chrono::minutes(config.integer("sign_in.idle_minutes"));
  options.failures_max = static_cast<int>(config.integer("sign_in.failures_max"));
  OidcOptions& oidc = options.oidc;
  oidc.issuer = config.text("sign_in.oidc_issuer");
  if (!oidc.offered()) return options;
  TRY(safe_url("sign_in.oidc_issuer", oidc.issuer));
  oidc.client_id = config.text("sign_in.oidc_client");
  oidc.client_secret = TRY(secret_of(config, "sign_in.oidc_secret_file", files));
  oidc.redirect_uri = config.text("sign_in.oidc_redirect");
  oidc.trust_file = config.text("sign_in.oidc_trust");
  TRY(safe_url("sign_in.oidc_redirect", oidc.redirect_uri));
  if (oidc.client_id.empty()) {
    return bad_setting("sign_in.oidc_client", "is empty; take the id that the provider gave",
                       "đang để trống; hãy điền mã do dịch vụ đăng nhập cấp");
  }
  return options;
}

}  // namespace identity
