// The rows of documents and deliveries; the one place that knows their columns.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "edxml/document.h"
#include "exchange/delivery.h"
#include "exchange/directory.h"
#include "exchange/identifiers.h"
#include "store/connection.h"

namespace exchange::records {

// The first eight bytes of a hash as a number: a narrow index finds the few rows to compare in
// full.
std::int64_t hash_prefix(base::BytesView hash);

base::Result<DocumentKey> new_document_key(store::Connection& connection, base::Time now);

struct NewDocument {
  DocumentKey id = 0;
  edxml::Kind kind = edxml::Kind::document;
  SystemKey system = 0;
  OrganisationKey sender = 0;
  std::string_view hash, blob;
  std::uint64_t size = 0;
  std::string_view document_id, code, promulgated, subject, type_name;
  int urgency = 0, operation = 0;
  base::Time accepted_at;
};
base::Result<void> insert_document(store::Connection& connection, const NewDocument& row);

struct DocumentRow {
  DocumentKey id = 0;
  edxml::Kind kind = edxml::Kind::document;
  SystemKey system = 0;
  OrganisationKey sender = 0;
  std::string blob;
  std::int64_t size = 0;
  base::Time accepted_at;
  base::Bytes hash;
};
base::Result<std::optional<DocumentRow>> document(store::Connection& connection, DocumentKey id);
// Documents (not status messages) with the issuer's id `document_id`, newest first, at most 64.
base::Result<std::vector<DocumentRow>> documents_named(store::Connection& connection,
                                                       std::string_view document_id);
base::Result<void> mark_recalled(store::Connection& connection, DocumentKey id);

struct DeliveryRow {
  DeliveryKey id = 0;
  OrganisationKey recipient = 0;
  SystemKey system = 0;
  DeliveryState state;
};
// `timed`: the clocks of expiry.h run from now.
base::Result<void> insert_delivery(store::Connection& connection, DeliveryKey id,
                                   const Organisation& recipient, edxml::Kind kind, int urgency,
                                   base::Time now, bool timed = false);
base::Result<std::vector<DeliveryRow>> deliveries_of(store::Connection& connection,
                                                     DocumentKey document);
base::Result<std::optional<DeliveryRow>> delivery(store::Connection& connection, DeliveryKey id);
// What a client's id names: one delivery, or all of a document.
base::Result<std::vector<DeliveryRow>> deliveries_named(store::Connection& connection,
                                                        const Named& named);
// Writes the changed state, and ends the clocks of what has happened. `word` as the recipient's
// system said it, or empty to leave it.
base::Result<void> update_delivery(store::Connection& connection, DeliveryKey id,
                                   const DeliveryState& state, std::string_view word,
                                   base::Time now);

// The deliveries that wait for an organisation go to the system that serves it from now on: from
// `before`, or from nobody's (0), and then its clock begins.
base::Result<void> hand_over(store::Connection& connection, OrganisationKey organisation,
                             SystemKey before, SystemKey now_serving, base::Time now);

struct StatusEvent {
  DeliveryKey delivery = 0;
  DocumentKey message = 0;
  std::string_view code, description;
  base::Time stated_at, received_at;
};
base::Result<void> insert_status_event(store::Connection& connection, const StatusEvent& event);

}  // namespace exchange::records
