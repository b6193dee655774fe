// How people may sign in, as the site is configured.
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/config.h"
#include "base/result.h"
#include "base/time.h"
#include "identity/sign_in/passkey_check.h"
#include "identity/sign_in/password_hash.h"

namespace identity {

struct OidcOptions {
  std::string issuer;  // exactly as the provider writes it; empty: not offered
  std::string client_id;
  std::string client_secret;  // empty: a public client, PKCE alone
  std::string redirect_uri;
  std::string trust_file;  // PEM with extra authorities for the provider's TLS
  bool offered() const { return !issuer.empty(); }
};

struct SignInOptions {
  RelyingParty party;
  std::string name = "Trúc";  // in authenticator apps and passkey lists
  OidcOptions oidc;
  PasswordCost password_cost;
  base::Bytes pepper;
  base::Duration session_longest = std::chrono::hours(12);
  base::Duration session_idle = std::chrono::minutes(60);
  base::Duration fresh = std::chrono::minutes(5);  // how long a verified user counts as present
  // Failed passwords of strangers on the whole site in ten minutes before they are slowed down.
  int failures_max = 1000;
};

// From sign_in.*; the two secret files are read. An origin must be https://HOST[:PORT], or http://
// on this machine, and of the relying party's domain; the provider's addresses likewise.
// identity.sign_in_setting names the setting that is wrong.
base::Result<SignInOptions> sign_in_options(const base::Config& config, base::FileSystem& files);

}  // namespace identity
