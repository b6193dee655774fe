#include "trust/xml/sign_xades.h"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>

#include <memory>

#include "base/hash.h"
#include "trust/certificate.h"
#include "trust/judge.h"
#include "trust/xml/cryptography.h"
#include "trust/xml/dom.h"
#include "trust/xml/signature.h"

namespace trust {
namespace {

using namespace std::string_literals;

constexpr std::string_view kExclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
constexpr std::string_view kSha256 = "http://www.w3.org/2001/04/xmlenc#sha256";
constexpr std::string_view kRsa = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
constexpr std::string_view kEcdsa = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
constexpr std::string_view kAsic = "http://uri.etsi.org/02918/v1.2.1#";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
  }
  return out;
}

std::string element(std::string_view name, std::string_view content) {
  return "<" + std::string(name) + ">" + std::string(content) + "</" + std::string(name) + ">";
}
std::string method(std::string_view name, std::string_view algorithm) {
  return "<" + std::string(name) + " Algorithm=\"" + std::string(algorithm) + "\"/>";
}
std::string digest(base::BytesView sha256) {
  return method("ds:DigestMethod", kSha256) + element("ds:DigestValue", base::base64(sha256));
}

// XML-DSig wants r and s side by side, each as long as the curve's order.
base::Result<base::Bytes> plain_ecdsa(base::BytesView der, int width) {
  const ErrorQueue errors;
  const unsigned char* at = unsigned_of(der);
  const std::unique_ptr<ECDSA_SIG, decltype(&::ECDSA_SIG_free)> parsed(
      ::d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ::ECDSA_SIG_free);
  base::Bytes out(static_cast<std::size_t>(2 * width), '\0');
  if (!parsed ||
      ::BN_bn2binpad(::ECDSA_SIG_get0_r(parsed.get()), unsigned_of(out), width) != width ||
      ::BN_bn2binpad(::ECDSA_SIG_get0_s(parsed.get()), unsigned_of(out) + width, width) != width) {
    return base::Error(base::Code::invalid, "trust.key_mismatch",
                       "the key gave a signature that does not hold under its certificate",
                       "chữ ký mà khóa tạo ra không khớp với chứng thư của nó");
  }
  return out;
}

// The file as it grows: each part is put into canonical form out of the whole.
struct Draft {
  const std::vector<SignedFile>& files;
  const std::vector<base::Bytes>& certificates;
  const XadesOptions& options;
  std::string id = {};
  std::string_view signature_method;
  base::Bytes properties_digest = {}, value = {}, token = {};

  void name_it();
  std::string signed_info() const;
  std::string signed_properties() const;
  std::string unsigned_properties() const;
  std::string text() const;
  // Of the element called so in the text as it is now.
  base::Result<base::Bytes> canonical(std::string_view ns, std::string_view local) const;
};

// Two signatures in one container must not share an Id, and the same call gives the same one.
void Draft::name_it() {
  std::string seed = xml::xml_time_text(options.claimed_at) + certificates[0];
  for (const SignedFile& file : files) (seed += file.name) += file.sha256;
  id = "id-" + base::hex(base::sha256(seed)).substr(0, 32);
}

std::string Draft::signed_info() const {
  std::string out = method("ds:CanonicalizationMethod", kExclusive) +
                    method("ds:SignatureMethod", signature_method);
  std::size_t number = 0;
  for (const SignedFile& file : files) {
    out += "<ds:Reference Id=\"" + id + "-r" + std::to_string(++number) + "\" URI=\"" +
           escaped(uri_of_name(file.name)) + "\">" + digest(file.sha256) + "</ds:Reference>";
  }
  out += "<ds:Reference Type=\"http://uri.etsi.org/01903#SignedProperties\" URI=\"#" + id +
         "-p\"><ds:Transforms>" + method("ds:Transform", kExclusive) + "</ds:Transforms>" +
         digest(properties_digest) + "</ds:Reference>";
  return element("ds:SignedInfo", out);
}

std::string Draft::signed_properties() const {
  std::string formats;
  for (std::size_t i = 0; i < files.size(); ++i) {
    formats += "<xades:DataObjectFormat ObjectReference=\"#" + id + "-r" + std::to_string(i + 1) +
               "\">" + element("xades:MimeType", escaped(files[i].media_type)) +
               "</xades:DataObjectFormat>";
  }
  return "<xades:SignedProperties Id=\"" + id + "-p\">" +
         element(
             "xades:SignedSignatureProperties",
             element("xades:SigningTime", xml::xml_time_text(options.claimed_at)) +
                 element("xades:SigningCertificateV2",
                         element("xades:Cert", element("xades:CertDigest",
                                                       digest(base::sha256(certificates[0])))))) +
         element("xades:SignedDataObjectProperties", formats) + "</xades:SignedProperties>";
}

std::string encapsulated(std::string_view list, std::string_view name,
                         const std::vector<base::Bytes>& values) {
  std::string out;
  for (const base::Bytes& value : values) out += element(name, base::base64(value));
  return values.empty() || list.empty() ? out : element(list, out);
}

std::string Draft::unsigned_properties() const {
  if (token.empty()) return {};
  std::string out = "<xades:SignatureTimeStamp Id=\"" + id + "-t\">" +
                    method("ds:CanonicalizationMethod", kExclusive) +
                    element("xades:EncapsulatedTimeStamp", base::base64(token)) +
                    "</xades:SignatureTimeStamp>";
  if (!options.crls.empty() || !options.ocsp_responses.empty()) {
    std::vector<base::Bytes> values(certificates.begin() + 1, certificates.end());
    values.insert(values.end(), options.certificates.begin(), options.certificates.end());
    out += encapsulated("xades:CertificateValues", "xades:EncapsulatedX509Certificate", values);
    out += element("xades:RevocationValues",
                   encapsulated("xades:CRLValues", "xades:EncapsulatedCRLValue", options.crls) +
                       encapsulated("xades:OCSPValues", "xades:EncapsulatedOCSPValue",
                                    options.ocsp_responses));
  }
  return element("xades:UnsignedProperties", element("xades:UnsignedSignatureProperties", out));
}

std::string Draft::text() const {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<asic:XAdESSignatures xmlns:asic=\"" +
         std::string(kAsic) + "\" xmlns:ds=\"" + std::string(xml::kDsig) + "\" xmlns:xades=\"" +
         std::string(xml::kXades) + "\"><ds:Signature Id=\"" + id + "\">" + signed_info() +
         "<ds:SignatureValue Id=\"" + id + "-v\">" + base::base64(value) + "</ds:SignatureValue>" +
         element("ds:KeyInfo", encapsulated("ds:X509Data", "ds:X509Certificate", certificates)) +
         "<ds:Object><xades:QualifyingProperties Target=\"#" + id + "\">" + signed_properties() +
         unsigned_properties() +
         "</xades:QualifyingProperties></ds:Object></ds:Signature></asic:XAdESSignatures>\n";
}

base::Result<base::Bytes> Draft::canonical(std::string_view ns, std::string_view local) const {
  const Anchors none;
  const Policy policy;
  const Context context{.anchors = none, .policy = policy, .now = options.claimed_at};
  const xml::DocPointer doc = TRY(xml::load_small(text(), context));
  const std::vector<xml::Node*> found = xml::all_below(xml::root_of(doc.get()), ns, local);
  CHECK(found.size() == 1);
  return xml::canonical_form({.top = found[0], .canonical = xml::Canonical::exclusive});
}

// Whether a byte of a name may stand in a URI as it is: RFC 3986 unreserved, and '/'.
bool is_plain_in_uri(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~' || c == '/';
}

}  // namespace

std::string uri_of_name(std::string_view name) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : name) {
    if (is_plain_in_uri(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

std::optional<std::string> name_of_uri(std::string_view uri) {
  std::string out;
  for (std::size_t i = 0; i < uri.size(); ++i) {
    if (uri[i] != '%') {
      out += uri[i];
      continue;
    }
    const std::optional<base::Bytes> byte = base::from_hex(uri.substr(i + 1, 2));
    if (!byte || byte->size() != 1) return std::nullopt;
    out += *byte;
    i += 2;
  }
  return out;
}

base::Result<base::Bytes> sign_xades(const std::vector<SignedFile>& files, SigningKey& key,
                                     const XadesOptions& options) {
  if (key.certificates().empty()) {
    return base::Error(base::Code::invalid, "trust.key_unsuited",
                       "signing needs the certificate of the key",
                       "để ký cần có chứng thư của khóa");
  }
  if (key.algorithm() == KeyAlgorithm::ed25519) {
    return base::Error(base::Code::invalid, "trust.key_unsuited",
                       "XML signatures are made with RSA or ECDSA keys; this one is Ed25519",
                       "chữ ký XML dùng khóa RSA hoặc ECDSA; khóa này là Ed25519");
  }
  if (files.empty() || files.size() >= xml::kReferencesMax) {
    return base::Error(
        base::Code::invalid, "trust.too_many_files",
        "a signature covers 1 to " + std::to_string(xml::kReferencesMax - 1) + " files",
        "một chữ ký bao gồm từ 1 đến " + std::to_string(xml::kReferencesMax - 1) + " tệp");
  }
  const bool rsa = key.algorithm() == KeyAlgorithm::rsa;
  Draft draft{.files = files,
              .certificates = key.certificates(),
              .options = options,
              .signature_method = rsa ? kRsa : kEcdsa};
  draft.name_it();
  const base::Bytes properties = TRY(draft.canonical(xml::kXades, "SignedProperties"));
  draft.properties_digest = base::sha256(properties);
  const base::Bytes signed_info = TRY(draft.canonical(xml::kDsig, "SignedInfo"));
  draft.value = TRY(key.sign_one(base::sha256(signed_info)));
  if (!rsa) {
    const int width = key.algorithm() == KeyAlgorithm::ecdsa_p384 ? 48 : 32;
    draft.value = TRY(plain_ecdsa(draft.value, width));
  }
  if (options.timestamps != nullptr) {
    const base::Bytes stamped = TRY(draft.canonical(xml::kDsig, "SignatureValue"));
    draft.token =
        TRY(options.timestamps->stamp(base::sha256(stamped), options.timestamp_budget_ms)).token;
  }
  return draft.text();
}

base::Result<XadesContents> read_own_xades(base::BytesView text,
                                           const std::vector<SignedFile>& files) {
  const base::Error altered(base::Code::invalid, "trust.signature_form",
                            "the file of the signature is not as it was written",
                            "tệp chữ ký không còn đúng như lúc được lập");
  const Anchors none;
  const Policy policy;
  const Context context{.anchors = none, .policy = policy, .now = {}};
  const auto doc = xml::load_small(text, context);
  if (!doc) return altered;
  const auto nodes = xml::all_below(xml::root_of(doc->get()), xml::kDsig, "Signature");
  if (nodes.size() != 1) return altered;
  const auto read = xml::read_signature(nodes[0], context);
  if (!read || !read->xades || read->certificates.empty()) return altered;
  const xml::Xades& xades = *read->xades;
  if (read->references.size() != files.size() + 1 || xades.timestamps.size() > 1) return altered;

  // Written once more from what it holds, it must be the same bytes. The digests are its own:
  // whether the files have them is for judging to say.
  std::vector<SignedFile> named = files;
  for (std::size_t i = 0; i < files.size(); ++i) named[i].sha256 = read->references[i].digest;
  XadesOptions options;
  options.claimed_at = xades.signing_time.value_or(base::Time());
  const std::size_t issuers = read->certificates.size() - 1;
  if (xades.has_values && xades.certificates.size() < issuers) return altered;
  if (xades.has_values) {
    options.certificates.assign(xades.certificates.begin() + static_cast<std::ptrdiff_t>(issuers),
                                xades.certificates.end());
  }
  options.crls = xades.crls;
  options.ocsp_responses = xades.ocsp_responses;
  Draft draft{.files = named,
              .certificates = read->certificates,
              .options = options,
              .signature_method = read->method == kRsa ? kRsa : kEcdsa};
  draft.name_it();
  draft.properties_digest = read->references.back().digest;
  draft.value = read->value;
  if (!xades.timestamps.empty()) draft.token = xades.timestamps[0].token;
  if (draft.text() != text) return altered;
  XadesContents contents{draft.token, read->certificates, options.crls, options.ocsp_responses};
  for (const base::Bytes& one : xades.certificates) contents.certificates.push_back(one);
  return contents;
}

}  // namespace trust
