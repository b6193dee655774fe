#include "exchange/status_routing.h"

#include <algorithm>
#include <vector>

#include "exchange/evidences.h"
#include "exchange/own_status.h"

namespace exchange {

base::Result<std::int64_t> StatusRouting::record(store::Connection& connection, DocumentKey message,
                                                 base::Json& journal_body) {
  const edxml::Document& status = submission_.document;
  journal_body.add("code", status.status_code);
  // Whom the message is addressed to now: needs to read it, or need not any more.
  std::vector<OrganisationKey> concerned, settled;
  for (const edxml::ResponseFor& about : status.response_for) {
    const auto targets = TRY(find_targets(connection, about));
    bool pass_on = targets.empty();
    for (const Target& target : targets) {
      const StatusEffect effect = TRY(apply(connection, message, target));
      pass_on = pass_on || effect == StatusEffect::pass_on;
      journal_body.add("about", document_id_text(exchange_.site(), target.document.id));
      journal_body.add("delivery", delivery_id_text(exchange_.site(), target.delivery.id));
      if (effect == StatusEffect::withdrawn) {
        journal_body.add("effect", "withdrawn");
        TRY(answer_withdrawn(connection, about, target));
      }
    }
    const auto reader = exchange_.directory().recipient(about.organisation, now_);
    if (reader) (pass_on ? concerned : settled).push_back(reader->key);
  }
  const auto holds = [](const std::vector<OrganisationKey>& keys, OrganisationKey key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  };
  std::int64_t ordinal = 0;
  for (const Organisation& recipient : addressees_.known) {
    if (holds(settled, recipient.key) && !holds(concerned, recipient.key)) continue;
    TRY(records::insert_delivery(connection, delivery_key(message, ordinal++), recipient,
                                 edxml::Kind::status, 0, now_));
  }
  journal_body.add("deliveries", ordinal);
  return ordinal;
}

base::Result<std::vector<StatusRouting::Target>> StatusRouting::find_targets(
    store::Connection& connection, const edxml::ResponseFor& about) {
  std::vector<Target> targets;
  const auto named = exchange_.directory().find(about.organisation);
  if (!named) return targets;
  // For 13 the reporter sent the document and the named party received it; for the rest it is the
  // other way round.
  const OrganisationKey sender = is_recall() ? submission_.sender : named->key;
  std::vector<OrganisationKey> recipients;
  if (is_recall()) {
    // What was addressed to an organisation that had been succeeded went to its successor; sent
    // again in between, it went to both. Who is asked to give back is recorded as asked.
    for (const auto& one : exchange_.directory().succession(about.organisation, now_)) {
      recipients.push_back(one.key);
    }
  } else {
    recipients.push_back(submission_.sender);
  }
  const std::string date = about.promulgation.date ? base::date_text(*about.promulgation.date)
                                                   : about.promulgation.written;
  const std::string composed = composed_id(
      is_recall() ? submission_.document.from.id : about.organisation, date, about.code);
  bool of_another_sender = false;
  for (const OrganisationKey recipient : recipients) {
    std::optional<Target> target;
    for (const std::string& id : {about.document_id, composed}) {
      if (!target) target = TRY(find_by_id(connection, id, sender, recipient, of_another_sender));
    }
    if (target) targets.push_back(*std::move(target));
  }
  if (targets.empty() && is_recall() && of_another_sender) {
    return base::Error(
        base::Code::forbidden, "exchange.not_the_sender",
        "only the organisation that sent a document may recall it: " + about.document_id,
        "chỉ cơ quan đã gửi văn bản mới được lấy lại: " + about.document_id);
  }
  return targets;
}

base::Result<std::optional<StatusRouting::Target>> StatusRouting::find_by_id(
    store::Connection& connection, std::string_view document_id, OrganisationKey sender,
    OrganisationKey recipient, bool& of_another_sender) {
  for (auto& document : TRY(records::documents_named(connection, document_id))) {
    if (document.sender != sender) {
      of_another_sender = true;
      continue;
    }
    for (auto& delivery : TRY(records::deliveries_of(connection, document.id))) {
      if (delivery.recipient == recipient)
        return std::optional(Target{document, std::move(delivery)});
    }
  }
  return std::optional<Target>();
}

base::Result<StatusEffect> StatusRouting::apply(store::Connection& connection, DocumentKey message,
                                                const Target& target) {
  const edxml::Document& status = submission_.document;
  const base::Time stated_at = status.status_time.value_or(now_);
  const StatusOutcome outcome = reported(target.delivery.state, status.status_code, stated_at);
  TRY(records::insert_status_event(connection, {target.delivery.id, message, status.status_code,
                                                status.status_description, stated_at, now_}));
  if (!(outcome.state == target.delivery.state)) {
    TRY(records::update_delivery(connection, target.delivery.id, outcome.state, "", now_));
  }
  TRY(evidences::of_status(exchange_, connection, target.delivery, outcome.state,
                           status.status_code, now_));
  if (!outcome.state.readable() && target.delivery.state.readable()) {
    TRY(mark_if_wholly_recalled(connection, target.document.id));
  }
  return outcome.effect;
}

// As long as one recipient has its copy, the same file handed in again is the same document: a
// client that repeats itself must not deliver it anew to those who kept it.
base::Result<void> StatusRouting::mark_if_wholly_recalled(store::Connection& connection,
                                                          DocumentKey document) {
  const auto deliveries = TRY(records::deliveries_of(connection, document));
  if (std::any_of(deliveries.begin(), deliveries.end(),
                  [](const auto& delivery) { return delivery.state.readable(); }))
    return base::done();
  return records::mark_recalled(connection, document);
}

// Nobody fetched the copy, so nobody but the exchange can answer the recall: the sender's software
// waits for a 15, and gets one that says who wrote it.
base::Result<void> StatusRouting::answer_withdrawn(store::Connection& connection,
                                                   const edxml::ResponseFor& about,
                                                   const Target& target) {
  const auto sender = exchange_.directory().by_key(submission_.sender);
  const auto recipient = exchange_.directory().by_key(target.delivery.recipient);
  if (!sender || !recipient) return base::done();
  const OwnStatus answer{*recipient, *sender, about, "15",
                         "Trục thu hồi ngay: bên nhận chưa lấy văn bản"};
  TRY(write_own_status(exchange_, connection, answer, now_));
  return base::done();
}

}  // namespace exchange
