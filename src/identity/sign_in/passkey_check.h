// Answers of authenticators judged: WebAuthn Level 3 §7.1 (registration) and §7.2 (assertion). No
// state here: who calls keeps challenges and credentials. libfido2 stays behind passkey_check.cc.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"

namespace identity {

struct RelyingParty {
  std::string id;                    // "truc.example.gov.vn"
  std::vector<std::string> origins;  // "https://truc.example.gov.vn"
};

// A public key as the authenticator gave it.
struct PasskeyKey {
  int algorithm = 0;  // COSE: -7 ES256, -8 EdDSA, -257 RS256
  base::Bytes bytes;  // ES256: x, y; EdDSA: the key; RS256: n, e (256 and 3 bytes)
};

struct NewPasskey {
  base::Bytes id;
  PasskeyKey key;
  std::uint32_t counter = 0;
  bool backup_eligible = false, backed_up = false;
  base::Bytes aaguid;
};

// `answer` is RegistrationResponseJSON (§5.1.8.1). The user must have been verified; attestation is
// "none" or by the credential's own key ("packed" without certificates).
// identity.passkey_malformed, identity.passkey_refused.
base::Result<NewPasskey> check_registration(const RelyingParty& party, base::BytesView challenge,
                                            const base::Json& answer);

struct KnownPasskey {
  base::Bytes id;
  PasskeyKey key;
  std::uint32_t counter = 0;
  bool backup_eligible = false;
};

struct PasskeyUse {
  std::uint32_t counter = 0;
  bool backed_up = false;
  base::Bytes user_handle;  // empty when the authenticator gave none
};

// `answer` is AuthenticationResponseJSON. Errors as above; identity.passkey_copied when the counter
// did not grow: somebody else may have a copy of the key.
base::Result<PasskeyUse> check_assertion(const RelyingParty& party, base::BytesView challenge,
                                         const KnownPasskey& known, const base::Json& answer);

// The credential's id that `answer` names; identity.passkey_malformed.
base::Result<base::Bytes> passkey_id(const base::Json& answer);

}  // namespace identity
