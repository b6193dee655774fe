// Making keys and asking for certificates. Keys in tokens: trust/signing/token_key.h.
#pragma once
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "trust/key.h"
#include "trust/signing/key_pem.h"

namespace trust::signing {

// PKCS#8 as PEM; encrypted as signing/key_pem.h says when there is a password. `bits` is for RSA:
// 2048, 3072 or 4096. trust.key_malformed for anything else.
base::Result<base::Bytes> create_key_pem(KeyAlgorithm algorithm, int bits,
                                         std::string_view password, int rounds = kPassphraseRounds);

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

// "CN=UBND tỉnh A,O=UBND tỉnh A,C=VN": C, ST, L, O, OU, CN, UID and E, with \ before a comma, an
// equals sign or a backslash that is meant so. trust.subject_malformed, which names the part.
base::Result<Subject> parse_subject(std::string_view text);

// PKCS#10 (RFC 2986), PEM, signed by the key. trust.subject_malformed, and the errors of the key.
base::Result<base::Bytes> certificate_request(SigningKey& key, const Subject& subject);

// Signs something and verifies it with the public key: does the key work, and is it that of its
// certificate? trust.key_mismatch, and the errors of the key.
base::Result<void> check_key(SigningKey& key);

}  // namespace trust::signing
