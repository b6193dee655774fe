#include "trust/xml/signature.h"

#include <charconv>

#include "base/hash.h"
#include "trust/xml/parser.h"

namespace trust::xml {
namespace {

base::Error wrong(std::string_view element) {
  return {base::Code::invalid, "trust.xml_signature",
          "the signature is not as XML-DSig and XAdES want it: " + std::string(element),
          "khối chữ ký không đúng quy cách XML-DSig, XAdES: " + std::string(element)};
}

// Takes the children of an element one after the other, in the one order that is allowed.
class Walk {
 public:
  Walk(Node* parent, std::string_view ns) : nodes_(children(parent)), ns_(ns) {}
  // The next one when it is called so; else null.
  Node* take(std::string_view local) {
    if (at_ < nodes_.size() && is(nodes_[at_], ns_, local)) return nodes_[at_++];
    return nullptr;
  }
  bool at_end() const { return at_ == nodes_.size(); }

 private:
  const std::vector<Node*> nodes_;
  const std::string_view ns_;
  std::size_t at_ = 0;
};

base::Result<std::string> algorithm_of(const Node* node, std::string_view what) {
  if (node == nullptr) return wrong(what);
  std::optional<std::string> algorithm = attribute(node, "Algorithm");
  if (!algorithm || algorithm->empty()) return wrong(what);
  return std::move(*algorithm);
}

base::Result<Reference> read_reference(Node* node, std::string_view ns) {
  Reference reference;
  reference.uri = attribute(node, "URI");
  reference.type = attribute(node, "Type").value_or("");
  Walk parts(node, ns);
  if (Node* transforms = parts.take("Transforms")) {
    Walk list(transforms, ns);
    while (Node* transform = list.take("Transform")) {
      if (reference.transforms.size() == kTransformsMax) return wrong("Transforms");
      std::string algorithm = TRY(algorithm_of(transform, "Transform"));
      reference.transforms.push_back({std::move(algorithm), transform});
    }
    if (!list.at_end()) return wrong("Transforms");
  }
  reference.digest_algorithm = TRY(algorithm_of(parts.take("DigestMethod"), "DigestMethod"));
  Node* value = parts.take("DigestValue");
  std::optional<base::Bytes> digest = value == nullptr ? std::nullopt : base64_of(value);
  if (!digest || digest->empty() || !parts.at_end()) return wrong("DigestValue");
  reference.digest = std::move(*digest);
  return reference;
}

base::Result<void> read_signed_info(Signature& out) {
  if (!is_plain(out.signed_info)) return wrong("SignedInfo");
  Walk parts(out.signed_info, out.ns);
  out.canonicalisation_node = parts.take("CanonicalizationMethod");
  out.canonicalisation = TRY(algorithm_of(out.canonicalisation_node, "CanonicalizationMethod"));
  Node* method = parts.take("SignatureMethod");
  out.method = TRY(algorithm_of(method, "SignatureMethod"));
  while (Node* reference = parts.take("Reference")) {
    if (out.references.size() == kReferencesMax) return too_complex();
    Reference read = TRY(read_reference(reference, out.ns));
    out.references.push_back(std::move(read));
  }
  if (out.references.empty() || !parts.at_end()) return wrong("SignedInfo");
  return base::done();
}

base::Result<void> read_key_info(Node* key_info, Signature& out, const Context& context) {
  for (Node* data : children(key_info)) {
    if (!is(data, out.ns, "X509Data")) continue;
    for (Node* node : children(data)) {
      if (!is(node, out.ns, "X509Certificate")) continue;
      std::optional<base::Bytes> certificate = base64_of(node);
      if (!certificate || certificate->empty()) return wrong("X509Certificate");
      if (out.certificates.size() == context.limits.certificates) return too_complex();
      out.certificates.push_back(std::move(*certificate));
    }
  }
  return base::done();
}

base::Result<void> read_signing_certificates(Node* properties, Xades& out) {
  Node* list = child(properties, kXades, "SigningCertificateV2");
  if (list == nullptr) list = child(properties, kXades, "SigningCertificate");
  if (list == nullptr) return base::done();
  for (Node* cert : children(list)) {
    Node* digest = child(cert, kXades, "CertDigest");
    if (!is(cert, kXades, "Cert") || digest == nullptr) return wrong("SigningCertificate");
    Node* value = child(digest, kDsig, "DigestValue");
    std::optional<base::Bytes> bytes = value == nullptr ? std::nullopt : base64_of(value);
    if (!bytes || bytes->empty()) return wrong("CertDigest");
    const std::string algorithm =
        TRY(algorithm_of(child(digest, kDsig, "DigestMethod"), "CertDigest"));
    out.signing_certificates.push_back({algorithm, std::move(*bytes)});
    if (out.signing_certificates.size() > 16) return too_complex();
  }
  return base::done();
}

struct Budget {
  std::size_t items;
  std::uint64_t bytes;
};

base::Result<void> gather(Node* below, std::string_view local, std::vector<base::Bytes>& out,
                          Budget& budget) {
  for (Node* node : all_below(below, kXades, local)) {
    std::optional<base::Bytes> bytes = base64_of(node);
    if (!bytes || bytes->empty()) return wrong(local);
    if (budget.items == 0 || budget.bytes < bytes->size()) return too_complex();
    --budget.items;
    budget.bytes -= bytes->size();
    out.push_back(std::move(*bytes));
  }
  return base::done();
}

base::Result<void> read_unsigned(Node* unsigned_properties, Xades& out, const Context& context) {
  Node* properties = child(unsigned_properties, kXades, "UnsignedSignatureProperties");
  if (properties == nullptr) return base::done();
  Budget budget{context.limits.certificates, context.limits.cms_bytes};
  for (Node* node : children(properties)) {
    if (is(node, kXades, "SignatureTimeStamp")) {
      EmbeddedTimestamp stamp;
      if (Node* method = child(node, kDsig, "CanonicalizationMethod")) {
        stamp.canonicalisation = TRY(algorithm_of(method, "CanonicalizationMethod"));
        stamp.parameters = method;
      }
      for (Node* token : children(node)) {
        if (!is(token, kXades, "EncapsulatedTimeStamp")) continue;
        std::optional<base::Bytes> bytes = base64_of(token);
        if (!bytes || bytes->empty()) return wrong("EncapsulatedTimeStamp");
        if (out.timestamps.size() == 16) return too_complex();
        stamp.token = std::move(*bytes);
        out.timestamps.push_back(stamp);
      }
    } else if (is(node, kXades, "CertificateValues") || is(node, kXades, "RevocationValues")) {
      out.has_values = true;
    } else if (local_name(node) == "ArchiveTimeStamp") {
      out.has_archive_stamp = true;
      continue;
    } else if (local_name(node) == "CounterSignature") {
      continue;
    }
    TRY(gather(node, "EncapsulatedX509Certificate", out.certificates, budget));
    TRY(gather(node, "EncapsulatedCRLValue", out.crls, budget));
    TRY(gather(node, "EncapsulatedOCSPValue", out.ocsp_responses, budget));
  }
  return base::done();
}

base::Result<void> read_qualifying(Node* node, Signature& out, const Context& context) {
  // Two of them, or one for another signature: which one is meant would be a matter of taste.
  if (out.xades || attribute(node, "Target") != "#" + out.id || out.id.empty()) {
    return wrong("QualifyingProperties");
  }
  Xades& xades = out.xades.emplace();
  for (Node* part : children(node)) {
    if (is(part, kXades, "SignedProperties")) {
      if (xades.signed_properties != nullptr) return wrong("SignedProperties");
      xades.signed_properties = part;
      Node* properties = child(part, kXades, "SignedSignatureProperties");
      if (properties == nullptr) continue;
      if (Node* time = child(properties, kXades, "SigningTime")) {
        xades.signing_time_text = text_of(time).value_or("");
        xades.signing_time = parse_xml_time(xades.signing_time_text);
      }
      TRY(read_signing_certificates(properties, xades));
    } else if (is(part, kXades, "UnsignedProperties")) {
      TRY(read_unsigned(part, xades, context));
    }
  }
  return base::done();
}

bool read_number(std::string_view text, int& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && text[0] != '-';
}

}  // namespace

base::Result<Signature> read_signature(Node* node, const Context& context) {
  Signature out;
  out.node = node;
  out.ns = namespace_of(node);
  out.id = attribute(node, "Id").value_or("");
  Walk parts(node, out.ns);
  out.signed_info = parts.take("SignedInfo");
  if (out.signed_info == nullptr) return wrong("SignedInfo");
  TRY(read_signed_info(out));
  out.value_node = parts.take("SignatureValue");
  std::optional<base::Bytes> value =
      out.value_node == nullptr ? std::nullopt : base64_of(out.value_node);
  if (!value || value->empty() || value->size() > 4096) return wrong("SignatureValue");
  out.value = std::move(*value);
  if (Node* key_info = parts.take("KeyInfo")) TRY(read_key_info(key_info, out, context));
  while (Node* object = parts.take("Object")) {
    const std::vector<Node*> content = children(object);
    if (content.size() == 1 && is(content[0], kXades, "QualifyingProperties")) {
      TRY(read_qualifying(content[0], out, context));
    } else {
      out.objects.push_back(object);
    }
  }
  if (!parts.at_end()) return wrong(local_name(node));
  return out;
}

std::optional<base::Time> parse_xml_time(std::string_view text) {
  // yyyy-MM-ddTHH:mm:ss
  int year, month, day, hour, minute, second;
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
      text[16] != ':' || !read_number(text.substr(0, 4), year) ||
      !read_number(text.substr(5, 2), month) || !read_number(text.substr(8, 2), day) ||
      !read_number(text.substr(11, 2), hour) || !read_number(text.substr(14, 2), minute) ||
      !read_number(text.substr(17, 2), second)) {
    return std::nullopt;
  }
  text.remove_prefix(19);
  if (text[0] == '.') {
    text.remove_prefix(1);
    while (!text.empty() && text[0] >= '0' && text[0] <= '9') text.remove_prefix(1);
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  base::Time time = std::chrono::sys_days(date);
  time += std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
  if (text == "Z") return time;
  int zone_hour, zone_minute;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' ||
      !read_number(text.substr(1, 2), zone_hour) || !read_number(text.substr(4, 2), zone_minute) ||
      zone_hour > 14 || zone_minute > 59) {
    return std::nullopt;
  }
  const base::Duration zone = std::chrono::hours(zone_hour) + std::chrono::minutes(zone_minute);
  return text[0] == '+' ? time - zone : time + zone;
}

std::string xml_time_text(base::Time time) { return base::iso_time_text(time).substr(0, 19) + "Z"; }

}  // namespace trust::xml
