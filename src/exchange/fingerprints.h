// What somebody who has a file is told of it by its fingerprint: that it went through this
// exchange, who issued it, and whether it still holds. Never the subject, who got it, or the file.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "exchange/exchange.h"

namespace exchange {

// What its issuer did to a document afterwards.
struct Change {
  enum class Kind : unsigned char {
    recall_requested,  // asked back from everybody, and not everybody has given it back
    recalled,          // taken back from everybody
    revoked,           // by a document that says so
    updated,
    replaced,
  };
  Kind kind = Kind::recalled;
  base::Time at;
};
std::string_view word_of(Change::Kind kind);  // "recall_requested", …

struct KnownDocument {
  bool attachment = false;  // the file is attached to it; otherwise it is the edXML file
  // Names of organisations: whose document it says it is, and who sent it. The exchange is sure of
  // the latter; it differs from the issuer when a document is passed on.
  std::string issuer, sender;
  std::string code, issued_on, type;  // as the issuer wrote them; a type that is not kept is empty
  base::Time accepted_at;
  std::optional<Judgement> judgement;     // without its report; nothing when it was not judged
  std::vector<Change> changes;            // in order of time
  bool evidence = false;                  // its acceptance was put in evidence
  std::optional<std::int64_t> log_index;  // where that is in the transparency log, once it is
};

inline constexpr std::int64_t kKnownMax = 5;

// The documents that are, or have attached, a file with this SHA-256: at most kKnownMax, the
// earliest first. Neither status messages, nor what bears a mark of secrecy, nor what was withdrawn
// as malware. Attachments are known once they were judged. Costs a few look-ups by index, and the
// rows of each document's recipients. Any thread.
base::Result<std::vector<KnownDocument>> known_by(const Exchange& exchange, base::BytesView sha256);

// Notes what attachments a document has, for known_by(); in the transaction that judges them.
// Malware is forgotten.
namespace fingerprints {
base::Result<void> note(store::Connection& connection, DocumentKey document,
                        const trust::IntakeReport& report);
}  // namespace fingerprints

}  // namespace exchange
