// Which documents of a segment somebody may see.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "search/index.h"
#include "search/segments.h"

namespace search {

// Of one caller, for all segments that a query looks at.
class Visible {
 public:
  // `sight.all` is false.
  explicit Visible(const Sight& sight);
  // A bit for each document, in List::bytes, low bits first. Computed once for each set of
  // organisations and segment, as long as the cache holds it.
  base::Result<std::shared_ptr<const List>> documents(store::Connection& connection, Cache& cache,
                                                      const Segment& segment) const;

 private:
  std::vector<std::int64_t> organisations_;
  std::string name_;  // of the set, in the cache
};

}  // namespace search
