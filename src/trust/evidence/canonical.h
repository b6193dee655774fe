// Canonical JSON (RFC 8785), as far as evidences need it.
#pragma once
#include <string>

#include "base/json.h"
#include "base/result.h"

namespace trust::evidence {

// trust.evidence_malformed (invalid) for fractions, repeated names and text that is not UTF-8.
base::Result<std::string> canonical(const base::Json& value);

}  // namespace trust::evidence
