// ASiCManifest.xml: what a CMS signature or a timestamp token of a container covers (ETSI EN 319
// 162-1, annex A.4).
#pragma once
#include <string>
#include <vector>

#include "trust/judge.h"

namespace trust {

struct AsicManifest {
  struct File {
    std::string uri;
    std::string digest_name;  // "SHA-256"; empty when the algorithm is not known
    base::Bytes digest;
  };
  std::string signature_uri;
  std::vector<File> files;
};
// trust.asic_manifest (invalid), trust.xml_malformed, trust.xml_refused, trust.xml_too_large.
base::Result<AsicManifest> read_asic_manifest(base::BytesView xml, const Context& context);

}  // namespace trust
