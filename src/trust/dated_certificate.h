// Certificates that something depends on, and when they end.
#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/time.h"

namespace trust {

struct DatedCertificate {
  std::string use;   // "evidence", "evidence_next", "tls", "anchor", "timestamp", "system"
  std::string name;  // of the key, the file, the anchor, the system
  std::string subject, issuer;
  base::Bytes key_id;  // the certificate's own; may be empty
  base::Bytes sha256;  // of the certificate
  base::Time from, until;
  bool demonstration = false;
};

// Whole days until then, rounded down; negative when past.
inline std::int64_t days_left(base::Time until, base::Time now) {
  return std::chrono::floor<std::chrono::days>(until - now).count();
}

}  // namespace trust
