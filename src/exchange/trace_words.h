// What a trace says in words, and every list of what waits.
#pragma once
#include "exchange/trace.h"

namespace exchange::words {

// "Bên nhận đã lấy văn bản" / "the recipient fetched the document". `detail` as in Hop.
base::Text of_hop(std::string_view kind, std::string_view detail);

// What a delivery waits for, as far as the records say.
struct Facts {
  DeliveryState state;
  base::Time available_at;  // when it could be fetched first
  std::optional<base::Time> fetched_at, acknowledged_at, recall_requested_at;
  bool connected = true;
};
// Nothing when nobody has to do anything. `organisation`, `system` and what it is known by are
// filled in by the caller; then text_of() says all of it.
std::optional<Waiting> waiting_for(const Facts& facts, const Clock& receipt,
                                   const std::optional<Clock>& recall);
base::Text text_of(const Waiting& waiting, base::Time now);

}  // namespace exchange::words
