#pragma once
#include <vector>

#include "store/database.h"

namespace exchange::notifications {
// The tables of readers; docs/formats/records.md.
const std::vector<store::Migration>& migrations();
}  // namespace exchange::notifications
