#include "search/index.h"

#include <algorithm>
#include <mutex>

#include "search/find.h"
#include "search/segments.h"

namespace search {
namespace {

using store::Connection;
using store::Query;

constexpr std::size_t kPagesAtOnce = 64;        // in one commit
constexpr std::int64_t kDocumentsAtOnce = 500;  // removed in one commit

const Query kState{"search.state",
                   "select position, next_number, next_segment from search_state where id = 1"};
const Query kMoveState{
    "search.move_state",
    "update search_state set position = $1, next_number = $2, next_segment = $3 where id = 1"};
const Query kTakeSegment{"search.take_segment",
                         "update search_state set next_segment = next_segment + 1 where id = 1"};
const Query kRewind{"search.rewind", "update search_state set position = 0 where id = 1"};
const Query kForget{"search.forget", "delete from search_document where id = $1"};
const Query kInsertDocument{"search.insert_document",
                            "insert into search_document (number, id, notation, subject, sender, "
                            "type, note, urgency, day, content) "
                            "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"};
const Query kInsertSegment{
    "search.insert_segment",
    "insert into search_segment (id, first, documents, day_min, day_max, live) "
    "values ($1, $2, $3, $4, $5, $6)"};
const Query kInsertPage{"search.insert_page",
                        "insert into search_page (segment, first, data) values ($1, $2, $3)"};
const Query kPages{"search.pages",
                   "select data from search_page where segment = $1 order by first"};
const Query kDropSegment{"search.drop_segment", "delete from search_segment where id = $1"};
const Query kDropAll{"search.drop_all", "delete from search_segment"};
const Query kShow{"search.show", "update search_segment set live = 1 where id = $1 and live = 0"};
const Query kDropPages{"search.drop_pages", "delete from search_page where segment = $1"};
const Query kOrphan{"search.orphan",
                    "select min(segment) from search_page where segment >= $1 and segment not in "
                    "(select id from search_segment)"};
const Query kDead{"search.unfinished", "select min(id) from search_segment where live = 0"};
const Query kFirstDocument{"search.first_document", "select min(number) from search_document"};
const Query kDropDocuments{"search.drop_documents",
                           "delete from search_document where number < $1"};
const Query kDocuments{"search.documents", "select count(*) from search_document"};

struct State {
  std::int64_t position = 0, next_number = 1, next_segment = 1;
};
base::Result<State> state_of(Connection& connection) {
  State state;
  TRY(connection.first(kState, {}, [&](const store::Row& row) {
    state = {row.integer(0), row.integer(1), row.integer(2)};
  }));
  return state;
}

base::Result<void> insert_document(Connection& connection, std::int64_t number,
                                   const Entry& entry) {
  TRY(connection.run(kForget, {entry.id}));
  TRY(connection.run(kInsertDocument,
                     {number, entry.id, entry.notation, entry.subject, entry.sender, entry.type,
                      entry.note, entry.urgency, std::int64_t{entry.day}, entry.content}));
  return base::done();
}

base::Result<void> insert_pages(Connection& connection, std::int64_t segment,
                                const std::vector<Page>& pages, std::size_t from, std::size_t to) {
  for (std::size_t at = from; at < to; ++at) {
    TRY(connection.run(kInsertPage, {segment, pages[at].first, store::Blob{pages[at].data}}));
  }
  return base::done();
}

base::Result<void> insert_segment(Connection& connection, const Segment& segment, bool live) {
  TRY(connection.run(kInsertSegment, {segment.id, segment.first, segment.documents, segment.day_min,
                                      segment.day_max, live}));
  return base::done();
}

// Segments of one size class are made one when there are so many of them side by side.
int class_of(const Segment& segment) {
  int size_class = 0;
  for (std::int64_t documents = segment.documents; documents >= 512 && size_class < 3;
       documents /= 8)
    ++size_class;
  return segment.documents >= 131072 ? 4 : size_class;
}
std::size_t enough(int size_class) { return size_class < 3 ? 8 : 4; }

std::vector<Segment> mergeable(const std::vector<Segment>& all) {
  for (std::size_t end = all.size(); end > 0;) {
    const int size_class = class_of(all[end - 1]);
    std::size_t begin = end;
    while (begin > 0 && class_of(all[begin - 1]) == size_class) --begin;
    const std::size_t count = enough(size_class);
    if (size_class < 4 && end - begin >= count) {
      const auto from = all.begin() + static_cast<std::ptrdiff_t>(begin);
      return {from, from + static_cast<std::ptrdiff_t>(count)};
    }
    end = begin;
  }
  return {};
}

base::Result<void> read_into(Connection& connection, const Segment& segment, std::int64_t first,
                             Lists& all) {
  bool whole = true;
  TRY(connection.each(kPages, {segment.id}, [&](const store::Row& row) {
    whole = each_list(row.bytes(0), [&](std::string_view term, const List& list) {
      auto at = all.find(term);
      if (at == all.end()) at = all.emplace(std::string(term), List{}).first;
      if (term[0] == '=') {
        at->second.bytes += list.bytes;
      } else {
        at->second.append(list, static_cast<std::uint32_t>(segment.first - first));
      }
    });
    return whole;
  }));
  return whole ? base::done() : base::Result<void>(damaged(segment.id));
}

}  // namespace

struct Index::Impl {
  Impl(store::Database& records, Options chosen)
      : database(records), options(chosen), cache(chosen.cache_bytes) {}
  store::Database& database;
  const Options options;
  Cache cache;
  std::mutex changing;
  bool swept = false;  // what a crash left behind

  // Work of one commit.
  template <class Work>
  base::Result<void> commit(Work work) {
    return database.write(
        [&](Connection& connection) -> base::Result<void> { return work(connection); });
  }
  base::Result<void> write_merged(const Segment& target, const std::vector<Segment>& sources,
                                  const Lists& lists);
  base::Result<void> drop_pages_of_nobody();
};

Index::Index(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Index::~Index() = default;

base::Result<std::unique_ptr<Index>> Index::open(store::Database& database) {
  return open(database, Options{});
}

base::Result<std::unique_ptr<Index>> Index::open(store::Database& database, Options options) {
  TRY(database.migrate(migrations()));
  return std::unique_ptr<Index>(new Index(std::make_unique<Impl>(database, options)));
}

base::Result<std::int64_t> Index::cursor() {
  State state;
  TRY(impl_->database.read([&](Connection& connection) -> base::Result<void> {
    state = TRY(state_of(connection));
    return base::done();
  }));
  return state.position;
}

base::Result<std::int64_t> Index::documents() {
  std::int64_t count = 0;
  TRY(impl_->database.read([&](Connection& connection) -> base::Result<void> {
    count = TRY(connection.integer(kDocuments, {})).value_or(0);
    return base::done();
  }));
  return count;
}

base::Result<void> Index::put(const std::vector<Entry>& entries, std::int64_t before,
                              std::int64_t after) {
  const std::lock_guard lock(impl_->changing);
  // Of several entries with one id only the last stays.
  std::vector<Entry> all;
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (std::none_of(all.begin(), all.end(),
                     [&](const Entry& known) { return known.id == entry->id; }))
      all.push_back(within(*entry, impl_->options.limits));
  }
  std::reverse(all.begin(), all.end());
  SegmentBuilder builder;
  for (const Entry& entry : all) builder.add(entry);
  const std::vector<Page> pages = pages_of(builder.lists());
  return impl_->commit([&](Connection& connection) -> base::Result<void> {
    State state = TRY(state_of(connection));
    if (state.position != before) {
      return base::Error(base::Code::conflict, "search.cursor_moved",
                         "another process has indexed these documents",
                         "Tiến trình khác đã lập chỉ mục các văn bản này");
    }
    Segment segment{state.next_segment, state.next_number, builder.documents(), builder.day_min(),
                    builder.day_max()};
    if (!all.empty()) {
      TRY(insert_segment(connection, segment, true));
      TRY(insert_pages(connection, segment.id, pages, 0, pages.size()));
      ++state.next_segment;
    }
    for (const Entry& entry : all) TRY(insert_document(connection, state.next_number++, entry));
    TRY(connection.run(kMoveState, {after, state.next_number, state.next_segment}));
    return base::done();
  });
}

base::Result<bool> Index::merge() {
  const std::lock_guard lock(impl_->changing);
  std::vector<Segment> sources;
  Lists lists;
  TRY(impl_->database.read([&](Connection& connection) -> base::Result<void> {
    lists.clear();
    const std::vector<Segment> live = TRY(live_segments(connection));
    sources = mergeable(live);
    for (const Segment& segment : sources)
      TRY(read_into(connection, segment, sources.front().first, lists));
    return base::done();
  }));
  if (!impl_->swept) TRY(impl_->drop_pages_of_nobody());
  impl_->swept = true;
  if (sources.empty()) return false;
  Segment target = sources.front();
  target.documents = sources.back().first + sources.back().documents - target.first;
  for (const Segment& segment : sources) {
    target.day_min = std::min(target.day_min, segment.day_min);
    target.day_max = std::max(target.day_max, segment.day_max);
  }
  TRY(impl_->write_merged(target, sources, lists));
  return true;
}

// The new segment is written unseen, in small commits, then takes the place of its sources in one.
base::Result<void> Index::Impl::write_merged(const Segment& like,
                                             const std::vector<Segment>& sources,
                                             const Lists& lists) {
  const std::vector<Page> pages = pages_of(lists);
  Segment target = like;
  TRY(commit([&](Connection& connection) -> base::Result<void> {
    const State state = TRY(state_of(connection));
    target.id = state.next_segment;
    TRY(connection.run(kTakeSegment, {}));
    return insert_segment(connection, target, false);
  }));
  for (std::size_t at = 0; at < pages.size(); at += kPagesAtOnce) {
    TRY(commit([&](Connection& connection) -> base::Result<void> {
      return insert_pages(connection, target.id, pages, at,
                          std::min(at + kPagesAtOnce, pages.size()));
    }));
  }
  TRY(commit([&](Connection& connection) -> base::Result<void> {
    std::int64_t same = TRY(connection.run(kShow, {target.id}));
    for (const Segment& segment : sources) same += TRY(connection.run(kDropSegment, {segment.id}));
    if (same == static_cast<std::int64_t>(sources.size()) + 1) return base::done();
    return base::Error(base::Code::conflict, "search.cursor_moved",
                       "another process has rebuilt the index",
                       "Tiến trình khác đã lập lại chỉ mục");
  }));
  for (const Segment& segment : sources) {
    TRY(commit([&](Connection& connection) -> base::Result<void> {
      TRY(connection.run(kDropPages, {segment.id}));
      return base::done();
    }));
  }
  return base::done();
}

// Pages of segments that are no more, and segments that a crash left unfinished.
base::Result<void> Index::Impl::drop_pages_of_nobody() {
  TRY(commit([&](Connection& connection) -> base::Result<void> {
    while (const auto unfinished = TRY(connection.integer(kDead, {})))
      TRY(connection.run(kDropSegment, {*unfinished}));
    return base::done();
  }));
  for (std::optional<std::int64_t> nobody = 0; nobody;) {
    TRY(commit([&](Connection& connection) -> base::Result<void> {
      nobody = TRY(connection.integer(kOrphan, {*nobody}));
      if (nobody) TRY(connection.run(kDropPages, {*nobody}));
      return base::done();
    }));
  }
  return base::done();
}

base::Result<void> Index::clear() {
  const std::lock_guard lock(impl_->changing);
  std::int64_t end = 0;
  TRY(impl_->commit([&](Connection& connection) -> base::Result<void> {
    end = TRY(state_of(connection)).next_number;
    TRY(connection.run(kDropAll, {}));
    TRY(connection.run(kRewind, {}));
    return base::done();
  }));
  for (bool more = true; more;) {
    TRY(impl_->commit([&](Connection& connection) -> base::Result<void> {
      const auto first = TRY(connection.integer(kFirstDocument, {}));
      more = first && *first < end;
      if (more) TRY(connection.run(kDropDocuments, {std::min(*first + kDocumentsAtOnce, end)}));
      return base::done();
    }));
  }
  return impl_->drop_pages_of_nobody();
}

base::Result<Found> Index::find(const Request& request) {
  return search::find(impl_->database, impl_->cache, request, impl_->options.postings_max);
}

}  // namespace search
