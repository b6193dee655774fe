// A bundle taken apart, strictly: what is not exactly as make_bundle() writes it is refused.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "trust/asice/container.h"
#include "trust/asice/zip.h"
#include "trust/bundle/contents.h"
#include "trust/evidence/proof.h"
#include "trust/judge.h"

namespace trust::bundle {

struct Opened {
  std::unique_ptr<Source> document;
  std::string signatures;  // JSON; empty when there is none
  std::vector<base::Bytes> certificates;
  RevocationAnswers revocation;
  std::vector<std::pair<std::string, std::string>> evidences;  // file, text; in order
  base::Bytes signature;                                       // the XML file
  std::vector<SignedFile> files;                               // with the digests that they have
};

// `file` outlives what it gives. trust.bundle_malformed (invalid) names what is wrong;
// trust.container_malformed, trust.container_too_large, trust.out_of_time.
base::Result<Opened> open_bundle(const Source& file, const Context& context);

// That the signature's file is as it was written, and that everything in it that it does not sign
// is in a file that it does sign: nothing in the bundle can be changed unseen but what
// docs/formats/evidence.md lists. trust.signature_form, trust.bundle_unsigned_data (invalid).
base::Result<void> check_signature_file(const Opened& bundle);

// The certificates in a timestamp token, byte for byte. trust.bundle_unsigned_data (invalid) when
// it holds anything else that its signature does not cover; trust.cms_malformed.
base::Result<std::vector<base::Bytes>> certificates_of_token(base::BytesView token);

// A proof in the form that EvidenceProof::text() gives: trust.evidence_proof_malformed.
base::Result<evidence::EvidenceProof> exact_proof(const std::string& text);

}  // namespace trust::bundle
