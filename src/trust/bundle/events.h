// Whether evidences tell one story: about one document, in the order in which they were written,
// with none missing between them.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "trust/evidence/evidence.h"
#include "trust/verdict.h"

namespace trust::bundle {

// What became of the delivery to one recipient, by its evidences.
struct Course {
  std::string recipient;
  std::optional<base::Time> delivered, fetched;
  // The last answer or end: accepted, refused, taken back, kept, failed, run out.
  std::optional<evidence::Event> end;
  std::optional<base::Time> ended;
};
// In the order in which recipients appear. `evidences` in the order of the bundle.
std::vector<Course> courses_of(const std::vector<evidence::Evidence>& evidences);

struct Finding {
  Verdict outcome = Verdict::valid;
  base::Text message;
};
// Invalid: they are not about one document, or one is missing, twice there or in another place.
// Undetermined: an event that nothing led to (fetched before it was delivered).
Finding check_events(const std::vector<evidence::Evidence>& evidences,
                     base::Duration clock_tolerance);

}  // namespace trust::bundle
