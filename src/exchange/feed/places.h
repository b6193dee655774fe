// Which events of the journal concern an organisation: rows of the table `feed`, a few bytes for
// each event. What they say is told from the journal whenever it is read.
#pragma once
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "exchange/feed/event.h"

namespace exchange::feed {

// Events in ascending order, none twice.
base::Bytes packed(const std::vector<Cursor>& places);
// exchange.feed_damaged (data_loss) for what packed() does not give.
base::Result<std::vector<Cursor>> unpacked(base::BytesView bytes);

// Writes rows for events after entry `after`, which nobody has written yet.
base::Result<void> insert_places(store::Connection& connection,
                                 const std::vector<EventPointer>& events, std::int64_t after);

// Up to which entry of the journal events have been noted, and up to which they are forgotten.
struct Noted {
  std::int64_t floor = 0, seq = 0;
};
base::Result<Noted> noted(store::Connection& connection);

// The events of an organisation before `before`, the newest first, at most `most`.
// exchange.feed_damaged, store.*.
base::Result<std::vector<Cursor>> places_before(store::Connection& connection,
                                                OrganisationKey organisation, Cursor before,
                                                std::size_t most);

}  // namespace exchange::feed
