#include "trust/signed_data.h"

#include <algorithm>

#include "trust/algorithms.h"

namespace trust {
namespace {

using asn1::Reader;

constexpr std::size_t kAttributesMax = 64;
constexpr std::size_t kValuesMax = 64;
constexpr std::size_t kRevocationMax = 64;

base::Error malformed(std::string_view en, std::string_view vi) {
  return {base::Code::invalid, "trust.cms_malformed",
          "the signature (CMS) is malformed: " + std::string(en),
          "chữ ký (CMS) sai khuôn dạng: " + std::string(vi)};
}
base::Error too_large(std::string_view en, std::string_view vi) {
  return {base::Code::too_large, "trust.cms_too_large",
          "the signature (CMS) is too large: " + std::string(en),
          "chữ ký (CMS) quá lớn: " + std::string(vi)};
}
base::Error not_signed(std::string_view en, std::string_view vi) {
  return {base::Code::invalid, "trust.cms_not_signed",
          "this CMS object is no signature: " + std::string(en),
          "đối tượng CMS này không phải chữ ký: " + std::string(vi)};
}

bool read_attributes(base::BytesView content, std::vector<Attribute>& to) {
  Reader all(content);
  while (const auto one = all.next(asn1::kSequence)) {
    Reader inside(one->content);
    const auto type = inside.next(asn1::kOid);
    const auto set = inside.next(asn1::kSet);
    if (!type || !set || !inside.at_end() || to.size() >= kAttributesMax) return false;
    Attribute attribute{asn1::oid_text(type->content), {}};
    Reader values(set->content);
    while (const auto value = values.next()) {
      if (attribute.values.size() >= kValuesMax) return false;
      attribute.values.push_back(value->whole);
    }
    if (values.failed() || attribute.type.empty()) return false;
    to.push_back(std::move(attribute));
  }
  return all.at_end() && !all.failed();
}

bool read_identifier(Reader& in, SignerInfo& out) {
  if (const auto key_id = in.next(0x80)) {
    out.key_id = key_id->content;
    return true;
  }
  const auto both = in.next(asn1::kSequence);
  if (!both) return false;
  Reader inside(both->content);
  const auto issuer = inside.next(asn1::kSequence);
  const auto serial = inside.next(asn1::kInteger);
  if (!issuer || !serial || !inside.at_end()) return false;
  out.issuer = issuer->whole;
  out.serial = serial->content;
  return true;
}

bool read_signer(const asn1::Element& element, SignerInfo& out) {
  Reader in(element.content);
  if (!in.next(asn1::kInteger) || !read_identifier(in, out)) return false;
  auto digest = asn1::algorithm(in);
  if (!digest) return false;
  out.digest = std::move(*digest);
  if (const auto attributes = in.next(asn1::context(0))) {
    out.signed_attributes_der = attributes->whole;
    if (!read_attributes(attributes->content, out.signed_attributes)) return false;
  }
  auto algorithm = asn1::algorithm(in);
  const auto signature = in.next();
  if (!algorithm || !signature || (signature->tag & ~0x20) != asn1::kOctetString) return false;
  out.signature_algorithm = std::move(*algorithm);
  auto value = asn1::octets(*signature);
  if (!value) return false;
  out.signature = std::move(*value);
  if (const auto attributes = in.next(asn1::context(1))) {
    if (!read_attributes(attributes->content, out.unsigned_attributes)) return false;
  }
  return in.at_end();
}

base::Result<void> read_content(const asn1::Element& element, SignedData& out) {
  const auto wrong = [] { return malformed("its content", "phần nội dung"); };
  Reader in(element.content);
  const auto type = in.next(asn1::kOid);
  if (!type) return wrong();
  out.content_type = asn1::oid_text(type->content);
  if (const auto explicit_content = in.next(asn1::context(0))) {
    Reader inside(explicit_content->content);
    const auto octets = inside.next();
    if (!octets || !inside.at_end()) return wrong();
    if ((octets->tag & ~0x20) == asn1::kOctetString) {
      out.content = asn1::octets(*octets);
      if (!out.content) return wrong();
    } else {
      // PKCS#7 had any type here, and its content was what is signed.
      out.content = base::Bytes(octets->content);
    }
  }
  if (!in.at_end()) return wrong();
  return base::done();
}

base::Result<void> read_certificates(base::BytesView content, const Limits& limits,
                                     SignedData& out) {
  Reader in(content);
  while (const auto one = in.next()) {
    if (one->tag != asn1::kSequence) continue;  // attribute certificates and other formats
    if (out.certificates.size() >= limits.certificates) {
      return too_large(
          "it holds more than " + std::to_string(limits.certificates) + " certificates",
          "có hơn " + std::to_string(limits.certificates) + " chứng thư số");
    }
    out.certificates.push_back(one->whole);
  }
  if (in.failed()) return malformed("its certificates", "phần chứng thư số");
  return base::done();
}

base::Result<void> read_revocation(base::BytesView content, SignedData& out) {
  Reader in(content);
  while (const auto one = in.next()) {
    if (out.crls.size() + out.ocsp_responses.size() >= kRevocationMax) break;
    if (one->tag == asn1::kSequence) {
      out.crls.push_back(one->whole);
    } else if (one->tag == asn1::context(1)) {
      Reader other(one->content);
      const auto type = other.next(asn1::kOid);
      const auto value = other.next();
      if (type && value && asn1::oid_text(type->content) == oid::kOcspInCms) {
        out.ocsp_responses.push_back(value->whole);
      }
    }
  }
  if (in.failed()) return malformed("its revocation information", "phần thông tin thu hồi");
  return base::done();
}

base::Result<void> read_signers(base::BytesView content, const Limits& limits, SignedData& out) {
  Reader in(content);
  while (const auto one = in.next(asn1::kSequence)) {
    if (out.signers.size() >= limits.signatures) {
      return too_large("more than " + std::to_string(limits.signatures) + " signed it",
                       "có hơn " + std::to_string(limits.signatures) + " bên ký");
    }
    if (!read_signer(*one, out.signers.emplace_back())) {
      return malformed("what it says of a signer", "phần thông tin bên ký");
    }
  }
  if (!in.at_end() || in.failed()) return malformed("its signers", "phần danh sách bên ký");
  if (out.signers.empty()) return not_signed("nobody has signed it", "chưa có ai ký");
  return base::done();
}

void add_all(base::BytesView sequence_content, std::vector<base::BytesView>& to) {
  Reader in(sequence_content);
  while (const auto one = in.next(asn1::kSequence)) {
    if (to.size() >= kRevocationMax) return;
    to.push_back(one->whole);
  }
}

}  // namespace

const Attribute* find(const std::vector<Attribute>& in, std::string_view type) {
  const auto found =
      std::find_if(in.begin(), in.end(), [&](const Attribute& one) { return one.type == type; });
  return found != in.end() ? &*found : nullptr;
}

base::Result<SignedData> read_signed_data(base::BytesView der, const Limits& limits) {
  if (der.size() > limits.cms_bytes) {
    return too_large("more than " + std::to_string(limits.cms_bytes) + " bytes",
                     "hơn " + std::to_string(limits.cms_bytes) + " byte");
  }
  Reader outside(der);
  const auto info = outside.next(asn1::kSequence);
  if (!info) return malformed("it does not begin as one", "phần đầu không đúng");
  if (outside.rest().find_first_not_of('\0') != base::BytesView::npos) {
    return malformed("other bytes follow it", "phía sau còn dữ liệu khác");
  }
  Reader content_info(info->content);
  const auto type = content_info.next(asn1::kOid);
  const auto wrapped = content_info.next(asn1::context(0));
  if (!type) return malformed("it does not begin as one", "phần đầu không đúng");
  if (asn1::oid_text(type->content) != oid::kSignedData) {
    return not_signed("its type is " + asn1::oid_text(type->content),
                      "thuộc loại " + asn1::oid_text(type->content));
  }
  const auto data = wrapped ? asn1::first(wrapped->content, asn1::kSequence) : std::nullopt;
  if (!data || !content_info.at_end()) return malformed("its content", "phần nội dung");
  SignedData out;
  Reader in(data->content);
  if (!in.next(asn1::kInteger) || !in.next(asn1::kSet)) {
    return malformed("it does not begin as one", "phần đầu không đúng");
  }
  const auto content = in.next(asn1::kSequence);
  if (!content) return malformed("its content", "phần nội dung");
  TRY(read_content(*content, out));
  if (const auto certificates = in.next(asn1::context(0))) {
    TRY(read_certificates(certificates->content, limits, out));
  }
  if (const auto revocation = in.next(asn1::context(1))) {
    TRY(read_revocation(revocation->content, out));
  }
  const auto signers = in.next(asn1::kSet);
  if (!signers || !in.at_end()) return malformed("its signers", "phần danh sách bên ký");
  TRY(read_signers(signers->content, limits, out));
  return out;
}

std::optional<CertificateReference> signing_certificate(const SignerInfo& signer) {
  const Attribute* attribute = find(signer.signed_attributes, oid::kSigningCertificateV2);
  const bool second = attribute != nullptr;
  if (!second) attribute = find(signer.signed_attributes, oid::kSigningCertificate);
  if (attribute == nullptr) return std::nullopt;
  // From here on something is there; what cannot be read matches no certificate.
  CertificateReference out{second ? "SHA-256" : "SHA-1", {}};
  if (attribute->values.size() != 1) return out;
  const auto value = asn1::first(attribute->values[0], asn1::kSequence);
  const auto list = value ? asn1::first(value->content, asn1::kSequence) : std::nullopt;
  const auto reference = list ? asn1::first(list->content, asn1::kSequence) : std::nullopt;
  if (!reference) return out;
  Reader in(reference->content);
  if (second && in.peek() == asn1::kSequence) {
    const auto algorithm = asn1::algorithm(in);
    if (!algorithm) return out;
    out.digest = digest_name(algorithm->oid);
  }
  if (const auto hash = in.next(asn1::kOctetString)) out.hash = hash->content;
  return out;
}

void add_revocation_values(const SignerInfo& signer, std::vector<base::BytesView>& crls,
                           std::vector<base::BytesView>& ocsp_responses) {
  for (const auto* attribute : {find(signer.signed_attributes, oid::kAdobeRevocation),
                                find(signer.unsigned_attributes, oid::kAdobeRevocation),
                                find(signer.unsigned_attributes, oid::kRevocationValues)}) {
    if (attribute == nullptr || attribute->values.empty()) continue;
    const auto values = asn1::first(attribute->values[0], asn1::kSequence);
    if (!values) continue;
    Reader in(values->content);
    if (const auto lists = in.next(asn1::context(0))) {
      const auto sequence = asn1::first(lists->content, asn1::kSequence);
      if (sequence) add_all(sequence->content, crls);
    }
    if (const auto answers = in.next(asn1::context(1))) {
      const auto sequence = asn1::first(answers->content, asn1::kSequence);
      if (sequence) add_all(sequence->content, ocsp_responses);
    }
  }
}

std::optional<TstInfo> read_tst_info(base::BytesView der) {
  Reader outside(der);
  const auto sequence = outside.next(asn1::kSequence);
  if (!sequence || !outside.at_end()) return std::nullopt;
  Reader in(sequence->content);
  if (!in.next(asn1::kInteger) || !in.next(asn1::kOid)) return std::nullopt;
  const auto imprint = in.next(asn1::kSequence);
  if (!imprint || !in.next(asn1::kInteger)) return std::nullopt;
  const auto at = in.next(asn1::kGeneralizedTime);
  Reader inside(imprint->content);
  auto algorithm = asn1::algorithm(inside);
  const auto hash = inside.next(asn1::kOctetString);
  const auto when = at ? asn1::time(*at) : std::nullopt;
  if (!algorithm || !hash || !inside.at_end() || !when) return std::nullopt;
  return TstInfo{std::move(*algorithm), hash->content, *when};
}

}  // namespace trust
