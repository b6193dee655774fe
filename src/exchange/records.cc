#include "exchange/records.h"

#include "base/text.h"

namespace exchange::records {
namespace {

using store::Blob;
using store::Query;

const Query kLastDocument{"exchange.document_last", "select max(id) from document"};
const Query kInsertDocument{
    "exchange.document_insert",
    "insert into document (id, kind, system, sender, hash, hash_prefix, blob, size, "
    "document_id, code, promulgated, subject, urgency, operation, recalled, accepted_at, "
    "type_name) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, $16)"};
const Query kDocument{
    "exchange.document",
    "select id, kind, system, sender, blob, size, accepted_at, hash from document where id = $1"};
const Query kDocumentsById{
    "exchange.documents_named",
    "select id, kind, system, sender, blob, size, accepted_at, hash from document "
    "where document_id = $1 and kind = 0 order by id desc limit 64"};
const Query kMarkRecalled{"exchange.document_recalled",
                          "update document set recalled = 1 where id = $1"};
const Query kInsertDelivery{
    "exchange.delivery_insert",
    "insert into delivery (id, recipient, system, kind, rank, state, word, recall, "
    "status_code, updated_at, unfetched_since, unanswered_since) "
    "values ($1, $2, $3, $4, $5, 0, '', 0, '', $6, $7, $7)"};
const Query kDeliveries{
    "exchange.deliveries_of",
    "select id, recipient, system, state, recall, status_code, status_at, fetched_at "
    "from delivery where id >= $1 and id <= $2 order by id"};
const Query kUpdateDelivery{
    "exchange.delivery_update",
    "update delivery set state = $2, recall = $3, status_code = $4, status_at = $5, "
    "fetched_at = coalesce(fetched_at, $6), "
    "word = case when $7 = '' then word else $7 end, updated_at = $8, "
    // The clocks (clocks.h): the first word of the recipient, and the dialogue on giving it back.
    "answered_at = case when answered_at is null and ($2 in (2, 3) or $4 <> '') then $8 "
    "else answered_at end, "
    "recall_requested_at = case when $3 = 1 and recall <> 1 then $8 else recall_requested_at end, "
    "recall_answered_at = case when $3 in (2, 3) and recall = 1 then $8 "
    "else recall_answered_at end, "
    "unfetched_since = case when $2 = 0 and $6 is null then unfetched_since end, "
    "unanswered_since = case when $2 < 3 and $4 in ('', '01') then unanswered_since end "
    "where id = $1"};
const Query kAdoptWaiting{"exchange.deliveries_adopt_waiting",
                          "update delivery set system = $2, visible_at = $3 "
                          "where recipient = $1 and state < 2 and system = 0"};
const Query kMovePending{
    "exchange.deliveries_move_pending",
    "update delivery set system = $3 where system = $2 and state < 2 and recipient = $1"};
const Query kInsertEvent{
    "exchange.status_insert",
    "insert into status_event (id, delivery, document, code, description, stated_at, "
    "received_at) values ((select coalesce(max(id), 0) + 1 from status_event), $1, $2, $3, "
    "$4, $5, $6)"};

constexpr int kMostUrgent = 4;

DocumentRow document_of(const store::Row& row) {
  return DocumentRow{
      row.integer(0), row.integer(1) == 1 ? edxml::Kind::status : edxml::Kind::document,
      row.integer(2), row.integer(3),
      row.string(4),  row.integer(5),
      row.time(6),    base::Bytes(row.bytes(7))};
}

DeliveryRow delivery_of(const store::Row& row) {
  DeliveryRow out;
  out.id = row.integer(0);
  out.recipient = row.integer(1);
  out.system = row.integer(2);
  out.state.transport = static_cast<Transport>(row.integer(3));
  out.state.recall = static_cast<Recall>(row.integer(4));
  out.state.status_code = row.string(5);
  out.state.status_at = row.optional_time(6);
  out.state.fetched = !row.is_null(7);
  return out;
}

}  // namespace

std::int64_t hash_prefix(base::BytesView hash) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8 && i < hash.size(); ++i) {
    value = value << 8 | static_cast<unsigned char>(hash[i]);
  }
  return static_cast<std::int64_t>(value);
}

base::Result<DocumentKey> new_document_key(store::Connection& connection, base::Time now) {
  const auto last = TRY(connection.integer(kLastDocument, {}));
  return next_document_key(last.value_or(0), now);
}

base::Result<void> insert_document(store::Connection& connection, const NewDocument& row) {
  TRY(connection.run(
      kInsertDocument,
      {row.id, static_cast<int>(row.kind), row.system, row.sender, Blob{row.hash},
       hash_prefix(row.hash), row.blob, row.size, row.document_id, row.code, row.promulgated,
       row.subject, row.urgency, row.operation, row.accepted_at, row.type_name}));
  return base::done();
}

base::Result<std::optional<DocumentRow>> document(store::Connection& connection, DocumentKey id) {
  std::optional<DocumentRow> out;
  TRY(connection.first(kDocument, {id}, [&](const store::Row& row) { out = document_of(row); }));
  return out;
}

base::Result<std::vector<DocumentRow>> documents_named(store::Connection& connection,
                                                       std::string_view document_id) {
  std::vector<DocumentRow> out;
  if (document_id.empty()) return out;
  TRY(connection.each(kDocumentsById, {document_id}, [&](const store::Row& row) {
    out.push_back(document_of(row));
    return true;
  }));
  return out;
}

base::Result<void> mark_recalled(store::Connection& connection, DocumentKey id) {
  TRY(connection.run(kMarkRecalled, {id}));
  return base::done();
}

base::Result<void> insert_delivery(store::Connection& connection, DeliveryKey id,
                                   const Organisation& recipient, edxml::Kind kind, int urgency,
                                   base::Time now, bool timed) {
  TRY(connection.run(kInsertDelivery,
                     {id, recipient.key, recipient.system, static_cast<int>(kind),
                      kMostUrgent - urgency, now, timed ? std::optional(now) : std::nullopt}));
  return base::done();
}

base::Result<std::vector<DeliveryRow>> deliveries_of(store::Connection& connection,
                                                     DocumentKey document) {
  std::vector<DeliveryRow> out;
  TRY(connection.each(kDeliveries,
                      {delivery_key(document, 0), delivery_key(document, kRecipientsMax)},
                      [&](const store::Row& row) {
                        out.push_back(delivery_of(row));
                        return true;
                      }));
  return out;
}

base::Result<std::vector<DeliveryRow>> deliveries_named(store::Connection& connection,
                                                        const Named& named) {
  if (!named.delivery) return deliveries_of(connection, named.document);
  std::vector<DeliveryRow> out;
  if (auto one = TRY(delivery(connection, *named.delivery))) out.push_back(*std::move(one));
  return out;
}

base::Result<std::optional<DeliveryRow>> delivery(store::Connection& connection, DeliveryKey id) {
  std::optional<DeliveryRow> out;
  TRY(connection.first(kDeliveries, {id, id},
                       [&](const store::Row& row) { out = delivery_of(row); }));
  return out;
}

base::Result<void> update_delivery(store::Connection& connection, DeliveryKey id,
                                   const DeliveryState& state, std::string_view word,
                                   base::Time now) {
  TRY(connection.run(
      kUpdateDelivery,
      {id, static_cast<int>(state.transport), static_cast<int>(state.recall), state.status_code,
       state.status_at, state.fetched ? std::optional(now) : std::nullopt,
       base::cut_utf8(word, 200), now}));
  return base::done();
}

base::Result<void> hand_over(store::Connection& connection, OrganisationKey organisation,
                             SystemKey before, SystemKey now_serving, base::Time now) {
  TRY(connection.run(kAdoptWaiting, {organisation, now_serving, now}));
  if (before == 0 || before == now_serving) return base::done();
  TRY(connection.run(kMovePending, {organisation, before, now_serving}));
  return base::done();
}

base::Result<void> insert_status_event(store::Connection& connection, const StatusEvent& event) {
  TRY(connection.run(
      kInsertEvent, {event.delivery, event.message, event.code,
                     base::cut_utf8(event.description, 2000), event.stated_at, event.received_at}));
  return base::done();
}

}  // namespace exchange::records
