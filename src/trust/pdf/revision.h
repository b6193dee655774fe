// Two revisions of a PDF, the earlier one a prefix of the later: which objects differ, and who
// refers to them.
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "base/result.h"
#include "trust/pdf/file.h"

namespace trust::pdf {

// The numbers, in order, of the objects that are in one of them only or that differ; an object that
// was written again with the same content does not.
base::Result<std::vector<std::uint32_t>> changed_objects(const File& before, const File& after);

struct Edge {  // `holder` refers to `target`; holder 0 is the trailer
  std::uint32_t holder = 0, target = 0;
};

struct Survey {
  std::vector<Edge> edges;                // to the targets, one for each time that it is named
  std::vector<std::uint32_t> signatures;  // objects that look like a signature's dictionary
  std::uint64_t damaged = 0;              // objects that are not where the table says
  std::optional<base::Text> damage;       // of the first
};
// Reads every object of the file once. `targets` in order.
base::Result<Survey> survey(const File& file, const std::vector<std::uint32_t>& targets);

// Calls `seen` for every reference within the object.
void each_ref(const Object& object, const std::function<void(Ref)>& seen);

}  // namespace trust::pdf
