// Answers that come later and streams of events: while they wait they hold a connection and no
// worker, and anything may wake them.
#pragma once
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace http {

class Connection;
class Loop;
struct Response;

// What one connection waits with. Whoever may wake it keeps a shared or a weak pointer to it; it
// serves for one answer. Except for wake(), the server makes all calls, one at a time.
class Waiting {
 public:
  virtual ~Waiting() = default;
  // Any thread, at any time, also before the handler has returned and after all has ended. Cheap,
  // and many calls before the next look are one. Locks of the caller may be held: nothing of this
  // object's is called from within.
  void wake();
  // The wait is over: answered, the client gone, or the server stopped. Called once for what a
  // connection took on, on a network thread: must be quick. What the server refuses (http.busy) is
  // only destroyed.
  virtual void ended() noexcept {}

 private:
  friend class Connection;
  // True when it was woken before.
  bool attach(Loop& loop, std::weak_ptr<Connection> connection);
  void detach();
  bool is_rung() const { return rung_.load(); }
  void take_ring() { rung_.store(false); }

  std::atomic<bool> rung_{false};
  std::mutex mutex_;  // over the two below
  Loop* loop_ = nullptr;
  std::weak_ptr<Connection> connection_;
};

// An answer that comes later (long polling): see Response::later.
class Waiter : public Waiting {
 public:
  // The answer, after wake(), or nothing to go on waiting. `last`: the time is over or the server
  // stops; an answer must be given, such as an empty list. On a worker thread; may block.
  virtual std::optional<Response> answer(bool last) = 0;
};

// A body without an end that is written as it comes about: see Response::events.
class PushSource : public Waiting {
 public:
  enum class Next : unsigned char {
    wait,   // until wake()
    again,  // there is more at once
    end,    // the stream ends after these bytes
  };
  // Appends what is to be written now, at most `size` bytes. Called once after the head, then after
  // wake(), and never before what it gave last is with the kernel: a cursor kept by the source
  // moves as fast as the client reads. On a worker thread; may block. An error breaks the
  // connection off.
  virtual base::Result<Next> next(std::string& to, std::size_t size) = 0;
  // Written when nothing else was for Server::Options::heartbeat_ms; empty: nothing is. The default
  // is a comment of text/event-stream. On a network thread.
  virtual std::string_view heartbeat() const { return ": \n\n"; }
};

}  // namespace http
