#include "identity/sign_in/oidc.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "base/log.h"
#include "http/client.h"
#include "identity/sign_in/encoding.h"
#include "identity/sign_in/url_text.h"

namespace identity {
namespace {

constexpr std::size_t kSecretBytes = 32, kKeysMax = 64, kCodeBytesMax = 4096;
constexpr std::uint64_t kAnswerBytesMax = 256 << 10;
constexpr std::int64_t kDeadlineMicros = 10'000'000;
constexpr int kConnectMillis = 5000;
// How long discovery and keys are taken as they were read; how often an unknown kid may ask again;
// how long the last keys serve while the provider does not answer.
constexpr base::Duration kReadAgain = std::chrono::hours(1), kAskAgain = std::chrono::minutes(1),
                         kKeysLongest = std::chrono::hours(24);

base::Error unavailable(std::string_view what) {
  const std::string shown(what);
  return base::Error(base::Code::unavailable, "identity.oidc_unavailable",
                     "the sign-in provider does not answer as it should (" + shown +
                         "); try again later or sign in another way",
                     "dịch vụ đăng nhập không trả lời đúng (" + shown +
                         "); hãy thử lại sau hoặc đăng nhập bằng cách khác");
}

base::Error refused(std::string_view what) {
  const std::string shown(what);
  return base::Error(
      base::Code::unauthenticated, "identity.oidc_refused",
      "sign-in at the provider did not succeed (" + shown + "); begin again",
      "đăng nhập qua dịch vụ bên ngoài không thành công (" + shown + "); hãy làm lại từ đầu");
}

bool fresh(base::Time read_at, base::Time now, base::Duration within) {
  return now - read_at < within && now - read_at >= base::Duration(0);
}

// Endpoints are asked over TLS whenever the issuer is.
bool safe(const std::string& endpoint, const std::string& issuer) {
  const auto url = http::Url::parse(endpoint);
  const auto of_issuer = http::Url::parse(issuer);
  return url && of_issuer && (url->tls || !of_issuer->tls);
}

// What the provider says is for the log of nobody: only these words of RFC 6749 §4.1.2.1 go on.
std::string_view known_error(std::string_view error) {
  for (const std::string_view known :
       {"access_denied", "invalid_request", "unauthorized_client", "server_error",
        "temporarily_unavailable", "login_required", "consent_required", "invalid_scope"}) {
    if (error == known) return known;
  }
  return "error";
}

}  // namespace

Oidc::Oidc(const OidcOptions& options, const base::Clock& clock, base::Random& random)
    : options_(options), clock_(clock), random_(random) {}

base::Result<base::Json> Oidc::ask(const std::string& url, const std::string* form) {
  http::Client::Options options;
  options.url = TRY(http::Url::parse(url));
  options.trust_file = options_.trust_file;
  options.connect_timeout_ms = kConnectMillis;
  http::Client::Exchange exchange;
  exchange.answer_bytes_max = kAnswerBytesMax;
  exchange.deadline_micros = base::monotonic_micros() + kDeadlineMicros;
  exchange.headers.add("Accept", "application/json");
  if (form != nullptr) {
    exchange.method = http::Method::post;
    exchange.body = *form;
    exchange.headers.add("Content-Type", "application/x-www-form-urlencoded");
    if (!options_.client_secret.empty()) {
      // RFC 6749 §2.3.1: both are form-encoded before they are joined.
      const std::string pair =
          url_escaped(options_.client_id) + ":" + url_escaped(options_.client_secret);
      exchange.headers.add("Authorization", "Basic " + base::base64(pair));
    }
  }
  auto answer = http::Client::create(options)->exchange(exchange);
  if (!answer) return unavailable(answer.error().reason());
  if (answer->status != 200) return unavailable("HTTP " + std::to_string(answer->status));
  auto json = base::Json::parse(answer->body);
  if (!json || !json->is_object()) return unavailable("JSON");
  return std::move(*json);
}

// OpenID Connect Discovery 1.0 §4.
base::Result<Oidc::Provider> Oidc::provider() {
  std::lock_guard lock(mutex_);
  const base::Time now = clock_.now();
  if (provider_ && fresh(provider_->read_at, now, kReadAgain)) return *provider_;
  std::string base = options_.issuer;
  while (base.ends_with('/')) base.pop_back();
  const auto document = ask(base + "/.well-known/openid-configuration", nullptr);
  if (!document) {
    if (provider_ && fresh(provider_->read_at, now, kKeysLongest)) return *provider_;
    return document.error();
  }
  if ((*document)["issuer"].text() != options_.issuer) return unavailable("issuer");
  Provider read;
  read.authorization = std::string((*document)["authorization_endpoint"].text());
  read.token = std::string((*document)["token_endpoint"].text());
  read.jwks = std::string((*document)["jwks_uri"].text());
  for (const std::string& endpoint : {read.authorization, read.token, read.jwks}) {
    if (!safe(endpoint, options_.issuer)) return unavailable("endpoint");
  }
  read.names_itself = (*document)["authorization_response_iss_parameter_supported"].boolean();
  read.read_at = now;
  provider_ = read;
  return read;
}

base::Result<void> Oidc::read_keys(const std::string& jwks, base::Time now) {
  keys_asked_at_ = now;
  const base::Json set = TRY(ask(jwks, nullptr));
  if (!set["keys"].is_array() || set["keys"].array().size() > kKeysMax) return unavailable("keys");
  keys_ = set["keys"].array();
  keys_read_at_ = now;
  return base::done();
}

base::Result<base::Json> Oidc::key(const std::string& jwks, std::string_view kid) {
  std::lock_guard lock(mutex_);
  const auto find = [&]() -> const base::Json* {
    const base::Json* found = nullptr;
    for (const base::Json& key : keys_) {
      if (!kid.empty() && key["kid"].text() != kid) continue;
      if (found != nullptr) return nullptr;  // two of one name: neither
      found = &key;
    }
    return found;
  };
  const base::Time now = clock_.now();
  const bool current = keys_read_at_ && fresh(*keys_read_at_, now, kReadAgain);
  const bool may_ask = !keys_asked_at_ || !fresh(*keys_asked_at_, now, kAskAgain);
  if ((!current || find() == nullptr) && may_ask) {
    if (const auto read = read_keys(jwks, now); !read) {
      base::log::warning("identity.oidc_keys_not_read", {{"reason", read.error().reason()}});
    }
  }
  const bool usable = keys_read_at_ && fresh(*keys_read_at_, now, kKeysLongest);
  if (!usable) return unavailable("jwks");
  const base::Json* const found = find();
  if (found == nullptr) {
    return base::Error(base::Code::unauthenticated, "identity.oidc_token_refused",
                       "the sign-in provider's token names a key that it does not publish (kid); "
                       "sign in again",
                       "mã xác nhận của dịch vụ đăng nhập dùng khóa không được công bố (kid); "
                       "hãy đăng nhập lại");
  }
  return *found;
}

base::Result<Oidc::Begun> Oidc::begin() {
  const Provider asked = TRY(provider());
  const std::string state = base64url(random_.bytes(kSecretBytes));
  const std::string nonce = base64url(random_.bytes(kSecretBytes));
  const std::string verifier = base64url(random_.bytes(kSecretBytes));
  Begun begun;
  begun.url = asked.authorization +
              (asked.authorization.find('?') == std::string::npos ? "?" : "&") +
              "response_type=code&scope=openid&client_id=" + url_escaped(options_.client_id) +
              "&redirect_uri=" + url_escaped(options_.redirect_uri) + "&state=" + state +
              "&nonce=" + nonce + "&code_challenge=" + base64url(base::sha256(verifier)) +
              "&code_challenge_method=S256";
  begun.data.add("state", state).add("nonce", nonce).add("verifier", verifier);
  return begun;
}

base::Result<Oidc::Account> Oidc::finish(const base::Json& data, std::string_view query) {
  const auto state = query_value(query, "state");
  if (!state || !base::equal_constant_time(*state, data["state"].text())) return refused("state");
  const Provider asked = TRY(provider());
  // RFC 9207 §2.4: an answer of another provider is not taken for one of ours.
  const auto issuer = query_value(query, "iss");
  if ((asked.names_itself && !issuer) || (issuer && *issuer != options_.issuer)) {
    return refused("iss");
  }
  if (const auto error = query_value(query, "error")) return refused(known_error(*error));
  const auto code = query_value(query, "code");
  if (!code || code->empty() || code->size() > kCodeBytesMax) return refused("code");
  std::string form = "grant_type=authorization_code&code=" + url_escaped(*code) +
                     "&redirect_uri=" + url_escaped(options_.redirect_uri) +
                     "&code_verifier=" + url_escaped(data["verifier"].text());
  if (options_.client_secret.empty()) form += "&client_id=" + url_escaped(options_.client_id);
  const base::Json answer = TRY(ask(asked.token, &form));
  const IdTokenExpectation expected{options_.issuer, options_.client_id,
                                    std::string(data["nonce"].text()), clock_.now()};
  const auto find = [&](std::string_view kid) { return key(asked.jwks, kid); };
  Account account;
  account.issuer = options_.issuer;
  account.subject = TRY(check_id_token(answer["id_token"].text(), expected, find));
  return account;
}

}  // namespace identity
