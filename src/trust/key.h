// A key that signs, wherever it is kept: in a file (PKCS#12, PEM), in a token (PKCS#11), or at a
// remote signing service (Cloud Signature Consortium API v2).
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace trust {

enum class KeyAlgorithm : unsigned char { rsa, ecdsa_p256, ecdsa_p384, ed25519 };

// Any thread.
class SigningKey {
 public:
  virtual ~SigningKey() = default;
  virtual KeyAlgorithm algorithm() const = 0;
  virtual int bits() const = 0;
  // DER, the signing certificate first; empty for a bare key.
  virtual const std::vector<base::Bytes>& certificates() const = 0;
  // Signatures over SHA-256 digests (32 bytes each), all under one authorisation: RSA as PKCS#1
  // v1.5, ECDSA as DER (r, s). Ed25519 signs the bytes given as they are. Errors:
  // trust.key_unavailable (unavailable: token gone, service down; may work later),
  // trust.key_refused (forbidden: wrong PIN, not authorised).
  virtual base::Result<std::vector<base::Bytes>> sign(const std::vector<base::Bytes>& digests) = 0;

  base::Result<base::Bytes> sign_one(base::BytesView digest);

  // DER of the SubjectPublicKeyInfo: of the first certificate unless the key itself knows better.
  // trust.no_certificate for a bare key that does not.
  virtual base::Result<base::Bytes> public_key() const;
};

// PEM: a private key (PKCS#8 or traditional, with `password` when encrypted) and certificates in
// the same or in another file. Errors: trust.key_malformed, trust.key_password, trust.key_mismatch.
base::Result<std::unique_ptr<SigningKey>> key_from_pem(base::BytesView pem,
                                                       std::string_view password);
base::Result<std::unique_ptr<SigningKey>> key_from_pkcs12(base::BytesView p12,
                                                          std::string_view password);

// A key in a PKCS#11 token. The session is opened when first needed and again after the token was
// away; a PIN that was refused is not tried again, since tokens lock themselves. A login is the
// process's: while another key of the same token is logged in, a wrong PIN goes unnoticed.
struct TokenKey {
  std::string module;  // "/usr/lib/softhsm/libsofthsm2.so"
  std::string token;   // its label
  std::string label;   // of the key and its certificate
  std::string pin;
  int sessions_max = 4;
};
// `certificates`: the signing one first; empty: the one in the token, and without one a bare key.
// Errors: trust.token_module, trust.key_malformed, and those of sign().
base::Result<std::unique_ptr<SigningKey>> key_from_token(const TokenKey& where,
                                                         std::vector<base::Bytes> certificates);

}  // namespace trust
