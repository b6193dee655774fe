#include "exchange/notifications/notifications.h"

#include <algorithm>
#include <map>

#include "exchange/feed/places.h"
#include "exchange/notifications/telling.h"
#include "exchange/notifications/waiting.h"
#include "store/journal.h"

namespace exchange::notifications {
namespace {

using feed::Cursor;
using identity::Principal;

// Entries of the journal that one call looks at, for a page and for what is unread.
constexpr int kLooksMax = 1000;

// How far the journal is told, and what its reader has read of it.
struct Read {
  feed::Noted noted;
  Mark mark;
  Reader reader;

  Cursor end() const { return {noted.seq + 1, 0}; }
  bool told(const Cursor& place, const Notification& one) const {
    return place.seq <= mark.seq || reader.read.contains(one.id);
  }
  bool waiting(const Notification& one) const {
    return one.at <= mark.until || reader.read.contains(one.id);
  }
};

// What was before somebody came is not new to them.
base::Result<Read> read_of(store::Connection& connection, const Principal& who,
                           base::Time added_at) {
  Read read;
  read.noted = TRY(feed::noted(connection));
  read.reader = TRY(reader(connection, who.person));
  if (read.reader.mark) {
    read.mark = *read.reader.mark;
  } else if (added_at != base::Time()) {
    read.mark = {TRY(store::journal::first_since(connection, added_at)) - 1, added_at};
  }
  read.mark.seq = std::min(read.mark.seq, read.noted.seq);
  return read;
}

class Pages {
 public:
  Pages(const Filter& filter, const Preferences& preferences, const std::optional<Place>& after,
        std::int64_t count)
      : filter_(filter), preferences_(preferences), after_(after), count_(count) {}

  bool wants(const Notification& one) const {
    return !preferences_.hides(one.kind) && (!filter_.kind || *filter_.kind == one.kind) &&
           !(filter_.unread_only && one.read);
  }
  // False: that is enough.
  bool add_told(const Cursor& place, Notification one) {
    if (!wants(one)) return true;
    told_.emplace_back(place, std::move(one));
    return std::cmp_less_equal(told_.size(), count_);
  }
  void add_waiting(const Waiting& one) {
    const bool later = after_ && (one.what.at != after_->at ? one.what.at > after_->at
                                                            : one.key >= after_->waiting);
    if (!later && wants(one.what)) waiting_.push_back(one);
  }
  // The two in one order, by time. `stop`: where looking at the journal ended before its end.
  Page page(const std::optional<Telling::Stop>& stop, Cursor begin) const;

 private:
  const Filter& filter_;
  const Preferences& preferences_;
  const std::optional<Place>& after_;
  const std::int64_t count_;
  std::vector<std::pair<Cursor, Notification>> told_;
  std::vector<Waiting> waiting_;
};

Page Pages::page(const std::optional<Telling::Stop>& stop, Cursor begin) const {
  Page page;
  Place place{begin, base::Time::max(), 0};
  if (after_) place = *after_;
  auto told = told_.begin();
  auto waiting = waiting_.begin();
  while (std::cmp_less(page.items.size(), count_)) {
    const bool any_told = told != told_.end();
    // What waits from before where looking ended comes with a later page.
    const bool any_waiting =
        waiting != waiting_.end() && (any_told || !stop || waiting->what.at >= stop->at);
    if (any_waiting && (!any_told || waiting->what.at > told->second.at)) {
      place.at = waiting->what.at;
      place.waiting = waiting->key;
      page.items.push_back((waiting++)->what);
    } else if (any_told) {
      place.told = told->first;
      page.items.push_back((told++)->second);
    } else {
      break;
    }
  }
  if (told == told_.end() && stop) place.told = std::min(place.told, stop->place);
  if (told != told_.end() || waiting != waiting_.end() || stop) page.next = place;
  return page;
}

void count(Standing& standing, const Preferences& preferences, const Notification& one) {
  if (one.read || preferences.hides(one.kind) || standing.unread >= kUnreadMax) return;
  ++standing.unread;
  if (escalates(one.kind)) ++standing.unread_escalated;
}

}  // namespace

base::Result<Page> Notifications::page(const Principal& who, const Filter& filter,
                                       const std::optional<Place>& after,
                                       std::int64_t count_max) const {
  const auto person = TRY(identity_.people.find(who.person));
  const base::Time now = exchange_.clock().now();
  const auto waits = TRY(waiting(exchange_, identity_, who));
  const auto days = exchange_.calendar();
  Page made;
  TRY(exchange_.database().read([&](store::Connection& connection) -> base::Result<void> {
    const Read read = TRY(read_of(connection, who, person ? person->added_at : base::Time()));
    Standing standing;
    standing.as_of = {read.noted.seq, now};
    const auto& quiet = read.reader.preferences.quiet;
    standing.quiet = quiet && quiet->at(now);
    Pages pages(filter, read.reader.preferences, after, count_max);
    for (Waiting one : waits) {
      one.what.read = read.waiting(one.what);
      count(standing, read.reader.preferences, one.what);
      pages.add_waiting(one);
    }
    Telling telling(exchange_, *days, who, connection);
    const std::int64_t unread_floor = std::max(read.noted.floor, read.mark.seq);
    TRY(telling.tell(read.end(), unread_floor, kLooksMax,
                     [&](const Cursor& place, Notification one) {
                       one.read = read.told(place, one);
                       count(standing, read.reader.preferences, one);
                       return standing.unread < kUnreadMax;
                     }));
    const Cursor begin = after ? after->told : read.end();
    const auto stop = TRY(telling.tell(begin, filter.unread_only ? unread_floor : read.noted.floor,
                                       kLooksMax, [&](const Cursor& place, Notification one) {
                                         one.read = read.told(place, one);
                                         return pages.add_told(place, std::move(one));
                                       }));
    made = pages.page(stop, begin);
    made.standing = standing;
    return base::done();
  }));
  TRY(name_people(made.items));
  return made;
}

base::Result<void> Notifications::name_people(std::vector<Notification>& items) const {
  std::map<identity::PersonKey, std::string> people;
  std::map<identity::PostKey, std::string> posts;
  for (Notification& one : items) {
    if (one.by_person != 0) {
      const auto [name, added] = people.try_emplace(one.by_person);
      const auto person = added ? TRY(identity_.people.find(one.by_person)) : std::nullopt;
      if (person) name->second = person->full_name();
      one.by = name->second;
    }
    if (one.post_key != 0) {
      const auto [title, added] = posts.try_emplace(one.post_key);
      const auto post = added ? TRY(identity_.people.post(one.post_key)) : std::nullopt;
      if (post) title->second = post->title;
      one.post = title->second;
    }
  }
  return base::done();
}

base::Result<Marked> Notifications::mark(const Principal& who, Mark wanted, bool back) const {
  const auto person = TRY(identity_.people.find(who.person));
  const base::Time now = exchange_.clock().now();
  Marked marked;
  TRY(exchange_.database().write([&](store::Connection& connection) -> base::Result<void> {
    const Read read = TRY(read_of(connection, who, person ? person->added_at : base::Time()));
    marked.before = read.mark;
    marked.now = {std::min(wanted.seq, read.noted.seq), std::min(wanted.until, now)};
    if (!back) {
      marked.now = {std::max(marked.now.seq, read.mark.seq),
                    std::max(marked.now.until, read.mark.until)};
    }
    return keep_mark(connection, who.person, marked.now);
  }));
  return marked;
}

base::Result<void> Notifications::mark(const Principal& who, const std::vector<std::string>& ids,
                                       bool read) const {
  return exchange_.database().write([&](store::Connection& connection) -> base::Result<void> {
    return keep_read(connection, who.person, ids, read, exchange_.clock().now());
  });
}

base::Result<Preferences> Notifications::preferences(const Principal& who) const {
  Preferences found;
  TRY(exchange_.database().read([&](store::Connection& connection) -> base::Result<void> {
    found = TRY(reader(connection, who.person)).preferences;
    return base::done();
  }));
  return found;
}

base::Result<void> Notifications::prefer(const Principal& who, const Preferences& wanted) const {
  return exchange_.database().write([&](store::Connection& connection) -> base::Result<void> {
    return keep_preferences(connection, who.person, wanted);
  });
}

}  // namespace exchange::notifications
