#include "exchange/fingerprints.h"

#include <algorithm>
#include <array>

#include "exchange/records.h"
#include "trust/evidence/trail.h"

namespace exchange {
namespace {

using store::Blob;
using store::Query;

const Query kNote{"exchange.fingerprint_insert",
                  "insert into fingerprint (hash_prefix, document, hash) values ($1, $2, $3) "
                  "on conflict (hash_prefix, document) do nothing"};
const Query kForget{"exchange.fingerprint_remove",
                    "delete from fingerprint where hash_prefix = $1 and document = $2"};
// "id + 0": found by the hash and then sorted, never the other way round.
const Query kItself{"exchange.fingerprint_of_document",
                    "select id from document where hash_prefix = $1 and hash = $2 and kind = 0 "
                    "order by id + 0 limit $3"};
const Query kAttached{"exchange.fingerprint_of_attachment",
                      "select document from fingerprint where hash_prefix = $1 and hash = $2 "
                      "order by document limit $3"};
const Query kDocument{
    "exchange.fingerprint_document",
    "select m.sender, m.code, m.promulgated, m.type_name, m.accepted_at, m.recalled, m.subject, "
    "j.verdict, j.complete, j.judged_at, m.document_id from document m "
    "left join judgement j on j.document = m.id where m.id = $1 and m.kind = 0"};
// What was withdrawn without its sender's asking was withdrawn as malware.
const Query kCopies{
    "exchange.fingerprint_copies",
    "select sum(case when state = 4 and recall <> 2 then 1 else 0 end), "
    "sum(case when recall = 0 then 1 else 0 end), count(*), min(recall_requested_at), "
    "max(case when recall = 2 then coalesce(recall_answered_at, updated_at) end) "
    "from delivery where id >= $1 and id <= $2"};
const Query kLater{"exchange.fingerprint_later",
                   "select l.operation, m.accepted_at from document_link l "
                   "join document m on m.id = l.document where l.earlier = $1 "
                   "order by l.document limit 16"};

struct Found {
  DocumentKey key = 0;
  bool attachment = false;
};

base::Result<std::vector<Found>> found_by(store::Connection& connection, base::BytesView hash) {
  std::vector<Found> found;
  const std::int64_t prefix = records::hash_prefix(hash);
  for (const auto& [query, attachment] :
       {std::pair{&kItself, false}, std::pair{&kAttached, true}}) {
    TRY(connection.each(*query, {prefix, Blob{hash}, kKnownMax}, [&](const store::Row& row) {
      found.push_back({row.integer(0), attachment});
      return true;
    }));
  }
  std::sort(found.begin(), found.end(),
            [](const Found& a, const Found& b) { return a.key < b.key; });
  if (std::cmp_greater(found.size(), kKnownMax)) found.resize(kKnownMax);
  return found;
}

bool secret(std::string subject) {
  edxml::Document document;
  document.subject = std::move(subject);
  return !document.secret_mark().empty();
}

// The document itself; nothing for what is not told of. Gives whether it is recalled.
base::Result<bool> read_document(store::Connection& connection, const Exchange& exchange,
                                 const Found& one, std::optional<KnownDocument>& known) {
  bool recalled = false;
  TRY(connection.first(kDocument, {one.key}, [&](const store::Row& row) {
    if (secret(row.string(6))) return;
    known.emplace();
    known->attachment = one.attachment;
    if (const auto sender = exchange.directory().by_key(row.integer(0)))
      known->sender = sender->name;
    // "code,date,number/notation"
    const std::string id = row.string(10);
    const auto issuer = exchange.directory().find(std::string_view(id).substr(0, id.find(',')));
    known->issuer = issuer ? issuer->name : known->sender;
    known->code = row.string(1);
    known->issued_on = row.string(2);
    if (!row.is_null(3)) known->type = row.string(3);
    known->accepted_at = row.time(4);
    recalled = row.integer(5) != 0;
    if (row.is_null(7)) return;
    known->judgement = judgements::from(row.integer(7), row.integer(8) != 0);
    known->judgement->judged_at = row.time(9);
  }));
  return recalled;
}

base::Result<std::optional<KnownDocument>> known_document(store::Connection& connection,
                                                          const Exchange& exchange,
                                                          const Found& one) {
  std::optional<KnownDocument> known;
  const bool recalled = TRY(read_document(connection, exchange, one, known));
  if (!known) return known;
  bool malware = false;
  TRY(connection.first(kCopies, {delivery_key(one.key, 0), delivery_key(one.key, kRecipientsMax)},
                       [&](const store::Row& row) {
                         if (row.integer(2) == 0) return;
                         malware = row.integer(0) != 0;
                         if (recalled && !row.is_null(4)) {
                           known->changes.push_back({Change::Kind::recalled, row.time(4)});
                         } else if (row.integer(1) == 0 && !row.is_null(3)) {
                           known->changes.push_back({Change::Kind::recall_requested, row.time(3)});
                         }
                       }));
  if (malware) return std::optional<KnownDocument>();
  TRY(connection.each(kLater, {one.key}, [&](const store::Row& row) {
    constexpr std::array kKinds = {Change::Kind::revoked, Change::Kind::updated,
                                   Change::Kind::replaced};
    const std::int64_t operation = row.integer(0);
    if (operation >= 1 && operation <= 3)
      known->changes.push_back({kKinds[static_cast<std::size_t>(operation - 1)], row.time(1)});
    return true;
  }));
  std::stable_sort(known->changes.begin(), known->changes.end(),
                   [](const Change& a, const Change& b) { return a.at < b.at; });
  TRY(trust::evidence::trail_of(connection, document_id_text(exchange.site(), one.key), 1,
                                [&](const trust::evidence::TrailEntry& entry) {
                                  known->evidence = true;
                                  known->log_index = entry.log_index;
                                }));
  return known;
}

}  // namespace

std::string_view word_of(Change::Kind kind) {
  constexpr std::array<std::string_view, 5> kWords = {"recall_requested", "recalled", "revoked",
                                                      "updated", "replaced"};
  return kWords[static_cast<std::size_t>(kind)];
}

base::Result<std::vector<KnownDocument>> known_by(const Exchange& exchange,
                                                  base::BytesView sha256) {
  std::vector<KnownDocument> known;
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    known.clear();
    for (const Found& one : TRY(found_by(connection, sha256))) {
      auto document = TRY(known_document(connection, exchange, one));
      if (document) known.push_back(*std::move(document));
    }
    return base::done();
  }));
  return known;
}

base::Result<void> fingerprints::note(store::Connection& connection, DocumentKey document,
                                      const trust::IntakeReport& report) {
  const bool malware = report.malware().has_value();
  for (const trust::DocumentReport& attachment : report.attachments) {
    if (attachment.sha256.empty()) continue;
    const std::int64_t prefix = records::hash_prefix(attachment.sha256);
    if (malware) {
      TRY(connection.run(kForget, {prefix, document}));
    } else {
      TRY(connection.run(kNote, {prefix, document, Blob{attachment.sha256}}));
    }
  }
  return base::done();
}

}  // namespace exchange
