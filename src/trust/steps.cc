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

void add_constraint(SignatureReport& report, std::string_view block, Verdict outcome,
                    SubIndication sub, base::Text message) {
  std::optional<Step> conclusion;
  if (!report.steps.empty() && (report.steps.back().block.starts_with("5.3 ") ||
                                report.steps.back().block.starts_with("5.5 "))) {
    conclusion = std::move(report.steps.back());
    report.steps.pop_back();
  }
  const Verdict before = report.verdict;
  add_step(report, block, outcome, sub, std::move(message));
  if (!conclusion) return;
  if (report.verdict != before) {
    const std::string name = ": " + std::string(name_of(report.sub));
    const base::Text verdict = text_of(report.verdict);
    conclusion->outcome = report.verdict;
    conclusion->message = {verdict.vi + name, verdict.en + name};
  }
  report.steps.push_back(std::move(*conclusion));
}

}  // namespace trust
