#include "trust/connections.h"

#include "base/time.h"

namespace trust {
namespace {
constexpr std::size_t kIdleMax = 4;
}  // namespace

Connections::Connections(const std::string& address, std::string trust_file, int timeout_ms)
    : url_(http::Url::parse(address)),
      trust_file_(std::move(trust_file)),
      timeout_ms_(timeout_ms) {}

std::unique_ptr<http::Client> Connections::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto client = std::move(idle_.back());
      idle_.pop_back();
      return client;
    }
  }
  http::Client::Options options;
  options.url = *url_;
  options.trust_file = trust_file_;
  options.connect_timeout_ms = options.idle_timeout_ms = timeout_ms_;
  return http::Client::create(std::move(options));
}

base::Result<http::Response> Connections::exchange(http::Client::Exchange what, int timeout_ms) {
  if (!url_.ok()) return url_.error();
  std::unique_ptr<http::Client> client = take();
  what.deadline_micros = base::monotonic_micros() + std::int64_t{timeout_ms} * 1000;
  auto response = client->exchange(what);
  if (response.ok()) {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < kIdleMax) idle_.push_back(std::move(client));
  }
  return response;
}

void Connections::close() {
  const std::lock_guard lock(mutex_);
  idle_.clear();
}

}  // namespace trust
