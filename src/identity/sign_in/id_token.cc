#include <algorithm>
#include <array>
#include <limits>

#include "base/hash.h"
#include "base/text.h"
#include "identity/sign_in/encoding.h"
#include "identity/sign_in/oidc.h"
#include "identity/sign_in/signature.h"

namespace identity {
namespace {

constexpr std::size_t kTokenBytesMax = 16 << 10, kSubjectBytesMax = 255;
constexpr std::int64_t kSkewSeconds = 60, kAgeSecondsMax = 600;
constexpr std::array<std::string_view, 4> kAlgorithms = {"RS256", "ES256", "PS256", "EdDSA"};

base::Error refused(std::string_view field) {
  const std::string shown(field);
  return base::Error(
      base::Code::unauthenticated, "identity.oidc_token_refused",
      "the sign-in provider's token is not accepted (" + shown + "); sign in again",
      "mã xác nhận của dịch vụ đăng nhập không được chấp nhận (" + shown + "); hãy đăng nhập lại");
}

base::Result<base::Json> part(std::string_view text, std::string_view field) {
  const auto bytes = from_base64url(text);
  if (!bytes || !base::is_utf8(*bytes)) return refused(field);
  auto json = base::Json::parse(*bytes);
  if (!json || !json->is_object()) return refused(field);
  // Two members of one name could be read differently by two programs (RFC 7515 §4).
  for (const auto& [name, value] : json->object()) {
    const auto same = [&](const base::Json::Member& other) { return other.first == name; };
    if (std::count_if(json->object().begin(), json->object().end(), same) != 1) {
      return refused(field);
    }
  }
  return std::move(*json);
}

std::optional<std::int64_t> seconds(const base::Json& value) {
  if (!value.is_number()) return std::nullopt;
  const double number = value.number();
  if (!(number >= 0 && number < 1e11)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

base::Result<void> check_times(const base::Json& claims, base::Time time) {
  const std::int64_t now = base::to_micros(time) / 1'000'000;
  const auto expires = seconds(claims["exp"]), issued = seconds(claims["iat"]);
  if (!expires || now >= *expires + kSkewSeconds) return refused("exp");
  if (!issued || *issued > now + kSkewSeconds || *issued + kAgeSecondsMax < now) {
    return refused("iat");
  }
  if (claims.has("nbf")) {
    const auto from = seconds(claims["nbf"]);
    if (!from || *from > now + kSkewSeconds) return refused("nbf");
  }
  return base::done();
}

// Core §3.1.3.7 (3)–(5).
base::Result<void> check_audience(const base::Json& claims, const std::string& client) {
  const base::Json& audience = claims["aud"];
  bool ours = audience.is_string() && audience.text() == client;
  for (const base::Json& one : audience.array()) ours = ours || one.text() == client;
  if (!ours || client.empty()) return refused("aud");
  const bool several = audience.array().size() > 1;
  if ((several || claims.has("azp")) && claims["azp"].text() != client) return refused("azp");
  return base::done();
}

}  // namespace

base::Result<std::string> check_id_token(std::string_view token, const IdTokenExpectation& expected,
                                         const JwkFinder& find) {
  if (token.size() > kTokenBytesMax) return refused("size");
  const auto parts = base::split(token, '.');
  if (parts.size() != 3) return refused("form");
  const base::Json header = TRY(part(parts[0], "header"));
  const std::string_view algorithm = header["alg"].text();
  if (std::find(kAlgorithms.begin(), kAlgorithms.end(), algorithm) == kAlgorithms.end()) {
    return refused("alg");
  }
  // RFC 7515 §4.1.11: whoever does not know an extension that is critical must refuse.
  if (header.has("crit")) return refused("crit");
  if (header.has("kid") && header["kid"].text().empty()) return refused("kid");
  const base::Json jwk = TRY(find(header["kid"].text()));
  if (jwk.has("alg") && jwk["alg"].text() != algorithm) return refused("alg");
  if (jwk.has("use") && jwk["use"].text() != "sig") return refused("use");
  const auto signature = from_base64url(parts[2]);
  if (!signature) return refused("signature");
  const std::string_view signed_bytes = token.substr(0, parts[0].size() + 1 + parts[1].size());
  TRY(check_jws(algorithm, jwk, signed_bytes, *signature));
  const base::Json claims = TRY(part(parts[1], "claims"));
  if (expected.issuer.empty() || claims["iss"].text() != expected.issuer) return refused("iss");
  TRY(check_audience(claims, expected.client_id));
  const bool asked = base::equal_constant_time(claims["nonce"].text(), expected.nonce);
  if (expected.nonce.empty() || !asked) return refused("nonce");
  TRY(check_times(claims, expected.now));
  const std::string subject(claims["sub"].text());
  if (subject.empty() || subject.size() > kSubjectBytesMax) return refused("sub");
  return subject;
}

}  // namespace identity
