// How connected systems sign in to Trúc's own API: OAuth 2 client credentials (RFC 6749 §4.4),
// scoped API keys, and certificates (mutual TLS). The national protocol has its own secret
// (Directory).
//
// A secret is made here, shown once, and kept as its SHA-256: it has 256 random bits, so that
// guessing is no danger that a slow hash would help against. Any thread.
#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "identity/directory.h"
#include "identity/principal.h"
#include "store/database.h"

namespace identity {

// Kept in the database: append only.
enum class CredentialKind : unsigned char { client_secret, api_key, certificate };
std::string_view name_of(CredentialKind kind);
std::optional<CredentialKind> credential_kind_named(std::string_view name);

struct SystemCredential {
  CredentialKey key = 0;
  SystemKey system = 0;
  CredentialKind kind = CredentialKind::api_key;
  std::string name;         // what it is for, as whoever made it wrote
  Permissions permissions;  // for the organisations that the system serves
  base::Time added_at;
  std::optional<base::Time> expires_at, revoked_at;
  std::optional<base::Time> used_at;  // to within ten minutes
};

class SystemCredentials {
 public:
  // `secrets_key`: 32 bytes, the site's. What is passed in outlives this.
  SystemCredentials(store::Database& database, Directory& directory, const base::Clock& clock,
                    base::Random& random, base::BytesView secrets_key);

  struct Wanted {
    CredentialKind kind = CredentialKind::api_key;
    std::string name;
    Permissions permissions;
    std::optional<base::Time> expires_at;
    std::string fingerprint;  // of a certificate: SHA-256 in hex
  };
  struct Issued {
    CredentialKey key = 0;
    std::string secret;  // to be shown once; empty for a certificate
  };
  // Needs systems.manage for every organisation that the system serves. The platform's
  // administrators give a system its first credential; a further one would let them in as that
  // system, so that they need a second administrator (`approved`, Approvals):
  // identity.needs_approval. Others: identity.bad_credential, identity.system_unknown,
  // identity.not_permitted.
  base::Result<Issued> issue(const Principal& by, std::string_view system, const Wanted& wanted,
                             bool approved = false);
  // At once and for good. identity.credential_unknown.
  base::Result<void> revoke(const Principal& by, CredentialKey key);
  base::Result<std::vector<SystemCredential>> list(std::string_view system) const;
  // Whether `by` may manage that system; identity.not_permitted.
  base::Result<void> require_manager_of(const Principal& by, const ConnectedSystem& system) const;

  struct Token {
    std::string text;
    base::Duration lifetime{0};
    Permissions permissions;
  };
  // `scope`: the permissions asked for; empty: all that the credential has. identity.bad_client
  // (Code::unauthenticated) for whatever is wrong with the client; identity.bad_scope.
  base::Result<Token> token(std::string_view client, std::string_view secret,
                            std::string_view scope);

  // Who shows this; identity.bad_token (Code::unauthenticated) when it is not, no longer, or not
  // yet good. `bearer`: an access token or an API key.
  base::Result<Principal> of_bearer(std::string_view bearer);
  // `fingerprint`: SHA-256 in hex of a certificate that TLS has verified.
  base::Result<Principal> of_certificate(std::string_view fingerprint);
  // The system that these say they are of, whether or not they hold; 0: none that is known. Proves
  // nothing.
  SystemKey claimed_by_bearer(std::string_view bearer) const;
  SystemKey claimed_by_certificate(std::string_view fingerprint) const;

 private:
  struct Kept : SystemCredential {
    base::Bytes hash;
  };
  base::Result<void> refresh() const;
  base::Result<Principal> principal(CredentialKey key, Permissions limit);
  SystemKey system_of(CredentialKey key) const;
  void used(CredentialKey key);
  base::Bytes mac(base::BytesView payload) const;

  store::Database& database_;
  Directory& directory_;
  const base::Clock& clock_;
  base::Random& random_;
  const base::Bytes token_key_;
  mutable std::mutex mutex_;
  mutable std::int64_t version_ = -1;
  mutable std::unordered_map<CredentialKey, Kept> kept_;
  mutable std::unordered_map<std::string, CredentialKey> by_fingerprint_;
  mutable std::unordered_map<SystemKey, std::vector<OrganisationKey>> served_;
};

}  // namespace identity
