// A proof that an entry is in the log, complete in itself (c2sp.org/tlog-proof).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "trust/log/checkpoint.h"
#include "trust/log/tiles.h"
#include "trust/log/tree.h"

namespace trust::log {

struct Proof {
  std::optional<base::Bytes> extra;  // nobody vouches for it
  std::uint64_t index = 0;
  Hashes path;
  base::Bytes checkpoint;  // the signed note

  std::string text() const;
  // trust.log_proof_malformed (invalid).
  static base::Result<Proof> parse(std::string_view text);
};

// The proof for entry `index` under `checkpoint`, which has more entries than that. Errors: the
// source's; trust.log_proof_invalid when the source's tiles are not those of the head.
base::Result<Proof> prove(LogSource& source, std::uint64_t index, base::BytesView checkpoint,
                          const NoteVerifier& log);

// Whom the verifier believes.
struct ProofPolicy {
  NoteVerifier log;
  std::vector<NoteVerifier> witnesses;
  std::size_t witnesses_min = 0;
};
struct Proven {
  Checkpoint head;
  std::vector<Cosignature> cosignatures;
};
// That `entry` is in the log. trust.log_bad_signature, trust.log_proof_invalid,
// trust.log_witnesses_missing (forbidden) when fewer cosigned than the policy asks for.
base::Result<Proven> verify(const Proof& proof, base::BytesView entry, const ProofPolicy& policy);

}  // namespace trust::log
