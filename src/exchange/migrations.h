#pragma once
#include <vector>

#include "store/database.h"

namespace exchange {
// The schema of the exchange, for Database::migrate(). docs/formats/records.md describes the
// tables.
const std::vector<store::Migration>& migrations();
}  // namespace exchange
