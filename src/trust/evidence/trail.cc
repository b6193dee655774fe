#include "trust/evidence/trail.h"

#include <utility>
#include <vector>

namespace trust::evidence {
namespace {

using store::Query;
using store::Row;

const Query kTrail{"evidence.trail",
                   "select seq, id, event, at, body from evidence where subject = $1 "
                   "order by seq limit $2"};
// Batches follow one another: the first that ends at or after an evidence is its own, if any is.
const Query kBatch{"evidence.trail_batch",
                   "select first_seq, last_seq, signature is not null, log_index "
                   "from evidence_batch where last_seq >= $1 order by last_seq limit 1"};

const Query kNamed{"evidence.trail_named", "select seq, hash from evidence where id = $1"};

struct Batch {
  std::int64_t first = 0, last = 0;
  bool is_signed = false;
  std::optional<std::int64_t> log_index;
};

std::string delivery_named_in(base::BytesView body) {
  // Within a text every quote has a backslash before it, so that this is found as a member only.
  constexpr std::string_view kMember = "\"delivery\":\"";
  constexpr std::size_t kIdBytes = 36;
  const std::size_t at = body.find(kMember);
  return at == base::BytesView::npos ? std::string()
                                     : std::string(body.substr(at + kMember.size(), kIdBytes));
}

}  // namespace

base::Result<void> trail_of(store::Connection& connection, std::string_view document_id,
                            std::int64_t entries_max,
                            const std::function<void(const TrailEntry&)>& each) {
  std::vector<std::pair<std::int64_t, TrailEntry>> entries;
  TRY(connection.each(kTrail, {document_id, entries_max}, [&](const Row& row) {
    TrailEntry entry;
    entry.id = row.string(1);
    entry.event = row.string(2);
    entry.at = row.time(3);
    entry.delivery = delivery_named_in(row.bytes(4));
    entries.emplace_back(row.integer(0), std::move(entry));
    return true;
  }));
  Batch batch;
  bool more_batches = true;
  for (auto& [seq, entry] : entries) {
    if (seq > batch.last && more_batches) {
      more_batches = TRY(connection.first(kBatch, {seq}, [&](const Row& row) {
        batch = {row.integer(0), row.integer(1), row.integer(2) != 0, std::nullopt};
        if (!row.is_null(3)) batch.log_index = row.integer(3);
      }));
    }
    if (seq >= batch.first && seq <= batch.last) {
      entry.is_signed = batch.is_signed;
      if (batch.log_index) entry.log_index = *batch.log_index + (seq - batch.first);
    }
    each(entry);
  }
  return base::done();
}

base::Result<std::optional<LoggedEvidence>> logged_evidence(store::Connection& connection,
                                                            std::string_view id) {
  std::optional<LoggedEvidence> found;
  std::int64_t seq = 0;
  TRY(connection.first(kNamed, {id}, [&](const Row& row) {
    seq = row.integer(0);
    found.emplace();
    found->hash = row.bytes(1);
  }));
  if (!found) return found;
  TRY(connection.first(kBatch, {seq}, [&](const Row& row) {
    const std::int64_t first = row.integer(0);
    if (seq >= first && !row.is_null(3)) found->log_index = row.integer(3) + (seq - first);
  }));
  return found;
}

}  // namespace trust::evidence
