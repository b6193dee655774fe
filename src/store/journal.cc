#include "store/journal.h"

#include <vector>

#include "base/hash.h"

namespace store::journal {
namespace {

const Query kLast{"store.journal_last",
                  "select seq, at, kind, subject, body, previous, hash from journal "
                  "order by seq desc limit 1"};
const Query kInsert{"store.journal_insert",
                    "insert into journal (seq, at, kind, subject, body, previous, hash) "
                    "values ($1, $2, $3, $4, $5, $6, $7)"};
const Query kFrom{"store.journal_from",
                  "select seq, at, kind, subject, body, previous, hash from journal "
                  "where seq >= $1 order by seq limit 10000"};
const Query kAfter{"store.journal_after",
                   "select seq, at, kind, subject, body, previous, hash from journal "
                   "where seq > $1 order by seq limit $2"};
const Query kTime{"store.journal_time", "select at from journal where seq = $1"};
const Query kAbout{"store.journal_about",
                   "select seq, at, kind, subject, body, previous, hash from journal "
                   "where subject >= $1 and subject <= $2 order by subject, seq limit $3"};

Entry entry_of(const store::Row& row) {
  return Entry{row.integer(0),
               row.time(1),
               row.string(2),
               row.string(3),
               row.string(4),
               base::Bytes(row.bytes(5)),
               base::Bytes(row.bytes(6))};
}

void append_number(base::Bytes& out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(value >> shift & 0xff));
}

void append_field(base::Bytes& out, std::string_view field) {
  append_number(out, field.size());
  out += field;
}

}  // namespace

base::Bytes entry_hash(const Entry& entry) {
  base::Bytes content = "truc journal 1\n";
  append_number(content, static_cast<std::uint64_t>(entry.seq));
  append_number(content, static_cast<std::uint64_t>(base::to_micros(entry.at)));
  append_field(content, entry.kind);
  append_field(content, entry.subject);
  append_field(content, entry.body);
  append_field(content, entry.previous);
  return base::sha256(content);
}

namespace {

// The entry to chain to, checked; number 0 when the journal is empty.
base::Result<Entry> checked_last(store::Connection& connection) {
  Entry last;
  const bool any =
      TRY(connection.first(kLast, {}, [&](const store::Row& row) { last = entry_of(row); }));
  if (any && entry_hash(last) != last.hash) {
    return base::Error(base::Code::data_loss, "store.journal_damaged",
                       "the last entry of the journal (" + std::to_string(last.seq) +
                           ") does not match its hash; run truc verify",
                       "mục cuối của nhật ký (" + std::to_string(last.seq) +
                           ") không khớp mã băm; hãy chạy truc verify");
  }
  return last;
}

}  // namespace

base::Result<void> check_end(store::Connection& connection) {
  TRY(checked_last(connection));
  return base::done();
}

base::Result<void> append(store::Connection& connection, base::Time at, std::string_view kind,
                          std::string_view subject, const base::Json& body) {
  const Entry last = TRY(checked_last(connection));
  const Entry entry{last.seq + 1, at, std::string(kind), std::string(subject), body.dump(),
                    last.hash,    {}};
  TRY(connection.run(kInsert, {entry.seq, at, kind, subject, entry.body, Blob{entry.previous},
                               Blob{entry_hash(entry)}}));
  return base::done();
}

base::Result<Verdict> verify(store::Connection& connection, std::int64_t from_seq,
                             const std::function<void(const Entry&)>& each) {
  Verdict verdict;
  std::int64_t expected = from_seq;
  bool first = true;
  const auto step = [&](const Entry& entry) {
    const auto broken = [&](const char* why) {
      verdict.broken_at = expected;
      verdict.why = why;
      return false;
    };
    if (entry.seq != expected) return broken("the entry is missing");
    if ((!first || from_seq == 1) && entry.previous != verdict.head) {
      return broken("the entry is not chained to the one before it");
    }
    if (entry_hash(entry) != entry.hash) return broken("the entry was changed");
    if (each) each(entry);
    verdict.head = entry.hash;
    first = false;
    ++expected;
    ++verdict.entries;
    return true;
  };
  // Page by page, so that a long journal is never held as a whole.
  for (bool more = true; more && !verdict.broken_at;) {
    std::vector<Entry> page;
    TRY(connection.each(kFrom, {expected}, [&](const store::Row& row) {
      page.push_back(entry_of(row));
      return true;
    }));
    more = !page.empty();
    for (const Entry& entry : page) {
      if (!step(entry)) break;
    }
  }
  return verdict;
}

base::Result<std::int64_t> last_seq(store::Connection& connection) {
  static const Query kSeq{"store.journal_last_seq", "select max(seq) from journal"};
  return TRY(connection.integer(kSeq, {})).value_or(0);
}

base::Result<void> after(store::Connection& connection, std::int64_t seq, std::int64_t entries_max,
                         const std::function<void(const Entry&)>& each) {
  return connection.each(kAfter, {seq, entries_max}, [&](const store::Row& row) {
    each(entry_of(row));
    return true;
  });
}

// By halving: the numbers have no gaps, and time grows with them.
base::Result<std::int64_t> first_since(store::Connection& connection, base::Time time) {
  std::int64_t from = 1, to = TRY(last_seq(connection)) + 1;
  while (from < to) {
    const std::int64_t middle = from + (to - from) / 2;
    const auto at = TRY(connection.integer(kTime, {middle}));
    if (at && *at < base::to_micros(time)) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}

base::Result<void> about(store::Connection& connection, std::string_view first,
                         std::string_view last, std::int64_t entries_max,
                         const std::function<void(const Entry&)>& each) {
  return connection.each(kAbout, {first, last, entries_max}, [&](const store::Row& row) {
    each(entry_of(row));
    return true;
  });
}

const std::vector<Migration>& migrations() {
  static const std::vector<Migration> kAll = {
      {"journal", 1, "the journal", R"sql(
create table journal (
  seq int64 primary key,
  at time not null,
  kind text not null,
  subject text not null,
  body text not null,
  previous bytes not null,
  hash bytes not null
);
)sql"},
      {"journal", 2, "entries by what they are about", R"sql(
create index journal_subject on journal (subject, seq);
)sql"}};
  return kAll;
}

}  // namespace store::journal
