// What one caller reads of the feed: as a page, as an answer that comes later, and as a stream.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "exchange/feed/feed.h"
#include "exchange/rest/face.h"
#include "http/message.h"

namespace exchange::rest {

// Whose events, and which of them.
struct EventFilter {
  std::vector<OrganisationKey> organisations;
  std::vector<std::string> types;  // empty: all
};

struct EventPage {
  std::vector<feed::EventPointer> events;
  std::string cursor;  // to read on from
  bool more = false;
};
// At most `count` events; none with `more` where many were of other types. Errors of Feed::read().
base::Result<EventPage> read_events(const feed::Feed& feed, const EventFilter& filter,
                                    std::string_view cursor, std::size_t count);
base::Json to_json(const feed::Feed& feed, const EventPage& page);

// Streams of each caller, so that none takes all there are. Any thread.
class StreamCounts {
 public:
  explicit StreamCounts(std::size_t of_one_max) : of_one_max_(of_one_max) {}
  // False when the caller has as many as it may.
  bool take(const std::string& caller);
  void give_back(const std::string& caller);

 private:
  const std::size_t of_one_max_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::size_t> counts_;
};

// Waits for the first event after a cursor.
class EventWait : public http::Waiter {
 public:
  // `headers`: of every answer. Listens from here on. The feed outlives it.
  EventWait(feed::Feed& feed, EventFilter filter, std::string cursor, std::size_t count,
            http::Headers headers, base::Language language);
  std::optional<http::Response> answer(bool last) override;

 private:
  feed::Feed& feed_;
  const EventFilter filter_;
  std::string cursor_;
  const std::size_t count_;
  const http::Headers headers_;
  const base::Language language_;
  std::unique_ptr<feed::Hub::Listener> listener_;  // last: it calls wake()
};

// Events as text/event-stream, each once and in order. Whether its caller still may is asked again
// every 30 seconds at most 20 seconds late: then it ends, or goes on with what they may now.
class EventStream : public http::PushSource {
 public:
  struct Caller {
    std::string id;
    http::Head head;  // what showed who it is
    // Whose events it gets by what it may now; none: the stream ends.
    std::function<std::vector<OrganisationKey>(const identity::Principal&)> organisations;
  };
  // Of a caller that `counts` has taken. The feed outlives it.
  EventStream(feed::Feed& feed, EventFilter filter, std::string cursor, Caller caller,
              Authenticate authenticate, std::shared_ptr<StreamCounts> counts);
  ~EventStream() override { counts_->give_back(caller_.id); }
  base::Result<Next> next(std::string& to, std::size_t size) override;
  // A time to look whether the caller still may.
  std::string_view heartbeat() const override;

 private:
  bool still_may();
  base::Result<bool> gather();

  feed::Feed& feed_;
  EventFilter filter_;
  std::string cursor_;
  const Caller caller_;
  const Authenticate authenticate_;
  const std::shared_ptr<StreamCounts> counts_;
  const std::function<void()> wake_ = [this] { wake(); };
  base::Time checked_;
  std::string pending_;  // written next, from `written_` on
  std::size_t written_ = 0;
  bool more_ = true;
  std::unique_ptr<feed::Hub::Listener> listener_;  // last: it calls wake()
};

// Of a request, what shows who calls: enough to ask the authenticator again.
http::Head credentials_of(const http::Head& head);

}  // namespace exchange::rest
