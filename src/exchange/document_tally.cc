#include "exchange/document_tally.h"

namespace exchange {
namespace {

// In pieces, so that no snapshot is held for long.
const store::Query kCount{"exchange.tally",
                          "select count(*), cast(coalesce(sum(size), 0) as bigint), max(id) from "
                          "(select id, size from document where id > $1 order by id limit 50000) "
                          "piece"};

}  // namespace

base::Result<void> DocumentTally::count() {
  for (std::int64_t found = 1; found > 0;) {
    std::int64_t bytes = 0, last = 0;
    TRY(database_.read([&](store::Connection& connection) -> base::Result<void> {
      TRY(connection.first(kCount, {last_}, [&](const store::Row& row) {
        found = row.integer(0);
        bytes = row.integer(1);
        last = row.integer(2);
      }));
      return base::done();
    }));
    if (found == 0) break;
    documents_ += found;
    bytes_ += bytes;
    last_ = last;
  }
  known_ = true;
  return base::done();
}

}  // namespace exchange
