#include "http/loop.h"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <chrono>
#include <ctime>

#include "base/log.h"
#include "base/time.h"
#include "http/answer.h"
#include "http/connection.h"

namespace http {
namespace {

// How often deadlines are looked at: fine enough for the shortest of them.
std::chrono::milliseconds tick_of(const Server::Options& options) {
  const int shortest =
      std::min({options.head_timeout_ms, options.idle_timeout_ms, options.body_timeout_ms});
  return std::chrono::milliseconds(std::clamp(shortest / 5, 10, 250));
}

}  // namespace

Loop::Loop(Site& site, std::uint64_t number)
    : guard_(io_.get_executor()),
      timer_(io_),
      site_(site),
      scratch_(std::make_unique<char[]>(kScratchBytes)),
      id_prefix_(site.id_seed + number),
      serving_max_(static_cast<std::size_t>(
          std::max(1, site.options.workers / 2 / std::max(1, site.options.loops)))) {}

Loop::~Loop() { finish(); }

void Loop::start() {
  thread_ = std::thread([this] { run(); });
}

void Loop::run() {
  tick();
  for (;;) {
    try {
      io_.run();
      return;
    } catch (const std::exception& e) {
      base::log::error("http.loop_threw", {{"what", e.what()}});
    }
  }
}

void Loop::tick() {
  // First: an exception below must not be the end of all deadlines.
  timer_.expires_after(tick_of(site_.options));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
  serve_enqueued();
  const std::int64_t now = now_ms();
  for (std::size_t i = connections_.size(); i-- > 0;) {
    if (!connections_[i]->needs_attention(now)) continue;
    const std::shared_ptr<Connection> connection = connections_[i];
    connection->attend(now);
    if (i > connections_.size()) i = connections_.size();
  }
}

void Loop::adopt(Socket socket, std::unique_ptr<Transport> transport, bool tls) {
  auto connection =
      std::make_shared<Connection>(*this, std::move(socket), std::move(transport), tls);
  connection->set_place(connections_.size());
  connections_.push_back(connection);
  connection->start();
}

void Loop::remove(Connection& connection) {
  const std::size_t place = connection.place();
  connections_.back()->set_place(place);
  std::swap(connections_[place], connections_.back());
  connections_.pop_back();
  site_.connection_gone();
}

void Loop::finished(std::shared_ptr<Connection> connection) {
  bool first = false;
  {
    std::lock_guard lock(finished_mutex_);
    first = finished_.empty();
    finished_.push_back(std::move(connection));
  }
  if (first) asio::post(io_, [this] { drain_finished(); });
}

void Loop::drain_finished() {
  {
    std::lock_guard lock(finished_mutex_);
    draining_.swap(finished_);
  }
  for (const auto& connection : draining_) {
    try {
      connection->work_done();
    } catch (const std::exception& e) {  // the others are waiting too
      base::log::error("http.loop_threw", {{"what", e.what()}});
      connection->close();
    }
  }
  draining_.clear();
  serve_enqueued();
}

void Loop::woken(std::shared_ptr<Connection> connection) {
  bool first = false;
  {
    std::lock_guard lock(woken_mutex_);
    first = woken_.empty();
    woken_.push_back(std::move(connection));
  }
  if (first) asio::post(io_, [this] { drain_woken(); });
}

void Loop::drain_woken() {
  std::vector<std::shared_ptr<Connection>> woken;
  {
    std::lock_guard lock(woken_mutex_);
    woken.swap(woken_);
  }
  for (const auto& connection : woken) {
    try {
      connection->woken();
    } catch (const std::exception& e) {
      base::log::error("http.loop_threw", {{"what", e.what()}});
      connection->close();
    }
  }
}

void Loop::enqueue(std::shared_ptr<Connection> connection) {
  enqueued_.push_back(std::move(connection));
  serve_enqueued();
}

void Loop::serve_enqueued() {
  while (serving_ < serving_max_ && !enqueued_.empty()) {
    const std::shared_ptr<Connection> connection = std::move(enqueued_.front());
    enqueued_.pop_front();
    if (!connection->is_enqueued()) continue;  // its client has left
    if (!connection->take_turn()) {
      enqueued_.push_front(connection);  // the queue is full of requests
      return;
    }
    ++serving_;
  }
}

void Loop::close_idle() {
  asio::post(io_, [this] {
    for (std::size_t i = connections_.size(); i-- > 0;) {
      const std::shared_ptr<Connection> connection = connections_[i];
      connection->stop();
      if (i > connections_.size()) i = connections_.size();
    }
  });
}

void Loop::close_all() {
  asio::post(io_, [this] {
    while (!connections_.empty()) {
      const std::shared_ptr<Connection> connection = connections_.back();
      connection->close();
    }
  });
}

void Loop::finish() {
  if (!thread_.joinable()) return;
  asio::post(io_, [this] {
    timer_.cancel();
    guard_.reset();
    io_.stop();
  });
  thread_.join();
}

std::int64_t Loop::now_ms() { return base::monotonic_micros() / 1000; }

std::string_view Loop::date() {
  const std::int64_t seconds = std::time(nullptr);
  if (seconds != date_seconds_) {
    date_seconds_ = seconds;
    date_ = http_date(seconds);
  }
  return date_;
}

std::string Loop::next_id() {
  // Different for every request of this run and, by the random seed, between runs.
  const std::uint64_t value = (id_prefix_ << 32) ^ (id_prefix_ >> 32 << 40) ^ ++id_count_;
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string id(16, '0');
  for (std::size_t i = 0; i < 16; ++i) id[i] = kDigits[(value >> (60 - 4 * i)) & 15];
  return id;
}

}  // namespace http
