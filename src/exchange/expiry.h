// Evidence of what did not happen: a delivery that nobody fetched in time, and one that was neither
// accepted nor refused in time (ETSI EN 319 522-1: expiry). Nothing is taken away by it: the
// delivery can be fetched and answered later, and that has an evidence of its own.
#pragma once
#include <cstdint>
#include <optional>

#include "exchange/deadline.h"
#include "exchange/exchange.h"

namespace exchange {

struct Deadlines {
  std::optional<Deadline> fetch, answer;  // nothing: never
};

// Writes the evidences that are due, the oldest first and at most `most` in one transaction, each
// with its journal entry, and ends the clock of that delivery in the same transaction: each is
// written once, whatever becomes of the process or of the machine's clock. Gives their number;
// `most` means that there may be more. Working days are those of the exchange's calendar. Does
// nothing where no evidences are given. One thread at a time.
base::Result<std::int64_t> expire(Exchange& exchange, const Deadlines& deadlines,
                                  std::int64_t most);

}  // namespace exchange
