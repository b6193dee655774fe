// For tests: signs XML documents in every way that the field knows, and in some that attackers do.
#pragma once
#include <string>
#include <vector>

#include "base/bytes.h"
#include "trust/key.h"

namespace trust::testing {

inline constexpr const char* kEnvelopedUri =
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
inline constexpr const char* kExclusiveUri = "http://www.w3.org/2001/10/xml-exc-c14n#";
inline constexpr const char* kInclusiveUri = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";

struct XmlWish {
  std::vector<std::string> uris = {""};
  std::vector<std::string> transforms = {kEnvelopedUri, kExclusiveUri};
  std::string canonicalisation = kExclusiveUri;
  std::string digest = "SHA-256";
  std::string method = {};  // URI; empty: what the key can
  std::string ns = "http://www.w3.org/2000/09/xmldsig#";
  std::string object = {};  // put into the signature as it is
  bool certificates = true;
};
// `document` with a signature where "@SIGNATURE@" stands. Digests are right for what a reference
// means; where it means nothing they are made up.
std::string sign_xml(const std::string& document, SigningKey& key, const XmlWish& wish = {});

// Every occurrence; fails the program when there is none.
std::string replaced(std::string text, const std::string& from, const std::string& to);

}  // namespace trust::testing
