// How long something takes, where some of it has not happened yet: the Kaplan–Meier estimator over
// classes of durations. Open cases count as "at least so long", never as if they were not there.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "insight/cell.h"

namespace insight {

class Survival {
 public:
  // `happened`: after how long it did; `open`: how long it has not so far, or until it could not
  // happen any more. Those of the same class as something that happened were still awaited then.
  Survival(const Durations& happened, const Durations& open);

  std::int64_t happened() const { return happened_; }
  std::int64_t cases() const { return cases_; }
  // The share, of 1, that takes longer than the class of `duration`; what the last known class says
  // beyond it.
  double beyond(base::Duration duration) const;
  // Within how many seconds `share` (of 1) of all has happened: the end of the class in which it
  // does. Nothing when so many have not happened yet: it is not known.
  std::optional<std::int64_t> within_seconds(double share) const;
  // Up to how many seconds anything is known at all: where the last class begins.
  std::int64_t known_seconds() const {
    return beyond_.size() < 2 ? 0 : last_second_of(beyond_.size() - 2) + 1;
  }

 private:
  std::int64_t happened_ = 0, cases_ = 0;
  std::vector<double> beyond_;  // by class
};

}  // namespace insight
