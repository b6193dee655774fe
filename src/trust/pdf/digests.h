// The digests that a judgement of a PDF needs, in one pass over the file.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "trust/judge.h"

namespace trust::pdf {

// SHA-256 of the file, and of what each range covers.
struct Digests {
  base::Bytes whole;
  std::vector<base::Bytes> covered;
};

// Each of `ranges` is a Signature::range that lies in the file. What they begin with they have in
// common, and it is hashed once: the signatures of a document cover nearly the same bytes. A file
// that knows its own digest is read no further than the ranges need. Nothing when reading failed or
// the time is over.
std::optional<Digests> digests_of(const Source& source,
                                  const std::vector<std::array<std::uint64_t, 4>>& ranges,
                                  const Context& context);

}  // namespace trust::pdf
