// The queries behind desk.h.
#pragma once
#include <cstdint>
#include <vector>

#include "exchange/desk.h"
#include "store/connection.h"

namespace exchange::desk_rows {

// A span of document numbers: at or after `least`, before `end`.
struct Span {
  DocumentKey least = 0, end = 0;
};
Span span_of(const DeskFilter& filter, DocumentKey before);

// For whom is asked: what systems serve is found by the system, so that accepting a document needs
// no index by organisation; what nobody serves is found by the organisation.
struct Askers {
  std::vector<OrganisationKey> organisations;  // in order, each once
  std::vector<SystemKey> systems;              // that serve some of them
  bool covers(OrganisationKey organisation) const;
};

struct Documents {
  std::vector<DeskDocument> items;  // the newest first
  // Below this number nothing was looked at: a system's other organisations fill what is looked
  // through at once. 0: all was.
  DocumentKey looked_to = 0;
};
base::Result<Documents> documents(store::Connection& connection, std::uint32_t site, Box box,
                                  const Askers& askers, const Span& span, std::int64_t count);
base::Result<std::optional<DeskDocument>> document(store::Connection& connection,
                                                   std::uint32_t site, DocumentKey key);

// Desk::standing().
base::Result<std::optional<DeskStanding>> standing(store::Connection& connection,
                                                   const identity::Reach& reach, DocumentKey key);

// How rows become deliveries: their clocks need the calendar, and who works for whom.
struct Reading {
  std::uint32_t site = 0;
  const identity::Directory& directory;
  const identity::Calendar& calendar;
  const ClockOptions& clocks;
  base::Time now;
};
base::Result<std::vector<DeskDelivery>> inbox(store::Connection& connection, const Reading& reading,
                                              const Askers& askers, const Span& span,
                                              const InboxPlace& after, std::int64_t count);
// The deliveries with numbers from `least` to `most`.
base::Result<std::vector<DeskDelivery>> deliveries(store::Connection& connection,
                                                   const Reading& reading, DeliveryKey least,
                                                   DeliveryKey most);

}  // namespace exchange::desk_rows
