// How work behind acceptance gives way to it: followers of the journal read again what has just
// been accepted, on the same processors and the same disk.
#pragma once
#include <chrono>
#include <cstdint>

#include "store/database.h"

namespace cli {

// Processor and disk serve the calling thread, from now on, when nobody else wants them more. What
// the system refuses stays as it is.
void lower_priority();

// Whether the writer has more to do than it can do at once. One thread.
class GivingWay {
 public:
  // `database` outlives it. `at_most`: how long somebody who is behind gives way.
  GivingWay(const store::Database& database, std::chrono::seconds at_most)
      : database_(database), at_most_(at_most) {}

  // Whether to wait: changes have come several to a commit since the last call, so they wait for
  // one another, and the caller has been behind for less than `at_most`. A bounded delay, however
  // long the rush lasts.
  bool now(std::chrono::steady_clock::time_point time);
  // The caller has done all that there was.
  void caught_up(std::chrono::steady_clock::time_point time) { caught_up_ = time; }

 private:
  const store::Database& database_;
  const std::chrono::seconds at_most_;
  std::chrono::steady_clock::time_point caught_up_ = std::chrono::steady_clock::now();
  std::uint64_t commits_ = 0, changes_ = 0;
};

}  // namespace cli
