// Judges signed containers: ASiC-E and ASiC-S with XAdES or CAdES (ETSI EN 319 162-1). What is
// accepted and what is refused: docs/formats/asice.md.
#pragma once
#include "trust/judge.h"

namespace trust {

// Every signature with the files that it covers. A container with a file that no signature covers
// is undetermined at best, and the file is named. Files within are content: a container within a
// container is not opened.
DocumentReport judge_asice(const Source& container, const Context& context);

}  // namespace trust
