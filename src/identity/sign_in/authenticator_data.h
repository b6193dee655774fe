// What an authenticator signs (WebAuthn Level 3 §6.1), taken apart, and nothing left over.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace identity {

struct AuthenticatorData {
  base::Bytes rp_id_hash;  // 32 bytes
  bool user_present = false;
  bool user_verified = false;
  bool backup_eligible = false;
  bool backed_up = false;
  std::uint32_t counter = 0;
  // When a credential comes with it:
  bool attested = false;
  base::Bytes aaguid;         // 16 bytes
  base::Bytes credential_id;  // 1 to 1023 bytes
};

// identity.passkey_malformed when it is not exactly what its flags say, byte for byte.
base::Result<AuthenticatorData> parse_authenticator_data(base::BytesView bytes);

// What a registration brings (§6.5.4).
struct AttestationObject {
  std::string format;     // "none", "packed" …
  base::Bytes statement;  // a CBOR map, as it came
  base::Bytes authenticator_data;
};

// identity.passkey_malformed unless it is a map of these three and nothing else.
base::Result<AttestationObject> parse_attestation_object(base::BytesView bytes);

// The COSE algorithm that a statement of format "packed" says it is signed with (§8.2); nothing
// when it does not say.
std::optional<std::int64_t> statement_algorithm(base::BytesView statement);

// The length of the first CBOR item of `bytes` (RFC 8949, definite lengths only, at most 8 levels),
// or 0 when there is no whole one.
std::size_t cbor_item_bytes(base::BytesView bytes);

}  // namespace identity
