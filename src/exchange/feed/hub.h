// The newest events in memory, and who waits for them: thousands of readers are served without the
// database, and one event costs what the listeners whom it concerns cost.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "exchange/feed/event.h"

namespace exchange::feed {

// Any thread.
class Hub {
 public:
  explicit Hub(std::size_t events_max = 16384);

  // Ends when it is destroyed: after that, its callback is not called, and not running either.
  class Listener {
   public:
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

   private:
    friend class Hub;
    struct Wake;
    Listener(Hub& hub, std::vector<OrganisationKey> organisations, std::function<void()> wake);
    Hub& hub_;
    const std::vector<OrganisationKey> organisations_;
    const std::shared_ptr<Wake> wake_;
  };
  // `wake` is called after events that concern one of `organisations` are durable and readable, on
  // the feed's thread: it must be quick, must not wait, and must not destroy its listener. The hub
  // outlives the listener. Listen first, then read: so nothing falls in between.
  std::unique_ptr<Listener> listen(std::vector<OrganisationKey> organisations,
                                   std::function<void()> wake);

  struct Recent {
    std::vector<EventPointer> events;  // at most as many as asked for, in order
    Cursor next;
    bool more = false;
  };
  // What came after `after`; nothing when that is no longer in memory (read the database then).
  std::optional<Recent> recent(const std::vector<OrganisationKey>& organisations, Cursor after,
                               std::size_t events_max) const;

  // The feed's: memory begins here, or everything up to `seq` has been told. One thread.
  void begin_at(std::int64_t seq);
  void publish(const std::vector<EventPointer>& events, std::int64_t seq);
  // The same without keeping them in memory: of the events only `concerned` is looked at.
  void pass(const std::vector<EventPointer>& events, std::int64_t seq);
  // Whether anybody listens, or has read within the last minute. While nobody does, events need not
  // be told before somebody reads them.
  bool wanted() const;
  // Somebody is about to read.
  void want() const;
  std::size_t listeners() const;
  std::size_t events() const;

 private:
  // The newest events of one organisation, and the last one that memory has let go.
  struct Shelf {
    std::deque<EventPointer> events;
    Cursor dropped;
    std::vector<std::shared_ptr<Listener::Wake>> wakes;
  };
  using Wakes = std::vector<std::shared_ptr<Listener::Wake>>;
  static void call(const Wakes& wakes);
  void begin_here(std::int64_t seq);
  void drop_oldest();
  void remove(const Listener& listener);

  const std::size_t events_max_;
  mutable std::mutex mutex_;
  bool begun_ = false;
  Cursor begin_, end_;
  std::deque<EventPointer> ring_;
  std::unordered_map<OrganisationKey, Shelf> shelves_;
  std::size_t listeners_ = 0;
  mutable std::atomic<std::int64_t> wanted_at_;  // monotonic microseconds
};

}  // namespace exchange::feed
