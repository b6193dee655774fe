// What kind of key a public key is.
#pragma once
#include "base/bytes.h"
#include "base/result.h"
#include "trust/key.h"

namespace trust::signing {

struct KeyKind {
  KeyAlgorithm algorithm = KeyAlgorithm::rsa;
  int bits = 0;
};
// From the DER of a SubjectPublicKeyInfo. trust.key_malformed: not RSA, P-256, P-384 or Ed25519.
base::Result<KeyKind> kind_of(base::BytesView public_key);

// Is `signature` one over `to_sign` (a SHA-256 digest; for Ed25519 the bytes themselves)?
bool verifies(base::BytesView public_key, base::BytesView to_sign, base::BytesView signature);

// An ECDSA signature as r and s side by side → DER.
base::Bytes ecdsa_der(base::BytesView raw);

}  // namespace trust::signing
