// How much one client may ask: so many calls at once, refilled evenly, and so many a day. Kept in
// memory: a restart forgets it.
#pragma once
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace exchange::rest {

struct RateLimit {
  std::int64_t burst = 200;        // calls at once
  std::int64_t per_minute = 1200;  // by which the burst is refilled
  std::int64_t per_day = 500'000;
};

// What is left to a client after a call was asked for.
struct RateState {
  bool allowed = true;
  std::int64_t left = 0, left_today = 0;
  std::int64_t refilled_s = 0;  // until the burst is whole again
  std::int64_t day_ends_s = 0;
  std::int64_t retry_s = 0;  // when not allowed: until it may be
};

// Any thread.
class Rates {
 public:
  // Takes one call from what `client` has. A clock that jumps back gives nothing.
  RateState take(std::string_view client, const RateLimit& limit, base::Time now);
  // The clients with most calls today, at most `count`. What was forgotten to make room is missing.
  struct Use {
    std::string client;
    std::int64_t today = 0;
    base::Time last_at;
  };
  std::vector<Use> busiest(std::size_t count, base::Time now) const;

 private:
  struct Bucket {
    double calls = 0;
    base::Time at;
    std::int64_t day = -1;
    std::int64_t today = 0;
  };
  void make_room(base::Time now);
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

// What a client is told that is not allowed: rest.too_many_requests.
base::Error too_many(const RateState& state);

// Of the IETF draft on RateLimit headers (httpapi-ratelimit-headers-10).
std::string rate_policy(const RateLimit& limit);
std::string rate_text(const RateState& state);

}  // namespace exchange::rest
