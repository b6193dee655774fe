// Errors that more than one step of sign-in gives.
#pragma once
#include "base/result.h"

namespace identity {

base::Error sign_in_failed();         // identity.sign_in_failed
base::Error second_factor_missing();  // identity.second_factor_missing
base::Error code_refused();           // identity.code_refused
base::Error verification_needed();    // identity.verification_needed
base::Error credential_unknown();     // identity.credential_unknown

}  // namespace identity
