#include "exchange/last_seen.h"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

namespace exchange {
namespace {

using store::Query;

const Query kOf{"exchange.system_seen", "select seen_at from system_seen where system = $1"};
const Query kWrite{"exchange.system_seen_write",
                   "insert into system_seen (system, seen_at) values ($1, $2) "
                   "on conflict (system) do update set seen_at = excluded.seen_at "
                   "where system_seen.seen_at < excluded.seen_at"};

}  // namespace

void LastSeen::note(SystemKey system) {
  const std::int64_t now = base::to_micros(clock_.now());
  {
    std::shared_lock lock(mutex_);
    if (const auto found = seen_.find(system); found != seen_.end()) {
      found->second.at.store(now, std::memory_order_relaxed);
      return;
    }
  }
  std::unique_lock lock(mutex_);
  seen_[system].at = now;
}

base::Result<std::optional<base::Time>> LastSeen::of(store::Connection& connection,
                                                     SystemKey system) const {
  std::int64_t at = TRY(connection.integer(kOf, {system})).value_or(0);
  std::shared_lock lock(mutex_);
  if (const auto found = seen_.find(system); found != seen_.end()) {
    at = std::max(at, found->second.at.load(std::memory_order_relaxed));
  }
  return at == 0 ? std::nullopt : std::optional(base::from_micros(at));
}

base::Result<std::int64_t> LastSeen::flush() {
  std::vector<std::pair<SystemKey, std::int64_t>> rows;
  {
    std::shared_lock lock(mutex_);
    for (const auto& [system, seen] : seen_) {
      if (seen.at > seen.written) rows.emplace_back(system, seen.at);
    }
  }
  if (rows.empty()) return 0;
  TRY(database_.write([&](store::Connection& connection) -> base::Result<void> {
    for (const auto& [system, at] : rows) TRY(connection.run(kWrite, {system, at}));
    return base::done();
  }));
  std::shared_lock lock(mutex_);
  for (const auto& [system, at] : rows) seen_.find(system)->second.written = at;
  return static_cast<std::int64_t>(rows.size());
}

}  // namespace exchange
