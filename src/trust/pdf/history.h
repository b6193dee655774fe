// The revisions of a PDF that its signatures cover, in order, and what changed from each to the
// next.
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "trust/pdf/changes.h"
#include "trust/pdf/file.h"
#include "trust/pdf/signature.h"

namespace trust::pdf {

struct Revision {
  std::uint64_t end = 0;
  bool store = false;  // it has a DSS
  // From this revision to the next, or to the end of the file.
  std::vector<Change> changes;
  std::optional<base::Error> unknown;  // why they could not be found
};

struct History {
  std::vector<Revision> revisions;  // the earliest first
  Survey survey;                    // of the file as it is now
};

// Sets `wrong` of signatures that do not end with a revision or were not in the one that they
// cover. Fails only when the file itself cannot be read.
base::Result<History> history_of(const File& file, const Source& source,
                                 std::vector<Signature>& signatures);

// What came after a signature, in order, and what that leaves of its verdict: invalid when
// something that a reader sees changed without permission, undetermined when nobody can tell what
// changed.
struct Later {
  Verdict verdict = Verdict::valid;
  base::Text worst;  // what it is for
  std::vector<base::Text> texts;
};
Later later_than(const History& history, const Signature& signature);

}  // namespace trust::pdf
