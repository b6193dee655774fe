// A message by which a newly connected system shows that it fetches and acknowledges: the whole
// way, and no document of anybody's.
//
// It is a status message (code 01) of one of the system's organisations to itself, written by the
// exchange. So it waits in the system's list of status messages and is fetched and acknowledged as
// any; and as status messages are, it is in no list of documents, no figure, no search, has no
// deadline and no evidence. A document would be all of that, and would be in the name of an agency
// that never wrote it.
#pragma once
#include <optional>
#include <string>

#include "exchange/exchange.h"

namespace exchange {

struct Probe {
  std::string id;  // of its delivery, as clients see it
  OrganisationKey organisation = 0;
  base::Time sent_at;
  std::string sent_by;
  Transport state = Transport::initial;
  std::optional<base::Time> fetched_at, acknowledged_at;
};

// The last one sent to `system`. `connection` is within a read or a write.
base::Result<std::optional<Probe>> probe_of(const Exchange& exchange, store::Connection& connection,
                                            SystemKey system);

struct SentProbe {
  Probe probe;
  bool waiting = false;  // one sent before still waits: no other was sent
};
// To the first organisation by code that the system serves now. Durable on return, and in the
// journal (probe_sent) with `by`. exchange.nobody_served, identity.system_disabled (conflict).
base::Result<SentProbe> send_probe(Exchange& exchange, const ConnectedSystem& system,
                                   std::string_view by);

}  // namespace exchange
