#include "trust/evidence/book.h"

#include <algorithm>

#include "base/hash.h"
#include "trust/evidence/batch.h"

namespace trust::evidence {

using base::Bytes;
using base::BytesView;
using base::Code;
using base::Error;
using base::Result;
using store::Blob;
using store::Query;
using store::Row;

namespace {

const Query kLastSeq{"evidence.last_seq", "select max(seq) from evidence"};
const Query kPrevious{"evidence.previous",
                      "select hash from evidence where subject = $1 order by seq desc limit 1"};
const Query kInsert{"evidence.insert",
                    "insert into evidence (seq, id, subject, event, at, body, hash) "
                    "values ($1, $2, $3, $4, $5, $6, $7)"};
const Query kAbout{"evidence.about",
                   "select seq, id, hash, body from evidence where subject = $1 order by seq"};
const Query kById{"evidence.by_id", "select seq, body from evidence where id = $1"};
const Query kBatchOf{"evidence.batch_of",
                     "select first_seq, last_seq, note, signature, stamp, log_index "
                     "from evidence_batch where first_seq <= $1 and last_seq >= $1"};
const Query kHashes{"evidence.hashes",
                    "select hash from evidence where seq between $1 and $2 order by seq"};

// Of a batch the first speaks for all.
const Query kAwaited{"evidence.awaited",
                     "select body from evidence where seq > "
                     "(select coalesce(max(last_seq), 0) from evidence_batch) or seq in "
                     "(select first_seq from evidence_batch where signature is null)"};
const Query kLastStamp{"evidence.last_stamp",
                       "select stamp from evidence_batch where stamp is not null "
                       "order by number desc limit 1"};

constexpr std::size_t kIdBytes = 16;

// The newest head that witnesses vouch for, if it has the entry; otherwise the newest.
Result<Bytes> head_for(const LogReader& log, std::uint64_t index) {
  if (auto bytes = log.source.read("checkpoint.witnessed")) {
    const auto head = log::SignedCheckpoint::read(*bytes, log.verifier);
    if (head && head->head.size > index) return std::move(*bytes);
  }
  return log.source.read("checkpoint");
}

}  // namespace

const std::vector<store::Migration>& migrations() {
  static const std::vector<store::Migration> kAll = {{"evidence", 1, "evidence", R"sql(
create table evidence (
  seq int64 primary key,
  id text not null unique,
  subject text not null,
  event text not null,
  at time not null,
  body bytes not null,
  hash bytes not null
);
create index evidence_subject on evidence (subject, seq);
create table evidence_batch (
  number int64 primary key,
  first_seq int64 not null,
  last_seq int64 not null,
  opened_at time not null,
  note text not null,
  log_from int64 not null,
  signature bytes,
  stamp bytes,
  stamped_at time,
  log_index int64,
  degraded text not null
);
create index evidence_batch_run on evidence_batch (last_seq);
create index evidence_batch_unsigned on evidence_batch (number) where signature is null;
create index evidence_batch_unstamped on evidence_batch (number) where stamp is null;
create index evidence_batch_unlogged on evidence_batch (number) where log_index is null;
)sql"}};
  return kAll;
}

Result<Written> EvidenceBook::add(store::Connection& connection, base::Time at,
                                  const Facts& facts) {
  Evidence evidence{facts, {}, base::hex(random_.bytes(kIdBytes)), at, {}};
  {
    std::lock_guard lock(mutex_);
    evidence.exchange = identity_;
    for (const std::string& word : degradations_) {
      auto& words = evidence.facts.degradations;
      if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
    }
  }
  TRY(connection.first(kPrevious, {facts.document_id},
                       [&](const Row& row) { evidence.previous = Bytes(row.bytes(0)); }));
  const Bytes bytes = TRY(evidence.bytes());
  Written written{TRY(connection.integer(kLastSeq, {})).value_or(0) + 1, evidence.id,
                  base::sha256(bytes)};
  TRY(connection.run(kInsert, {written.seq, written.id, facts.document_id, name_of(facts.event), at,
                               Blob{bytes}, Blob{written.hash}}));
  return written;
}

void EvidenceBook::declare(std::vector<std::string> degradations) {
  std::lock_guard lock(mutex_);
  degradations_ = std::move(degradations);
}

std::vector<std::string> EvidenceBook::declared() const {
  std::lock_guard lock(mutex_);
  return degradations_;
}

void EvidenceBook::speak_as(Identity identity) {
  std::lock_guard lock(mutex_);
  identity_ = std::move(identity);
}

Result<void> evidences_about(store::Connection& connection, std::string_view document_id,
                             const std::function<void(const Written&, BytesView)>& each) {
  return connection.each(kAbout, {document_id}, [&](const Row& row) {
    each({row.integer(0), row.string(1), Bytes(row.bytes(2))}, row.bytes(3));
    return true;
  });
}

Result<std::set<Bytes>> certificates_awaited(store::Connection& connection) {
  std::set<Bytes> certificates;
  TRY(connection.each(kAwaited, {}, [&](const Row& row) {
    certificates.insert(certificate_named_in(row.bytes(0)));
    return true;
  }));
  return certificates;
}

Result<Bytes> last_stamp(store::Connection& connection) {
  Bytes stamp;
  TRY(connection.first(kLastStamp, {}, [&](const Row& row) { stamp = Bytes(row.bytes(0)); }));
  return stamp;
}

Result<EvidenceProof> proof_of(store::Connection& connection, std::string_view id,
                               const LogReader* log) {
  EvidenceProof proof;
  std::int64_t seq = 0, first = 0, last = 0;
  std::optional<std::uint64_t> log_index;
  const bool known = TRY(connection.first(kById, {id}, [&](const Row& row) {
    seq = row.integer(0);
    proof.evidence = Bytes(row.bytes(1));
  }));
  if (!known) {
    return Error(Code::not_found, "trust.evidence_unknown", "there is no such evidence",
                 "Không có bằng chứng này");
  }
  const bool batched = TRY(connection.first(kBatchOf, {seq}, [&](const Row& row) {
    first = row.integer(0);
    last = row.integer(1);
    proof.note = row.string(2);
    proof.signature = Bytes(row.bytes(3));
    proof.timestamp = Bytes(row.bytes(4));
    if (!row.is_null(5)) log_index = static_cast<std::uint64_t>(row.integer(5));
  }));
  if (!batched) {
    return Error(Code::conflict, "trust.evidence_waiting",
                 "the evidence is kept, its proof is being made: ask again in a moment",
                 "Bằng chứng đã được ghi, đang lập chứng thực: hãy hỏi lại sau giây lát");
  }
  std::vector<Bytes> hashes;
  TRY(connection.each(kHashes, {first, last}, [&](const Row& row) {
    hashes.emplace_back(row.bytes(0));
    return true;
  }));
  if (hashes.size() != static_cast<std::size_t>(last - first + 1)) {
    return Error(Code::data_loss, "trust.evidence_damaged",
                 "evidences of a batch are missing from the database",
                 "Thiếu bằng chứng của một lô trong cơ sở dữ liệu");
  }
  proof.index = static_cast<std::uint64_t>(seq - first);
  const log::Hashes leaves = leaves_of(hashes);
  proof.path = TRY(log::inclusion_path(proof.index, leaves.size(), log::subtrees_of(leaves)));
  if (log == nullptr || !log_index) return proof;
  const std::uint64_t index = *log_index + proof.index;
  const Bytes head = TRY(head_for(*log, index));
  proof.log_proof = TRY(log::prove(log->source, index, head, log->verifier)).text();
  return proof;
}

}  // namespace trust::evidence
