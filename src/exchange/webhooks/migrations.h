#pragma once
#include <vector>

#include "store/database.h"

namespace exchange::webhooks {
// The tables of webhooks; docs/formats/records.md.
const std::vector<store::Migration>& migrations();
}  // namespace exchange::webhooks
