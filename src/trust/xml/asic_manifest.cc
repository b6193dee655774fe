#include "trust/xml/asic_manifest.h"

#include "trust/xml/cryptography.h"
#include "trust/xml/dom.h"
#include "trust/xml/parser.h"
#include "trust/xml/signature.h"

namespace trust {
namespace {

constexpr std::string_view kAsic = "http://uri.etsi.org/02918/v1.2.1#";

base::Error wrong(std::string_view element) {
  return {
      base::Code::invalid, "trust.asic_manifest",
      "the container's ASiCManifest is not as ETSI EN 319 162-1 wants it: " + std::string(element),
      "ASiCManifest của gói không đúng quy cách ETSI EN 319 162-1: " + std::string(element)};
}

}  // namespace

base::Result<AsicManifest> read_asic_manifest(base::BytesView xml, const Context& context) {
  const xml::DocPointer doc = TRY(xml::load_small(xml, context));
  xml::Node* root = xml::root_of(doc.get());
  if (!xml::is(root, kAsic, "ASiCManifest")) return wrong("ASiCManifest");
  AsicManifest out;
  for (xml::Node* node : xml::children(root)) {
    const std::string uri = xml::attribute(node, "URI").value_or("");
    if (xml::is(node, kAsic, "SigReference")) {
      if (uri.empty() || !out.signature_uri.empty()) return wrong("SigReference");
      out.signature_uri = uri;
    } else if (xml::is(node, kAsic, "DataObjectReference")) {
      xml::Node* method = xml::child(node, xml::kDsig, "DigestMethod");
      xml::Node* value = xml::child(node, xml::kDsig, "DigestValue");
      if (uri.empty() || method == nullptr || value == nullptr) return wrong("DataObjectReference");
      const std::optional<base::Bytes> digest = xml::base64_of(value);
      if (!digest || digest->empty()) return wrong("DigestValue");
      if (out.files.size() == xml::kReferencesMax) return xml::too_complex();
      out.files.push_back(
          {uri, std::string(xml::digest_by_uri(xml::attribute(method, "Algorithm").value_or(""))),
           *digest});
    }
  }
  if (out.signature_uri.empty() || out.files.empty()) return wrong("ASiCManifest");
  return out;
}

}  // namespace trust
