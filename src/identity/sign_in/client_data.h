// What the browser says it did (WebAuthn Level 3 §5.8.1).
#pragma once
#include <string_view>

#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"
#include "identity/sign_in/passkey_check.h"

namespace identity {

// The bytes of response.`field`, base64url, at most 64 KiB; identity.passkey_malformed.
base::Result<base::Bytes> answer_bytes(const base::Json& answer, std::string_view field);

// The bytes of clientDataJSON in `answer` once they are right: of `type`, for `challenge`, from one
// of the party's origins, and not from a page inside a foreign one. identity.passkey_malformed,
// identity.passkey_refused.
base::Result<base::Bytes> check_client_data(const RelyingParty& party, std::string_view type,
                                            base::BytesView challenge, const base::Json& answer);

}  // namespace identity
