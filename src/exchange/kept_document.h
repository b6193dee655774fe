// The header of a document that was accepted before, read again from its bytes.
#pragma once
#include "base/result.h"
#include "edxml/document.h"
#include "store/blobs.h"

namespace exchange {

// In one pass from the beginning, in constant memory. Errors of edxml::Reader and of the store.
base::Result<edxml::Document> read_kept(store::BlobReader& content);

}  // namespace exchange
