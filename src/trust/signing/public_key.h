// What kind of key a public key is.
#pragma once
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "trust/handles.h"
#include "trust/key.h"

namespace trust::signing {

struct KeyKind {
  KeyAlgorithm algorithm = KeyAlgorithm::rsa;
  int bits = 0;
};
// Read once, for many signatures. Any thread.
class PublicKey {
 public:
  // From the DER of a SubjectPublicKeyInfo. trust.key_malformed: not RSA, P-256, P-384 or Ed25519.
  static base::Result<PublicKey> read(base::BytesView der);
  KeyKind kind() const { return kind_; }
  // Is `signature` one over `to_sign` (a SHA-256 digest; for Ed25519 the bytes themselves)?
  bool verifies(base::BytesView to_sign, base::BytesView signature) const;

 private:
  PublicKey(Handle<evp_pkey_st> key, KeyKind kind) : key_(std::move(key)), kind_(kind) {}
  Handle<evp_pkey_st> key_;
  KeyKind kind_;
};

// As PublicKey::read.
base::Result<KeyKind> kind_of(base::BytesView public_key);

// The same with a key that is read for this signature only.
bool verifies(base::BytesView public_key, base::BytesView to_sign, base::BytesView signature);

// An ECDSA signature as r and s side by side → DER.
base::Bytes ecdsa_der(base::BytesView raw);

}  // namespace trust::signing
