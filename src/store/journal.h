// The journal: every step of the exchange and every act of those who run it, each entry chained to
// the one before by its hash, so that nothing can be changed, dropped or reordered unseen. Format:
// docs/formats/journal.md.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "store/connection.h"
#include "store/database.h"

namespace store::journal {

struct Entry {
  std::int64_t seq = 0;
  base::Time at;
  std::string kind;     // "accepted", "fetched", …
  std::string subject;  // the id it is about, as clients see it
  std::string body;     // compact JSON
  base::Bytes previous, hash;
};

// SHA-256 over the fields, each with its length, and the previous hash.
base::Bytes entry_hash(const Entry& entry);

// Appends within the transaction of `connection`. The entry that it is chained to is checked first:
// store.journal_damaged (Code::data_loss) when it does not match its own hash, and nothing more
// is accepted until the operator has looked.
base::Result<void> append(store::Connection& connection, base::Time at, std::string_view kind,
                          std::string_view subject, const base::Json& body);

// Whether the last entry matches its hash; store.journal_damaged. What append() checks, without
// appending.
base::Result<void> check_end(store::Connection& connection);

struct Verdict {
  std::int64_t entries = 0;
  base::Bytes head;                       // hash of the last entry; empty when there is none
  std::optional<std::int64_t> broken_at;  // the first entry that does not fit
  std::string why;
};
// Walks the chain from `from_seq` (1: the whole); `each` sees every entry in order and may be
// empty.
base::Result<Verdict> verify(store::Connection& connection, std::int64_t from_seq,
                             const std::function<void(const Entry&)>& each);
base::Result<std::int64_t> last_seq(store::Connection& connection);

// The entries after number `seq`, in order, at most `entries_max`. A reader that sees an entry sees
// every one before it: numbers are given under the writers' lock, which is held until the commit.
base::Result<void> after(store::Connection& connection, std::int64_t seq, std::int64_t entries_max,
                         const std::function<void(const Entry&)>& each);
// The number of the first entry at or after `time`; the next number when there is none. Where the
// clock was set back, one of those that may be meant.
base::Result<std::int64_t> first_since(store::Connection& connection, base::Time time);
// The entries whose subject is from `first` to `last`, by bytes, at most `entries_max`, by subject
// and then in order.
base::Result<void> about(store::Connection& connection, std::string_view first,
                         std::string_view last, std::int64_t entries_max,
                         const std::function<void(const Entry&)>& each);

// The table; before the migrations of every module that appends.
const std::vector<Migration>& migrations();

}  // namespace store::journal
