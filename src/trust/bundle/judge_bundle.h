// Judges a bundle of evidence offline, step by step: the container to its last byte, its signature,
// the document, every evidence, and the story that they tell. docs/formats/evidence.md.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "trust/evidence/proof.h"
#include "trust/intake/intake.h"
#include "trust/judge.h"
#include "trust/log/proof.h"

namespace trust::bundle {

struct BundlePolicy {
  // Nothing: the log's key is not known, and every evidence is undetermined at best.
  std::optional<log::ProofPolicy> log_policy;
  base::Duration clock_tolerance = std::chrono::minutes(5);
};

// One question about the whole, by a name that never changes: "container", "digest", "signature",
// "signer", "document", "judgement", "evidence", "events".
struct BundleStep {
  std::string_view name;
  Verdict outcome = Verdict::valid;
  base::Text message;
};
base::Text title_of(std::string_view step);

struct BundledEvidence {
  std::string file;
  evidence::EvidenceReport report;
};

struct BundleReport {
  DocumentReport container;  // with the signature of the bundle
  std::vector<BundledEvidence> evidences;
  std::vector<BundleStep> steps;
  std::optional<IntakeReport> document;  // the signatures of the document, which are its own affair

  Verdict verdict() const;         // the worst step
  std::string_view cause() const;  // the first step of that verdict; empty when it is valid
};

// Whether a file is a container with evidences in it: what judge_bundle() takes.
bool is_bundle(const Source& file);

// Revocation is answered by what the bundle holds, then by context.revocation. Never an error: what
// cannot be read is a step. The document's own signatures are reported and do not count for the
// verdict: evidences of a document that is not signed well are evidences.
BundleReport judge_bundle(const Source& file, const Context& context, const BundlePolicy& policy);

// The same for evidences of which many share a signature and a timestamp: each is judged once.
// `context` outlives it.
evidence::EvidenceJudge remembering_judge(const Context& context);

base::Json to_json(const BundleReport& report);
// Lines for a terminal; of many evidences, one without fault is one line.
std::string to_text(const BundleReport& report, base::Language language);

}  // namespace trust::bundle
