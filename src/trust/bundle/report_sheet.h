// The one page that tells people what a bundle holds: who sent what to whom, when each step
// happened, what was found of the signatures, and where the proof is.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "edxml/document.h"
#include "page/sheet.h"
#include "trust/evidence/proof.h"

namespace trust::bundle {

struct ReportFacts {
  base::Time made_at;  // of the bundle
  std::string document_id;
  edxml::Document header;  // of the document; empty when it cannot be read
  base::Json signatures;  // the report of its judgement (docs/formats/signature-report.md), or null
  // The proofs in order, and what was found of them.
  std::vector<evidence::EvidenceProof> proofs;
  std::vector<evidence::EvidenceReport> reports;
  // The name of an organisation by its code; empty when it is not known.
  std::function<std::string(const std::string& code)> name_of;
};

// One page whatever the number of recipients and signatures: as many as there is room for, and sums
// of all. The same facts give the same bytes. page.font_missing, page.unwritable.
base::Result<page::Pdf> report_pdf(const ReportFacts& facts);

}  // namespace trust::bundle
