// What the loops, connections and workers of one server share.
#pragma once
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/metrics.h"
#include "base/queue.h"
#include "http/server.h"

namespace http {

class Connection;

// The metrics of one route, looked up once.
struct RouteMeter {
  std::array<base::Counter*, 6> by_class{};  // [2] counts 2xx
  base::Histogram* seconds = nullptr;
};

struct Site {
  Site(const Server::Options& options, const Router& router, base::Metrics& metrics,
       base::Random& random);

  // Without a route: what was refused before one was found.
  void count_answer(const Route* route, int status, std::int64_t micros);
  void count_refused(std::string_view reason);
  bool is_memory_short() const {
    return body_memory.load(std::memory_order_relaxed) >
           static_cast<std::int64_t>(options.memory_for_bodies);
  }
  void connection_gone();

  const Server::Options options;
  const Router& router;
  // Shared: a connection whose client has left stays alive until its worker is done with it.
  base::Queue<std::shared_ptr<Connection>> jobs;
  std::atomic<std::int64_t> body_memory{0};
  std::atomic<std::int64_t> stream_memory{0};  // of pieces that clients are slow to take
  // Shared with the gauge, which lives as long as the metrics.
  std::shared_ptr<std::atomic<std::size_t>> connections, waits, streams;
  std::atomic<bool> stopping{false};
  std::atomic<bool> abandoning{false};  // the grace is over: what has not begun is not begun
  std::uint64_t id_seed;
  std::mutex gone_mutex;
  std::condition_variable gone;

 private:
  struct Refused {
    std::string_view reason;
    base::Counter* counter;
  };
  std::vector<RouteMeter> meters_;  // as the router's routes, then one for no route
  std::vector<Refused> refused_;
};

}  // namespace http
