// Which documents could be the ones that are looked for, by the lists alone.
#pragma once
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "search/index.h"
#include "search/query.h"
#include "search/segments.h"

namespace search {

struct Candidate {
  float score = 0;
  std::int64_t number = 0;  // of the document in the index
};
struct Candidates {
  std::vector<Candidate> best;  // best first; of equal ones the later document
  std::int64_t matches = 0;
  bool partial = false;
  std::int64_t next_number = 0;  // documents from here on were not there yet
};
struct CandidateOptions {
  std::size_t best_max = 1000;
  std::int64_t postings_max = 0;
  std::int64_t before = 0;  // only documents below this number; 0: all
};
base::Result<Candidates> candidates(store::Connection& connection, Cache& cache, const Query& query,
                                    const Sight& sight, const CandidateOptions& options);

}  // namespace search
