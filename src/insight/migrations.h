#pragma once
#include <vector>

#include "store/database.h"

namespace insight {
// docs/formats/insight.md. After those of the exchange.
const std::vector<store::Migration>& migrations();
}  // namespace insight
