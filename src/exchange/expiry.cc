#include "exchange/expiry.h"

#include <vector>

#include "exchange/evidences.h"
#include "exchange/records.h"
#include "store/journal.h"

namespace exchange {
namespace {

using store::Query;
using trust::evidence::Event;

const Query kUnfetched{"exchange.unfetched",
                       "select id, recipient from delivery where unfetched_since < $1 "
                       "order by unfetched_since limit $2"};
const Query kStopUnfetched{"exchange.stop_unfetched",
                           "update delivery set unfetched_since = null where id = $1"};
const Query kUnanswered{"exchange.unanswered",
                        "select id, recipient from delivery where unanswered_since < $1 "
                        "order by unanswered_since limit $2"};
const Query kStopUnanswered{"exchange.stop_unanswered",
                            "update delivery set unanswered_since = null where id = $1"};

// One of the two clocks of a delivery.
struct Clock {
  const Query &due, &stop;
  Event event;
  std::string_view reason;
};
const Clock kFetch{kUnfetched, kStopUnfetched, Event::expiry, "exchange.not_fetched_in_time"};
const Clock kAnswer{kUnanswered, kStopUnanswered, Event::acceptance_rejection_expiry,
                    "exchange.not_answered_in_time"};

using Due = std::vector<std::pair<DeliveryKey, OrganisationKey>>;

base::Result<Due> due(store::Connection& connection, const Clock& clock, base::Time before,
                      std::int64_t most) {
  Due out;
  TRY(connection.each(clock.due, {before, most}, [&](const store::Row& row) {
    out.emplace_back(row.integer(0), row.integer(1));
    return true;
  }));
  return out;
}

base::Result<std::int64_t> expire(Exchange& exchange, const Clock& clock, base::Time before,
                                  base::Time now, std::int64_t most) {
  // A look that keeps the writer out of it while nothing is due.
  std::int64_t count = 0;
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    const Due found = TRY(due(connection, clock, before, 1));
    count = static_cast<std::int64_t>(found.size());
    return base::done();
  }));
  if (count == 0) return 0;
  TRY(exchange.database().write([&](store::Connection& connection) -> base::Result<void> {
    const Due found = TRY(due(connection, clock, before, most));
    count = static_cast<std::int64_t>(found.size());
    for (const auto& [delivery, recipient] : found) {
      TRY(connection.run(clock.stop, {delivery}));
      TRY(evidences::of_delivery(exchange, connection, clock.event, delivery, recipient, now,
                                 clock.reason));
      base::Json body;
      body.add("evidence", trust::evidence::name_of(clock.event));
      TRY(store::journal::append(connection, now, "expired",
                                 delivery_id_text(exchange.site(), delivery), body));
    }
    return base::done();
  }));
  return count;
}

}  // namespace

base::Result<std::int64_t> expire(Exchange& exchange, const Deadlines& deadlines,
                                  std::int64_t most) {
  if (!exchange.evidence()) return 0;
  const base::Time now = exchange.clock().now();
  const auto calendar = exchange.calendar();
  std::int64_t count = 0;
  for (const auto& [deadline, clock] :
       {std::pair(&deadlines.fetch, &kFetch), std::pair(&deadlines.answer, &kAnswer)}) {
    if (!*deadline || count == most) continue;
    const base::Time before = overdue_before(**deadline, *calendar, now);
    count += TRY(expire(exchange, *clock, before, now, most - count));
  }
  return count;
}

}  // namespace exchange
