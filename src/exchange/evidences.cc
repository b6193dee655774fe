#include "exchange/evidences.h"

#include "base/hash.h"
#include "base/text.h"
#include "trust/evidence/book.h"

namespace exchange::evidences {
namespace {

using trust::evidence::Event;
using trust::evidence::Facts;

std::string code_of(const Exchange& exchange, OrganisationKey key) {
  const auto organisation = exchange.directory().by_key(key);
  return organisation ? organisation->code : std::string();
}

Facts facts_of(const Exchange& exchange, Event event, const records::DocumentRow& row) {
  Facts facts;
  facts.event = event;
  facts.document_id = document_id_text(exchange.site(), row.id);
  facts.document_hash = row.hash;
  facts.document_size = row.size;
  facts.sender = code_of(exchange, row.sender);
  return facts;
}

trust::evidence::VerdictSummary summary_of(const trust::IntakeReport& report) {
  trust::evidence::VerdictSummary summary;
  const auto verdict = report.verdict();
  summary.verdict = verdict ? trust::name_of(*verdict) : "none";
  for (const auto& attachment : report.attachments) {
    summary.signatures += static_cast<std::int64_t>(attachment.signatures.size());
  }
  summary.report = base::sha256(trust::to_json(report).dump());
  return summary;
}

base::Result<void> add(Exchange& exchange, store::Connection& connection, const Facts& facts,
                       base::Time now) {
  TRY(exchange.evidence()->add(connection, now, facts));
  return base::done();
}

// What a status message proves of the delivery that it changed; nothing for most.
std::optional<Event> event_of(const DeliveryState& before, const DeliveryState& after,
                              std::string_view code) {
  if (before.readable() && !after.readable()) return Event::recalled;
  if (code == "02") return Event::consignment_rejection;
  if (code == "03") return Event::consignment_acceptance;
  if (code == "16" && before.recall == Recall::requested) return Event::recall_refused;
  return std::nullopt;
}

}  // namespace

base::Result<void> of_document(Exchange& exchange, store::Connection& connection, Event event,
                               DocumentKey document, base::Time now,
                               const trust::IntakeReport* report) {
  if (!exchange.evidence()) return base::done();
  const auto row = TRY(records::document(connection, document));
  if (!row || row->kind == edxml::Kind::status) return base::done();
  Facts facts = facts_of(exchange, event, *row);
  if (report) facts.verdict = summary_of(*report);
  return add(exchange, connection, facts, now);
}

base::Result<void> of_delivery(Exchange& exchange, store::Connection& connection, Event event,
                               DeliveryKey delivery, OrganisationKey recipient, base::Time now,
                               std::string_view reason) {
  if (!exchange.evidence()) return base::done();
  const auto row = TRY(records::document(connection, document_of(delivery)));
  if (!row || row->kind == edxml::Kind::status) return base::done();
  Facts facts = facts_of(exchange, event, *row);
  facts.delivery = delivery_id_text(exchange.site(), delivery);
  facts.recipient = code_of(exchange, recipient);
  facts.reason = reason;
  return add(exchange, connection, facts, now);
}

base::Result<void> of_non_delivery(Exchange& exchange, store::Connection& connection,
                                   DocumentKey document, std::string_view code,
                                   std::string_view reason, base::Time now) {
  if (!exchange.evidence()) return base::done();
  const auto row = TRY(records::document(connection, document));
  if (!row || row->kind == edxml::Kind::status) return base::done();
  Facts facts = facts_of(exchange, Event::content_consignment_failure, *row);
  facts.recipient = base::cut_utf8(code, 60);
  facts.reason = reason;
  return add(exchange, connection, facts, now);
}

base::Result<void> of_status(Exchange& exchange, store::Connection& connection,
                             const records::DeliveryRow& before, const DeliveryState& after,
                             std::string_view code, base::Time now) {
  const auto event = event_of(before.state, after, code);
  if (!event) return base::done();
  return of_delivery(exchange, connection, *event, before.id, before.recipient, now, code);
}

base::Result<void> of_refusal(Exchange& exchange, store::Connection& connection,
                              const Submission& submission, std::string_view reason,
                              base::Time now) {
  if (!exchange.evidence()) return base::done();
  Facts facts;
  facts.event = Event::submission_rejection;
  facts.document_id = base::hex(submission.hash);
  facts.document_hash = submission.hash;
  facts.document_size = static_cast<std::int64_t>(submission.size);
  facts.sender = code_of(exchange, submission.sender);
  facts.reason = reason;
  return add(exchange, connection, facts, now);
}

}  // namespace exchange::evidences
