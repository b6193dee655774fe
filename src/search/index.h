// Documents found again by what they say. An inverted index of our own in ordinary tables, the same
// on SQLite and PostgreSQL; why: docs/decisions/0029-an-index-of-our-own.md, how:
// docs/formats/search-index.md.
//
// put(), merge() and clear() change it, one thread at a time within this process; another process
// may do so too. find() and the rest: any thread. What is returned as done is on disk.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "search/entry.h"
#include "search/fold.h"
#include "store/database.h"

namespace search {

// Who asks: everything, or only what one of these organisations may see.
struct Sight {
  bool all = false;
  std::vector<std::int64_t> organisations;
};

struct Request {
  std::string query;  // query.h
  Sight sight;
  std::string after;       // Found::next of the page before; empty: the first page
  std::size_t limit = 20;  // hits of a page, 1 to 50
  // Asked for each hit before it is counted into a page: false leaves it out as if it were not in
  // the index, which may be behind what it was made from. `matches` counts it nevertheless. Empty:
  // all stay. Within a read of the index's database; an error ends the search with it.
  std::function<base::Result<bool>(std::int64_t id)> keep = {};
};

// Bytes of a text, from `begin` to before `end`.
struct Range {
  std::uint32_t begin = 0, end = 0;
};

// A document that was found. The text is as it was indexed: to be shown as text, with the ranges
// marked; it is no HTML.
struct Hit {
  std::int64_t id = 0;
  std::string notation, subject, sender, type, note;
  std::int32_t day = 0;
  int urgency = 0;
  std::vector<Range> notation_marks, subject_marks, sender_marks;
  std::string snippet;  // of the content, where words of the query stand there
  std::vector<Range> snippet_marks;
  double score = 0;
};

struct Found {
  std::vector<Hit> hits;  // best first
  std::string next;       // empty after the last page
  std::int64_t matches = 0;
  // Some documents were not looked at, since the words are in too many: `matches` is a lower bound.
  bool partial = false;
};

class Index {
 public:
  struct Options {
    Limits limits;
    std::size_t cache_bytes = std::size_t{96} << 20;  // of lists that were read
    // Postings that one query adds up: words beyond it, the most frequent, only count in the closer
    // look at the best. Filters and phrases must hold, and may read four times as many.
    std::int64_t postings_max = 1'500'000;
  };
  // Makes the tables where they are missing. `database` outlives the index.
  static base::Result<std::unique_ptr<Index>> open(store::Database& database, Options options);
  static base::Result<std::unique_ptr<Index>> open(store::Database& database);
  ~Index();

  // What the caller has read up to, kept with the entries; 0 when nothing was indexed yet.
  base::Result<std::int64_t> cursor();
  // Adds entries and moves the cursor from `before` to `after`, in one commit. search.cursor_moved
  // (conflict) when it is not at `before`: somebody else has indexed these.
  base::Result<void> put(const std::vector<Entry>& entries, std::int64_t before,
                         std::int64_t after);
  // One round of making many small segments one large one, in small commits; false when there is
  // nothing to do.
  base::Result<bool> merge();
  // Forgets everything; the cursor is 0 at once, the rest goes in small commits.
  base::Result<void> clear();
  base::Result<std::int64_t> documents();

  // search.query_too_long, search.too_many_terms, search.query_empty, search.bad_filter,
  // search.bad_page (invalid); search.index_damaged (data_loss): `truc search rebuild` mends that.
  base::Result<Found> find(const Request& request);

 private:
  struct Impl;
  explicit Index(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

const std::vector<store::Migration>& migrations();

}  // namespace search
