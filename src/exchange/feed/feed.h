// The feed: everything that happens, to whom it concerns, in the order in which it became durable.
//
// The journal numbers its entries without gaps, and one writer at a time appends to it on both
// engines, so that whoever sees an entry sees all before it. A follower notes for each organisation
// which entries concern it, in the same order, and nobody is told of an entry before that is
// durable. So a cursor is a number of the journal, and reading on from one gives every event after
// it exactly once, whatever process or machine dies in between.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/exchange.h"
#include "exchange/feed/event.h"
#include "exchange/feed/hub.h"

namespace exchange::feed {

struct Page {
  std::vector<EventPointer> events;
  std::string next;   // the cursor to read on from; also when there is no event
  bool more = false;  // there were more than asked for
};

class Feed {
 public:
  static constexpr std::size_t kEventsMax = 1000;  // of one page

  struct Options {
    // How long the feed goes back. The journal itself is kept for good.
    base::Duration retention = std::chrono::hours(24 * 30);
    std::size_t events_in_memory = 16384;
  };
  // `exchange` outlives the feed.
  Feed(Exchange& exchange, Options options);

  // The events after `cursor` that concern one of `organisations`, at most `events_max` (1 to
  // kEventsMax). Any thread. exchange.bad_cursor (invalid), exchange.cursor_expired (gone: events
  // after it are no longer kept), store.*.
  base::Result<Page> read(const std::vector<OrganisationKey>& organisations,
                          std::string_view cursor, std::size_t events_max) const;

  // A cursor to begin with: "now", "beginning" (of what is kept), or a time as ISO 8601 in UTC
  // ("2026-11-22T02:30:00Z"). exchange.bad_start (invalid). Any thread.
  base::Result<std::string> start_from(std::string_view where) const;

  // Notes whom the journal's next entries concern, at most `entries_max`, and then wakes who
  // listens. While nobody reads, what they say is not told: whoever comes is told from the journal.
  // Gives the number of entries. Another node of the same database may do the same; what
  // it has noted is told here too. One thread at a time.
  base::Result<std::int64_t> follow(std::int64_t entries_max = 1000);
  // Forgets what is older than the retention. Gives the number of rows removed. Any thread.
  base::Result<std::int64_t> prune();

  Hub& hub() { return hub_; }
  Exchange& exchange() const { return exchange_; }

 private:
  struct Standing {
    std::int64_t seq = 0;    // noted so far
    std::int64_t floor = 0;  // entries up to here are not kept in the feed
    bool begun = false;      // the follower has been here
  };
  static base::Result<Standing> standing(store::Connection& connection);
  base::Result<void> begin();
  base::Result<Page> read_records(const std::vector<OrganisationKey>& organisations, Cursor after,
                                  std::size_t events_max) const;
  base::Result<void> note(const std::vector<EventPointer>& events, std::int64_t up_to);

  Exchange& exchange_;
  const Options options_;
  Hub hub_;
  std::optional<std::int64_t> told_;  // the follower's: published here up to this entry
};

}  // namespace exchange::feed
