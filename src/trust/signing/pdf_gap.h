// The signature dictionary with its gap. Private to signing.
#pragma once
#include <string>

#include "trust/signing/pdf_file.h"
#include "trust/signing/pdf_sign.h"

namespace trust::signing {

// Writes `file`'s update, in it `value` as a signature dictionary with `entries`, /ByteRange and a
// gap for `cms_bytes`, and digests the document and the update around the gap.
base::Result<PreparedPdf> write_with_gap(PdfFile& file, const Source& document,
                                         QPDFObjectHandle value, const std::string& entries,
                                         std::size_t cms_bytes, ContentDigest digest);

}  // namespace trust::signing
