#pragma once
#include <vector>

#include "store/database.h"

namespace exchange {
// The schema of the exchange, for Database::migrate(). docs/formats/records.md describes the
// tables.
const std::vector<store::Migration>& migrations();

// The whole schema of a site: this module's and those below it.
base::Result<void> migrate(store::Database& database);
}  // namespace exchange
