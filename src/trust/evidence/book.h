// Where evidences are written, in the transaction of what they prove, and read again.
#pragma once
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "store/connection.h"
#include "store/database.h"
#include "trust/evidence/evidence.h"
#include "trust/evidence/proof.h"
#include "trust/log/log.h"

namespace trust::evidence {

// The tables of docs/formats/evidence.md.
const std::vector<store::Migration>& migrations();

struct Written {
  std::int64_t seq = 0;
  std::string id;
  base::Bytes hash;
};

// Any thread.
class EvidenceBook {
 public:
  EvidenceBook(Identity identity, base::Random& random)
      : identity_(std::move(identity)), random_(random) {}

  // Writes an evidence within the transaction of `connection`, which must be the writer's: it is
  // durable when that commits, and sealed some time after. May run more than once, as any change.
  // Adds the degradations that are declared to those of `facts`. trust.evidence_malformed; store.*.
  base::Result<Written> add(store::Connection& connection, base::Time at, const Facts& facts);

  // What the exchange cannot do at present (Sealer says so).
  void declare(std::vector<std::string> degradations);
  std::vector<std::string> declared() const;
  // The certificate changes with the key.
  void speak_as(Identity identity);

 private:
  mutable std::mutex mutex_;
  Identity identity_;
  std::vector<std::string> degradations_;
  base::Random& random_;
};

// The evidences about a document, in order.
base::Result<void> evidences_about(
    store::Connection& connection, std::string_view document_id,
    const std::function<void(const Written&, base::BytesView)>& each);

// The certificates that evidences name whose batch is not signed yet: their keys are still needed.
base::Result<std::set<base::Bytes>> certificates_awaited(store::Connection& connection);

// The newest timestamp token; empty when there is none.
base::Result<base::Bytes> last_stamp(store::Connection& connection);

// Where the log's published files are read, and whose heads are believed: the writer of the log is
// not needed.
struct LogReader {
  log::LogSource& source;
  const log::NoteVerifier& verifier;
};

// The proof of an evidence as far as there is one: what is missing follows later. `log` may be
// null. trust.evidence_unknown (not_found), trust.evidence_waiting (conflict) before its batch is
// made.
base::Result<EvidenceProof> proof_of(store::Connection& connection, std::string_view id,
                                     const LogReader* log);

}  // namespace trust::evidence
