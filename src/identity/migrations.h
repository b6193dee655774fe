// The tables of identity: docs/formats/records.md.
#pragma once
#include <vector>

#include "store/database.h"

namespace identity {

// After the journal's.
const std::vector<store::Migration>& migrations();

}  // namespace identity
