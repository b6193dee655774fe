// Judging what the budget cut off on arrival, in the background.
#pragma once
#include <cstdint>

#include "exchange/exchange.h"

namespace exchange {

// Judges up to `documents_max` documents whose judgement is incomplete, oldest first and without a
// budget; gives the number done. What is found replaces the label, and is journalled. A document
// with malware is withdrawn: nobody gets it any more, its sender gets a 02 for each recipient, who
// has fetched it a 13, and who has not a notice (malware_notice.h), all written by the exchange.
// `parts.judging` must be there. One thread at a time.
base::Result<std::int64_t> judge_remaining(Exchange& exchange, Judging& judging,
                                           std::int64_t documents_max);

}  // namespace exchange
