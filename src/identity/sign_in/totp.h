// One-time passwords by the clock, RFC 6238, as authenticator apps make them: SHA-1, 30 seconds, 6
// digits.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"

namespace identity {

inline constexpr std::size_t kTotpSecretBytes = 20;

std::int64_t totp_step(base::Time time);
// The code of one step, with leading zeros; at most 8 digits (RFC 4226 §5.3).
std::string totp_code(base::BytesView secret, std::int64_t step, int digits = 6);
// The step that `code` belongs to: now, the one before or the one after, and later than
// `last_used`, so that no code counts twice. Nothing when there is none. Takes the same time for
// each.
std::optional<std::int64_t> totp_match(base::BytesView secret, std::string_view code,
                                       base::Time now, std::int64_t last_used);
// "otpauth://totp/…", what the QR code holds.
std::string totp_uri(base::BytesView secret, std::string_view issuer, std::string_view login);

}  // namespace identity
