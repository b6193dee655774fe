// Digests and signature algorithms by their names and object identifiers, and the one place where
// a signature is checked against a key.
#pragma once
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "trust/asn1.h"
#include "trust/handles.h"

struct evp_md_st;

namespace trust {

// "SHA-256" for 2.16.840.1.101.3.4.2.1; empty when unknown.
std::string_view digest_name(std::string_view oid);
const evp_md_st* digest_named(std::string_view name);  // null when unknown

// A digest fed in pieces. One thread.
class Digest {
 public:
  explicit Digest(std::string_view name);  // of a known digest
  void update(base::BytesView bytes);
  base::Bytes finish();  // once

 private:
  Handle<evp_md_ctx_st> context_;
};
base::Bytes digest_of(std::string_view name, base::BytesView bytes);

struct SignatureAlgorithm {
  enum class Kind : unsigned char { unknown, rsa_pkcs1, rsa_pss, ecdsa, eddsa, dsa };
  Kind kind = Kind::unknown;
  std::string digest;       // empty: the identifier does not say
  std::string mask_digest;  // of RSA-PSS
  int salt = 0;
};
// From the identifier and its parameters; unknown when either makes no sense.
SignatureAlgorithm signature_algorithm(const asn1::Algorithm& identifier);

// What a key is called in the policy: "RSA", "ECDSA", "Ed25519", "Ed448", "DSA", else "other".
std::string_view key_name(const evp_pkey_st* key);
// "RSA-2048 PKCS#1 v1.5", "ECDSA P-256", "Ed25519"
std::string signature_text(const SignatureAlgorithm& algorithm, const evp_pkey_st* key);

// Both need a known kind that fits the key, and a known digest.
bool fits(const SignatureAlgorithm& algorithm, const evp_pkey_st* key);
bool verifies_digest(const evp_pkey_st* key, const SignatureAlgorithm& algorithm,
                     base::BytesView digest, base::BytesView signature);
bool verifies_message(const evp_pkey_st* key, const SignatureAlgorithm& algorithm,
                      base::BytesView message, base::BytesView signature);
// Whether an RSA PKCS#1 v1.5 signature was made with this key over some other digest.
bool signs_something_else(const evp_pkey_st* key, const SignatureAlgorithm& algorithm,
                          base::BytesView digest, base::BytesView signature);

}  // namespace trust
