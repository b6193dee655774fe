// The ladder of schema steps, kept in the table schema_version.
#pragma once
#include <functional>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/database.h"

namespace store {

// Runs one change in a transaction of the writer.
using WriteOne =
    std::function<base::Result<void>(const std::function<base::Result<void>(Connection&)>&)>;

// As Database::migrate: each step in a transaction of its own, recorded with it. Another process
// may migrate at the same time: every step looks again whether it is still missing.
base::Result<void> apply_migrations(const WriteOne& write, const base::Clock& clock,
                                    const std::vector<Migration>& migrations);

}  // namespace store
