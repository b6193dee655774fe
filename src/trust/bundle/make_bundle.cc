#include "trust/bundle/make_bundle.h"

#include <algorithm>
#include <deque>

#include "base/hash.h"
#include "base/log.h"
#include "edxml/reader.h"
#include "trust/asice/container.h"
#include "trust/bundle/contents.h"
#include "trust/bundle/judge_bundle.h"
#include "trust/bundle/reading.h"
#include "trust/bundle/report_sheet.h"
#include "trust/intake/intake.h"
#include "trust/signing/validation_data.h"

namespace trust::bundle {
namespace {

constexpr std::int64_t kJudgingMicros = 60'000'000, kAskingMicros = 10'000'000;
constexpr std::size_t kPieceBytes = 64u << 10;
constexpr int kAttempts = 3;

// Stands in when nobody is to be asked.
class Nobody : public RevocationSource {
 public:
  base::Result<base::Bytes> crl(const std::string&, base::Time, std::int64_t) override {
    return error();
  }
  base::Result<base::Bytes> ocsp(const std::string&, base::BytesView, base::Time,
                                 std::int64_t) override {
    return error();
  }

 private:
  static base::Error error() {
    return {base::Code::unavailable, "trust.revocation_unavailable", "nobody is asked",
            "không hỏi tổ chức nào"};
  }
};

edxml::Document header_of(const Source& document) {
  edxml::Reader reader;
  std::string piece(kPieceBytes, '\0');
  for (std::uint64_t at = 0; at < document.size();) {
    const auto got = document.read_at(at, piece.data(), piece.size());
    if (!got || *got == 0 || !reader.feed({piece.data(), *got})) return {};
    at += *got;
  }
  auto header = reader.finish();
  return header ? *std::move(header) : edxml::Document();
}

class Making {
 public:
  Making(const BundleParts& parts, const BundleSeal& seal)
      : parts_(parts),
        seal_(seal),
        recording_(seal.context.revocation != nullptr ? *seal.context.revocation : nobody_),
        context_(seal.context) {
    context_.revocation = &recording_;
    context_.deadline_micros = base::monotonic_micros() + kJudgingMicros;
    how_.claimed_at = seal.context.now;
    how_.timestamps = seal.timestamps;
  }

  base::Result<void> run(const Sink& out) {
    facts_.header = header_of(parts_.document);
    judge_evidences();
    judge_the_document();
    for (const base::Bytes& der : seal_.key.certificates()) keep(der);
    TRY(look_ahead());
    page::Pdf page = TRY(page_of());
    report_ = std::move(page.bytes);
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      Container container;
      texts_.clear();
      sources_.clear();
      TRY(fill(container));
      base::Bytes signature = TRY(sign_xades(container.files(), seal_.key, how_));
      // What the token brings is not signed by it: it must be among what is.
      const bool kept = TRY(keep_token(signature, container.files()));
      if (!kept) continue;
      container.add_signature(std::move(signature));
      return container.write(out);
    }
    return base::Error(
        base::Code::unavailable, "trust.bundle_authority",
        "the timestamp authority signs each answer with another certificate; name "
        "another authority in evidence.timestamps",
        "tổ chức cấp dấu thời gian dùng chứng thư khác nhau cho mỗi lần; hãy khai tổ "
        "chức khác trong evidence.timestamps");
  }

 private:
  void keep(const base::Bytes& der) {
    if (der.empty()) return;
    if (std::find(certificates_.begin(), certificates_.end(), der) == certificates_.end()) {
      certificates_.push_back(der);
    }
  }
  void keep(const SignatureReport& report) {
    for (const CertificateSummary& one : report.chain) keep(one.der);
    for (const SignatureReport& stamp : report.timestamps) keep(stamp);
  }

  void judge_evidences();
  void judge_the_document();
  base::Result<void> look_ahead();
  base::Result<page::Pdf> page_of();
  base::Result<void> fill(Container& container);
  base::Result<void> add(Container& container, const std::string& name, base::Bytes content);
  // Whether the certificates that the token brings are kept already; they are afterwards.
  base::Result<bool> keep_token(const base::Bytes& signature, const std::vector<SignedFile>& files);

  const BundleParts& parts_;
  const BundleSeal& seal_;
  Nobody nobody_;
  RecordingSource recording_;
  Context context_;
  XadesOptions how_{};
  ReportFacts facts_;
  base::Bytes report_;
  std::vector<base::Bytes> certificates_;
  std::deque<base::Bytes> texts_;  // addresses stay as it grows
  std::deque<std::unique_ptr<Source>> sources_;
};

void Making::judge_evidences() {
  evidence::EvidencePolicy policy;
  policy.log_policy = parts_.log_policy;
  const evidence::EvidenceJudge judge = remembering_judge(context_);
  for (const evidence::EvidenceProof& proof : parts_.proofs) {
    facts_.reports.push_back(evidence::verify(proof, policy, judge));
    const evidence::EvidenceReport& report = facts_.reports.back();
    if (report.signature) keep(*report.signature);
    if (report.timestamp) keep(*report.timestamp);
  }
  // Also those that lead to no anchor of this site: whoever judges the bundle may have theirs.
  for (const evidence::EvidenceProof& proof : parts_.proofs) {
    for (const auto* cms : {&proof.signature, &proof.timestamp}) {
      for (const base::Bytes& der : signing::certificates_in(*cms)) keep(der);
    }
  }
}

void Making::judge_the_document() {
  const auto read_at = [this](std::uint64_t offset, char* to, std::size_t size) {
    return parts_.document.read_at(offset, to, size);
  };
  IntakeOptions options;
  options.spool_directory = "/tmp";
  const IntakeReport judged = judge_document(facts_.header, read_at, context_, nullptr, options);
  for (const DocumentReport& attachment : judged.attachments) {
    for (const SignatureReport& one : attachment.signatures) keep(one);
  }
}

// Who will stamp the signature, and what the authorities say of it and of the signer.
base::Result<void> Making::look_ahead() {
  if (seal_.timestamps == nullptr) return base::done();
  const auto stamp =
      TRY(seal_.timestamps->stamp(base::sha256("certificates"), how_.timestamp_budget_ms));
  std::vector<base::Bytes> signers = seal_.key.certificates();
  for (base::Bytes& der : signing::certificates_in(stamp.token)) signers.push_back(std::move(der));
  for (const base::Bytes& der : signers) keep(der);
  std::vector<base::Bytes> anchors;
  for (const Anchor& anchor : seal_.context.anchors.all()) anchors.push_back(anchor.certificate);
  auto data = signing::gather(signers, anchors, recording_, how_.claimed_at,
                              base::monotonic_micros() + kAskingMicros);
  if (!data) {
    base::log::warning("trust.bundle_without_revocation", {{"detail", data.error().detail()}});
    return base::done();
  }
  for (const base::Bytes& der : data->certificates) keep(der);
  how_.certificates = std::move(data->certificates);
  how_.crls = std::move(data->crls);
  how_.ocsp_responses = std::move(data->ocsp_responses);
  return base::done();
}

base::Result<page::Pdf> Making::page_of() {
  facts_.made_at = seal_.context.now;
  facts_.document_id = parts_.document_id;
  facts_.proofs = parts_.proofs;
  facts_.name_of = parts_.name_of;
  if (auto json = base::Json::parse(parts_.signatures)) facts_.signatures = *std::move(json);
  return report_pdf(facts_);
}

base::Result<void> Making::add(Container& container, const std::string& name, base::Bytes content) {
  texts_.push_back(std::move(content));
  sources_.push_back(memory_source(texts_.back()));
  return container.add(name, std::string(media_type_of(name).value()), *sources_.back());
}

base::Result<void> Making::fill(Container& container) {
  const std::string document(kDocument);
  TRY(container.add(document, std::string(media_type_of(document).value()), parts_.document));
  TRY(add(container, std::string(kReport), report_));
  if (!parts_.signatures.empty()) {
    TRY(add(container, std::string(kSignatures), parts_.signatures));
  }
  for (std::size_t i = 0; i < parts_.proofs.size(); ++i) {
    const auto evidence = TRY(evidence::Evidence::parse(parts_.proofs[i].evidence));
    TRY(add(container, evidence_name(i + 1, evidence.facts.event), parts_.proofs[i].text()));
  }
  TRY(add(container, std::string(kCertificates), certificates_text(certificates_)));
  for (const auto& [name, content] : recording_.answers().files()) {
    TRY(add(container, name, content));
  }
  return base::done();
}

base::Result<bool> Making::keep_token(const base::Bytes& signature,
                                      const std::vector<SignedFile>& files) {
  const XadesContents contents = TRY(read_own_xades(signature, files));
  if (contents.token.empty()) return true;
  const std::size_t before = certificates_.size();
  const auto certificates = TRY(certificates_of_token(contents.token));
  for (const base::Bytes& der : certificates) keep(der);
  return certificates_.size() == before;
}

}  // namespace

base::Result<void> make_bundle(const BundleParts& parts, const BundleSeal& seal, const Sink& out) {
  return Making(parts, seal).run(out);
}

}  // namespace trust::bundle
