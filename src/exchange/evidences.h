// Which evidence (ETSI EN 319 522-1) is written for which step, in the transaction of that step. A
// site that gives no evidence has no book, and then nothing here does anything.
#pragma once
#include <string_view>

#include "exchange/exchange.h"
#include "exchange/records.h"
#include "trust/evidence/event.h"

namespace exchange::evidences {

// About a document as a whole; `report` is what was found of its signatures, or null.
base::Result<void> of_document(Exchange& exchange, store::Connection& connection,
                               trust::evidence::Event event, DocumentKey document, base::Time now,
                               const trust::IntakeReport* report = nullptr);
// About the delivery to one recipient. Status messages have no evidences of their own.
base::Result<void> of_delivery(Exchange& exchange, store::Connection& connection,
                               trust::evidence::Event event, DeliveryKey delivery,
                               OrganisationKey recipient, base::Time now,
                               std::string_view reason = {});
// About a recipient, named as `code`, whom a document that others get does not reach.
base::Result<void> of_non_delivery(Exchange& exchange, store::Connection& connection,
                                   DocumentKey document, std::string_view code,
                                   std::string_view reason, base::Time now);
// What a status message did to a delivery: taken back, accepted, refused. Most say nothing.
base::Result<void> of_status(Exchange& exchange, store::Connection& connection,
                             const records::DeliveryRow& before, const DeliveryState& after,
                             std::string_view code, base::Time now);
// A submission that was not accepted, and so has no id: it is named by its hash.
base::Result<void> of_refusal(Exchange& exchange, store::Connection& connection,
                              const Submission& submission, std::string_view reason,
                              base::Time now);

// What a reason of an evidence means; the reason itself where it says enough.
base::Text text_of_reason(std::string_view reason);

}  // namespace exchange::evidences
