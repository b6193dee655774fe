#include "trust/xml/judge_xml.h"

#include <algorithm>

#include "base/hash.h"
#include "trust/algorithms.h"
#include "trust/certificate.h"
#include "trust/steps.h"
#include "trust/xml/cryptography.h"
#include "trust/xml/parser.h"
#include "trust/xml/references.h"
#include "trust/xml/scan.h"
#include "trust/xml/signature.h"

namespace trust {
namespace xml {
namespace {

struct Judging {
  const Context& context;
  const Resolve& resolve;
  Work& work;
  const Signature& signature;
  SignatureReport& report;
  Coverage coverage = {};
  base::Bytes signer = {};  // DER of its certificate

  const Xades* xades() const { return signature.xades ? &*signature.xades : nullptr; }
  bool good() const { return report.verdict == Verdict::valid; }
  void identify_signer();
  void check_signature_value();
  void judge_timestamps();
  void check_acceptance();
  std::string profile() const;
};

// What a signature may bring: its own certificates first.
std::vector<base::Bytes> all_certificates(const Signature& signature) {
  std::vector<base::Bytes> all = signature.certificates;
  if (signature.xades) {
    all.insert(all.end(), signature.xades->certificates.begin(),
               signature.xades->certificates.end());
  }
  return all;
}

// The first one that issued none of the others.
base::Bytes leaf_of(const std::vector<base::Bytes>& certificates) {
  std::vector<CertificateSummary> read;
  std::vector<const base::Bytes*> from;
  for (const base::Bytes& der : certificates) {
    const Handle<x509_st> certificate = read_certificate(der);
    if (!certificate) continue;
    read.push_back(summary_of(certificate.get()));
    from.push_back(&der);
  }
  for (std::size_t i = 0; i < read.size(); ++i) {
    const bool issuer = std::any_of(read.begin(), read.end(), [&](const CertificateSummary& other) {
      return other.issuer == read[i].subject && other.sha256 != read[i].sha256;
    });
    if (!issuer) return *from[i];
  }
  return from.empty() ? base::Bytes() : *from[0];
}

void Judging::identify_signer() {
  const auto unknown = [this](base::Text text) {
    add_step(report, kSignerBlock, Verdict::undetermined,
             SubIndication::no_signing_certificate_found, std::move(text));
  };
  const std::vector<base::Bytes> certificates = all_certificates(signature);
  if (xades() != nullptr && !xades()->signing_certificates.empty()) {
    const CertificateDigest& wanted = xades()->signing_certificates[0];
    const std::string_view digest = digest_by_uri(wanted.algorithm);
    for (const base::Bytes& der : certificates) {
      if (!digest.empty() && trust::digest_of(digest, der) == wanted.digest) signer = der;
    }
    if (signer.empty()) {
      return unknown({"không có chứng thư nào khớp với chứng thư mà người ký đã ghi nhận",
                      "no certificate matches the one that the signer named"});
    }
  } else {
    signer = leaf_of(signature.certificates);
    if (signer.empty()) {
      return unknown({"chữ ký không kèm chứng thư của người ký",
                      "the signature comes without the signer's certificate"});
    }
  }
  const Handle<x509_st> certificate = read_certificate(signer);
  if (!certificate) {
    return unknown(
        {"không đọc được chứng thư của người ký", "the signer's certificate cannot be read"});
  }
  const CertificateSummary summary = summary_of(certificate.get());
  add_step(report, kSignerBlock, Verdict::valid, SubIndication::none,
           {"người ký: " + summary.subject, "the signer is " + summary.subject});
}

void Judging::check_signature_value() {
  const auto fail = [this](Verdict verdict, SubIndication sub, base::Text text) {
    add_step(report, kCryptoBlock, verdict, sub, std::move(text));
  };
  const std::optional<Canonical> canonical = canonical_by_uri(signature.canonicalisation);
  const SignatureMethod* method = signature_method(signature.method);
  if (is_hmac(signature.method)) {
    return fail(Verdict::invalid, SubIndication::format_failure,
                {"HMAC không phải là chữ ký số: ai kiểm tra được thì cũng tạo ra được",
                 "HMAC is no signature: whoever can check it can make it"});
  }
  if (method == nullptr || !canonical) {
    const std::string& uri = method == nullptr ? signature.method : signature.canonicalisation;
    return fail(Verdict::undetermined, SubIndication::crypto_constraints_failure,
                {"thuật toán không được hỗ trợ: " + uri, "the algorithm is not supported: " + uri});
  }
  coverage = judge_references(signature, resolve, context, work, report);
  report.covers = coverage.covers;
  report.covers_whole = resolve || coverage.whole;
  report.digest = weaker(coverage.weakest_digest, method->digest);
  report.signature = signature_words(*method, signer);
  if (!good()) return;

  const Part signed_info{signature.signed_info, nullptr, *canonical,
                         signature.canonicalisation_node};
  base::Result<std::uint64_t> passes = passes_of(signed_info.parameters);
  if (passes.ok()) {
    if (auto spent = work.spend(*passes); !spent.ok()) passes = std::move(spent).error();
  }
  const base::Result<bool> holds = passes.ok()
                                       ? verify(signed_info, *method, signer, signature.value)
                                       : base::Result<bool>(passes.error());
  if (!holds.ok()) {
    const bool key = holds.error().reason() == "trust.xml_key";
    return fail(key ? Verdict::invalid : Verdict::undetermined,
                key ? SubIndication::sig_crypto_failure : SubIndication::sig_constraints_failure,
                holds.error().text());
  }
  if (!*holds) {
    return fail(Verdict::invalid, SubIndication::sig_crypto_failure,
                {"giá trị chữ ký không khớp với khóa của người ký",
                 "the signature value was not made with the signer's key"});
  }
  fail(Verdict::valid, SubIndication::none,
       {"các giá trị băm và giá trị chữ ký đều khớp", "all digests and the signature value match"});
}

void Judging::judge_timestamps() {
  if (xades() == nullptr) return;
  for (const EmbeddedTimestamp& stamp : xades()->timestamps) {
    const std::optional<Canonical> canonical = canonical_by_uri(
        stamp.canonicalisation.empty() ? "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
                                       : stamp.canonicalisation);
    Part part{signature.value_node, nullptr, canonical.value_or(Canonical::inclusive),
              stamp.parameters};
    const base::Result<std::uint64_t> passes = passes_of(stamp.parameters);
    base::Result<base::Bytes> stamped = base::Bytes();
    if (!passes.ok()) {
      stamped = passes.error();
    } else if (auto spent = work.spend(*passes); !spent.ok()) {
      stamped = std::move(spent).error();
    } else {
      stamped = canonical_form(part);
    }
    SignatureReport judged;
    if (!stamped.ok() || !canonical) {
      judged.verdict = Verdict::valid;
      add_step(judged, kFormatBlock, Verdict::undetermined, SubIndication::sig_constraints_failure,
               stamped.ok()
                   ? base::Text{"thuật toán không được hỗ trợ: " + stamp.canonicalisation,
                                "the algorithm is not supported: " + stamp.canonicalisation}
                   : stamped.error().text());
    } else {
      CmsInput input;
      input.der = stamp.token;
      input.content = [&stamped](const auto& take) { return take(*stamped); };
      input.certificates = xades()->certificates;
      input.crls = xades()->crls;
      input.ocsp_responses = xades()->ocsp_responses;
      judged = judge_timestamp(input, context);
    }
    judged.format = Format::timestamp;
    judged.where = report.where + "/SignatureTimeStamp";
    if (judged.verdict == Verdict::valid && judged.proven_at &&
        (!report.proven_at || *judged.proven_at < *report.proven_at)) {
      report.proven_at = judged.proven_at;
    }
    report.timestamps.push_back(std::move(judged));
  }
}

void Judging::check_acceptance() {
  const auto limit = [this](base::Text text) {
    add_constraint(report, kAcceptanceBlock, Verdict::undetermined,
                   SubIndication::sig_constraints_failure, std::move(text));
  };
  if (xades() != nullptr && !coverage.signed_properties) {
    limit({"chữ ký không bao gồm các thuộc tính XAdES của nó",
           "the signature does not cover its XAdES properties"});
  }
  if (coverage.covers.empty()) {
    limit({"chữ ký không bao gồm nội dung nào", "the signature covers no content"});
  } else if (!report.covers_whole) {
    std::string names;
    for (const std::string& name : coverage.covers) names += (names.empty() ? "" : ", ") + name;
    limit({"chữ ký chỉ bao gồm " + names + ", không phải toàn bộ văn bản",
           "the signature covers only " + names + ", not the whole document"});
  }
  if (xades() != nullptr && xades()->has_archive_stamp) {
    add_constraint(report, kAcceptanceBlock, Verdict::valid, SubIndication::none,
                   {"có dấu thời gian lưu trữ, không được kiểm tra",
                    "there is an archive timestamp; it was not judged"});
  }
}

std::string Judging::profile() const {
  if (xades() == nullptr) return "XML-DSig";
  if (!coverage.signed_properties || xades()->signing_certificates.empty()) return "XAdES";
  if (xades()->timestamps.empty()) return "XAdES-B-B";
  return xades()->has_values ? "XAdES-B-LT" : "XAdES-B-T";
}

void judge_one(Node* node, const Resolve& resolve, const Context& context, Work& work,
               SignatureReport& report) {
  report.verdict = Verdict::valid;
  const base::Result<Signature> signature = read_signature(node, context);
  if (!signature.ok()) {
    const bool wrong = signature.error().reason() == "trust.xml_signature";
    return add_step(report, kFormatBlock, wrong ? Verdict::invalid : Verdict::undetermined,
                    wrong ? SubIndication::format_failure : SubIndication::sig_constraints_failure,
                    signature.error().text());
  }
  add_step(report, kFormatBlock, Verdict::valid, SubIndication::none,
           {"khối chữ ký đúng quy cách", "the signature is well-formed"});
  Judging judging{context, resolve, work, *signature, report};
  judging.identify_signer();
  if (judging.good()) judging.check_signature_value();
  report.profile = judging.profile();
  if (judging.signer.empty()) return;
  const bool holds = judging.good();
  if (holds) judging.judge_timestamps();
  // What the signer claims counts only if the signer signed it.
  if (judging.coverage.signed_properties) report.claimed_at = signature->xades->signing_time;
  SignerInput signer;
  signer.certificate = judging.signer;
  signer.certificates = all_certificates(*signature);
  if (signature->xades) {
    signer.crls = signature->xades->crls;
    signer.ocsp_responses = signature->xades->ocsp_responses;
  }
  signer.proven_at = report.proven_at;
  signer.digest = report.digest;
  signer.signature = report.signature;
  judge_signer(signer, context, report);
  if (holds) judging.check_acceptance();
}

bool is_counter_signature(Node* node) {
  Node* above = parent_of(node);
  return above != nullptr && is(above, kXades, "CounterSignature");
}

void note_placeholders(const Scan& facts, DocumentReport& out) {
  for (const Candidate& candidate : facts.candidates) {
    const bool filled = std::any_of(facts.candidates.begin(), facts.candidates.end(),
                                    [&candidate](const Candidate& other) {
                                      return other.path.starts_with(candidate.path + "/");
                                    });
    if (!candidate.placeholder || filled) continue;
    out.remarks.push_back({"khối chữ ký tại " + candidate.path +
                               " để trống hoặc chỉ có giá trị mẫu; đó không phải là chữ ký",
                           "the signature block at " + candidate.path +
                               " is empty or holds sample values; it is no signature"});
  }
}

void give_up(const base::Error& error, DocumentReport& out) {
  out.remarks.push_back(error.text());
  out.incomplete = true;
}

void judge_all(const Source& file, const Context& context, const Resolve& resolve,
               const Scan& facts, DocumentReport& out) {
  const auto undetermined = [&](const base::Error& error) {
    for (const Candidate& candidate : facts.candidates) {
      if (candidate.placeholder) continue;
      SignatureReport report;
      report.format = Format::xml;
      report.where = candidate.path;
      report.verdict = Verdict::valid;
      report.covers_whole = false;
      add_step(report, kFormatBlock, Verdict::undetermined, SubIndication::sig_constraints_failure,
               error.text());
      out.signatures.push_back(std::move(report));
    }
    out.incomplete = true;
  };
  if (facts.tree_bytes > context.limits.parsed_bytes) return undetermined(too_complex());
  const base::Result<DocPointer> doc = load(file, context);
  if (!doc.ok()) return undetermined(doc.error());
  const std::vector<Node*> nodes = candidates(doc->get());
  Work work(facts.work, context);
  for (std::size_t i = 0; i < nodes.size() && i < facts.candidates.size(); ++i) {
    if (facts.candidates[i].placeholder) continue;
    if (is_counter_signature(nodes[i])) {
      out.remarks.push_back({"có chữ ký xác nhận (counter-signature), không được kiểm tra",
                             "there is a counter-signature; it was not judged"});
      continue;
    }
    SignatureReport& report = out.signatures.emplace_back();
    report.format = Format::xml;
    report.where = path_of(nodes[i]);
    report.covers_whole = false;
    judge_one(nodes[i], resolve, context, work, report);
  }
}

}  // namespace
}  // namespace xml

DocumentReport judge_xml(const Source& file, const Context& context, const Resolve& resolve) {
  DocumentReport out;
  out.media_type = "application/xml";
  out.size = file.size();
  out.judged_at = context.now;
  const base::Result<xml::Scan> facts = xml::scan(file, context);
  if (!facts.ok()) {
    xml::give_up(facts.error(), out);
    return out;
  }
  out.sha256 = facts->sha256;
  xml::note_placeholders(*facts, out);
  if (facts->incomplete) {
    out.incomplete = true;
    out.remarks.push_back({"tệp có quá nhiều chữ ký; phần còn lại không được kiểm tra",
                           "the file has too many signatures; the rest was not judged"});
  }
  const bool any = std::any_of(facts->candidates.begin(), facts->candidates.end(),
                               [](const xml::Candidate& c) { return !c.placeholder; });
  if (any) xml::judge_all(file, context, resolve, *facts, out);
  return out;
}

}  // namespace trust
