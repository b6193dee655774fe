#include "trust/testing/xml_signer.h"

#include "base/check.h"
#include "base/hash.h"
#include "trust/judge.h"
#include "trust/testing/demo_world.h"
#include "trust/xml/cryptography.h"
#include "trust/xml/dom.h"

namespace trust::testing {
namespace {

std::string signature_text(const XmlWish& wish, SigningKey& key,
                           const std::vector<std::string>& digests, const std::string& value) {
  const std::string method =
      wish.method.empty() ? "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" : wish.method;
  std::string out = "<Signature xmlns=\"" + wish.ns + "\" Id=\"S\"><SignedInfo>" +
                    "<CanonicalizationMethod Algorithm=\"" + wish.canonicalisation + "\"/>" +
                    "<SignatureMethod Algorithm=\"" + method + "\"/>";
  for (std::size_t i = 0; i < wish.uris.size(); ++i) {
    out += "<Reference URI=\"" + wish.uris[i] + "\"><Transforms>";
    for (const std::string& transform : wish.transforms) {
      out += "<Transform Algorithm=\"" + transform + "\"/>";
    }
    out += "</Transforms><DigestMethod Algorithm=\"" +
           std::string(xml::uri_of_digest(wish.digest)) + "\"/><DigestValue>" + digests[i] +
           "</DigestValue></Reference>";
  }
  out += "</SignedInfo><SignatureValue>" + value + "</SignatureValue>";
  if (wish.certificates) {
    out += "<KeyInfo><X509Data>";
    for (const base::Bytes& der : key.certificates()) {
      out += "<X509Certificate>" + base::base64(der) + "</X509Certificate>";
    }
    out += "</X509Data></KeyInfo>";
  }
  return out + wish.object + "</Signature>";
}

}  // namespace

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  std::size_t at = text.find(from);
  CHECK(at != std::string::npos);
  for (; at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string sign_xml(const std::string& document, SigningKey& key, const XmlWish& wish) {
  const Context context = DemoWorld::get().context();
  std::vector<std::string> digests(wish.uris.size(), "AAAA");
  const auto with = [&](const std::string& value) {
    return replaced(document, "@SIGNATURE@", signature_text(wish, key, digests, value));
  };
  const auto parsed = [&](const std::string& text) {
    return xml::load_small(text, context).value();
  };
  const auto signature_in = [](xml::Doc* doc) {
    for (xml::Node* node : xml::candidates(doc)) {
      if (xml::attribute(node, "Id") == "S") return node;
    }
    CHECK(false);
  };
  {
    const xml::DocPointer doc = parsed(with("AAAA"));
    for (std::size_t i = 0; i < wish.uris.size(); ++i) {
      xml::Part part;
      const std::string& uri = wish.uris[i];
      if (uri.empty()) {
        part.top = xml::root_of(doc.get());
      } else if (const auto found = xml::elements_by_id(doc.get(), uri.substr(1)); !found.empty()) {
        part.top = found[0];
      } else {
        continue;
      }
      for (const std::string& transform : wish.transforms) {
        if (transform == kEnvelopedUri) part.left_out = signature_in(doc.get());
        if (const auto canonical = xml::canonical_by_uri(transform)) part.canonical = *canonical;
      }
      digests[i] = base::base64(xml::digest_of(part, wish.digest).value());
    }
  }
  const xml::DocPointer doc = parsed(with("AAAA"));
  const base::Bytes signed_info =
      xml::canonical_form({.top = xml::child(signature_in(doc.get()), wish.ns, "SignedInfo"),
                           .canonical = *xml::canonical_by_uri(wish.canonicalisation)})
          .value();
  return with(base::base64(key.sign_one(base::sha256(signed_info)).value()));
}

}  // namespace trust::testing
