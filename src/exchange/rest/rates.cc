#include "exchange/rest/rates.h"

#include <algorithm>
#include <cmath>

namespace exchange::rest {
namespace {

constexpr std::size_t kClientsMax = 100'000;
constexpr std::int64_t kDaySeconds = 86'400;
constexpr auto kIdle = std::chrono::minutes(10);

std::int64_t seconds_up(double seconds) {
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(seconds)));
}

}  // namespace

// Clients that were quiet for a while have their burst again; their count of the day is lost, which
// a flood of addresses must be able to do rather than fill the memory.
void Rates::make_room(base::Time now) {
  if (buckets_.size() < kClientsMax) return;
  std::erase_if(buckets_, [&](const auto& one) { return one.second.at + kIdle < now; });
  if (buckets_.size() >= kClientsMax) buckets_.clear();
}

RateState Rates::take(std::string_view client, const RateLimit& limit, base::Time now) {
  const std::int64_t second = base::to_micros(now) / 1'000'000;
  const std::int64_t day = second / kDaySeconds;
  const double per_second = static_cast<double>(limit.per_minute) / 60;
  const auto whole = static_cast<double>(limit.burst);
  std::lock_guard lock(mutex_);
  make_room(now);
  auto [place, fresh] = buckets_.try_emplace(std::string(client));
  Bucket& bucket = place->second;
  if (fresh) bucket = {whole, now, day, 0};
  const double passed = std::max(0.0, static_cast<double>((now - bucket.at).count()) / 1e6);
  bucket.calls = std::min(whole, bucket.calls + passed * per_second);
  bucket.at = now;
  if (bucket.day != day) {
    bucket.day = day;
    bucket.today = 0;
  }
  RateState state;
  state.day_ends_s = (day + 1) * kDaySeconds - second;
  if (bucket.today >= limit.per_day) {
    state.allowed = false;
    state.retry_s = state.day_ends_s;
  } else if (bucket.calls < 1) {
    state.allowed = false;
    state.retry_s = seconds_up((1 - bucket.calls) / per_second);
  } else {
    bucket.calls -= 1;
    ++bucket.today;
  }
  state.left = static_cast<std::int64_t>(bucket.calls);
  state.left_today = limit.per_day - bucket.today;
  state.refilled_s = seconds_up((whole - bucket.calls) / per_second);
  return state;
}

std::vector<Rates::Use> Rates::busiest(std::size_t count, base::Time now) const {
  const std::int64_t day = base::to_micros(now) / 1'000'000 / kDaySeconds;
  std::vector<Use> all;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [client, bucket] : buckets_) {
      if (bucket.day == day) all.push_back({client, bucket.today, bucket.at});
    }
  }
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(count, all.size()));
  std::partial_sort(all.begin(), end, all.end(), [](const Use& a, const Use& b) {
    return a.today != b.today ? a.today > b.today : a.client < b.client;
  });
  all.erase(end, all.end());
  return all;
}

base::Error too_many(const RateState& state) {
  const std::string seconds = std::to_string(state.retry_s);
  return base::Error(base::Code::too_many, "rest.too_many_requests",
                     "too many requests; the next one may come in " + seconds + " seconds",
                     "quá nhiều yêu cầu; có thể gửi tiếp sau " + seconds + " giây");
}

std::string rate_policy(const RateLimit& limit) {
  const std::int64_t window =
      seconds_up(static_cast<double>(limit.burst) * 60 / static_cast<double>(limit.per_minute));
  return "\"burst\";q=" + std::to_string(limit.burst) + ";w=" + std::to_string(window) +
         ", \"day\";q=" + std::to_string(limit.per_day) + ";w=" + std::to_string(kDaySeconds);
}

std::string rate_text(const RateState& state) {
  return "\"burst\";r=" + std::to_string(state.left) + ";t=" + std::to_string(state.refilled_s) +
         ", \"day\";r=" + std::to_string(state.left_today) +
         ";t=" + std::to_string(state.day_ends_s);
}

}  // namespace exchange::rest
