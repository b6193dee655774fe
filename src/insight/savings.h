// The savings ledger: what would have been spent on paper, what the exchange costs, and what is
// left, from counts of deliveries and a sheet of assumptions. Whole dong, reckoned exactly.
#pragma once
#include <cstdint>
#include <vector>

#include "insight/assumptions.h"
#include "insight/figure.h"
#include "insight/rollup.h"

namespace insight {

// What arrived at recipients: what would have been printed, posted and handled. Copies that were
// taken back before they were fetched, or never came, save nothing.
struct Volume {
  std::int64_t documents = 0;
  std::int64_t deliveries = 0;  // arrived
  std::int64_t urgent = 0;      // of these
};

struct Range {
  std::int64_t low = 0, central = 0, high = 0;
  Range& operator+=(const Range& other) {
    low += other.low;
    central += other.central;
    high += other.high;
    return *this;
  }
};

struct Savings {
  Range copy, post, labour, gross, cost, net;
};

// Of `days` days of a year with `days_of_year`. Low: the least benefit, and for `net` the most
// cost.
Savings savings_of(const Sheet& sheet, const Volume& volume, std::int64_t days,
                   std::int64_t days_of_year);

struct Ledger {
  Period period;
  Volume volume;
  Savings savings;
  std::vector<std::int64_t> versions;  // of the assumptions used, 0 among them: brought along
  base::Time as_of;
};
// Day by day with the sheet of that day, the days of one sheet and year taken together. Of all
// organisations. `sheets` may be altered by a scenario: nothing of it is kept.
base::Result<Ledger> ledger(const Rollup& rollup, const Assumptions& assumptions,
                            const Period& period, base::Time now,
                            const std::vector<Assumption>& scenario = {});
// The same from counts by day: pure.
Ledger ledger_of(const Assumptions& assumptions, const Period& period,
                 const std::vector<std::pair<std::int64_t, Volume>>& by_day,
                 const std::vector<Assumption>& scenario);

// gross, its three components, cost and net, each with its range; the denominator is the number of
// deliveries that arrived. Pure.
std::vector<Figure> figures_of(const Ledger& ledger);

// Which volume the published amounts imply.
struct Calibration {
  std::string_view component;   // "copy", "post", "labour"
  std::int64_t published = 0;   // dong a year
  Decimal unit;                 // dong a delivery, by the sheet
  std::int64_t deliveries = 0;  // a year: published / unit, rounded down
  std::int64_t remainder = 0;   // what of `published` that volume leaves
  std::int64_t reproduced = 0;  // the sheet's amount at that volume
};
struct Claim {
  std::vector<Calibration> components;
  std::int64_t gross = 0, net = 0, cost_at_most = 0;  // as published, dong a year
  // What was known of volume at the time, and what the net amount would be for each document.
  std::int64_t documents_a_year = 0, net_per_document = 0;
};
// With all deliveries normal, as nothing was published about urgent ones.
Claim claim_of(const Sheet& sheet);

}  // namespace insight
