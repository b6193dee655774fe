#include "insight/rollup.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/hash.h"
#include "base/json.h"
#include "exchange/migrations.h"
#include "insight/fact.h"
#include "insight/migrations.h"
#include "store/journal.h"

namespace insight {
namespace {

using exchange::OrganisationKey;
using store::Query;
namespace journal = store::journal;

constexpr std::int64_t kEntriesAtOnce = 10'000;

const Query kState{"insight.state",
                   "select position, basis, as_of from insight_state where id = 1"};
const Query kSetState{"insight.state_put",
                      "insert into insight_state (id, position, basis, as_of) "
                      "values (1, $1, $2, $3) on conflict (id) do update set "
                      "position = excluded.position, basis = excluded.basis, "
                      "as_of = excluded.as_of"};
const Query kOfDay{"insight.cells_of_day",
                   "select organisation, direction, cell from insight_cell where day = $1"};
const Query kPut{"insight.cell_put",
                 "insert into insight_cell (organisation, direction, day, open, cell) "
                 "values ($1, $2, $3, $4, $5) on conflict (organisation, direction, day) "
                 "do update set open = excluded.open, cell = excluded.cell"};
const Query kDrop{"insight.cell_drop",
                  "delete from insight_cell where organisation = $1 and direction = $2 "
                  "and day = $3"};
const Query kAll{"insight.cells",
                 "select organisation, direction, day, cell from insight_cell "
                 "order by organisation, direction, day"};
const Query kCells{"insight.cells_of",
                   "select day, cell from insight_cell where organisation = $1 "
                   "and direction = $2 and day >= $3 and day < $4 order by day"};
const Query kByDay{"insight.cells_between",
                   "select organisation, cell from insight_cell where day >= $1 and day < $2 "
                   "and direction = $3 and organisation > 0"};
const Query kOpenDays{"insight.open_days",
                      "select day from insight_cell where organisation = $1 and direction = $2 "
                      "and day >= $3 and open > 0"};
const Query kKeptDays{"insight.kept_days", "select distinct day from insight_cell"};
const Query kBounds{"insight.bounds", "select min(id), max(id) from document"};

base::Error moved() {
  return {base::Code::conflict, "insight.moved",
          "another process counts at the same time; what it does is as good",
          "một tiến trình khác đang đếm cùng lúc; kết quả của nó cũng dùng được"};
}

using CellKey = std::pair<OrganisationKey, Direction>;

}  // namespace

base::Result<Cells> count_day(store::Connection& connection, const exchange::Exchange& exchange,
                              std::int64_t day, std::optional<base::Time> as_of) {
  Cells cells;
  const auto calendar = exchange.calendar();
  const exchange::ClockOptions& options = exchange.policy().clocks;
  exchange::DocumentKey seen = 0;  // the document whose recipients are in `reached`
  std::set<OrganisationKey> reached;
  TRY(each_document(
      connection, first_key_of(day), first_key_of(day + 1),
      [&](const DocumentFacts& document) {
        for (Cell* const cell :
             {&cells[{0, Direction::received}], &cells[{document.sender, Direction::sent}]}) {
          ++cell->documents;
          if (document.urgency > 0) ++cell->urgent_documents;
        }
      },
      [&](const DocumentFacts& document, const DeliveryFacts& now) -> base::Result<void> {
        DeliveryFacts delivery = now;
        bool there = true;
        if (as_of) there = TRY(turn_back(connection, exchange.site(), delivery, *as_of));
        if (!there) return base::done();
        const Fact fact = fact_of(*calendar, options, document, delivery);
        Cell& own = cells[{delivery.recipient, Direction::received}];
        count(own, document, fact);
        count(cells[{0, Direction::received}], document, fact);
        count(cells[{document.sender, Direction::sent}], document, fact);
        if (seen != document.key) reached.clear();
        seen = document.key;
        if (!reached.insert(delivery.recipient).second) return base::done();
        ++own.documents;
        if (document.urgency > 0) ++own.urgent_documents;
        return base::done();
      }));
  return cells;
}

base::Result<std::unique_ptr<Rollup>> Rollup::open(exchange::Exchange& exchange) {
  TRY(exchange.database().migrate(migrations()));
  return std::make_unique<Rollup>(exchange);
}

base::Result<Rollup::State> Rollup::state(store::Connection& connection) {
  State now;
  TRY(connection.first(kState, {}, [&](const store::Row& row) {
    now.position = row.integer(0);
    now.basis = row.string(1);
    now.as_of = row.time(2);
  }));
  return now;
}

std::string basis_of(const exchange::Exchange& exchange, const Period& days) {
  const auto calendar = exchange.calendar();
  const identity::WorkingHours& hours = calendar->hours();
  std::string text = std::to_string(kDefinition);
  for (const int minute :
       {hours.morning_from, hours.morning_to, hours.afternoon_from, hours.afternoon_to})
    text += "," + std::to_string(minute);
  text += "," + std::to_string(exchange.policy().clocks.at_once.count()) + ",";
  for (std::int64_t day = days.from; day < days.to; ++day)
    text += calendar->works(date_of(day)) ? '1' : '0';
  return base::hex(base::sha256(text));
}

base::Result<Rollup::Touched> Rollup::touched(bool all) const {
  Touched out;
  std::set<std::int64_t> elsewhere;
  // When it changes, every day is computed anew.
  const int year = base::vietnam_date(exchange_.clock().now()).year;
  const std::string wanted =
      basis_of(exchange_, {day_of(base::Date{2024, 1, 1}), day_of(base::Date{year + 2, 1, 1})});
  TRY(exchange_.database().read([&](store::Connection& connection) -> base::Result<void> {
    out = {};
    out.at = exchange_.clock().now();
    out.before = TRY(state(connection));
    out.position = TRY(journal::last_seq(connection));
    bool everything = all || out.before.basis != wanted || out.before.position > out.position;
    bool served_anew = false;
    std::int64_t at = everything ? out.position : out.before.position;
    const auto take = [&](std::string_view id) {
      if (const auto named = exchange::parse_id(exchange_.site(), id))
        out.days.insert(day_of_key(named->document));
    };
    base::Result<void> failed;
    while (at < out.position) {
      TRY(journal::after(connection, at, kEntriesAtOnce, [&](const journal::Entry& entry) {
        at = entry.seq;
        take(entry.subject);
        if (entry.kind == "organisations_put" || entry.kind == "system_put" ||
            entry.kind == "organisation_removed")
          served_anew = true;
        // A status message is about another document.
        if (entry.kind != "accepted" || entry.body.find("\"about\"") == std::string::npos) return;
        const auto body = base::Json::parse(entry.body);
        if (body) take((*body)["about"].text());
        if (body) take((*body)["delivery"].text());
        if (!body && failed) failed = body.error();
      }));
      if (!failed) return failed.error();
    }
    if (everything) {
      TRY(connection.first(kBounds, {}, [&](const store::Row& row) {
        if (row.is_null(0)) return;
        for (std::int64_t day = day_of_key(row.integer(0)); day <= day_of_key(row.integer(1));
             ++day)
          out.days.insert(day);
      }));
      TRY(connection.each(kKeptDays, {}, [&](const store::Row& row) {
        out.days.insert(row.integer(0));
        return true;
      }));
    } else if (served_anew) {
      const auto open = TRY(open_days(connection, {true, {}, Direction::received}, 0));
      out.days.insert(open.begin(), open.end());
    }
    return base::done();
  }));
  out.before.basis = wanted;
  return out;
}

base::Result<bool> Rollup::compute_day(std::int64_t day, std::int64_t position) {
  std::vector<CellKey> gone;
  std::map<CellKey, std::pair<std::int64_t, base::Bytes>> changed;
  TRY(exchange_.database().read([&](store::Connection& connection) -> base::Result<void> {
    gone.clear();
    changed.clear();
    for (const auto& [key, cell] : TRY(count_day(connection, exchange_, day)))
      changed.emplace(key, std::pair(cell.open(), cell.encode()));
    return connection.each(kOfDay, {day}, [&](const store::Row& row) {
      const CellKey key(row.integer(0), static_cast<Direction>(row.integer(1)));
      const auto found = changed.find(key);
      if (found == changed.end()) {
        gone.push_back(key);
      } else if (found->second.second == row.bytes(2)) {
        changed.erase(found);
      }
      return true;
    });
  }));
  if (changed.empty() && gone.empty()) return false;
  TRY(exchange_.database().write([&](store::Connection& connection) -> base::Result<void> {
    if (TRY(state(connection)).position != position) return moved();
    for (const auto& [organisation, direction] : gone)
      TRY(connection.run(kDrop, {organisation, static_cast<int>(direction), day}));
    for (const auto& [key, one] : changed) {
      TRY(connection.run(kPut, {key.first, static_cast<int>(key.second), day, one.first,
                                store::Blob{one.second}}));
    }
    return base::done();
  }));
  return true;
}

base::Result<std::int64_t> Rollup::compute(const Touched& touched) {
  std::int64_t changed = 0;
  for (const std::int64_t day : touched.days)
    if (TRY(compute_day(day, touched.before.position))) ++changed;
  return changed;
}

base::Result<void> Rollup::finish(const Touched& touched) {
  return exchange_.database().write([&](store::Connection& connection) -> base::Result<void> {
    if (TRY(state(connection)).position != touched.before.position) return moved();
    TRY(connection.run(kSetState, {touched.position, touched.before.basis, touched.at}));
    return base::done();
  });
}

base::Result<std::int64_t> Rollup::follow() {
  const Touched now = TRY(touched(false));
  if (now.position == now.before.position && now.days.empty()) return 0;
  TRY(compute(now));
  TRY(finish(now));
  return std::max<std::int64_t>(now.position - now.before.position, 1);
}

base::Result<Rollup::Rebuilt> Rollup::rebuild() {
  const Touched now = TRY(touched(true));
  Rebuilt out;
  out.days = static_cast<std::int64_t>(now.days.size());
  out.changed = TRY(compute(now));
  TRY(finish(now));
  out.digest = TRY(digest());
  return out;
}

base::Result<std::string> Rollup::digest() const {
  std::string digest;
  TRY(exchange_.database().read([&](store::Connection& connection) -> base::Result<void> {
    base::Sha256 all;
    TRY(connection.each(kAll, {}, [&](const store::Row& row) {
      for (int i = 0; i < 3; ++i) all.update(std::to_string(row.integer(i)) + ",");
      all.update(std::to_string(row.bytes(3).size()) + ":");
      all.update(row.bytes(3));
      return true;
    }));
    digest = base::hex(all.finish());
    return base::done();
  }));
  return digest;
}

base::Result<base::Time> Rollup::as_of(store::Connection& connection, base::Time now) const {
  const State kept = TRY(state(connection));
  const std::int64_t last = TRY(journal::last_seq(connection));
  return last == kept.position ? now : kept.as_of;
}

base::Result<void> Rollup::each(
    store::Connection& connection, const Scope& scope, const Period& period,
    const std::function<base::Result<void>(std::int64_t day, base::BytesView cell)>& visit) {
  const auto read = [&](OrganisationKey organisation, Direction direction) -> base::Result<void> {
    base::Result<void> failed;
    TRY(connection.each(kCells, {organisation, static_cast<int>(direction), period.from, period.to},
                        [&](const store::Row& row) {
                          failed = visit(row.integer(0), row.bytes(1));
                          return failed.ok();
                        }));
    return failed;
  };
  if (scope.everywhere) return read(0, Direction::received);
  for (const OrganisationKey one : scope.organisations)
    if (one > 0) TRY(read(one, scope.direction));
  return base::done();
}

base::Result<void> Rollup::each_organisation(
    store::Connection& connection, Direction direction, const Period& period,
    const std::function<base::Result<void>(OrganisationKey, base::BytesView)>& visit) {
  base::Result<void> failed;
  TRY(connection.each(kByDay, {period.from, period.to, static_cast<int>(direction)},
                      [&](const store::Row& row) {
                        failed = visit(row.integer(0), row.bytes(1));
                        return failed.ok();
                      }));
  return failed;
}

base::Result<std::set<std::int64_t>> Rollup::open_days(store::Connection& connection,
                                                       const Scope& scope, std::int64_t from) {
  std::set<std::int64_t> days;
  const auto read = [&](OrganisationKey organisation, Direction direction) {
    return connection.each(kOpenDays, {organisation, static_cast<int>(direction), from},
                           [&](const store::Row& row) {
                             days.insert(row.integer(0));
                             return true;
                           });
  };
  if (scope.everywhere) TRY(read(0, Direction::received));
  for (const OrganisationKey one : scope.organisations)
    if (!scope.everywhere && one > 0) TRY(read(one, scope.direction));
  return days;
}

}  // namespace insight
