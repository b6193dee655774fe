// The signed head of a log (c2sp.org/tlog-checkpoint).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "trust/log/note.h"

namespace trust::log {

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  base::Bytes root;  // 32 bytes

  std::string text() const;
  // The text of a note; further lines are read and passed over. trust.checkpoint_malformed.
  static base::Result<Checkpoint> parse(std::string_view text);
  bool operator==(const Checkpoint&) const = default;
};

// A head with who signed it, its signatures checked.
struct SignedCheckpoint {
  Checkpoint head;
  Note note;
  // The checkpoint of `bytes`, signed by `log` and of its origin. trust.log_bad_signature (invalid)
  // for another origin, no signature or a wrong one; trust.note_malformed,
  // trust.checkpoint_malformed.
  static base::Result<SignedCheckpoint> read(base::BytesView bytes, const NoteVerifier& log);
};

struct Cosignature {
  std::string witness;
  base::Time at;
};
// Which of `witnesses` cosigned the note; each counts once. A wrong cosignature is none.
std::vector<Cosignature> cosignatures_of(const Note& note,
                                         const std::vector<NoteVerifier>& witnesses);

// Decimal without leading zeros; nothing for anything else.
std::optional<std::uint64_t> parse_size(std::string_view text);

}  // namespace trust::log
