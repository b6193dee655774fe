#include "exchange/findings.h"

#include "edxml/validate.h"

namespace exchange {

base::Result<void> refuse_findings(const edxml::Document& document, bool recipients_elsewhere) {
  for (const edxml::Finding& finding : edxml::validate(document, recipients_elsewhere)) {
    if (finding.severity != edxml::Finding::Severity::error) continue;
    return base::Error(base::Code::invalid, finding.rule,
                       finding.element + ": " + finding.message.en + ". " + finding.remedy.en,
                       finding.element + ": " + finding.message.vi + ". " + finding.remedy.vi);
  }
  return base::done();
}

}  // namespace exchange
