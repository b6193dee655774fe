#include "exchange/system_calls.h"

#include <algorithm>
#include <array>

namespace exchange {
namespace {

using store::Query;

constexpr std::int64_t kSlotMicros = 600'000'000, kSlotsOfHour = 6, kSlotsOfDay = 144;
constexpr std::size_t kRemoteBytesMax = 64;
constexpr std::string_view kOther = "other";

const Query kLast{"exchange.system_seen", "select seen_at from system_seen where system = $1"};
const Query kSeen{"exchange.system_seen_whole",
                  "select coalesce(first_at, seen_at), seen_at, protocol, remote from system_seen "
                  "where system = $1"};
const Query kWrite{"exchange.system_seen_write",
                   "insert into system_seen (system, seen_at, first_at, protocol, remote) "
                   "values ($1, $2, $3, $4, $5) on conflict (system) do update set "
                   "first_at = coalesce(system_seen.first_at, system_seen.seen_at), "
                   "seen_at = excluded.seen_at, protocol = excluded.protocol, "
                   "remote = excluded.remote where system_seen.seen_at < excluded.seen_at"};
const Query kRefused{"exchange.system_refused",
                     "select reason, calls, first_at, last_at, protocol, remote from "
                     "system_refused where system = $1 order by last_at desc limit 100"};
const Query kLately{"exchange.system_refused_lately",
                    "select reason, slot, calls from system_refused_lately where system = $1 and "
                    "slot > $2"};
const Query kWriteRefused{
    "exchange.system_refused_write",
    "insert into system_refused (system, reason, calls, first_at, last_at, protocol, remote) "
    "values ($1, $2, $3, $4, $5, $6, $7) on conflict (system, reason) do update set "
    "calls = system_refused.calls + excluded.calls, last_at = excluded.last_at, "
    "protocol = excluded.protocol, remote = excluded.remote"};
const Query kWriteLately{"exchange.system_refused_lately_write",
                         "insert into system_refused_lately (system, slot, reason, calls) "
                         "values ($1, $2, $3, $4) on conflict (system, slot, reason) do update set "
                         "calls = system_refused_lately.calls + excluded.calls"};
const Query kForget{"exchange.system_refused_forget",
                    "delete from system_refused_lately where system = $1 and slot <= $2"};

std::int64_t slot_of(base::Time at) { return base::to_micros(at) / kSlotMicros; }

CallProtocol protocol_of(std::int64_t number) {
  return number > 0 && number <= static_cast<std::int64_t>(CallProtocol::token)
             ? static_cast<CallProtocol>(number)
             : CallProtocol::unknown;
}

void count_lately(RefusedCalls& to, std::int64_t slot, std::int64_t calls, std::int64_t now) {
  if (slot > now - kSlotsOfDay) to.last_day += calls;
  if (slot > now - kSlotsOfHour) to.last_hour += calls;
}

RefusedCalls& entry(std::vector<RefusedCalls>& all, std::string_view reason) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const RefusedCalls& one) { return one.reason == reason; });
  if (found != all.end()) return *found;
  all.emplace_back().reason = reason;
  return all.back();
}

}  // namespace

std::string_view name_of(CallProtocol protocol) {
  constexpr std::array<std::string_view, 4> kNames = {"unknown", "vxp", "api", "token"};
  return kNames.at(static_cast<std::size_t>(protocol));
}

void SystemCalls::Refused::add(const Refused& earlier) {
  if (calls == 0) last = earlier.last;
  calls += earlier.calls;
  first_at = earlier.first_at;
  for (const auto& [slot, number] : earlier.slots) slots[slot] += number;
}

SystemCalls::Seen* SystemCalls::find(SystemKey system) const {
  std::shared_lock lock(mutex_);
  const auto found = seen_.find(system);
  return found == seen_.end() ? nullptr : found->second.get();
}

SystemCalls::Seen& SystemCalls::seen(SystemKey system) {
  if (Seen* const known = find(system)) return *known;
  std::unique_lock lock(mutex_);
  auto& place = seen_[system];
  if (!place) place = std::make_unique<Seen>();
  return *place;
}

void SystemCalls::tell(Seen& seen) {
  std::vector<std::shared_ptr<CallListener>> listeners;
  {
    std::lock_guard lock(seen.mutex);
    if (seen.listeners.empty()) return;
    std::erase_if(seen.listeners, [](const auto& one) { return one.expired(); });
    for (const auto& one : seen.listeners) listeners.push_back(one.lock());
  }
  for (const auto& one : listeners) {
    if (one) one->called();
  }
}

void SystemCalls::note(SystemKey system, CallProtocol protocol, std::string_view remote) {
  const base::Time now = clock_.now();
  Seen& one = seen(system);
  {
    std::lock_guard lock(one.mutex);
    if (!one.first) one.first = now;
    if (!one.last) one.last.emplace();
    one.last->at = now;
    one.last->protocol = protocol;
    one.last->remote.assign(remote.substr(0, kRemoteBytesMax));
    one.written = false;
  }
  tell(one);
}

void SystemCalls::refuse(SystemKey system, CallProtocol protocol, std::string_view remote,
                         std::string_view reason) {
  const base::Time now = clock_.now();
  Seen& one = seen(system);
  {
    std::lock_guard lock(one.mutex);
    if (one.refused.size() >= kRefusalReasonsMax && !one.refused.contains(reason)) reason = kOther;
    Refused& refused = one.refused[std::string(reason)];
    if (refused.calls == 0) refused.first_at = now;
    ++refused.calls;
    ++refused.slots[slot_of(now)];
    refused.last = {now, protocol, std::string(remote.substr(0, kRemoteBytesMax))};
  }
  tell(one);
}

base::Result<std::optional<base::Time>> SystemCalls::last(store::Connection& connection,
                                                          SystemKey system) const {
  std::int64_t at = TRY(connection.integer(kLast, {system})).value_or(0);
  if (Seen* const known = find(system)) {
    std::lock_guard lock(known->mutex);
    if (known->last) at = std::max(at, base::to_micros(known->last->at));
  }
  return at == 0 ? std::nullopt : std::optional(base::from_micros(at));
}

base::Result<SeenCalls> SystemCalls::of(store::Connection& connection, SystemKey system) const {
  SeenCalls calls;
  TRY(connection.first(kSeen, {system}, [&](const store::Row& row) {
    calls.first = row.time(0);
    calls.last = SystemCall{row.time(1), protocol_of(row.integer(2)), row.string(3)};
  }));
  TRY(connection.each(kRefused, {system}, [&](const store::Row& row) {
    calls.refused.push_back({row.string(0),
                             row.integer(1),
                             0,
                             0,
                             row.time(2),
                             {row.time(3), protocol_of(row.integer(4)), row.string(5)}});
    return true;
  }));
  const std::int64_t now = slot_of(clock_.now());
  TRY(connection.each(kLately, {system, now - kSlotsOfDay}, [&](const store::Row& row) {
    for (RefusedCalls& one : calls.refused) {
      if (one.reason == row.text(0)) count_lately(one, row.integer(1), row.integer(2), now);
    }
    return true;
  }));
  if (Seen* const known = find(system)) {
    std::lock_guard lock(known->mutex);
    if (known->first && !calls.first) calls.first = known->first;
    if (known->last && (!calls.last || calls.last->at <= known->last->at)) calls.last = known->last;
    for (const auto& [reason, refused] : known->refused) {
      RefusedCalls& one = entry(calls.refused, reason);
      if (one.calls == 0) one.first_at = refused.first_at;
      one.calls += refused.calls;
      one.last = refused.last;
      for (const auto& [slot, number] : refused.slots) count_lately(one, slot, number, now);
    }
  }
  std::sort(calls.refused.begin(), calls.refused.end(),
            [](const auto& a, const auto& b) { return a.last.at > b.last.at; });
  return calls;
}

std::vector<SystemCalls::Unwritten> SystemCalls::take() {
  std::vector<Unwritten> all;
  std::shared_lock lock(mutex_);
  for (const auto& [system, one] : seen_) {
    std::lock_guard of_system(one->mutex);
    if (one->written && one->refused.empty()) continue;
    Unwritten& taken = all.emplace_back();
    taken.system = system;
    taken.first = one->first;
    if (!one->written) taken.last = one->last;
    taken.refused.swap(one->refused);
    one->written = true;
  }
  return all;
}

void SystemCalls::give_back(const std::vector<Unwritten>& all) {
  for (const Unwritten& taken : all) {
    Seen& one = seen(taken.system);
    std::lock_guard lock(one.mutex);
    if (taken.last) one.written = false;
    for (const auto& [reason, refused] : taken.refused) one.refused[reason].add(refused);
  }
}

base::Result<void> SystemCalls::write(store::Connection& connection, const Unwritten& one) const {
  if (one.last) {
    TRY(connection.run(kWrite, {one.system, one.last->at, one.first.value_or(one.last->at),
                                static_cast<int>(one.last->protocol), one.last->remote}));
  }
  for (const auto& [reason, refused] : one.refused) {
    TRY(connection.run(kWriteRefused,
                       {one.system, reason, refused.calls, refused.first_at, refused.last.at,
                        static_cast<int>(refused.last.protocol), refused.last.remote}));
    for (const auto& [slot, calls] : refused.slots)
      TRY(connection.run(kWriteLately, {one.system, slot, reason, calls}));
  }
  if (one.refused.empty()) return base::done();
  TRY(connection.run(kForget, {one.system, slot_of(clock_.now()) - kSlotsOfDay}));
  return base::done();
}

base::Result<std::int64_t> SystemCalls::flush() {
  const std::vector<Unwritten> all = take();
  if (all.empty()) return 0;
  const auto written = database_.write([&](store::Connection& connection) -> base::Result<void> {
    for (const Unwritten& one : all) TRY(write(connection, one));
    return base::done();
  });
  if (!written) {
    give_back(all);
    return written.error();
  }
  return static_cast<std::int64_t>(all.size());
}

void SystemCalls::changed(SystemKey system) const {
  if (Seen* const known = find(system)) tell(*known);
}

void SystemCalls::listen(SystemKey system, const std::shared_ptr<CallListener>& listener) {
  Seen& one = seen(system);
  std::lock_guard lock(one.mutex);
  std::erase_if(one.listeners, [](const auto& other) { return other.expired(); });
  one.listeners.push_back(listener);
}

}  // namespace exchange
