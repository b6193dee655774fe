// A document with everything that proves its way, as one file: docs/formats/evidence.md.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "exchange/desk.h"
#include "trust/asice/zip.h"
#include "trust/evidence/evidence.h"

namespace exchange {

// What goes into a bundle.
struct BundleOrder {
  std::string document_id;
  std::string blob;
  std::string signatures;  // the report of its judgement, JSON; empty when it was not judged
  std::vector<trust::evidence::Evidence> evidences;  // in order
};

// All that there is about a document. Any thread. exchange.unknown_document.
base::Result<BundleOrder> bundle_order(Exchange& exchange, std::string_view id);

// Whether an evidence is about the document as a whole or about one of `mine`: what those may see
// whose deliveries these are.
bool concerns(const trust::evidence::Evidence& evidence, const std::vector<DeskDelivery>& mine);

// Who has the keys that seal a bundle.
class BundleMaker {
 public:
  virtual ~BundleMaker() = default;
  // Writes the container to `out`. Any thread; blocks while authorities are asked, a minute at
  // most for each of several. trust.evidence_waiting (conflict): an evidence is not sealed yet,
  // which takes a second; the errors of make_bundle() and of `out`.
  virtual base::Result<void> make(const BundleOrder& order, const trust::Sink& out) = 0;
};

}  // namespace exchange
