// EN 319 102-1 §5.3 to §5.5 for one SignerInfo of a CMS signature.
#include <algorithm>

#include "trust/algorithms.h"
#include "trust/cms.h"

namespace trust {
namespace {

using Kind = SignatureAlgorithm::Kind;

constexpr std::string_view kFormat = "5.2.2 Format checking";
constexpr std::string_view kIdentification = "5.2.3 Identification of the signing certificate";
constexpr std::string_view kContext = "5.2.4 Validation context initialisation";
constexpr std::string_view kCryptography = "5.2.7 Cryptographic verification";
constexpr std::string_view kAcceptance = "5.2.8 Signature acceptance validation";
constexpr std::string_view kBasic = "5.3 Validation process for basic signatures";
constexpr std::string_view kTimestamps = "5.4 Time-stamp validation";
constexpr std::string_view kWithTime = "5.5 Validation process for signatures with time";
constexpr std::string_view kLongTerm = "5.6 Validation with long-term availability";
constexpr std::size_t kTimestampsMax = 8;
constexpr int kRsaBitsMax = 8192;  // beyond it one check takes too long

class Judgement {
 public:
  Judgement(const SignerInfo& signer, const CmsJob& job, const Context& context)
      : signer_(signer), job_(job), context_(context) {}

  SignatureReport run() {
    report_.format = job_.purpose == Purpose::timestamp ? Format::timestamp
                     : job_.pdf                         ? Format::pdf
                                                        : Format::cms;
    read_algorithms();
    read_times();
    report_.profile = profile();
    note(format());
    if (!worst_.good()) return finish();
    const Conclusion identified = identify();
    initialise();
    SignatureReport crypto;  // its steps come later, its result is needed now
    const Conclusion verified = verify(crypto);
    // A changed content is known whoever signed; else who signed is asked first.
    if (verified.sub == SubIndication::hash_failure) note(verified);
    note(identified);
    note(verified);
    SignatureReport times;
    if (job_.purpose == Purpose::signature) judge_timestamps(times);
    if (certificate_) {
      Subject subject = subject_of();
      const Conclusion chain = validate_certificate(subject, context_, report_);
      append(crypto);
      note(chain);
      note(accept(subject));
    } else {
      append(crypto);
    }
    append(times);
    if (worst_.good() && order_.sub != SubIndication::none) note(order_);
    return finish();
  }

 private:
  // The first that failed is the verdict.
  void note(const Conclusion& conclusion) {
    if (worst_.good()) worst_ = conclusion;
  }
  void append(SignatureReport& from) {
    std::move(from.steps.begin(), from.steps.end(), std::back_inserter(report_.steps));
  }
  Conclusion fail(SignatureReport& to, std::string_view block, SubIndication sub, std::string vi,
                  std::string en) const {
    const Conclusion out = conclude(sub);
    add_step(to, block, out.verdict, std::move(vi), std::move(en));
    return out;
  }

  void read_algorithms() {
    algorithm_ = signature_algorithm(signer_.signature_algorithm);
    content_digest_ = digest_name(signer_.digest.oid);
    if (algorithm_.digest.empty()) algorithm_.digest = content_digest_;
    report_.digest = content_digest_.empty() ? signer_.digest.oid : std::string(content_digest_);
    report_.signature = signer_.signature_algorithm.oid;
  }

  void read_times() {
    report_.proven_at = job_.proven_at;
    if (const auto* attribute = find(signer_.signed_attributes, oid::kSigningTime);
        attribute != nullptr && !attribute->values.empty()) {
      asn1::Reader in(attribute->values[0]);
      if (const auto element = in.next()) report_.claimed_at = asn1::time(*element);
    }
    if (!report_.claimed_at) report_.claimed_at = job_.claimed_at;
  }

  bool is_archived() const {
    return find(signer_.unsigned_attributes, oid::kArchiveTimestampV1) != nullptr ||
           find(signer_.unsigned_attributes, oid::kArchiveTimestampV2) != nullptr ||
           find(signer_.unsigned_attributes, oid::kArchiveTimestampV3) != nullptr;
  }

  std::string profile() const {
    if (job_.purpose == Purpose::timestamp) return "RFC 3161";
    if (!signing_certificate(signer_)) {
      if (!job_.pdf) return "CMS";
      return job_.data.content ? "adbe.pkcs7.sha1" : "adbe.pkcs7.detached";
    }
    const std::string family = job_.pdf ? "PAdES-B-" : "CAdES-B-";
    const bool stamped = find(signer_.unsigned_attributes, oid::kSignatureTimestamp) != nullptr ||
                         (job_.pdf && job_.proven_at);
    const bool material = job_.outer_material || !job_.data.crls.empty() ||
                          !job_.data.ocsp_responses.empty() ||
                          find(signer_.unsigned_attributes, oid::kRevocationValues) != nullptr ||
                          find(signer_.signed_attributes, oid::kAdobeRevocation) != nullptr;
    if (!stamped) return family + "B";
    if (!material) return family + "T";
    return family + (is_archived() ? "LTA" : "LT");
  }

  Conclusion format() {
    const auto wrong = [&](std::string vi, std::string en) {
      return fail(report_, kFormat, SubIndication::format_failure, std::move(vi), std::move(en));
    };
    if (!signer_.signed_attributes_der.empty()) {
      const auto single = [&](std::string_view type) -> const Attribute* {
        const auto count =
            std::count_if(signer_.signed_attributes.begin(), signer_.signed_attributes.end(),
                          [&](const Attribute& one) { return one.type == type; });
        const Attribute* one = find(signer_.signed_attributes, type);
        return count == 1 && one->values.size() == 1 ? one : nullptr;
      };
      const Attribute* digest = single(oid::kMessageDigest);
      const auto octets =
          digest != nullptr ? asn1::first(digest->values[0], asn1::kOctetString) : std::nullopt;
      if (!octets) {
        return wrong("thiếu giá trị băm của nội dung (message-digest)",
                     "the digest of the content (message-digest) is missing");
      }
      message_digest_ = octets->content;
      const Attribute* type = single(oid::kContentType);
      const auto value = type != nullptr ? asn1::first(type->values[0], asn1::kOid) : std::nullopt;
      if (!value || asn1::oid_text(value->content) != job_.data.content_type) {
        return wrong("loại nội dung đã ký không khớp (content-type)",
                     "the signed type of the content (content-type) is missing or differs");
      }
    } else if (job_.data.content_type != oid::kData) {
      return wrong("thiếu thuộc tính được ký", "signed attributes are missing");
    }
    if (!content_digest_.empty() && algorithm_.kind != Kind::unknown &&
        algorithm_.kind != Kind::eddsa && algorithm_.digest != content_digest_) {
      return wrong("hai thuật toán băm khác nhau: " + report_.digest + " và " + algorithm_.digest,
                   "two digests that differ: " + report_.digest + " and " + algorithm_.digest);
    }
    add_step(report_, kFormat, Verdict::valid, "đọc được, khuôn dạng " + report_.profile,
             "it can be read; profile " + report_.profile);
    return {};
  }

  bool is_named(const Certificate& one) const {
    if (!signer_.key_id.empty()) return one.key_id == signer_.key_id;
    return one.serial == signer_.serial && one.issuer == signer_.issuer;
  }

  static base::Bytes hash_of(const Certificate& one, std::string_view name) {
    return name == "SHA-256" ? one.summary.sha256 : digest_of(name, one.der);
  }

  Conclusion identify() {
    const auto reference = signing_certificate(signer_);
    const bool known = reference && !reference->digest.empty();
    bool there = false;
    for (const CertificatePtr& one : job_.certificates) {
      if (!is_named(*one)) continue;
      there = true;
      if (reference && (!known || hash_of(*one, reference->digest) != reference->hash)) continue;
      certificate_ = one;
      break;
    }
    if (!certificate_) {
      return there ? fail(report_, kIdentification, SubIndication::no_signing_certificate_found,
                          "chứng thư số kèm theo không phải chứng thư số đã ghi trong phần được ký",
                          "the certificate that came with it is not the one that was signed")
                   : fail(report_, kIdentification, SubIndication::no_signing_certificate_found,
                          "không có chứng thư số của bên ký trong chữ ký",
                          "the signer's certificate is not in the signature");
    }
    report_.signature = signature_text(algorithm_, certificate_->key);
    const std::string& name = certificate_->summary.name;
    if (reference) {
      add_step(report_, kIdentification, Verdict::valid,
               "\"" + name + "\", được ghi trong phần được ký",
               "\"" + name + "\", as the signed attribute says");
    } else {
      add_step(report_, kIdentification, Verdict::valid,
               "\"" + name + "\" (phần được ký không ghi chứng thư số nào)",
               "\"" + name + "\" (no signed attribute names it)");
    }
    return {};
  }

  void initialise() {
    const std::string count = std::to_string(context_.anchors.all().size());
    add_step(report_, kContext, Verdict::valid,
             "kiểm tra tại " + time_text(context_.now) + ", với " + count + " gốc tin cậy",
             "judged at " + time_text(context_.now) + ", with " + count + " anchors");
  }

  Conclusion verify(SignatureReport& to) {
    const auto& digests = job_.digests;
    if (digests.missing != SubIndication::none) {
      return fail(to, kCryptography, digests.missing, digests.why.vi, digests.why.en);
    }
    const auto unknown = [&](const std::string& what) {
      return fail(to, kCryptography, SubIndication::crypto_constraints_failure,
                  "không biết thuật toán " + what, "the algorithm " + what + " is not known");
    };
    const auto found = digests.by_name.find(content_digest_);
    if (found == digests.by_name.end()) return unknown(report_.digest);
    const base::Bytes& digest = found->second;
    const bool attributes = !signer_.signed_attributes_der.empty();
    if (attributes && digest != message_digest_) return changed(to);
    if (!certificate_) return {};
    const evp_pkey_st* key = certificate_->key;
    if (algorithm_.kind == Kind::dsa) {
      return fail(to, kCryptography, SubIndication::crypto_constraints_failure,
                  "chữ ký DSA không được chấp nhận", "DSA signatures are not accepted");
    }
    if (algorithm_.kind == Kind::unknown) {
      return unknown(signer_.signature_algorithm.oid);
    }
    if (certificate_->key_name == "RSA" && certificate_->key_bits > kRsaBitsMax) {
      return unknown("RSA-" + std::to_string(certificate_->key_bits));
    }
    if (!fits(algorithm_, key)) {
      return fail(to, kCryptography, SubIndication::sig_crypto_failure,
                  "thuật toán ký không phải của khóa trong chứng thư số",
                  "the signature's algorithm is not that of the certificate's key");
    }
    if (attributes) {
      // What is signed is their encoding as a SET (RFC 5652 §5.4).
      base::Bytes set(signer_.signed_attributes_der);
      set[0] = static_cast<char>(asn1::kSet);
      if (!verifies_message(key, algorithm_, set, signer_.signature)) return forged(to);
    } else if (algorithm_.kind == Kind::eddsa) {
      return fail(to, kCryptography, SubIndication::sig_constraints_failure,
                  "chữ ký EdDSA phải có thuộc tính được ký",
                  "an EdDSA signature needs signed attributes");
    } else if (!verifies_digest(key, algorithm_, digest, signer_.signature)) {
      return signs_something_else(key, algorithm_, digest, signer_.signature) ? changed(to)
                                                                              : forged(to);
    }
    add_step(
        to, kCryptography, Verdict::valid,
        "nội dung nguyên vẹn, đúng khóa của chứng thư số (" + report_.signature + ")",
        "the content is unchanged, and the key is the certificate's (" + report_.signature + ")");
    return {};
  }

  Conclusion changed(SignatureReport& to) const {
    return fail(to, kCryptography, SubIndication::hash_failure,
                "giá trị băm của nội dung không khớp giá trị đã ký",
                "the digest of the content is not the one that was signed");
  }
  Conclusion forged(SignatureReport& to) const {
    return fail(to, kCryptography, SubIndication::sig_crypto_failure,
                "chữ ký không khớp khóa của chứng thư số",
                "the signature does not match the key of the certificate");
  }

  CmsInput token_of(base::BytesView der) const {
    CmsInput out;
    out.der = der;
    for (const CertificatePtr& one : job_.certificates) out.certificates.push_back(one->der);
    for (const base::BytesView crl : job_.material.crls) out.crls.emplace_back(crl);
    for (const base::BytesView one : job_.material.ocsp_responses) {
      out.ocsp_responses.emplace_back(one);
    }
    out.proven_at = job_.proven_at;
    return out;
  }

  void judge_timestamps(SignatureReport& to) {
    std::optional<base::Time> content_at;
    if (const auto* attribute = find(signer_.signed_attributes, oid::kContentTimestamp)) {
      for (const base::BytesView token : attribute->values) {
        auto one = judge_token(
            token_of(token),
            [&](std::string_view name) {
              const auto found = job_.digests.by_name.find(name);
              return found != job_.digests.by_name.end() ? found->second : base::Bytes();
            },
            context_);
        if (one.verdict == Verdict::valid) content_at = std::max(content_at, one.proven_at);
        keep(std::move(one), "content-time-stamp", to);
      }
    }
    for (const Attribute& attribute : signer_.unsigned_attributes) {
      if (attribute.type != oid::kSignatureTimestamp) continue;
      for (const base::BytesView token : attribute.values) {
        if (report_.timestamps.size() >= kTimestampsMax) break;
        auto one = judge_token(
            token_of(token),
            [&](std::string_view name) { return digest_of(name, signer_.signature); }, context_);
        if (one.verdict == Verdict::valid &&
            (!report_.proven_at || *one.proven_at < *report_.proven_at)) {
          report_.proven_at = one.proven_at;
        }
        keep(std::move(one), "signature-time-stamp", to);
      }
    }
    not_older_ = content_at;
    if (report_.claimed_at && (!not_older_ || *report_.claimed_at > *not_older_)) {
      not_older_ = report_.claimed_at;
    }
    if (content_at && report_.proven_at && *content_at > *report_.proven_at) {
      order_ = fail(to, kTimestamps, SubIndication::timestamp_order_failure,
                    "dấu thời gian của nội dung muộn hơn dấu thời gian của chữ ký",
                    "the timestamp on the content is later than the one on the signature");
    } else if (report_.proven_at) {
      add_step(to, kWithTime, Verdict::valid, "chữ ký đã có lúc " + time_text(*report_.proven_at),
               "the signature existed at " + time_text(*report_.proven_at));
    }
    if (is_archived()) {
      add_step(to, kLongTerm, Verdict::valid, "có dấu thời gian lưu trữ, không kiểm tra ở đây",
               "there is an archive timestamp, which is not judged here");
    }
  }

  void keep(SignatureReport timestamp, const char* where, SignatureReport& to) {
    timestamp.where = where;
    const bool good = timestamp.verdict == Verdict::valid;
    const auto why = text_of(timestamp.sub);
    add_step(to, kTimestamps, timestamp.verdict,
             good ? "dấu thời gian hợp lệ, " + time_text(*timestamp.proven_at)
                  : "dấu thời gian không chứng minh được gì. " + why.vi,
             good ? "a valid timestamp of " + time_text(*timestamp.proven_at)
                  : "a timestamp that proves nothing. " + why.en);
    report_.timestamps.push_back(std::move(timestamp));
  }

  Subject subject_of() {
    Subject out;
    out.certificate = certificate_;
    out.others = job_.certificates;
    out.material = job_.material;
    add_revocation_values(signer_, out.material.crls, out.material.ocsp_responses);
    out.purpose = job_.purpose;
    out.proven_at = report_.proven_at;
    out.not_older = job_.purpose == Purpose::timestamp ? job_.claimed_at : not_older_;
    out.fetch = worst_.good();  // who signed what was forged is not worth asking
    out.digests.emplace_back(content_digest_);
    return out;
  }

  Conclusion accept(const Subject& subject) {
    if (job_.purpose == Purpose::timestamp && !signing_certificate(signer_)) {
      return fail(report_, kAcceptance, SubIndication::sig_constraints_failure,
                  "thiếu thuộc tính signing-certificate (RFC 3161)",
                  "the attribute signing-certificate is missing (RFC 3161)");
    }
    return validate_algorithms(subject, context_, report_);
  }

  SignatureReport finish() {
    report_.verdict = worst_.verdict;
    report_.sub = worst_.sub;
    const auto verdict = text_of(worst_.verdict);
    std::string vi = verdict.vi, en = verdict.en;
    if (!worst_.good()) {
      vi += ": " + std::string(name_of(worst_.sub));
      en += ": " + std::string(name_of(worst_.sub));
    }
    add_step(report_, report_.timestamps.empty() ? kBasic : kWithTime, worst_.verdict,
             std::move(vi), std::move(en));
    return std::move(report_);
  }

  const SignerInfo& signer_;
  const CmsJob& job_;
  const Context& context_;
  SignatureReport report_;
  SignatureAlgorithm algorithm_;
  std::string_view content_digest_;  // a literal
  base::BytesView message_digest_;
  CertificatePtr certificate_;
  std::optional<base::Time> not_older_;
  Conclusion worst_, order_;
};

}  // namespace

SignatureReport judge_signer_info(const SignerInfo& signer, const CmsJob& job,
                                  const Context& context) {
  return Judgement(signer, job, context).run();
}

}  // namespace trust
