#pragma once
#include <vector>

#include "store/database.h"

namespace exchange::feed {
// The tables of the feed; docs/formats/records.md.
const std::vector<store::Migration>& migrations();
}  // namespace exchange::feed
