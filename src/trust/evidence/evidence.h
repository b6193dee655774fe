// One evidence: what it says, and its bytes. docs/formats/evidence.md.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "trust/evidence/event.h"

namespace trust::evidence {

inline constexpr std::size_t kEvidenceBytesMax = 16384;

struct VerdictSummary {
  std::string verdict;  // "valid", "undetermined", "invalid", "none"
  std::int64_t signatures = 0;
  base::Bytes report;  // SHA-256; may be empty
  bool operator==(const VerdictSummary&) const = default;
};

// What the caller knows of an event.
struct Facts {
  Event event = Event::submission_acceptance;
  std::string reason;       // may be empty
  std::string document_id;  // as clients see it
  base::Bytes document_hash;
  std::int64_t document_size = 0;
  std::string delivery, sender, recipient;  // each may be empty
  std::optional<VerdictSummary> verdict;
  std::vector<std::string> degradations;
  bool operator==(const Facts&) const = default;
};

// Who speaks.
struct Identity {
  std::string name;
  base::Bytes certificate;  // SHA-256 of the DER
  bool operator==(const Identity&) const = default;
};

struct Evidence {
  Facts facts;
  Identity exchange;
  std::string id;
  base::Time at;
  base::Bytes previous;  // hash; empty for the first about its document

  // Canonical JSON. trust.evidence_malformed: text that is not UTF-8, or too much of it.
  base::Result<base::Bytes> bytes() const;
  // trust.evidence_malformed (invalid) for anything but what bytes() gives.
  static base::Result<Evidence> parse(base::BytesView bytes);
  bool operator==(const Evidence&) const = default;
};

// The certificate that an evidence names, out of its bytes, without reading the rest; empty when
// they name none.
base::Bytes certificate_named_in(base::BytesView bytes);

// Reads "2026-11-22T02:30:00.123456Z", and nothing else.
std::optional<base::Time> parse_time(std::string_view text);

// The entry of an evidence in the transparency log, and of a batch; `hash` is of its bytes.
base::Bytes log_entry(base::BytesView hash);

}  // namespace trust::evidence
