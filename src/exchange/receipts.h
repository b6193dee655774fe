// Receipt clocks of recipients that no system serves: they run while people work for them.
#pragma once
#include "exchange/clocks.h"
#include "identity/staffing.h"

namespace exchange {

// Within one read. What is passed in outlives it. One thread.
class Receipts {
 public:
  Receipts(store::Connection& connection, const identity::Directory& directory,
           const identity::Calendar& calendar, const ClockOptions& options, base::Time now)
      : staffing_(connection, directory, now), calendar_(calendar), options_(options) {}

  // Since when people work for it (identity/staffing.h).
  base::Result<std::optional<base::Time>> staffed(identity::OrganisationKey recipient) {
    return staffing_.since(recipient);
  }
  // receipt_clock(); one that would be paused runs since somebody could act, and `facts` say so.
  base::Result<Clock> clock(identity::OrganisationKey recipient, DeliveryFacts& facts);

 private:
  identity::Staffing staffing_;
  const identity::Calendar& calendar_;
  const ClockOptions& options_;
};

// Somebody can act on the delivery since then.
void staffed_since(DeliveryFacts& facts, base::Time since);

}  // namespace exchange
