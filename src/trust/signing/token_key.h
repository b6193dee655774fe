// Making keys in PKCS#11 tokens. Signing with them: key_from_token in trust/key.h.
#pragma once
#include "base/bytes.h"
#include "base/result.h"
#include "trust/key.h"

namespace trust::signing {

// A new key pair that never leaves the token. Errors: trust.token_module, trust.key_exists,
// trust.key_unavailable, trust.key_refused.
base::Result<void> create_token_key(const TokenKey& where, KeyAlgorithm algorithm, int bits);

// Puts the certificate (DER) beside its key, in place of an earlier one. trust.key_mismatch,
// trust.certificate_malformed, and those above.
base::Result<void> store_token_certificate(const TokenKey& where, base::BytesView certificate);

}  // namespace trust::signing
