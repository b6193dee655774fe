// The signatures of id_tokens, and the old HMAC of one-time passwords. OpenSSL stays behind
// signature.cc.
#pragma once
#include <string_view>

#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"

namespace identity {

base::Bytes hmac_sha1(base::BytesView key, base::BytesView message);

// Whether `signature` is one of `signed_bytes` by the key `jwk` (RFC 7517) with the algorithm
// `algorithm` of RFC 7518: RS256, PS256 (RSA of 2048 to 8192 bits), ES256 (P-256) or EdDSA
// (Ed25519), and nothing else. The key must be of the kind that the algorithm takes: a public key
// is never used as a secret. identity.oidc_key_unusable, identity.oidc_token_refused.
base::Result<void> check_jws(std::string_view algorithm, const base::Json& jwk,
                             base::BytesView signed_bytes, base::BytesView signature);

}  // namespace identity
