// A load generator: one thread, epoll, keep-alive HTTP/1.1 connections. What each connection asks
// next is decided by its Sender, so the same loop drives closed loops, target rates and whole
// conversations.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vxp/vxp_client.h"

namespace load {

using Clock = std::chrono::steady_clock;

// A request on the wire: the parts are sent one after the other. `shared` is for bytes that many
// requests have in common, so that stock built before the measurement stays small.
struct Request {
  std::string own;
  std::shared_ptr<const std::string> shared;
  std::string_view end;
  // From when the latency counts; the moment of sending when not set.
  Clock::time_point due{};
  std::uint64_t tag = 0;

  std::size_t size() const { return own.size() + (shared ? shared->size() : 0) + end.size(); }
};

struct Answer {
  int status = 0;
  std::string_view body;
  Clock::time_point sent;      // the request's `due`, or when its first byte was sent
  Clock::time_point received;  // when the last byte of the answer was read
  std::uint64_t tag = 0;
  double milliseconds() const {
    return std::chrono::duration<double, std::milli>(received - sent).count();
  }
};

enum class Next {
  request,   // *out holds it
  later,     // ask again at *when
  finished,  // this connection has nothing more to do
};

class Sender {
 public:
  virtual ~Sender() = default;
  virtual Next next(Clock::time_point now, Request* out, Clock::time_point* when) = 0;
  virtual void answered(const Answer& answer) = 0;
  // The connection broke before the answer came; the loop connects again and asks next().
  virtual void broken() = 0;
};

// Runs until every sender has finished or `stop_at` has come. False when the server cannot be
// reached at all.
class Loop {
 public:
  Loop(std::string address, std::uint16_t port);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  // The sender must outlive run(). One connection each; the same sender may own several.
  void add(Sender* sender);
  bool run(Clock::time_point stop_at);
  std::uint64_t bytes_sent() const { return bytes_sent_; }

 private:
  struct Line;
  bool connect(Line* line);
  void ask(Line* line, Clock::time_point now);
  void write(Line* line);
  void read(Line* line);
  bool take_answer(Line* line);
  void fail(Line* line);
  void watch(Line* line, bool writing);

  std::string address_;
  std::uint16_t port_;
  int epoll_ = -1;
  std::vector<std::unique_ptr<Line>> lines_;
  std::vector<char> buffer_;
  std::uint64_t bytes_sent_ = 0;
  std::size_t active_ = 0;
  int failures_ = 0;
};

// Latencies in milliseconds.
class Latencies {
 public:
  void add(double milliseconds) { values_.push_back(milliseconds); }
  void append(const Latencies& other);
  std::size_t count() const { return values_.size(); }
  // 0 when there are none; `share` 0.5 is the median.
  double at(double share) const;
  double max() const { return at(1.0); }

 private:
  std::vector<double> values_;
};

}  // namespace load
