// An evidence with everything that it takes to check it: its text form, and the check.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "trust/evidence/evidence.h"
#include "trust/judge.h"
#include "trust/log/proof.h"
#include "trust/verdict.h"

namespace trust::evidence {

struct EvidenceProof {
  base::Bytes evidence;
  std::uint64_t index = 0;  // in the batch
  log::Hashes path;
  std::string note;
  base::Bytes signature, timestamp;  // either may be empty
  std::string log_proof;             // may be empty

  std::string text() const;
  // trust.evidence_proof_malformed (invalid).
  static base::Result<EvidenceProof> parse(std::string_view text);
};

// Who judges signatures and timestamps. The first judges a detached CMS over `content`, proven to
// have existed at `proven_at`; the second a token over a SHA-256 digest.
struct EvidenceJudge {
  std::function<SignatureReport(base::BytesView cms, base::BytesView content,
                                std::optional<base::Time> proven_at)>
      signature;
  std::function<SignatureReport(base::BytesView token, base::BytesView digest)> timestamp;
};
// By judge_cms() and judge_timestamp(). `context` outlives it.
EvidenceJudge judge_with(const Context& context);

struct EvidencePolicy {
  std::optional<log::ProofPolicy> log_policy;  // nothing: the log is not asked for
  bool timestamp = true;                       // asked for
  base::Duration clock_tolerance = std::chrono::minutes(5);
  // The document at hand; empty when there is none.
  base::Bytes document_hash;
};

// The first steps of docs/formats/evidence.md: what knows more of the place adds to them.
inline constexpr std::string_view kFormStep = "1 The evidence";
inline constexpr std::string_view kDocumentStep = "2 The document";

struct EvidenceReport {
  std::optional<Evidence> evidence;  // when it could be read
  std::vector<Step> steps;           // as docs/formats/evidence.md numbers them
  std::optional<SignatureReport> signature, timestamp;
  std::optional<base::Time> proven_at;  // by the timestamp
  std::optional<log::Proven> logged;

  Verdict verdict() const;  // the worst step
};

EvidenceReport verify(const EvidenceProof& proof, const EvidencePolicy& policy,
                      const EvidenceJudge& judge);
base::Json to_json(const EvidenceReport& report);
// Lines for a terminal.
std::string to_text(const EvidenceReport& report, base::Language language);

}  // namespace trust::evidence
