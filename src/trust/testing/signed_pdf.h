// PDFs with real signatures, for tests of what happens to documents.
#pragma once
#include <string>
#include <vector>

#include "base/time.h"
#include "trust/demo/authority.h"

namespace trust::testing {

// A decision signed (PAdES-B-B) by each in turn.
std::string signed_pdf(const std::vector<const demo::Credential*>& signers, base::Time at);

}  // namespace trust::testing
