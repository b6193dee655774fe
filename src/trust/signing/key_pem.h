// Private keys as encrypted PEM.
#pragma once
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "trust/handles.h"

namespace trust::signing {

// Rounds of PBKDF2: what OWASP asks of HMAC-SHA256 for what people can remember, and what is enough
// for 256 random bits.
inline constexpr int kPassphraseRounds = 600'000, kRandomRounds = 2048;

// PKCS#8 as PEM; with a password encrypted by AES-256-CBC under PBKDF2-HMAC-SHA256.
base::Result<base::Bytes> write_key_pem(evp_pkey_st* key, std::string_view password, int rounds);

// The private key of a PEM or PKCS#12 file, as above under another password. The errors of
// key_from_pem.
base::Result<base::Bytes> protect_key(base::BytesView file, std::string_view password,
                                      std::string_view new_password, int rounds);

}  // namespace trust::signing
