#include "trust/pdf/judge.h"

#include <algorithm>
#include <map>

#include "trust/pdf/digests.h"
#include "trust/pdf/dss.h"
#include "trust/pdf/history.h"
#include "trust/steps.h"

namespace trust {
namespace {

using pdf::Signature;

constexpr std::size_t kPieceBytes = 128u << 10;
constexpr std::string_view kCoverage = "ISO 32000-1 §12.8.1 What the signature covers";
constexpr std::string_view kLater = "ISO 32000-1 §12.8.2 Changes after the signature";
constexpr std::string_view kReading = "ISO 32000-1 §7.5 Reading the file";
constexpr std::string_view kKind = "ISO 32000-1 §12.8.3 Kind of signature";

SubIndication sub_of(const base::Error& error) {
  return error.reason() == "trust.out_of_time" ? SubIndication::try_later
                                               : SubIndication::signed_data_not_found;
}

class PdfJudge {
 public:
  PdfJudge(const Source& source, const Context& context)
      : source_(source), context_(context), budget_(context.limits, context.deadline_micros) {}

  DocumentReport run() {
    report_.media_type = "application/pdf";
    report_.size = source_.size();
    report_.judged_at = context_.now;
    const base::Result<void> done = judge();
    if (!done.ok()) unreadable(done.error());
    return std::move(report_);
  }

 private:
  // Of the file, and of what those `signatures` cover that cover anything.
  void hash(const std::vector<Signature>& signatures) {
    std::vector<std::array<std::uint64_t, 4>> ranges;
    for (const Signature& signature : signatures) {
      if (!signature.wrong) ranges.push_back(signature.range);
    }
    std::optional<pdf::Digests> digests = pdf::digests_of(source_, ranges, context_);
    report_.incomplete = report_.incomplete || !digests;
    if (!digests) return;
    report_.sha256 = std::move(digests->whole);
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      covered_.emplace(ranges[i], std::move(digests->covered[i]));
    }
  }

  // A file that a strict reader cannot read may still look signed to another reader, which repairs
  // it.
  void unreadable(const base::Error& error) {
    report_.incomplete = true;
    report_.remarks.push_back(error.text());
    report_.signatures.clear();
    if (report_.sha256.empty()) hash({});
    if (!mentions_signature()) return;
    SignatureReport report;
    report.format = Format::pdf;
    report.covers_whole = false;
    report.verdict = Verdict::undetermined;
    report.sub = sub_of(error);
    report.steps.push_back({kReading, Verdict::undetermined, error.text()});
    report_.signatures.push_back(std::move(report));
  }

  bool mentions_signature() const {
    constexpr std::string_view kMark = "/ByteRange";
    base::Bytes piece;
    for (std::uint64_t at = 0; at < source_.size(); at += kPieceBytes) {
      piece.resize(kPieceBytes + kMark.size());
      const auto got = source_.read_at(at, piece.data(), piece.size());
      if (!got.ok() || context_.out_of_time()) return true;  // not known, so not "unsigned"
      piece.resize(*got);
      if (piece.find(kMark) != base::Bytes::npos) return true;
    }
    return false;
  }

  base::Result<void> judge() {
    file_ = TRY(pdf::File::open(source_, source_.size(), false, budget_));
    remark_on_file();
    std::vector<Signature> signatures = TRY(pdf::signatures_of(*file_, context_.limits));
    history_ = TRY(pdf::history_of(*file_, source_, signatures));
    hash(signatures);
    remark_on_objects(signatures);
    store_ = TRY(pdf::security_store(*file_, context_.limits));
    if (store_.unread > 0) {
      report_.remarks.push_back({"một số dữ liệu kiểm tra (DSS) trong tệp không đọc được",
                                 "some of the validation data (DSS) in the file cannot be read"});
    }
    // From the outermost inwards: what a timestamp proves is known before what it covers is judged
    // (EN 319 102-1 §5.6).
    for (auto it = signatures.rbegin(); it != signatures.rend(); ++it) {
      report_.signatures.push_back(judge_one(*it));
      report_.incomplete = report_.incomplete || context_.out_of_time();
    }
    std::reverse(report_.signatures.begin(), report_.signatures.end());
    return base::done();
  }

  void remark_on_file() {
    if (file_->header_at() > 0) {
      repaired_ = base::Text{
          "có nội dung lạ trước đầu tệp PDF; các phần mềm đọc tệp này khác nhau",
          "something stands before the PDF's header; readers differ in how they read it"};
      report_.remarks.push_back(*repaired_);
    }
    if (file_->trailing() > 0) {
      report_.remarks.push_back({"có nội dung sau dấu kết thúc tệp (%%EOF)",
                                 "something stands after the end of the file (%%EOF)"});
    }
    if (file_->hybrid()) {
      report_.remarks.push_back(
          {"tệp có hai bảng tham chiếu; phần mềm cũ có thể hiển thị khác",
           "the file has tables for old and new readers; old ones may show something else"});
    }
    if (file_->encrypted()) {
      report_.remarks.push_back(
          {"tệp được mã hóa; không xem được nội dung nên không kết luận được",
           "the file is encrypted; what it holds cannot be seen, so nothing is concluded"});
    }
  }

  void remark_on_objects(const std::vector<Signature>& signatures) {
    if (history_.survey.damaged > 0 && !file_->encrypted()) {
      repaired_ =
          base::Text{"tệp phải được sửa mới đọc được hết: " + history_.survey.damage->vi,
                     "the file needs repair to be read in whole: " + history_.survey.damage->en};
      report_.remarks.push_back(*repaired_);
    }
    for (const std::uint32_t number : history_.survey.signatures) {
      if (std::any_of(signatures.begin(), signatures.end(),
                      [&](const Signature& s) { return s.number == number; }))
        continue;
      const std::string n = std::to_string(number);
      report_.remarks.push_back(
          {"đối tượng " + n + " là một chữ ký không thuộc trường biểu mẫu nào; không được kiểm tra",
           "object " + n + " is a signature that no form field names; it was not judged"});
    }
  }

  SignatureReport judge_one(const Signature& signature) {
    SignatureReport report;
    if (signature.wrong) {
      report.verdict = Verdict::valid;  // so far
      add_constraint(report, kCoverage, Verdict::invalid, SubIndication::format_failure,
                     *signature.wrong);
    } else {
      report = judge_cryptography(signature);
    }
    report.format = signature.timestamp ? Format::timestamp : Format::pdf;
    report.where = signature.field;
    if (!report.claimed_at) report.claimed_at = signature.claimed_at;
    report.covers_whole = !signature.wrong && covers_whole(signature.end);
    if (!signature.wrong) judge_later(signature, report);
    if (repaired_)
      add_constraint(report, kReading, Verdict::undetermined, SubIndication::signed_data_not_found,
                     *repaired_);
    if (file_->encrypted()) {
      add_constraint(report, kReading, Verdict::undetermined, SubIndication::signed_data_not_found,
                     {"tệp được mã hóa", "the file is encrypted"});
    }
    name_profile(signature, report);
    if (signature.timestamp && report.verdict == Verdict::valid && report.proven_at) {
      proven_at_ = report.proven_at;
      const pdf::Revision* revision = revision_of(signature.end);
      archived_ = archived_ || (revision != nullptr && revision->store);
    }
    return report;
  }

  CmsInput input_of(const Signature& signature, base::BytesView der) const {
    CmsInput input;
    input.der = der;
    input.content = pdf::covered(source_, signature.range, context_);
    if (const auto known = covered_.find(signature.range); known != covered_.end()) {
      input.content_sha256 = known->second;
    }
    input.pdf = true;
    input.certificates = store_.certificates;
    input.crls = store_.crls;
    input.ocsp_responses = store_.ocsp_responses;
    input.claimed_at = signature.claimed_at;
    input.proven_at = proven_at_;
    return input;
  }

  SignatureReport judge_cryptography(const Signature& signature) {
    SignatureReport report;
    report.verdict = Verdict::valid;  // so far
    const bool known = signature.sub_filter == "adbe.pkcs7.detached" ||
                       signature.sub_filter == "ETSI.CAdES.detached";
    if (!known && !signature.timestamp) {
      const bool old =
          signature.sub_filter == "adbe.pkcs7.sha1" || signature.sub_filter == "adbe.x509.rsa_sha1";
      add_constraint(
          report, kKind, Verdict::undetermined,
          old ? SubIndication::crypto_constraints_failure : SubIndication::sig_constraints_failure,
          old ? base::Text{"kiểu chữ ký " + signature.sub_filter +
                               " dựa trên SHA-1, không còn được chấp nhận; hãy ký lại",
                           "signatures of the kind " + signature.sub_filter +
                               " rest on SHA-1 and are no longer accepted; have it signed again"}
              : base::Text{"không rõ kiểu chữ ký (" + signature.sub_filter + ")",
                           "the kind of signature is not known (" + signature.sub_filter + ")"});
      return report;
    }
    const base::Result<base::Bytes> der = pdf::contents_of(*file_, signature, context_.limits);
    if (!der.ok()) {
      const bool large = der.error().reason() == "trust.pdf_limit";
      add_constraint(report, kCoverage, large ? Verdict::undetermined : Verdict::invalid,
                     large ? SubIndication::signed_data_not_found : SubIndication::format_failure,
                     der.error().text());
      return report;
    }
    const CmsInput input = input_of(signature, *der);
    if (signature.timestamp) return judge_timestamp(input, context_);
    std::vector<SignatureReport> reports = judge_cms(input, context_);
    if (reports.empty()) {
      add_constraint(report, kKind, Verdict::invalid, SubIndication::format_failure,
                     {"phần chữ ký không có người ký nào", "the signature has no signer"});
      return report;
    }
    report = std::move(reports.front());
    if (reports.size() > 1) {  // EN 319 142-1 §6.3 and ISO 32000-2 §12.8.3.3
      add_constraint(
          report, kKind, Verdict::invalid, SubIndication::format_failure,
          {"một chữ ký PDF chỉ được có một người ký", "a PDF's signature has exactly one signer"});
    }
    return report;
  }

  bool covers_whole(std::uint64_t end) const {
    constexpr std::uint64_t kBlank = 64u << 10;
    if (source_.size() - end > kBlank) return false;
    base::Bytes rest(static_cast<std::size_t>(source_.size() - end), '\0');
    const auto got = source_.read_at(end, rest.data(), rest.size());
    return got.ok() && *got == rest.size() &&
           std::all_of(rest.begin(), rest.end(), [](char c) { return pdf::is_space(c); });
  }

  const pdf::Revision* revision_of(std::uint64_t end) const {
    for (const pdf::Revision& revision : history_.revisions) {
      if (revision.end == end) return &revision;
    }
    return nullptr;
  }

  void judge_later(const Signature& signature, SignatureReport& report) {
    pdf::Later later = pdf::later_than(history_, signature);
    report.later_changes = std::move(later.texts);
    if (later.verdict != Verdict::valid) {
      add_constraint(report, kLater, later.verdict,
                     later.verdict == Verdict::invalid ? SubIndication::format_failure
                                                       : SubIndication::sig_constraints_failure,
                     {"phiên bản đã ký còn nguyên, nhưng sau đó " + later.worst.vi +
                          "; hãy yêu cầu bản đã ký hoặc ký lại",
                      "the revision that was signed is intact, but later " + later.worst.en +
                          "; ask for the document as it was signed, or have it signed again"});
      return;
    }
    add_constraint(report, kLater, Verdict::valid, SubIndication::none,

                   report.covers_whole ? base::Text{"chữ ký bao phủ toàn bộ tệp",
                                                    "the signature covers the whole file"}
                                       : base::Text{"những gì thêm sau chữ ký đều được phép",
                                                    "what came after the signature is permitted"});
  }

  void name_profile(const Signature& signature, SignatureReport& report) {
    if (signature.timestamp) {
      report.profile = "ETSI.RFC3161";
      return;
    }
    // Without the attribute that names the signer's certificate it is none of the baseline.
    if (signature.sub_filter != "ETSI.CAdES.detached" || !report.profile.starts_with("PAdES")) {
      report.profile = signature.sub_filter;
      return;
    }
    const bool stamped =
        proven_at_.has_value() ||
        std::any_of(report.timestamps.begin(), report.timestamps.end(),
                    [](const SignatureReport& t) { return t.verdict == Verdict::valid; });
    report.profile = !stamped                    ? "PAdES-B-B"
                     : !lasts(signature, report) ? "PAdES-B-T"
                     : archived_                 ? "PAdES-B-LTA"
                                                 : "PAdES-B-LT";
  }

  // Whether the DSS holds all that judging needs, so that nobody has to be asked.
  bool lasts(const Signature& signature, const SignatureReport& report) const {
    if (!store_.present || (store_.crls.empty() && store_.ocsp_responses.empty())) return false;
    if (context_.revocation == nullptr) return report.verdict == Verdict::valid;
    const base::Result<base::Bytes> der = pdf::contents_of(*file_, signature, context_.limits);
    if (signature.wrong || !der.ok()) return false;
    Context alone = context_;
    alone.revocation = nullptr;
    const std::vector<SignatureReport> reports = judge_cms(input_of(signature, *der), alone);
    return reports.size() == 1 && reports.front().verdict == Verdict::valid;
  }

  const Source& source_;
  const Context& context_;
  pdf::Budget budget_;
  DocumentReport report_;
  std::unique_ptr<pdf::File> file_;
  pdf::History history_;
  pdf::SecurityStore store_;
  std::map<std::array<std::uint64_t, 4>, base::Bytes> covered_;  // SHA-256 by range
  std::optional<base::Text> repaired_;   // why a strict reader does not see the whole
  std::optional<base::Time> proven_at_;  // by the timestamps that were judged so far
  bool archived_ = false;                // one of them covers the DSS
};

}  // namespace

DocumentReport judge_pdf(const Source& pdf, const Context& context) {
  return PdfJudge(pdf, context).run();
}

}  // namespace trust
