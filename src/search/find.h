// From a question to a page of hits: candidates by the lists, then a closer look at the best of
// them.
#pragma once
#include "search/index.h"
#include "search/segments.h"

namespace search {

// Index::find().
base::Result<Found> find(store::Database& database, Cache& cache, const Request& request,
                         std::int64_t postings_max);

}  // namespace search
