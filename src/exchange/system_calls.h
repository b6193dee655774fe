// What connected systems' calls leave behind: when each called first and last, from where and by
// which protocol, and what it was refused. For whoever connects a system, runs many, or asks why
// something still waits.
#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "exchange/identifiers.h"
#include "store/database.h"

namespace exchange {

// Kept in the database: append only. `unknown`: from before this was noted.
enum class CallProtocol : unsigned char { unknown, vxp, api, token };
std::string_view name_of(CallProtocol protocol);

struct SystemCall {
  base::Time at;
  CallProtocol protocol = CallProtocol::unknown;
  std::string remote;  // the address that it came from; empty: not known
};

struct RefusedCalls {
  std::string reason;      // "vxp.signature"; "other" for those beyond kRefusalReasonsMax at a time
  std::int64_t calls = 0;  // since the system was added
  std::int64_t last_hour = 0, last_day = 0;  // in steps of ten minutes
  base::Time first_at;
  SystemCall last;
};
inline constexpr std::size_t kRefusalReasonsMax = 20;

struct SeenCalls {
  std::optional<base::Time> first;  // of the calls that showed who it is
  std::optional<SystemCall> last;
  std::vector<RefusedCalls> refused;  // the newest first, at most 100
};

// Told of every call of one system, refused ones too.
class CallListener {
 public:
  virtual ~CallListener() = default;
  // On the caller's thread: must be quick, and must not wait.
  virtual void called() = 0;
};

// Calls are noted in memory and written together by flush(): after a crash those of the last minute
// are not known, and other nodes know of them a minute later. Any thread.
class SystemCalls {
 public:
  SystemCalls(store::Database& database, const base::Clock& clock)
      : database_(database), clock_(clock) {}

  // `system` has called and shown who it is. Costs no disk.
  void note(SystemKey system, CallProtocol protocol, std::string_view remote);
  // A call that says it is of `system` was refused for `reason`: also one that did not show it, so
  // that anybody can have it counted. Costs no disk.
  void refuse(SystemKey system, CallProtocol protocol, std::string_view remote,
              std::string_view reason);

  // `connection` is within a read of the same database, where other nodes note their calls too.
  // What flush() writes at this moment may be missing.
  base::Result<SeenCalls> of(store::Connection& connection, SystemKey system) const;
  // When it last called; nothing when it never has.
  base::Result<std::optional<base::Time>> last(store::Connection& connection,
                                               SystemKey system) const;
  // Writes what was noted since the last time, in one transaction. Gives the number of systems.
  // Meant for once a minute. store.*; what was not written is written by the next one.
  base::Result<std::int64_t> flush();

  // What waits for `system` has changed: its listeners look again.
  void changed(SystemKey system) const;

  // From now on, as long as the listener lives, it is told of this process' calls of `system`.
  void listen(SystemKey system, const std::shared_ptr<CallListener>& listener);

 private:
  struct Refused {
    std::int64_t calls = 0;
    base::Time first_at;
    SystemCall last;
    std::map<std::int64_t, std::int64_t> slots;  // calls by ten minutes
    void add(const Refused& earlier);
  };
  using Refusals = std::map<std::string, Refused, std::less<>>;
  struct Seen {
    std::mutex mutex;
    std::optional<base::Time> first;
    std::optional<SystemCall> last;
    bool written = true;
    Refusals refused;  // not yet written
    std::vector<std::weak_ptr<CallListener>> listeners;
  };
  struct Unwritten {
    SystemKey system = 0;
    std::optional<base::Time> first;
    std::optional<SystemCall> last;  // nothing: it is written
    Refusals refused;
  };
  Seen& seen(SystemKey system);
  Seen* find(SystemKey system) const;
  std::vector<Unwritten> take();
  void give_back(const std::vector<Unwritten>& all);
  base::Result<void> write(store::Connection& connection, const Unwritten& one) const;
  static void tell(Seen& seen);

  store::Database& database_;
  const base::Clock& clock_;
  mutable std::shared_mutex mutex_;  // over the map, not over what is in it
  std::unordered_map<SystemKey, std::unique_ptr<Seen>> seen_;
};

}  // namespace exchange
