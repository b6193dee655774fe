// What Cairo does not write of a PDF.
#pragma once
#include "base/bytes.h"
#include "base/result.h"

namespace page {

// The same PDF with its language (Vietnamese), and its title to be shown instead of the file's
// name. page.unwritable (internal).
base::Result<base::Bytes> finished(base::BytesView pdf);

}  // namespace page
