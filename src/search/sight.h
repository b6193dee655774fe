// Which documents of a segment somebody may see.
#pragma once
#include <memory>

#include "base/result.h"
#include "search/index.h"
#include "search/segments.h"

namespace search {

// A bit for each document, in List::bytes, low bits first. Computed once for each set of
// organisations and segment, as long as the cache holds it. `sight.all` is false.
base::Result<std::shared_ptr<const List>> visible_documents(store::Connection& connection,
                                                            Cache& cache, const Segment& segment,
                                                            const Sight& sight);

}  // namespace search
