// The alphabets in which sign-in writes bytes: base64url for browsers and tokens, base32 for what
// people type.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace identity {

// RFC 4648 §5, without padding.
std::string base64url(base::BytesView bytes);
// Strict: no padding, no white space, no spare bits; nothing otherwise.
std::optional<base::Bytes> from_base64url(std::string_view text);
// RFC 4648 §6, without padding.
std::string base32(base::BytesView bytes);
// The bytes of `text` in groups of four base32 characters: "K7QX-2M4N-…".
std::string typed_code(base::BytesView bytes);
// What a person typed, brought back to the characters of typed_code(): upper case, without spaces
// and hyphens; 0, 1 and 8, which base32 has not, are read as O, I and B.
std::string normalised_typed(std::string_view text);

}  // namespace identity
