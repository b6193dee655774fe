// What is said of a bundle, for programs and on a terminal.
#include <algorithm>
#include <array>

#include "trust/bundle/judge_bundle.h"

namespace trust::bundle {

using base::Language;

namespace {

constexpr std::size_t kExplainedMax = 12;  // evidences whose every step is told

const char* mark_of(Verdict verdict) {
  return verdict == Verdict::valid ? "✓ " : verdict == Verdict::undetermined ? "? " : "✗ ";
}

bool is_demonstration(const DocumentReport& container) {
  return std::any_of(container.signatures.begin(), container.signatures.end(),
                     [](const SignatureReport& one) {
                       return !one.chain.empty() && one.chain.back().demonstration;
                     });
}

std::string line_of(const BundledEvidence& one, Language language) {
  std::string out = std::string(mark_of(one.report.verdict())) + one.file;
  if (one.report.evidence) {
    const evidence::Evidence& read = *one.report.evidence;
    out += ": " + base::vietnam_time_text(read.at, '/') + "  " +
           evidence::text_of(read.facts.event).in(language);
    if (!read.facts.recipient.empty()) out += " → " + read.facts.recipient;
  }
  return out + "\n";
}

}  // namespace

base::Text title_of(std::string_view step) {
  struct Title {
    std::string_view name, vi, en;
  };
  constexpr std::array<Title, 8> kTitles = {
      {{"container", "Gói", "The container"},
       {"digest", "Các tệp", "The files"},
       {"signature", "Chữ ký của gói", "The signature of the bundle"},
       {"signer", "Người ký gói", "Who signed the bundle"},
       {"document", "Văn bản", "The document"},
       {"judgement", "Chữ ký của văn bản", "The document's signatures"},
       {"evidence", "Các bằng chứng", "The evidences"},
       {"events", "Trình tự", "The order of events"}}};
  for (const Title& title : kTitles) {
    if (title.name == step) return {std::string(title.vi), std::string(title.en)};
  }
  return {std::string(step), std::string(step)};
}

Verdict BundleReport::verdict() const {
  Verdict worst = steps.empty() ? Verdict::undetermined : Verdict::valid;
  for (const BundleStep& step : steps) worst = std::max(worst, step.outcome);
  return worst;
}

std::string_view BundleReport::cause() const {
  const Verdict worst = verdict();
  if (worst == Verdict::valid) return {};
  for (const BundleStep& step : steps) {
    if (step.outcome == worst) return step.name;
  }
  return {};
}

base::Json to_json(const BundleReport& report) {
  base::Json steps{base::Json::Array{}}, evidences{base::Json::Array{}};
  for (const BundleStep& step : report.steps) {
    base::Json one;
    one.add("step", step.name).add("outcome", name_of(step.outcome));
    one.add("vi", step.message.vi).add("en", step.message.en);
    steps.push(std::move(one));
  }
  for (const BundledEvidence& evidence : report.evidences) {
    base::Json one = evidence::to_json(evidence.report);
    one.add("file", evidence.file);
    evidences.push(std::move(one));
  }
  base::Json out;
  out.add("verdict", name_of(report.verdict()));
  if (!report.cause().empty()) out.add("cause", report.cause());
  out.add("steps", std::move(steps));
  out.add("evidences", std::move(evidences));
  out.add("container", trust::to_json(report.container));
  if (report.document) out.add("document", trust::to_json(*report.document));
  return out;
}

std::string to_text(const BundleReport& report, Language language) {
  const bool vi = language == Language::vietnamese;
  std::string out = vi ? "Gói bằng chứng\n" : "A bundle of evidence\n";
  for (const BundleStep& step : report.steps) {
    out += mark_of(step.outcome) + title_of(step.name).in(language) + ": " +
           step.message.in(language) + "\n";
  }
  if (is_demonstration(report.container)) {
    out += vi ? "TRÌNH DIỄN: chứng thư số này chỉ để thử, không có giá trị pháp lý\n"
              : "DEMONSTRATION: this certificate is for trials only and has no legal force\n";
  }
  out += "\n";
  const bool all = report.evidences.size() <= kExplainedMax;
  for (const BundledEvidence& one : report.evidences) {
    out += line_of(one, language);
    for (const Step& step : one.report.steps) {
      if (step.outcome == Verdict::valid && !all) continue;
      out += std::string("    ") + mark_of(step.outcome) + std::string(step.block) + ": " +
             step.message.in(language) + "\n";
    }
  }
  if (!report.document) return out;
  for (const DocumentReport& one : report.document->attachments) {
    out += "\n" + trust::to_text(one, language);
  }
  return out;
}

}  // namespace trust::bundle
