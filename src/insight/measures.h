// Volumes, times, the funnel of states, and lateness: what the counts of a period say.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "insight/figure.h"
#include "insight/rollup.h"
#include "insight/survival.h"

namespace insight {

inline constexpr std::int64_t kDaysMax = 366;

using exchange::OrganisationKey;

struct Day {
  std::int64_t day = 0;
  std::int64_t documents = 0, deliveries = 0, urgent_deliveries = 0;
};

// The counts of a scope in a period, and what they rest on.
struct Summary {
  Scope scope;
  std::string organisation;  // its code, where one was asked for
  Period period;
  Cell cell;
  std::vector<Day> days;  // those with anything, in order
  base::Time as_of;
};

struct Standing {
  OrganisationKey organisation = 0;
  std::int64_t documents = 0, deliveries = 0, answered = 0, answered_late = 0, late_now = 0,
               unarrived = 0;
};

// What will be due on a day, and how much of it is expected to be late.
struct Forecast {
  std::int64_t day = 0;
  std::int64_t waiting = 0;
  double expected = 0;
};

// Any thread. Errors: those of the store, insight.cell_damaged.
base::Result<Summary> summary(const Rollup& rollup, const Scope& scope, const Period& period,
                              base::Time now);
// By deliveries, the most first.
base::Result<std::vector<Standing>> standings(const Rollup& rollup, const identity::Reach& reach,
                                              Direction direction, const Period& period,
                                              base::Time now, base::Time& as_of);

// --- figures of a summary; pure
// -------------------------------------------------------------------
Survival arrival_of(const Summary& summary);
Survival answer_of(const Summary& summary);
std::vector<Figure> volumes(const Summary& summary);
std::vector<Figure> times(const Summary& summary);
std::vector<Figure> funnel(const Summary& summary);
std::vector<Figure> lateness(const Summary& summary);
std::vector<Forecast> forecast(const Summary& summary);
std::int64_t late_now(const Cell& cell, base::Time as_of);

// The list behind a figure of the summary; `more`: "stage=waiting", or empty.
std::string list_of(const Summary& summary, std::string_view more);

}  // namespace insight
