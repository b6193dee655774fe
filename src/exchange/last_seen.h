// When connected systems last called: for whoever asks why something still waits.
#pragma once
#include <atomic>
#include <cstdint>
#include <optional>
#include <shared_mutex>
#include <unordered_map>

#include "exchange/identifiers.h"
#include "store/database.h"

namespace exchange {

// Calls are noted in memory and written together by flush(): after a crash those of the last minute
// are not known. Any thread.
class LastSeen {
 public:
  LastSeen(store::Database& database, const base::Clock& clock)
      : database_(database), clock_(clock) {}

  // `system` has called and shown who it is. Costs no disk.
  void note(SystemKey system);
  // Nothing when it has never called. `connection` is within a read of the same database, where
  // other nodes note their calls too.
  base::Result<std::optional<base::Time>> of(store::Connection& connection, SystemKey system) const;
  // Writes what was noted since the last time, in one transaction. Gives the number of systems.
  // Meant for once a minute. store.*; what was not written is written by the next one.
  base::Result<std::int64_t> flush();

 private:
  struct Seen {
    std::atomic<std::int64_t> at{0}, written{0};  // microseconds
  };
  store::Database& database_;
  const base::Clock& clock_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<SystemKey, Seen> seen_;
};

}  // namespace exchange
