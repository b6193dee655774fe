// A Signature element and its XAdES properties, read strictly: what is not in the one place where
// it belongs is an error, so that no two readers can see different signatures.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "trust/judge.h"
#include "trust/xml/dom.h"

namespace trust::xml {

struct Transform {
  std::string algorithm;
  Node* node = nullptr;
};

struct Reference {
  std::optional<std::string> uri;
  std::string type;
  std::vector<Transform> transforms;
  std::string digest_algorithm;  // URI
  base::Bytes digest;
};

struct CertificateDigest {
  std::string algorithm;  // URI
  base::Bytes digest;
};

struct EmbeddedTimestamp {
  base::Bytes token;
  std::string canonicalisation;  // URI; empty: the default
  Node* parameters = nullptr;
};

// The unsigned part proves nothing by itself: material for building chains.
struct Xades {
  Node* signed_properties = nullptr;
  std::optional<base::Time> signing_time;
  std::string signing_time_text;
  std::vector<CertificateDigest> signing_certificates;  // the signer's first
  std::vector<EmbeddedTimestamp> timestamps;
  std::vector<base::Bytes> certificates, crls, ocsp_responses;
  bool has_values = false;         // CertificateValues or RevocationValues
  bool has_archive_stamp = false;  // seen, not judged
};

struct Signature {
  Node* node = nullptr;
  std::string ns;  // of its elements: xmldsig's, or in edXML the document's
  std::string id;
  Node* signed_info = nullptr;
  Node* value_node = nullptr;
  std::string canonicalisation, method;  // URIs
  Node* canonicalisation_node = nullptr;
  std::vector<Reference> references;
  base::Bytes value;
  std::vector<base::Bytes> certificates;  // of KeyInfo
  std::vector<Node*> objects;             // those with anything but QualifyingProperties
  std::optional<Xades> xades;
};

inline constexpr std::size_t kReferencesMax = 4096;
inline constexpr std::size_t kTransformsMax = 4;

// Errors: trust.xml_signature (invalid), trust.xml_too_large.
base::Result<Signature> read_signature(Node* node, const Context& context);

// "2026-11-22T09:30:00+07:00", "…Z", with or without a fraction. Without a zone it is no time.
std::optional<base::Time> parse_xml_time(std::string_view text);
std::string xml_time_text(base::Time time);  // "2026-11-22T02:30:00Z"

}  // namespace trust::xml
