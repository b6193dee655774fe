// Judges the signatures of a PDF: PAdES (ETSI EN 319 142-1), the signatures of ISO 32000-1 §12.8
// and document timestamps, what they cover, and what the document gained after each.
#pragma once
#include "trust/judge.h"

namespace trust {

// A signature is valid only when a strict reader sees the file without repair, when the signature
// covers a whole revision from the first byte on, and when what came after is permitted. It is
// invalid when something that a reader sees was changed since, undetermined when nobody can tell.
DocumentReport judge_pdf(const Source& pdf, const Context& context);

}  // namespace trust
