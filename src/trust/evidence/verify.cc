#include <algorithm>

#include "base/hash.h"
#include "trust/evidence/batch.h"
#include "trust/evidence/proof.h"

namespace trust::evidence {

using base::Bytes;
using base::Error;
using base::Language;

namespace {

// The steps of docs/formats/evidence.md.
constexpr std::string_view kForm = kFormStep;
constexpr std::string_view kDocument = kDocumentStep;
constexpr std::string_view kPath = "3 The path to the batch";
constexpr std::string_view kSignature = "4 The signature of the batch";
constexpr std::string_view kSigner = "5 The certificate";
constexpr std::string_view kTime = "6 The timestamp";
constexpr std::string_view kLog = "7 The log";

class Verification {
 public:
  Verification(const EvidenceProof& proof, const EvidencePolicy& policy, const EvidenceJudge& judge)
      : proof_(proof), policy_(policy), judge_(judge) {}

  EvidenceReport run() && {
    auto evidence = Evidence::parse(proof_.evidence);
    if (!evidence) {
      step(kForm, Verdict::invalid, evidence.error());
      return std::move(report_);
    }
    report_.evidence = std::move(*evidence);
    const base::Text event = text_of(report_.evidence->facts.event);
    step(kForm, Verdict::valid, {"Đúng dạng: " + event.vi, "well-formed: " + event.en});
    document();
    path();
    timestamp();
    signature();
    logged();
    std::stable_sort(report_.steps.begin(), report_.steps.end(),
                     [](const Step& a, const Step& b) { return a.block < b.block; });
    return std::move(report_);
  }

 private:
  void document() {
    if (policy_.document_hash.empty()) return;
    if (policy_.document_hash == report_.evidence->facts.document_hash) {
      return step(kDocument, Verdict::valid,
                  {"Đúng văn bản này", "it is about the document at hand"});
    }
    step(kDocument, Verdict::invalid,
         {"Bằng chứng nói về văn bản khác", "it is about another document"});
  }

  void path() {
    auto note = BatchNote::parse(proof_.note);
    if (!note) return step(kPath, Verdict::invalid, note.error());
    const Bytes leaf = log::leaf_hash(log_entry(base::sha256(proof_.evidence)));
    const auto verified = log::verify_inclusion(
        leaf, proof_.index, static_cast<std::uint64_t>(note->count), proof_.path, note->root);
    if (!verified) return step(kPath, Verdict::invalid, verified.error());
    if (note->exchange != report_.evidence->exchange.name) {
      return step(kPath, Verdict::invalid,
                  {"Lô là của trục khác", "the batch is another exchange's"});
    }
    const std::string number = std::to_string(note->number);
    step(kPath, Verdict::valid,
         {"Bằng chứng thuộc lô số " + number, "it belongs to batch " + number});
  }

  void timestamp() {
    if (proof_.timestamp.empty()) {
      if (!policy_.timestamp) return;
      return step(kTime, Verdict::undetermined,
                  {"Chưa có dấu thời gian: hãy lấy lại bằng chứng sau",
                   "there is no timestamp yet: ask for the proof again later"});
    }
    report_.timestamp = judge_.timestamp(proof_.timestamp, base::sha256(proof_.signature));
    if (report_.timestamp->verdict != Verdict::valid || !report_.timestamp->proven_at) {
      const Verdict verdict =
          report_.timestamp->verdict == Verdict::invalid ? Verdict::invalid : Verdict::undetermined;
      return step(kTime, verdict, text_of(report_.timestamp->sub));
    }
    report_.proven_at = report_.timestamp->proven_at;
    const std::string at = base::iso_time_text(*report_.proven_at);
    if (report_.evidence->at > *report_.proven_at + policy_.clock_tolerance) {
      return step(kTime, Verdict::undetermined,
                  {"Bằng chứng ghi thời điểm sau dấu thời gian " + at,
                   "the evidence speaks of a time after its timestamp, " + at});
    }
    step(kTime, Verdict::valid, {"Chữ ký đã có lúc " + at, "the signature existed at " + at});
  }

  void signature() {
    if (proof_.signature.empty()) {
      return step(kSignature, Verdict::undetermined,
                  {"Lô chưa được ký: hãy lấy lại bằng chứng sau",
                   "the batch is not signed yet: ask for the proof again later"});
    }
    report_.signature = judge_.signature(proof_.signature, proof_.note, report_.proven_at);
    const SignatureReport& report = *report_.signature;
    if (report.verdict == Verdict::valid) {
      step(kSignature, Verdict::valid, {"Chữ ký hợp lệ", "the signature is valid"});
    } else {
      step(kSignature, report.verdict, text_of(report.sub));
    }
    if (report.chain.empty()) {
      return step(kSigner, Verdict::undetermined,
                  {"Không thấy chứng thư người ký", "the signer's certificate was not found"});
    }
    const CertificateSummary& signer = report.chain.front();
    if (signer.sha256 != report_.evidence->exchange.certificate) {
      return step(kSigner, Verdict::invalid,
                  {"Người ký không phải trục nêu trong bằng chứng: " + signer.subject,
                   "who signed is not the exchange that the evidence names: " + signer.subject});
    }
    step(kSigner, Verdict::valid, {"Người ký: " + signer.subject, "signed by " + signer.subject});
  }

  void logged() {
    if (!policy_.log_policy) return;
    if (proof_.log_proof.empty()) {
      return step(kLog, Verdict::undetermined,
                  {"Chưa có trong nhật ký: hãy lấy lại bằng chứng sau",
                   "it is not in the log yet: ask for the proof again later"});
    }
    auto proof = log::Proof::parse(proof_.log_proof);
    if (!proof) return step(kLog, Verdict::invalid, proof.error());
    const log::NoteVerifier& key = policy_.log_policy->log;
    const auto note = log::parse_note(proof->checkpoint);
    if (note && std::none_of(note->signatures.begin(), note->signatures.end(),
                             [&key](const auto& one) { return key.made(one); })) {
      return step(kLog, Verdict::undetermined,
                  {"Đầu nhật ký do khóa khác ký, không phải " + key.text(),
                   "the head of the log is signed by another key than " + key.text()});
    }
    auto proven =
        log::verify(*proof, log_entry(base::sha256(proof_.evidence)), *policy_.log_policy);
    if (!proven) {
      const bool few = proven.error().code() == base::Code::forbidden;
      return step(kLog, few ? Verdict::undetermined : Verdict::invalid, proven.error());
    }
    report_.logged = std::move(*proven);
    const std::string index = std::to_string(proof->index);
    const std::string witnesses = std::to_string(report_.logged->cosignatures.size());
    step(kLog, Verdict::valid,
         {"Mục " + index + " của nhật ký, " + witnesses + " nhân chứng cùng ký",
          "entry " + index + " of the log, cosigned by " + witnesses + " witnesses"});
  }

  void step(std::string_view block, Verdict outcome, base::Text message) {
    report_.steps.push_back({block, outcome, std::move(message)});
  }
  void step(std::string_view block, Verdict outcome, const Error& error) {
    step(block, outcome, error.text());
  }

  const EvidenceProof& proof_;
  const EvidencePolicy& policy_;
  const EvidenceJudge& judge_;
  EvidenceReport report_;
};

}  // namespace

EvidenceReport verify(const EvidenceProof& proof, const EvidencePolicy& policy,
                      const EvidenceJudge& judge) {
  return Verification(proof, policy, judge).run();
}

Verdict EvidenceReport::verdict() const {
  Verdict worst = steps.empty() ? Verdict::undetermined : Verdict::valid;
  for (const Step& step : steps) worst = std::max(worst, step.outcome);
  return worst;
}

base::Json to_json(const EvidenceReport& report) {
  base::Json steps{base::Json::Array{}};
  for (const Step& step : report.steps) {
    base::Json one;
    one.add("step", step.block);
    one.add("outcome", name_of(step.outcome));
    one.add("vi", step.message.vi);
    one.add("en", step.message.en);
    steps.push(std::move(one));
  }
  base::Json out;
  out.add("verdict", name_of(report.verdict()));
  if (report.evidence) {
    const Evidence& evidence = *report.evidence;
    out.add("event", name_of(evidence.facts.event));
    out.add("document", evidence.facts.document_id);
    out.add("time", base::iso_time_text(evidence.at));
  }
  if (report.proven_at) out.add("proven_at", base::iso_time_text(*report.proven_at));
  if (report.logged) {
    out.add("log_size", static_cast<std::int64_t>(report.logged->head.size));
    out.add("witnesses", static_cast<std::int64_t>(report.logged->cosignatures.size()));
  }
  out.add("steps", std::move(steps));
  if (report.signature) out.add("signature", trust::to_json(*report.signature));
  if (report.timestamp) out.add("timestamp", trust::to_json(*report.timestamp));
  return out;
}

std::string to_text(const EvidenceReport& report, Language language) {
  const bool vi = language == Language::vietnamese;
  std::string out =
      (vi ? "Kết luận: " : "Verdict: ") + text_of(report.verdict()).in(language) + "\n";
  if (report.evidence) {
    const Evidence& evidence = *report.evidence;
    const auto line = [&](const char* vi_name, const char* en_name, const std::string& value) {
      if (!value.empty()) out += std::string(vi ? vi_name : en_name) + ": " + value + "\n";
    };
    line("Sự kiện", "Event", text_of(evidence.facts.event).in(language));
    line("Lý do", "Reason", evidence.facts.reason);
    line("Văn bản", "Document", evidence.facts.document_id);
    line("Mã băm", "Hash", base::hex(evidence.facts.document_hash));
    line("Bên gửi", "Sender", evidence.facts.sender);
    line("Bên nhận", "Recipient", evidence.facts.recipient);
    line("Trục", "Exchange", evidence.exchange.name);
    line("Thời điểm", "Time", base::iso_time_text(evidence.at));
  }
  for (const Step& step : report.steps) {
    out += (step.outcome == Verdict::valid          ? "✓ "
            : step.outcome == Verdict::undetermined ? "? "
                                                    : "✗ ") +
           std::string(step.block) + ": " + step.message.in(language) + "\n";
  }
  return out;
}

}  // namespace trust::evidence
