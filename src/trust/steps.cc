#include "trust/steps.h"

#include <utility>

namespace trust {

void add_step(SignatureReport& report, std::string_view block, Verdict outcome, SubIndication sub,
              base::Text message) {
  report.steps.push_back({block, outcome, std::move(message)});
  if (outcome <= report.verdict) return;
  report.verdict = outcome;
  report.sub = sub;
}

}  // namespace trust
