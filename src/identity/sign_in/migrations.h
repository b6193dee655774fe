// The tables of sign-in: docs/formats/records.md.
#pragma once
#include <vector>

#include "store/database.h"

namespace identity {

// After those of identity.
const std::vector<store::Migration>& sign_in_migrations();

}  // namespace identity
