#include "trust/bundle/judge_bundle.h"

#include <algorithm>
#include <memory>

#include "base/hash.h"
#include "edxml/reader.h"
#include "trust/asice/judge_asice.h"
#include "trust/bundle/events.h"
#include "trust/bundle/reading.h"

namespace trust::bundle {

using evidence::Evidence;
using evidence::EvidenceProof;

namespace {

constexpr std::size_t kPieceBytes = 64u << 10;

// The header of the document and the hash of its bytes.
struct DocumentRead {
  base::Bytes sha256;
  std::optional<edxml::Document> header;
};
base::Result<DocumentRead> read_document(const Source& source, const Context& context) {
  base::Sha256 hash;
  edxml::Reader reader;
  bool well_formed = true;
  std::string piece(kPieceBytes, '\0');
  for (std::uint64_t at = 0; at < source.size();) {
    if (context.out_of_time()) {
      return base::Error(base::Code::unavailable, "trust.out_of_time",
                         "the time allowed for judging is over; judge the file again",
                         "đã hết thời gian dành cho việc kiểm tra; hãy kiểm tra lại tệp");
    }
    const std::size_t got = TRY(source.read_at(at, piece.data(), piece.size()));
    if (got == 0) break;
    const base::BytesView bytes(piece.data(), got);
    hash.update(bytes);
    well_formed = well_formed && reader.feed(bytes).ok();
    at += got;
  }
  DocumentRead out{hash.finish(), {}};
  if (!well_formed) return out;
  if (auto header = reader.finish()) out.header = *std::move(header);
  return out;
}

class Judging {
 public:
  Judging(const Source& file, const Context& context, const BundlePolicy& policy)
      : file_(file), outer_(context), context_(context), policy_(policy) {}

  BundleReport run() && {
    auto opened = open_bundle(file_, context_);
    if (!opened) {
      const bool damaged = opened.error().code() == base::Code::invalid;
      step("container", damaged ? Verdict::invalid : Verdict::undetermined, opened.error().text());
      return std::move(report_);
    }
    bundle_ = &*opened;
    const std::string count = std::to_string(bundle_->files.size());
    step("container", Verdict::valid,
         {"đúng từng byte như lúc lập: " + count + " tệp",
          "to the byte as it was written: " + count + " files"});
    KeptSource kept(bundle_->revocation, outer_.revocation);
    context_.revocation = &kept;
    signature();
    document();
    evidences();
    signer();
    judgement();
    events();
    return std::move(report_);
  }

 private:
  void signature();
  void signer();
  void document();
  void judgement();
  void evidences();
  void one_evidence(const std::string& name, const std::string& text,
                    const evidence::EvidencePolicy& policy, const evidence::EvidenceJudge& judge);
  void events();
  void step(std::string_view name, Verdict outcome, base::Text message) {
    report_.steps.push_back({name, outcome, std::move(message)});
  }

  const Source& file_;
  const Context& outer_;
  Context context_;
  const BundlePolicy& policy_;
  const Opened* bundle_ = nullptr;
  BundleReport report_;
  std::vector<Evidence> read_;  // those whose form is right
  base::Bytes document_hash_;
};

void Judging::signature() {
  report_.container = judge_asice(file_, context_);
  const DocumentReport& container = report_.container;
  if (container.signatures.size() != 1) {
    return step("signature", Verdict::invalid,
                {"gói phải có đúng một chữ ký", "the bundle must have exactly one signature"});
  }
  const SignatureReport& report = container.signatures[0];
  if (report.sub == SubIndication::hash_failure) {
    base::Text message = text_of(report.sub);
    for (const Step& one : report.steps) {
      if (one.outcome == Verdict::invalid) message = one.message;
    }
    return step("digest", Verdict::invalid, std::move(message));
  }
  step("digest", Verdict::valid,
       {"mọi tệp đúng như lúc ký", "every file is as it was when it was signed"});
  if (const auto form = check_signature_file(*bundle_); !form) {
    return step("signature", Verdict::invalid, form.error().text());
  }
  if (container.verdict() != Verdict::valid) {
    return step("signature", container.verdict(), text_of(report.sub));
  }
  // For a signature in general a bad timestamp is one that proves nothing. This one was good when
  // the bundle was written.
  for (const SignatureReport& stamp : report.timestamps) {
    if (stamp.verdict == Verdict::valid) continue;
    const base::Text why = text_of(stamp.sub);
    return step("signature", stamp.verdict,
                {"dấu thời gian: " + why.vi, "its timestamp: " + why.en});
  }
  const std::string at = report.proven_at ? base::vietnam_time_text(*report.proven_at, '/') : "";
  step("signature", Verdict::valid,
       at.empty() ? base::Text{"hợp lệ (không có dấu thời gian)", "valid (without a timestamp)"}
                  : base::Text{"hợp lệ, đã có lúc " + at, "valid, and existed at " + at});
}

// Whoever has a certificate could put a bundle together: it must be the exchange of the evidences.
void Judging::signer() {
  if (report_.container.signatures.empty() || read_.empty()) return;
  const auto& chain = report_.container.signatures[0].chain;
  if (chain.empty()) {
    return step(
        "signer", Verdict::undetermined,
        {"không thấy chứng thư người ký gói", "the certificate of who signed it was not found"});
  }
  const std::string& name = chain.front().subject;
  bool own = false;
  for (const BundledEvidence& one : report_.evidences) {
    const auto& signature = one.report.signature;
    own = own || (signature && !signature->chain.empty() &&
                  signature->chain.front().subject == name && signature->chain.size() > 1 &&
                  chain.size() > 1 && signature->chain[1].sha256 == chain[1].sha256);
  }
  if (own) {
    return step(
        "signer", Verdict::valid,
        {"trục đã lập các bằng chứng: " + name, "the exchange that wrote the evidences: " + name});
  }
  step("signer", Verdict::undetermined,
       {"người ký gói không phải trục đã lập các bằng chứng: " + name,
        "who signed the bundle is not the exchange that wrote the evidences: " + name});
}

void Judging::document() {
  const auto read = read_document(*bundle_->document, context_);
  if (!read) return step("document", Verdict::undetermined, read.error().text());
  document_hash_ = read->sha256;
  if (!read->header) return;
  const auto read_at = [this](std::uint64_t offset, char* to, std::size_t size) {
    return bundle_->document->read_at(offset, to, size);
  };
  IntakeOptions options;
  options.spool_directory = "/tmp";
  report_.document = judge_document(*read->header, read_at, context_, nullptr, options);
}

void Judging::one_evidence(const std::string& name, const std::string& text,
                           const evidence::EvidencePolicy& policy,
                           const evidence::EvidenceJudge& judge) {
  BundledEvidence one;
  one.file = name;
  const auto proof = exact_proof(text);
  if (proof) {
    one.report = evidence::verify(*proof, policy, judge);
  } else {
    one.report.steps.push_back({evidence::kFormStep, Verdict::invalid, proof.error().text()});
  }
  if (one.report.evidence) {
    const Evidence& read = *one.report.evidence;
    if (name != evidence_name(report_.evidences.size() + 1, read.facts.event)) {
      one.report.steps.insert(one.report.steps.begin(),
                              {evidence::kFormStep,
                               Verdict::invalid,
                               {"tên tệp không phải của bằng chứng này",
                                "the name of the file is not that of this evidence"}});
    }
    if (read.facts.document_size != static_cast<std::int64_t>(bundle_->document->size())) {
      one.report.steps.insert(one.report.steps.begin() + 1,
                              {evidence::kDocumentStep,
                               Verdict::invalid,
                               {"văn bản có kích thước khác", "the document has another size"}});
    }
    read_.push_back(read);
  }
  report_.evidences.push_back(std::move(one));
}

void Judging::evidences() {
  evidence::EvidencePolicy policy;
  policy.log_policy = policy_.log_policy;
  policy.clock_tolerance = policy_.clock_tolerance;
  policy.document_hash = document_hash_;
  const evidence::EvidenceJudge judge = remembering_judge(context_);
  for (const auto& [name, text] : bundle_->evidences) one_evidence(name, text, policy, judge);
  Verdict worst = Verdict::valid;
  for (const BundledEvidence& one : report_.evidences) {
    worst = std::max(worst, one.report.verdict());
  }
  const bool same = std::all_of(read_.begin(), read_.end(), [this](const Evidence& one) {
    return one.facts.document_hash == document_hash_;
  });
  const std::string hash = base::hex(document_hash_);
  if (same) {
    step("document", Verdict::valid,
         {"là văn bản mà các bằng chứng nói đến, SHA-256 " + hash,
          "it is the one that the evidences speak of, SHA-256 " + hash});
  } else {
    step("document", Verdict::invalid,
         {"không phải văn bản mà các bằng chứng nói đến, SHA-256 " + hash,
          "it is not the one that the evidences speak of, SHA-256 " + hash});
  }
  std::size_t good = 0;
  for (const BundledEvidence& one : report_.evidences) {
    good += one.report.verdict() == Verdict::valid ? 1 : 0;
  }
  const std::string counts = std::to_string(good) + "/" + std::to_string(report_.evidences.size());
  if (worst == Verdict::valid && !policy_.log_policy) {
    return step(
        "evidence", Verdict::undetermined,
        {counts + " đúng chữ ký và dấu thời gian; chưa biết khóa của nhật ký nên chưa kiểm "
                  "tra được nhật ký: hãy thêm --log-key (hỏi bên vận hành trục: truc log key)",
         counts + " have good signatures and timestamps; the key of the log is not known, so "
                  "that the log was not checked: add --log-key (ask whoever runs the "
                  "exchange: truc log key)"});
  }
  step("evidence", worst, {counts + " hợp lệ", counts + " valid"});
}

void Judging::judgement() {
  if (bundle_->signatures.empty()) return;
  const base::Bytes hash = base::sha256(bundle_->signatures);
  const evidence::VerdictSummary* summary = nullptr;
  for (const Evidence& one : read_) {
    if (summary == nullptr && one.facts.verdict) summary = &*one.facts.verdict;
  }
  if (summary == nullptr) {
    return step("judgement", Verdict::valid,
                {"không bằng chứng nào nêu kết quả kiểm tra chữ ký",
                 "no evidence speaks of what was found of the signatures"});
  }
  if (summary->report == hash) {
    return step("judgement", Verdict::valid,
                {"kết quả kiểm tra chữ ký của văn bản đúng là bản mà bằng chứng nêu",
                 "what was found of the document's signatures is what the evidence names"});
  }
  if (summary->verdict == name_of(Verdict::undetermined)) {
    return step("judgement", Verdict::valid,
                {"chữ ký của văn bản được kiểm tra tiếp sau khi lập bằng chứng",
                 "the document's signatures were judged further after the evidence"});
  }
  step("judgement", Verdict::undetermined,
       {"kết quả kiểm tra chữ ký không phải bản mà bằng chứng nêu",
        "what was found of the signatures is not what the evidence names"});
}

void Judging::events() {
  if (read_.size() != report_.evidences.size()) {
    return step("events", Verdict::invalid,
                {"có bằng chứng không đọc được", "an evidence cannot be read"});
  }
  Finding found = check_events(read_, policy_.clock_tolerance);
  step("events", found.outcome, std::move(found.message));
}

}  // namespace

bool is_bundle(const Source& file) {
  const auto zip = ZipReader::open(file);
  if (!zip) return false;
  return std::any_of(zip->entries().begin(), zip->entries().end(),
                     [](const ZipEntry& entry) { return entry.name.starts_with(kEvidenceFolder); });
}

BundleReport judge_bundle(const Source& file, const Context& context, const BundlePolicy& policy) {
  return Judging(file, context, policy).run();
}

evidence::EvidenceJudge remembering_judge(const Context& context) {
  struct Memory {
    evidence::EvidenceJudge asked;
    std::map<base::Bytes, SignatureReport> signatures, timestamps;
  };
  const auto memory = std::make_shared<Memory>();
  memory->asked = evidence::judge_with(context);
  evidence::EvidenceJudge judge;
  judge.signature = [memory](base::BytesView cms, base::BytesView content,
                             std::optional<base::Time> proven_at) {
    const std::string at = proven_at ? std::to_string(base::to_micros(*proven_at)) : "-";
    const base::Bytes key = base::sha256(cms) + base::sha256(content) + at;
    const auto known = memory->signatures.find(key);
    if (known != memory->signatures.end()) return known->second;
    return memory->signatures[key] = memory->asked.signature(cms, content, proven_at);
  };
  judge.timestamp = [memory](base::BytesView token, base::BytesView digest) {
    const base::Bytes key = base::sha256(token) + base::Bytes(digest);
    const auto known = memory->timestamps.find(key);
    if (known != memory->timestamps.end()) return known->second;
    return memory->timestamps[key] = memory->asked.timestamp(token, digest);
  };
  return judge;
}

}  // namespace trust::bundle
