// Many evidences under one signature and one timestamp: the note on the root of their tree.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "trust/log/tree.h"

namespace trust::evidence {

struct BatchNote {
  std::string exchange;
  std::int64_t number = 0;
  std::int64_t count = 0;
  base::Bytes root;
  base::Time at;

  std::string text() const;
  // trust.evidence_batch_malformed (invalid).
  static base::Result<BatchNote> parse(std::string_view text);
};

// The leaves of a batch, from the hashes of its evidences.
log::Hashes leaves_of(const std::vector<base::Bytes>& evidence_hashes);

// What is signed and stamped. Any thread; each call may take seconds.
class EvidenceSigner {
 public:
  virtual ~EvidenceSigner() = default;
  // SHA-256 of the certificate that evidences name from now on.
  virtual base::Bytes certificate() const = 0;
  // DER of a detached CMS over `content`, made with the certificate of that SHA-256, which is the
  // one that the batch's evidences name: an earlier one when the key was changed since.
  // trust.key_unavailable (also when there is no such key any more), trust.key_refused.
  virtual base::Result<base::Bytes> sign(base::BytesView content, base::Time at,
                                         base::BytesView certificate) = 0;
};

}  // namespace trust::evidence
