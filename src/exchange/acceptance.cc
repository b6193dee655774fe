#include "exchange/acceptance.h"

#include <algorithm>
#include <cstring>

#include "base/hash.h"
#include "base/text.h"
#include "exchange/evidences.h"
#include "exchange/records.h"
#include "exchange/status_routing.h"
#include "store/journal.h"

namespace exchange {
namespace {

using store::Blob;
using store::Query;
using trust::evidence::Event;

// "system + 0" keeps the planner away from the index on (system, id), which holds every document of
// the sender's system: the hash alone leaves a row or two.
const Query kEarlier{
    "exchange.document_resent",
    "select id from document where hash_prefix = $1 and hash = $2 and system + 0 = $3 "
    "and sender = $4 and kind = $5 and accepted_at >= $6 and recalled = 0 "
    "order by id desc limit 1"};
const Query kInsertLink{
    "exchange.link_insert",
    "insert into document_link (document, earlier, operation) values ($1, $2, $3) "
    "on conflict (document, earlier) do nothing"};
const Query kEarlierById{"exchange.document_by_business_id",
                         "select id from document where document_id = $1 and kind = 0 and id < $2 "
                         "and sender = $3 order by id desc limit 16"};

class Gathering {
 public:
  Gathering(const Directory& directory, base::Time now) : directory_(directory), now_(now) {}

  void name(std::string_view code) {
    code = base::trim(code);
    if (code.empty()) return;
    auto recipient = directory_.recipient(code, now_);
    if (!recipient) {
      if (std::find(out_.unknown.begin(), out_.unknown.end(), code) == out_.unknown.end()) {
        out_.unknown.emplace_back(code);
      }
      return;
    }
    const auto named = directory_.find(code);
    if (named && named->key != recipient->key) out_.forwarded.emplace_back(code, recipient->code);
    const bool again = std::any_of(out_.known.begin(), out_.known.end(),
                                   [&](const auto& known) { return known.key == recipient->key; });
    if (!again) out_.known.push_back(*std::move(recipient));
  }
  Addressees take() { return std::move(out_); }

 private:
  const Directory& directory_;
  const base::Time now_;
  Addressees out_;
};

}  // namespace

std::string composed_id(std::string_view organisation, std::string_view date,
                        std::string_view code) {
  return std::string(organisation) + "," + std::string(date) + "," + std::string(code);
}

Addressees addressees(const Directory& directory, const edxml::Document& document,
                      const std::vector<std::string>& header, base::Time now) {
  Gathering from_file(directory, now), from_header(directory, now);
  if (document.kind == edxml::Kind::status) {
    for (const auto& response : document.response_for) from_file.name(response.organisation);
  } else {
    for (const auto& to : document.to) from_file.name(to.id);
  }
  Addressees file = from_file.take();
  if (header.empty() || document.kind == edxml::Kind::status) return file;
  for (const auto& code : header) from_header.name(code);
  Addressees named = from_header.take();
  if (file.known.empty() && file.unknown.empty()) return named;
  std::vector<Organisation> both;
  for (const Organisation& organisation : file.known) {
    if (std::any_of(named.known.begin(), named.known.end(),
                    [&](const auto& other) { return other.key == organisation.key; })) {
      both.push_back(organisation);
    }
  }
  if (!both.empty()) file.known = std::move(both);
  return file;
}

base::Result<Accepted> Acceptance::record(store::Connection& connection) {
  Accepted accepted;
  accepted.unknown = addressees_.unknown;
  if (const auto earlier = TRY(earlier_submission(connection))) {
    accepted.document = *earlier;
    accepted.id = document_id_text(exchange_.site(), *earlier);
    accepted.resent = true;
    accepted.deliveries = TRY(deliver_to_new(connection, *earlier));
    return accepted;
  }
  accepted.document = TRY(records::new_document_key(connection, now_));
  accepted.id = document_id_text(exchange_.site(), accepted.document);
  TRY(insert_document(connection, accepted.document));
  if (judged_) TRY(judgements::insert(connection, accepted.document, *judged_, now_));
  base::Json body = journal_body();
  if (submission_.document.kind == edxml::Kind::status) {
    StatusRouting routing(exchange_, submission_, addressees_, now_);
    accepted.deliveries = TRY(routing.record(connection, accepted.document, body));
  } else {
    TRY(evidences::of_document(exchange_, connection, Event::submission_acceptance,
                               accepted.document, now_, judged_));
    accepted.deliveries = TRY(insert_deliveries(connection, accepted.document));
    TRY(say_non_deliveries(connection, accepted.document));
    if (submission_.document.operation() != edxml::Operation::create) {
      TRY(link_earlier(connection, accepted.document));
    }
  }
  TRY(store::journal::append(connection, now_, "accepted", accepted.id, body));
  return accepted;
}

base::Result<std::optional<DocumentKey>> Acceptance::earlier_submission(
    store::Connection& connection) const {
  return connection.integer(
      kEarlier, {records::hash_prefix(submission_.hash), Blob{submission_.hash}, submission_.system,
                 submission_.sender, static_cast<int>(submission_.document.kind),
                 now_ - exchange_.policy().resend_window});
}

base::Result<void> Acceptance::insert_document(store::Connection& connection,
                                               DocumentKey document) const {
  const edxml::Document& d = submission_.document;
  const auto& promulgation = d.promulgation;
  records::NewDocument row;
  row.id = document;
  row.kind = d.kind;
  row.system = submission_.system;
  row.sender = submission_.sender;
  row.hash = submission_.hash;
  row.blob = submission_.blob;
  row.size = submission_.size;
  const std::string code = d.code();
  const std::string promulgated =
      promulgation.date ? base::date_text(*promulgation.date) : promulgation.written;
  const std::string business_id =
      d.document_id.empty() ? composed_id(d.from.id, promulgated, code) : d.document_id;
  row.document_id =
      d.kind == edxml::Kind::document ? std::string_view(business_id) : std::string_view();
  row.code = code;
  row.promulgated = promulgated;
  row.subject =
      base::cut_utf8(d.kind == edxml::Kind::document ? d.subject : d.status_description, 2000);
  row.type_name = base::cut_utf8(d.type_name, 200);
  row.urgency = d.urgency();
  row.operation = static_cast<int>(d.operation());
  row.accepted_at = now_;
  return records::insert_document(connection, row);
}

base::Result<std::int64_t> Acceptance::insert_deliveries(store::Connection& connection,
                                                         DocumentKey document) const {
  std::int64_t ordinal = 0;
  for (const Organisation& recipient : addressees_.known) {
    const DeliveryKey key = delivery_key(document, ordinal++);
    TRY(records::insert_delivery(connection, key, recipient, submission_.document.kind,
                                 submission_.document.urgency(), now_,
                                 exchange_.evidence() != nullptr));
    TRY(evidences::of_delivery(exchange_, connection, Event::content_consignment, key,
                               recipient.key, now_));
  }
  return ordinal;
}

// Most documents reach everybody. More than a few unknown recipients are one evidence each up to a
// bound: a stranger's list must not fill the book.
base::Result<void> Acceptance::say_non_deliveries(store::Connection& connection,
                                                  DocumentKey document) const {
  constexpr std::size_t kUnknownMax = 1000;
  for (const std::string& code : objecting_) {
    TRY(evidences::of_non_delivery(exchange_, connection, document, code,
                                   "exchange.signatures_refused", now_));
  }
  for (std::size_t i = 0; i < addressees_.unknown.size() && i < kUnknownMax; ++i) {
    TRY(evidences::of_non_delivery(exchange_, connection, document, addressees_.unknown[i],
                                   "exchange.recipients_unknown", now_));
  }
  return base::done();
}

// The same file may come again for others: with another `to`, or after an organisation that nobody
// knew was added. Who has no delivery of it yet gets one; the answer says OK, so nobody may be left
// out.
base::Result<std::int64_t> Acceptance::deliver_to_new(store::Connection& connection,
                                                      DocumentKey document) const {
  if (submission_.document.kind == edxml::Kind::status) return 0;
  const auto made = TRY(records::deliveries_of(connection, document));
  const auto first = static_cast<std::int64_t>(made.size());
  std::int64_t ordinal = first;
  base::Json to{base::Json::Array{}};
  for (const Organisation& recipient : addressees_.known) {
    if (std::any_of(made.begin(), made.end(),
                    [&](const auto& row) { return row.recipient == recipient.key; }))
      continue;
    if (ordinal == kRecipientsMax) break;
    const DeliveryKey key = delivery_key(document, ordinal++);
    TRY(records::insert_delivery(connection, key, recipient, edxml::Kind::document,
                                 submission_.document.urgency(), now_,
                                 exchange_.evidence() != nullptr));
    TRY(evidences::of_delivery(exchange_, connection, Event::content_consignment, key,
                               recipient.key, now_));
    to.push(recipient.code);
  }
  if (ordinal == first) return 0;
  base::Json body;
  body.add("first", first).add("to", std::move(to));
  TRY(store::journal::append(connection, now_, "recipients_added",
                             document_id_text(exchange_.site(), document), body));
  return ordinal - first;
}

// Links an update, replacement or revocation to what it changes, as far as the exchange knows it.
base::Result<void> Acceptance::link_earlier(store::Connection& connection,
                                            DocumentKey document) const {
  const edxml::Document& d = submission_.document;
  std::vector<std::string> ids = {d.document_id};
  if (d.business) {
    ids.push_back(d.business->document_id);
    for (const auto& replacement : d.business->replacements) ids.push_back(replacement.document_id);
  }
  for (const auto& response : d.response_for) ids.push_back(response.document_id);
  std::vector<DocumentKey> earlier;
  for (const std::string& id : ids) {
    if (id.empty()) continue;
    TRY(connection.each(kEarlierById, {id, document, submission_.sender},
                        [&](const store::Row& row) {
                          earlier.push_back(row.integer(0));
                          return true;
                        }));
  }
  for (const DocumentKey key : earlier) {
    TRY(connection.run(kInsertLink, {document, key, static_cast<int>(d.operation())}));
  }
  return base::done();
}

base::Json Acceptance::journal_body() const {
  const edxml::Document& d = submission_.document;
  base::Json to{base::Json::Array{}};
  for (const Organisation& recipient : addressees_.known) to.push(recipient.code);
  base::Json body;
  const auto sender = exchange_.directory().by_key(submission_.sender);
  body.add("from", sender ? sender->code : d.from.id);
  body.add("kind", d.kind == edxml::Kind::document ? "edoc" : "status");
  body.add("hash", base::hex(submission_.hash));
  body.add("size", static_cast<std::int64_t>(submission_.size));
  body.add("urgency", d.urgency());
  body.add("to", std::move(to));
  if (judged_) body.add("signatures", judgements::word(*judged_));
  if (!addressees_.forwarded.empty()) {
    base::Json forwarded{base::Json::Array{}};
    for (const auto& [code, successor] : addressees_.forwarded) {
      base::Json one;
      one.add("for", base::cut_utf8(code, 60)).add("to", successor);
      forwarded.push(std::move(one));
    }
    body.add("forwarded", std::move(forwarded));
  }
  if (!addressees_.unknown.empty()) {
    base::Json unknown{base::Json::Array{}};
    for (const std::string& code : addressees_.unknown) unknown.push(base::cut_utf8(code, 60));
    body.add("unknown", std::move(unknown));
  }
  return body;
}

}  // namespace exchange
