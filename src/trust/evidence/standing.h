// How far the sealing of evidences has come.
#pragma once
#include <cstdint>
#include <optional>

#include "base/result.h"
#include "base/time.h"
#include "store/connection.h"

namespace trust::evidence {

struct Standing {
  std::int64_t waiting = 0;                                                    // without a batch
  std::int64_t without_signature = 0, without_log = 0, without_timestamp = 0;  // batches
  // When the oldest was written that still lacks a signature, a place in the log, a timestamp.
  std::optional<base::Time> unsigned_since, unlogged_since, unstamped_since;
  std::optional<base::Time> logged_at;  // when the newest batch was made that is in the log
};

// The log and the timestamps are looked at only where the site has them.
base::Result<Standing> standing_of(store::Connection& connection, bool log, bool timestamps);

// How many entries of the log the records know of: what it must have at least.
base::Result<std::int64_t> logged_to(store::Connection& connection);
// Forgets what was logged, so that all of it is logged anew, in a log that is new too.
base::Result<void> forget_log(store::Connection& connection);

}  // namespace trust::evidence
