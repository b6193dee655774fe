#include "exchange/feed/feed.h"

#include <algorithm>

#include "exchange/feed/places.h"
#include "store/journal.h"
#include "trust/evidence/evidence.h"

namespace exchange::feed {
namespace {

using store::Query;
namespace journal = store::journal;

const Query kStanding{"exchange.feed_standing",
                      "select seq, floor from feed_position where id = 1"};
const Query kBegin{"exchange.feed_begin",
                   "insert into feed_position (id, seq, floor) values (1, $1, $1) "
                   "on conflict (id) do nothing"};
const Query kAdvance{"exchange.feed_advance", "update feed_position set seq = $1 where id = 1"};
const Query kRaiseFloor{"exchange.feed_raise_floor",
                        "update feed_position set floor = $1 where id = 1 and floor < $1"};
const Query kPlaces{"exchange.feed_places",
                    "select places from feed where organisation = $1 and last_seq >= $2 "
                    "and last_seq <= $3 order by last_seq limit $4"};
const Query kOrganisations{"exchange.feed_organisations", "select key from organisation"};
const Query kForget{"exchange.feed_forget",
                    "delete from feed where organisation = $1 and last_seq <= $2"};

base::Error expired() {
  return {base::Code::gone, "exchange.cursor_expired",
          "events after `cursor` are no longer kept: compare your list with what waits for you "
          "(nothing of it is lost), and read on from `beginning`",
          "các sự kiện sau `cursor` đã hết thời gian lưu: hãy đối chiếu với danh sách đang chờ "
          "(không mất văn bản nào), rồi đọc tiếp từ `beginning`"};
}

base::Error bad_start() {
  return {base::Code::invalid, "exchange.bad_start",
          "`from` must be now, beginning, or a time such as 2026-11-22T02:30:00Z",
          "`from` phải là now, beginning hoặc một thời điểm như 2026-11-22T02:30:00Z"};
}

// "2026-11-22T02:30:00Z", with or without microseconds.
std::optional<base::Time> time_of(std::string_view text) {
  std::string whole(text);
  if (whole.size() == 20 && whole.back() == 'Z') whole.replace(19, 1, ".000000Z");
  return trust::evidence::parse_time(whole);
}

// What follows `after` for one organisation, at most `most` events.
base::Result<void> gather(store::Connection& connection, OrganisationKey organisation, Cursor after,
                          std::int64_t up_to, std::size_t most, std::vector<Cursor>& out) {
  std::size_t taken = 0;
  base::Result<void> failed;
  // Each row holds an event after the cursor, but for the first, which may hold it in its middle.
  TRY(connection.each(kPlaces, {organisation, after.seq, up_to, most + 1},
                      [&](const store::Row& row) {
                        const auto places = unpacked(row.bytes(0));
                        if (!places) {
                          failed = places.error();
                          return false;
                        }
                        for (const Cursor& place : *places) {
                          if (place > after && taken < most) {
                            out.push_back(place);
                            ++taken;
                          }
                        }
                        return taken < most;
                      }));
  return failed;
}

}  // namespace

Feed::Feed(Exchange& exchange, Options options)
    : exchange_(exchange), options_(options), hub_(options.events_in_memory) {}

base::Result<Feed::Standing> Feed::standing(store::Connection& connection) {
  Standing standing;
  standing.begun = TRY(connection.first(kStanding, {}, [&](const store::Row& row) {
    standing.seq = row.integer(0);
    standing.floor = row.integer(1);
  }));
  return standing;
}

base::Result<Page> Feed::read(const std::vector<OrganisationKey>& organisations,
                              std::string_view cursor, std::size_t events_max) const {
  const Cursor after = TRY(Cursor::parse(cursor, exchange_.site()));
  events_max = std::clamp<std::size_t>(events_max, 1, kEventsMax);
  if (auto recent = hub_.recent(organisations, after, events_max)) {
    return Page{std::move(recent->events), recent->next.text(exchange_.site()), recent->more};
  }
  return read_records(organisations, after, events_max);
}

base::Result<Page> Feed::read_records(const std::vector<OrganisationKey>& organisations,
                                      Cursor after, std::size_t events_max) const {
  Page page;
  TRY(exchange_.database().read([&](store::Connection& connection) -> base::Result<void> {
    page = Page();
    const Standing standing = TRY(Feed::standing(connection));
    // Beyond the end: given out before a backup was restored.
    if (after.seq < standing.floor || after.seq > standing.seq) return expired();
    std::vector<Cursor> places;
    for (const OrganisationKey key : organisations) {
      TRY(gather(connection, key, after, standing.seq, events_max + 1, places));
    }
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    page.more = places.size() > events_max;
    if (page.more) places.resize(events_max);
    Teller teller(exchange_, connection);
    journal::Entry entry;
    for (const Cursor& place : places) {
      if (entry.seq != place.seq) {
        TRY(journal::after(connection, place.seq - 1, 1,
                           [&](const journal::Entry& found) { entry = found; }));
      }
      for (Event& event : TRY(teller.one(entry, place.sub))) {
        page.events.push_back(std::make_shared<const Event>(std::move(event)));
      }
    }
    const Cursor whole{standing.seq, Cursor::kWholeEntry};
    page.next = (page.more ? places.back() : whole).text(exchange_.site());
    return base::done();
  }));
  return page;
}

base::Result<std::string> Feed::start_from(std::string_view where) const {
  hub_.want();
  const auto time = time_of(where);
  if (!time && where != "now" && where != "beginning") return bad_start();
  Cursor cursor;
  TRY(exchange_.database().read([&](store::Connection& connection) -> base::Result<void> {
    const Standing standing = TRY(Feed::standing(connection));
    cursor.seq = where == "now" ? standing.seq : standing.floor;
    if (!time) return base::done();
    const std::int64_t first = TRY(journal::first_since(connection, *time));
    if (first <= standing.floor) return expired();
    cursor.seq = std::min(first - 1, standing.seq);
    return base::done();
  }));
  return cursor.text(exchange_.site());
}

// The first time at this database: what is older than the retention is not told at all.
base::Result<void> Feed::begin() {
  Standing now;
  TRY(exchange_.database().read([&](store::Connection& connection) -> base::Result<void> {
    now = TRY(standing(connection));
    if (now.begun) return base::done();
    const base::Time oldest = exchange_.clock().now() - options_.retention;
    now.seq = TRY(journal::first_since(connection, oldest)) - 1;
    return base::done();
  }));
  if (!now.begun) {
    TRY(exchange_.database().write([&](store::Connection& connection) -> base::Result<void> {
      TRY(connection.run(kBegin, {now.seq}));
      now = TRY(standing(connection));
      return base::done();
    }));
  }
  told_ = now.seq;
  hub_.begin_at(now.seq);
  return base::done();
}

base::Result<std::int64_t> Feed::follow(std::int64_t entries_max) {
  if (!told_) TRY(begin());
  const bool wanted = hub_.wanted();
  std::vector<EventPointer> events;
  std::int64_t last = *told_, noted = 0, count = 0;
  TRY(exchange_.database().read([&](store::Connection& connection) -> base::Result<void> {
    events.clear();
    last = *told_;
    count = 0;
    noted = TRY(standing(connection)).seq;
    std::vector<journal::Entry> entries;
    TRY(journal::after(connection, *told_, entries_max,
                       [&](const journal::Entry& entry) { entries.push_back(entry); }));
    // They may name organisations that another process has just added.
    if (!entries.empty()) TRY(exchange_.directory().refresh());
    Teller teller(exchange_, connection);
    for (const journal::Entry& entry : entries) {
      for (Event& event : TRY(wanted ? teller.all(entry) : teller.whom(entry))) {
        events.push_back(std::make_shared<const Event>(std::move(event)));
      }
      last = entry.seq;
      ++count;
    }
    return base::done();
  }));
  if (count == 0) return 0;
  if (last > noted) TRY(note(events, last));
  told_ = last;
  if (wanted) {
    hub_.publish(events, last);
  } else {
    hub_.pass(events, last);
  }
  return count;
}

base::Result<void> Feed::note(const std::vector<EventPointer>& events, std::int64_t up_to) {
  return exchange_.database().write([&](store::Connection& connection) -> base::Result<void> {
    const std::int64_t noted = TRY(standing(connection)).seq;
    if (noted >= up_to) return base::done();  // another node was first
    TRY(insert_places(connection, events, noted));
    TRY(connection.run(kAdvance, {up_to}));
    return base::done();
  });
}

base::Result<std::int64_t> Feed::prune() {
  std::int64_t floor = 0;
  Standing now;
  std::vector<OrganisationKey> organisations;
  TRY(exchange_.database().read([&](store::Connection& connection) -> base::Result<void> {
    now = TRY(standing(connection));
    const base::Time oldest = exchange_.clock().now() - options_.retention;
    floor = std::min(TRY(journal::first_since(connection, oldest)) - 1, now.seq);
    organisations.clear();
    return connection.each(kOrganisations, {}, [&](const store::Row& row) {
      organisations.push_back(row.integer(0));
      return true;
    });
  }));
  if (!now.begun || floor <= now.floor) return 0;
  // First nobody may read there any more, then it goes.
  TRY(exchange_.database().write([&](store::Connection& connection) -> base::Result<void> {
    TRY(connection.run(kRaiseFloor, {floor}));
    return base::done();
  }));
  std::int64_t removed = 0;
  for (const OrganisationKey key : organisations) {
    std::int64_t of_one = 0;
    TRY(exchange_.database().write([&](store::Connection& connection) -> base::Result<void> {
      of_one = TRY(connection.run(kForget, {key, floor}));
      return base::done();
    }));
    removed += of_one;
  }
  return removed;
}

}  // namespace exchange::feed
