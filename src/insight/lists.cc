#include "insight/lists.h"

#include <algorithm>
#include <map>

#include "exchange/receipts.h"
#include "exchange/trace_words.h"

namespace insight {
namespace {

using exchange::DeliveryKey;
using exchange::Recall;
using exchange::Transport;
using store::Query;

constexpr std::int64_t kLookedAtMax = 50'000;
constexpr std::int64_t kStep = 2'000;

#define INSIGHT_COLUMNS                                                                         \
  "d.id, d.recipient, d.system, d.state, d.recall, d.status_code, d.fetched_at, d.visible_at, " \
  "d.answered_at, d.recall_requested_at, d.recall_answered_at, d.updated_at, m.sender, "        \
  "m.urgency, m.accepted_at "                                                                   \
  "from delivery d join document m on m.id = d.id / 65536 "
const Query kBetween{"insight.between",
                     "select " INSIGHT_COLUMNS
                     "where d.id > $1 and d.id < $2 and d.kind = 0 order by d.id limit $3"};
const Query kOpenBetween{"insight.open_between",
                         "select " INSIGHT_COLUMNS
                         "where d.id > $1 and d.id < $2 and d.kind = 0 and d.state < 2 "
                         "order by d.id limit $3"};
const Query kOpenOfSystem{"insight.open_of_system",
                          "select " INSIGHT_COLUMNS
                          "where d.system = $1 and d.kind = 0 and d.state < 2 and d.id > $3 "
                          "order by d.id limit $2"};
const Query kOpenOfUnserved{"insight.open_of_unserved",
                            "select " INSIGHT_COLUMNS
                            "where d.recipient = $1 and d.system = 0 and d.kind = 0 "
                            "and d.state < 2 and d.id > $3 order by d.id limit $2"};
const Query kAskedBack{"insight.asked_back",
                       "select " INSIGHT_COLUMNS
                       "where d.recall = 1 and d.kind = 0 and d.id > $1 order by d.id limit $2"};
#undef INSIGHT_COLUMNS

struct Record {
  DocumentFacts document;
  DeliveryFacts delivery;
};

Record record_of(const store::Row& row) {
  Record out;
  out.delivery = delivery_of(row);
  out.document = {exchange::document_of(out.delivery.key), row.integer(12),
                  static_cast<int>(row.integer(13)), row.time(14)};
  return out;
}

bool covers(const Scope& scope, const Record& record) {
  const OrganisationKey key =
      scope.direction == Direction::sent ? record.document.sender : record.delivery.recipient;
  return scope.everywhere ||
         std::binary_search(scope.organisations.begin(), scope.organisations.end(), key);
}

bool is_late(const ListQuery& query, const Fact& fact, base::Time now) {
  const auto& due = fact.receipt.due;
  const bool waits = fact.unanswered(), late_now = waits && due && now > *due;
  const bool answered_late = fact.answered && due && *fact.answered > *due;
  switch (query.late) {
    case Late::any:
      return true;
    case Late::now:
      return late_now;
    case Late::answered:
      return answered_late;
    case Late::either:
      return late_now || answered_late;
    case Late::paused:
      return waits && !due;
    case Late::coming:
      return waits && due && now <= *due;
  }
  return false;
}

bool is_at(Progress progress, const Fact& fact) {
  switch (progress) {
    case Progress::any:
      return true;
    case Progress::unarrived:
      return fact.unarrived();
    case Progress::arrived:
      return fact.arrived.has_value();
    case Progress::unanswered:
      return fact.unanswered();
    case Progress::answered:
      return fact.answered.has_value();
  }
  return false;
}

bool belongs(const ListQuery& query, const Record& record, const Fact& fact, base::Time now) {
  if (query.urgent && record.document.urgency == 0) return false;
  if (query.stage && *query.stage != fact.stage) return false;
  return is_at(query.progress, fact) && is_late(query, fact, now);
}

DeliveryKey end_of(exchange::DocumentKey key) { return exchange::delivery_key(key, 0); }

// Finds what is stuck, within one read.
class Finding {
 public:
  Finding(const Rollup& rollup, store::Connection& connection, const Scope& scope,
          base::Time before, base::Time now)
      : exchange_(rollup.exchange()),
        connection_(connection),
        scope_(scope),
        before_(before),
        now_(now),
        calendar_(exchange_.calendar()),
        receipts_(connection, exchange_.directory(), *calendar_, exchange_.policy().clocks, now) {}

  base::Result<StuckPage> run(DeliveryKey after, std::size_t count) {
    std::map<DeliveryKey, Record> found;
    TRY(connection_.each(kAskedBack, {after, kStep}, [&](const store::Row& row) {
      keep(found, record_of(row));
      return true;
    }));
    // How far everything was looked at.
    const DeliveryKey reached = !scope_.everywhere && scope_.direction == Direction::received
                                    ? TRY(by_system(found, after))
                                    : TRY(by_day(found, after, count));
    StuckPage page;
    for (const auto& [key, record] : found) {
      if (key <= after) continue;
      if (reached != 0 && key > reached) break;
      auto one = TRY(stuck_of(record));
      if (!one) continue;
      if (page.items.size() == count) {
        page.next = page.items.back().key;
        return page;
      }
      page.items.push_back(*std::move(one));
    }
    page.next = reached;
    return page;
  }

 private:
  void keep(std::map<DeliveryKey, Record>& found, Record record) {
    if (covers(scope_, record)) found.emplace(record.delivery.key, std::move(record));
  }

  // Of a few organisations: what waits for the systems that serve them.
  base::Result<DeliveryKey> by_system(std::map<DeliveryKey, Record>& found, DeliveryKey after) {
    std::set<exchange::SystemKey> systems;
    std::int64_t rows = 0;
    DeliveryKey last = 0, reached = 0;
    const auto take = [&](const store::Row& row) {
      Record record = record_of(row);
      last = record.delivery.key;
      ++rows;
      keep(found, std::move(record));
      return true;
    };
    const auto read = [&](const Query& query, std::int64_t of) -> base::Result<void> {
      rows = 0;
      TRY(connection_.each(query, {of, kLookedAtMax, after}, take));
      if (rows == kLookedAtMax) reached = reached == 0 ? last : std::min(reached, last);
      return base::done();
    };
    for (const OrganisationKey key : scope_.organisations) {
      const auto organisation = exchange_.directory().by_key(key);
      if (!organisation) continue;
      if (organisation->system != 0) systems.insert(organisation->system);
      TRY(read(kOpenOfUnserved, key));
    }
    for (const exchange::SystemKey system : systems) TRY(read(kOpenOfSystem, system));
    return reached;
  }

  // Of all: along the days on which something is open.
  base::Result<DeliveryKey> by_day(std::map<DeliveryKey, Record>& found, DeliveryKey after,
                                   std::size_t count) {
    const std::int64_t first = after == 0 ? 0 : day_of_key(exchange::document_of(after));
    std::int64_t looked_at = 0;
    for (const std::int64_t day : TRY(Rollup::open_days(connection_, scope_, first))) {
      DeliveryKey at = std::max(after, end_of(first_key_of(day)) - 1);
      const DeliveryKey last = end_of(first_key_of(day + 1));
      for (std::int64_t rows = kStep; rows == kStep;) {
        rows = 0;
        TRY(connection_.each(kOpenBetween, {at, last, kStep}, [&](const store::Row& row) {
          Record record = record_of(row);
          at = record.delivery.key;
          ++rows;
          keep(found, std::move(record));
          return true;
        }));
        looked_at += rows;
        if (found.size() > 2 * count || looked_at >= kLookedAtMax) return at;
      }
    }
    return 0;
  }

  base::Result<std::optional<Stuck>> stuck_of(const Record& record) {
    const DeliveryFacts& delivery = record.delivery;
    exchange::DeliveryFacts facts = clocked(record.document, delivery);
    const exchange::Clock receipt = TRY(receipts_.clock(delivery.recipient, facts));
    auto waiting = exchange::words::waiting_for(
        {delivery.state, facts.visible_at.value_or(facts.accepted_at), delivery.fetched_at,
         std::nullopt, delivery.recall_requested_at, facts.connected},
        receipt, exchange::recall_clock(*calendar_, exchange_.policy().clocks, facts));
    // What is stored and not accepted yet is a state of the work, not of the exchange: the funnel
    // has it.
    if (!waiting || waiting->why == "not_accepted" || waiting->since >= before_)
      return std::optional<Stuck>();
    if (const auto recipient = exchange_.directory().by_key(delivery.recipient))
      waiting->organisation = recipient->code;
    if (const auto system = exchange_.directory().system_by_key(delivery.system)) {
      waiting->system = system->id;
      waiting->system_enabled = system->enabled;
      waiting->system_seen = TRY(last_seen(delivery.system));
    } else {
      waiting->by_hand = TRY(receipts_.staffed(delivery.recipient)).has_value();
    }
    waiting->text = exchange::words::text_of(*waiting, now_);
    return std::optional(Stuck{delivery.key, record.document.sender, delivery.recipient,
                               record.document.urgency, record.document.accepted_at,
                               *std::move(waiting)});
  }

  base::Result<std::optional<base::Time>> last_seen(exchange::SystemKey system) {
    const auto known = seen_.find(system);
    if (known != seen_.end()) return known->second;
    const auto seen = TRY(exchange_.calls().last(connection_, system));
    seen_.emplace(system, seen);
    return seen;
  }

  const exchange::Exchange& exchange_;
  store::Connection& connection_;
  const Scope& scope_;
  const base::Time before_, now_;
  const std::shared_ptr<const identity::Calendar> calendar_;
  exchange::Receipts receipts_;
  std::map<exchange::SystemKey, std::optional<base::Time>> seen_;
};

}  // namespace

base::Result<ListPage> deliveries(const exchange::Exchange& exchange, const ListQuery& query,
                                  DeliveryKey after, std::size_t count, base::Time now) {
  const auto calendar = exchange.calendar();
  const DeliveryKey first = end_of(first_key_of(query.period.from)) - 1;
  const DeliveryKey last = end_of(first_key_of(query.period.to));
  ListPage page;
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    page = {};
    DeliveryKey at = std::max(after, first);
    std::int64_t looked_at = 0, rows = kStep;
    bool full = false;
    while (rows == kStep && looked_at < kLookedAtMax && !full) {
      rows = 0;
      TRY(connection.each(kBetween, {at, last, kStep}, [&](const store::Row& row) {
        const Record record = record_of(row);
        const Fact fact =
            fact_of(*calendar, exchange.policy().clocks, record.document, record.delivery);
        ++rows;
        if (covers(query.scope, record) && belongs(query, record, fact, now)) {
          full = page.items.size() == count;
          if (full) return false;
          const bool late = fact.receipt.due &&
                            fact.answered.value_or(fact.ended.value_or(now)) > *fact.receipt.due;
          page.items.push_back({record.delivery.key, record.document.sender,
                                record.delivery.recipient, record.document.urgency,
                                record.document.accepted_at, fact, late});
        }
        at = record.delivery.key;
        return true;
      }));
      looked_at += rows;
    }
    if (full || rows == kStep) page.next = at;
    return base::done();
  }));
  return page;
}

base::Result<StuckPage> stuck(const Rollup& rollup, const Scope& scope, base::Time before,
                              DeliveryKey after, std::size_t count, base::Time now) {
  StuckPage page;
  TRY(rollup.exchange().database().read([&](store::Connection& connection) -> base::Result<void> {
    page = TRY(Finding(rollup, connection, scope, before, now).run(after, count));
    return base::done();
  }));
  return page;
}

}  // namespace insight
