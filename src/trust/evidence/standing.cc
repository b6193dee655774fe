#include "trust/evidence/standing.h"

namespace trust::evidence {
namespace {

using store::Query;
using store::Row;

const Query kWaiting{"evidence.waiting",
                     "select max(seq) - coalesce((select max(last_seq) from evidence_batch), 0) "
                     "from evidence"};
const Query kWaitingSince{"evidence.waiting_since",
                          "select at from evidence where seq > "
                          "(select coalesce(max(last_seq), 0) from evidence_batch) "
                          "order by seq limit 1"};
const Query kUnsigned{"evidence.count_unsigned",
                      "select count(*), min(opened_at) from evidence_batch "
                      "where signature is null"};
const Query kUnlogged{"evidence.count_unlogged",
                      "select count(*), min(opened_at) from evidence_batch "
                      "where log_index is null"};
const Query kUnstamped{"evidence.count_unstamped",
                       "select count(*), min(opened_at) from evidence_batch where stamp is null"};
const Query kLoggedAt{"evidence.logged_at",
                      "select opened_at from evidence_batch where log_index is not null "
                      "order by number desc limit 1"};
// Batches are logged in their order: the last that is logged ends where the log was left.
const Query kLoggedTo{"evidence.logged_to",
                      "select log_index + last_seq - first_seq + 1 from evidence_batch "
                      "where log_index is not null order by number desc limit 1"};
const Query kForget{"evidence.forget_log",
                    "update evidence_batch set log_index = null, log_from = 0"};

using Since = std::optional<base::Time>;

base::Result<void> look(store::Connection& connection, const Query& query, std::int64_t& count,
                        Since& since) {
  TRY(connection.first(query, {}, [&](const Row& row) {
    count = row.integer(0);
    if (!row.is_null(1) && (!since || row.time(1) < *since)) since = row.time(1);
  }));
  return base::done();
}

}  // namespace

base::Result<Standing> standing_of(store::Connection& connection, bool log, bool timestamps) {
  Standing standing;
  standing.waiting = TRY(connection.integer(kWaiting, {})).value_or(0);
  Since waiting;
  TRY(connection.first(kWaitingSince, {}, [&](const Row& row) { waiting = row.time(0); }));
  standing.unsigned_since = waiting;
  TRY(look(connection, kUnsigned, standing.without_signature, standing.unsigned_since));
  if (log) {
    standing.unlogged_since = waiting;
    TRY(look(connection, kUnlogged, standing.without_log, standing.unlogged_since));
    TRY(connection.first(kLoggedAt, {}, [&](const Row& row) { standing.logged_at = row.time(0); }));
  }
  if (timestamps) {
    standing.unstamped_since = waiting;
    TRY(look(connection, kUnstamped, standing.without_timestamp, standing.unstamped_since));
  }
  return standing;
}

base::Result<std::int64_t> logged_to(store::Connection& connection) {
  return TRY(connection.integer(kLoggedTo, {})).value_or(0);
}

base::Result<void> forget_log(store::Connection& connection) {
  TRY(connection.run(kForget, {}));
  return base::done();
}

}  // namespace trust::evidence
