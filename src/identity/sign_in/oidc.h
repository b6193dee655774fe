// Sign-in at a provider that speaks OpenID Connect (Core 1.0, code flow with PKCE, RFC 7636): we
// send the browser there, it comes back with a code, the code is exchanged for an id_token.
#pragma once
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "identity/sign_in/options.h"

namespace identity {

struct IdTokenExpectation {
  std::string issuer, client_id, nonce;
  base::Time now;
};
// Gives the key that a kid names (RFC 7517), or with an empty kid the only one there is.
using JwkFinder = std::function<base::Result<base::Json>(std::string_view kid)>;

// The subject of an id_token (OpenID Connect Core §3.1.3.7), once all is right: an algorithm of
// ours and the key's, the signature, issuer, audience, nonce and times (a minute of skew). Keys
// come from `find` alone: what the header says about where to fetch one is not looked at.
// identity.oidc_token_refused, identity.oidc_key_unusable, and those of `find`.
base::Result<std::string> check_id_token(std::string_view token, const IdTokenExpectation& expected,
                                         const JwkFinder& find);

// Any thread; calls that ask the provider take up to 10 seconds each.
class Oidc {
 public:
  // What is passed in outlives the object.
  Oidc(const OidcOptions& options, const base::Clock& clock, base::Random& random);

  struct Begun {
    std::string url;  // where the browser goes
    base::Json data;  // for finish(): state, nonce and verifier; a secret
  };
  // identity.oidc_unavailable.
  base::Result<Begun> begin();

  struct Account {
    std::string issuer, subject;
  };
  // `query` is that of the redirect. identity.oidc_refused (the provider said no, or the answer is
  // not one to this question), identity.oidc_unavailable, and those of check_id_token().
  base::Result<Account> finish(const base::Json& data, std::string_view query);

 private:
  struct Provider {
    std::string authorization, token, jwks;
    bool names_itself = false;  // RFC 9207: its answers have `iss`
    base::Time read_at;
  };
  base::Result<Provider> provider();
  base::Result<base::Json> key(const std::string& jwks, std::string_view kid);
  base::Result<void> read_keys(const std::string& jwks, base::Time now);
  base::Result<base::Json> ask(const std::string& url, const std::string* form);

  const OidcOptions& options_;
  const base::Clock& clock_;
  base::Random& random_;
  std::mutex mutex_;  // held while the provider is asked: one question at a time
  std::optional<Provider> provider_;
  std::vector<base::Json> keys_;
  std::optional<base::Time> keys_read_at_, keys_asked_at_;
};

}  // namespace identity
