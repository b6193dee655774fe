// The one place where evidences meet the judging of signatures.
#include "trust/evidence/proof.h"

namespace trust::evidence {

EvidenceJudge judge_with(const Context& context) {
  EvidenceJudge judge;
  judge.signature = [&context](base::BytesView cms, base::BytesView content,
                               std::optional<base::Time> proven_at) {
    CmsInput input;
    input.der = cms;
    input.content = [content](const auto& take) { return take(content); };
    input.proven_at = proven_at;
    std::vector<SignatureReport> reports = judge_cms(input, context);
    // The exchange signs once; more signers are somebody else's doing.
    SignatureReport report = reports.empty() ? SignatureReport() : std::move(reports.front());
    if (reports.size() > 1 && report.verdict == Verdict::valid) {
      report.verdict = Verdict::invalid;
      report.sub = SubIndication::format_failure;
    }
    return report;
  };
  judge.timestamp = [&context](base::BytesView token, base::BytesView digest) {
    return judge_timestamp(token, digest, "SHA-256", {}, context);
  };
  return judge;
}

}  // namespace trust::evidence
