// Adding and removing authorities that signatures are judged by, once two administrators agree.
#pragma once
#include <string>

#include "identity/approvals.h"

namespace cli {

// `directory`: the site's anchors/. What was changed holds from the next start of `truc serve`.
void register_anchor_acts(identity::Approvals& approvals, const std::string& directory);

}  // namespace cli
