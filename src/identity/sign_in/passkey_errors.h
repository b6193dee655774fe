// Why a passkey's answer is refused.
#pragma once
#include <string_view>

#include "base/result.h"

namespace identity {

base::Error passkey_malformed(std::string_view field);  // identity.passkey_malformed
base::Error passkey_refused(std::string_view field);    // identity.passkey_refused

}  // namespace identity
