// The chain of cross-reference sections (ISO 32000-1 §7.5.4, §7.5.8), tables, streams and hybrids.
#pragma once
#include "base/result.h"

namespace trust::pdf {

class File;
// Fills the file's trailer, places and sections, from its startxref on. Errors as File::open.
base::Result<void> read_xref(File& file);

}  // namespace trust::pdf
