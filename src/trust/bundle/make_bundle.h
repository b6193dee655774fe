// Puts a bundle of evidence together. docs/formats/evidence.md.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "trust/asice/zip.h"
#include "trust/evidence/proof.h"
#include "trust/judge.h"
#include "trust/key.h"
#include "trust/timestamp.h"

namespace trust::bundle {

struct BundleParts {
  const Source& document;
  std::string document_id = {};
  std::string signatures = {};  // the report of the document's judgement, JSON; may be empty
  std::vector<evidence::EvidenceProof> proofs = {};  // every one about the document, in order
  // The name of an organisation by its code, for the page; empty when it is not known.
  std::function<std::string(const std::string& code)> name_of = {};
  // What log it is, when the site knows.
  std::optional<log::ProofPolicy> log_policy = {};
};

// How it is sealed: with which key, and with which authorities' words. context.now is the time of
// the bundle; context.revocation may be null, and then it holds no revocation data.
struct BundleSeal {
  SigningKey& key;
  TimestampClient* timestamps;  // null: signed without a timestamp
  const Context& context;
};

// Writes the container to `out`. What authorities do not answer now is left out, with a line in the
// log: the bundle is good without, and whoever judges it asks them. Errors: trust.bundle_authority
// (unavailable) when the timestamp authority changes its certificate with every answer;
// trust.bundle_unsigned_data when its answers hold more than certificates; what the
// key, the authority, the fonts (page.*) and `out` say; trust.too_many_files.
base::Result<void> make_bundle(const BundleParts& parts, const BundleSeal& seal, const Sink& out);

}  // namespace trust::bundle
