// What is wrong with a document that is handed in, as an error.
#pragma once
#include "base/result.h"
#include "edxml/document.h"

namespace exchange {

// The first error of edxml::validate(), with its rule as the reason.
base::Result<void> refuse_findings(const edxml::Document& document, bool recipients_elsewhere);

}  // namespace exchange
