// What a delivery contributes to the figures: pure functions of its record, as it is or as it was.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "exchange/clocks.h"
#include "exchange/identifiers.h"
#include "identity/calendar.h"
#include "insight/cell.h"
#include "store/connection.h"

namespace insight {

using exchange::OrganisationKey;

// A document, never a status message.
struct DocumentFacts {
  exchange::DocumentKey key = 0;
  OrganisationKey sender = 0;
  int urgency = 0;
  base::Time accepted_at;
};

// The record of a delivery. Timestamps are those of docs/formats/records.md.
struct DeliveryFacts {
  exchange::DeliveryKey key = 0;
  OrganisationKey recipient = 0;
  exchange::SystemKey system = 0;
  exchange::DeliveryState state;
  std::optional<base::Time> fetched_at, visible_at, answered_at, recall_requested_at,
      recall_answered_at;
  base::Time updated_at;
};

struct Fact {
  Stage stage = Stage::waiting;
  std::optional<base::Time> arrived, answered;
  std::optional<base::Time> ended;  // taken back, or kept out
  exchange::Clock receipt;
  bool unarrived() const { return !arrived && !ended; }
  bool unanswered() const { return !answered && !ended; }
};
// What its clocks need.
exchange::DeliveryFacts clocked(const DocumentFacts& document, const DeliveryFacts& delivery);
// By the record alone: the receipt of a recipient without a system is paused, also where people
// work for it (exchange/receipts.h), as posts end without a word in the journal.
Fact fact_of(const identity::Calendar& calendar, const exchange::ClockOptions& options,
             const DocumentFacts& document, const DeliveryFacts& delivery);

// Of a row with id, recipient, system, state, recall, status_code, fetched_at, visible_at,
// answered_at, recall_requested_at, recall_answered_at, updated_at.
DeliveryFacts delivery_of(const store::Row& row);

// Adds one delivery to the figures of its recipient, its sender, or all.
void count(Cell& cell, const DocumentFacts& document, const Fact& fact);

// Reads documents whose numbers are in [first, last), each followed by its deliveries: two scans
// along the primary keys, in steps. Within one read.
base::Result<void> each_document(
    store::Connection& connection, exchange::DocumentKey first, exchange::DocumentKey last,
    const std::function<void(const DocumentFacts&)>& document,
    const std::function<base::Result<void>(const DocumentFacts&, const DeliveryFacts&)>& delivery);

// The number that the first document of a day has at least.
exchange::DocumentKey first_key_of(std::int64_t day);
std::int64_t day_of_key(exchange::DocumentKey key);

// The delivery as it was at `time`, of a document that was there then: what came later is
// forgotten. False when there was no such delivery yet. Replays the journal and the status messages
// of those that changed since.
base::Result<bool> turn_back(store::Connection& connection, std::uint32_t site,
                             DeliveryFacts& delivery, base::Time time);

}  // namespace insight
