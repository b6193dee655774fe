// The figures by day: computed from the records whenever the journal says that a day has changed,
// and never the other way round. What is kept here can be thrown away: rebuild() gives the same
// bytes (docs/decisions/0038-figures-follow-the-records.md).
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "exchange/exchange.h"
#include "insight/cell.h"

namespace insight {

// Whose figures: of all, or of certain organisations.
struct Scope {
  bool everywhere = false;
  std::vector<exchange::OrganisationKey> organisations;  // in order, each once
  Direction direction = Direction::received;
};

// From the beginning of one day up to that of another.
struct Period {
  std::int64_t from = 0, to = 0;
  bool has(std::int64_t day) const { return from <= day && day < to; }
};

// What else than records a figure depends on: definitions, working hours, working days from the
// first day up to the last one. SHA-256 in hex.
std::string basis_of(const exchange::Exchange& exchange, const Period& days);

// The cells of one day, of each organisation and direction and of all (0), from the records as they
// are, or as they were at `as_of`. Within a read.
using Cells = std::map<std::pair<exchange::OrganisationKey, Direction>, Cell>;
base::Result<Cells> count_day(store::Connection& connection, const exchange::Exchange& exchange,
                              std::int64_t day, std::optional<base::Time> as_of = std::nullopt);

class Rollup {
 public:
  // Migrates. `exchange` outlives it. Errors: those of the store.
  static base::Result<std::unique_ptr<Rollup>> open(exchange::Exchange& exchange);
  explicit Rollup(exchange::Exchange& exchange) : exchange_(exchange) {}

  // Computes the days anew that the journal has touched since the last time, each in a transaction
  // of its own, and then notes how far it has come: a crash repeats some of it. Gives the number of
  // entries. One thread at a time. insight.moved (conflict): another process does the same.
  base::Result<std::int64_t> follow();

  struct Rebuilt {
    std::int64_t days = 0, changed = 0;  // changed: days that were not as they should be
    std::string digest;
  };
  // Computes every day anew.
  base::Result<Rebuilt> rebuild();
  // SHA-256 in hex of everything that is kept, in order.
  base::Result<std::string> digest() const;

  // Until when everything that happened is in the figures: `now` when nothing is left to count.
  base::Result<base::Time> as_of(store::Connection& connection, base::Time now) const;
  // Each cell of the scope within the period; with `everywhere` one a day, otherwise one for each
  // day and organisation. Any thread.
  static base::Result<void> each(
      store::Connection& connection, const Scope& scope, const Period& period,
      const std::function<base::Result<void>(std::int64_t day, base::BytesView cell)>& visit);
  // Each organisation's cells in one direction, by day.
  static base::Result<void> each_organisation(
      store::Connection& connection, Direction direction, const Period& period,
      const std::function<base::Result<void>(exchange::OrganisationKey, base::BytesView)>& visit);
  // Days of the scope on which something is still open, in order, from `from` on.
  static base::Result<std::set<std::int64_t>> open_days(store::Connection& connection,
                                                        const Scope& scope, std::int64_t from);

  exchange::Exchange& exchange() const { return exchange_; }

 private:
  struct State {
    std::int64_t position = 0;
    std::string basis;
    base::Time as_of;
  };
  struct Touched {
    State before;
    std::int64_t position = 0;  // the journal's end
    base::Time at;
    std::set<std::int64_t> days;
  };
  static base::Result<State> state(store::Connection& connection);
  base::Result<Touched> touched(bool all) const;
  base::Result<std::int64_t> compute(const Touched& touched);
  base::Result<bool> compute_day(std::int64_t day, std::int64_t position);
  base::Result<void> finish(const Touched& touched);

  exchange::Exchange& exchange_;
};

}  // namespace insight
