// Which passwords a person may choose (NIST SP 800-63B §5.1.1.2: length and known ones, no rules on
// kinds of characters).
#pragma once
#include <string_view>

#include "base/result.h"

namespace identity {

// At least 12 and at most 128 characters of UTF-8; not, whatever digits and marks are put around
// it, one of the common ones; not the login or made of it; not one or two characters repeated.
// identity.password_short, identity.password_long, identity.password_common,
// identity.password_is_login.
base::Result<void> check_new_password(std::string_view password, std::string_view login);

}  // namespace identity
