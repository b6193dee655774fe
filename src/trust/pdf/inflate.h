// Decodes the few streams that make up a PDF's structure: cross-reference streams, object streams
// and what a DSS holds.
#pragma once
#include "base/bytes.h"
#include "base/result.h"
#include "trust/pdf/lexer.h"
#include "trust/pdf/object.h"

namespace trust::pdf {

// The decoded bytes of the stream at [begin, begin + size), at most `max` of them: a bomb costs no
// more than that. Filters: none, or FlateDecode once with or without a predictor; others are
// trust.pdf_filter_unknown. trust.pdf_malformed, trust.pdf_limit.
base::Result<base::Bytes> decode(const Source& source, std::uint64_t begin, std::uint64_t size,
                                 const Dict& dict, std::uint64_t max);

}  // namespace trust::pdf
