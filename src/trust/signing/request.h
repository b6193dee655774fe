// Making keys and asking for certificates. Keys in tokens: trust/signing/token_key.h.
#pragma once
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "trust/key.h"

namespace trust::signing {

// PKCS#8 as PEM; encrypted (AES-256-CBC, PBKDF2) when there is a password. `bits` is for RSA: 2048,
// 3072 or 4096. trust.key_malformed for anything else.
base::Result<base::Bytes> create_key_pem(KeyAlgorithm algorithm, int bits,
                                         std::string_view password);

// Empty parts are left out.
struct Subject {
  std::string country = "VN";     // C
  std::string province = {};      // ST
  std::string locality = {};      // L
  std::string organisation = {};  // O; for an organisation's seal the same as `name`
  std::string unit = {};          // OU
  std::string name = {};          // CN
  std::string id = {};            // UID, such as CCCD:0123… or MST:0123…
  std::string email = {};         // as subjectAltName
};

// PKCS#10 (RFC 2986), PEM, signed by the key. trust.subject_malformed, and the errors of the key.
base::Result<base::Bytes> certificate_request(SigningKey& key, const Subject& subject);

// Signs something and verifies it with the public key: does the key work, and is it that of its
// certificate? trust.key_mismatch, and the errors of the key.
base::Result<void> check_key(SigningKey& key);

}  // namespace trust::signing
