// The first look at an XML file: one pass in fixed memory that refuses what may not be in it and
// finds out whether there is a signature at all, and what holding the document would cost.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "trust/judge.h"

namespace trust::xml {

inline constexpr int kDepthMax = 128;           // of elements
inline constexpr std::size_t kInScopeMax = 64;  // namespace declarations in scope of one element

// An element that is or pretends to be a signature.
struct Candidate {
  std::string path;  // "/edXML/edXMLEnvelope/edXMLHeader/Signature"
  // An edXML header carries signature blocks that never signed anything: empty ones, and sample
  // values copied from the specification (docs/formats/edxml.md).
  bool placeholder = false;
};

struct Scan {
  std::vector<Candidate> candidates;  // in the order of the document
  std::string root;                   // local name of the root element
  std::uint64_t tree_bytes = 0;       // memory that the whole tree would take, about
  std::uint64_t work = 0;             // steps of one canonicalisation of the whole, about
  base::Bytes sha256;                 // of the file
  bool incomplete = false;            // more candidates than Limits::signatures
};

// An element counts as a signature by its name: in xmldsig's namespace anywhere, in the header of
// an edXML document in any namespace.
inline bool is_signature(std::string_view local, std::string_view ns, std::string_view parent) {
  return local == "Signature" &&
         (ns == "http://www.w3.org/2000/09/xmldsig#" || parent == "edXMLHeader");
}
inline bool is_empty_signature(std::string_view local, std::string_view parent) {
  return local == "DigitalSignature" && parent == "edXMLHeader";
}

// Errors: trust.xml_malformed (invalid): not well-formed, not UTF-8, or a namespace is not
// declared while there is a signature; trust.xml_refused (invalid): a DOCTYPE or an entity;
// trust.xml_too_large (too_large): depth, attributes; trust.out_of_time (unavailable); what
// the source says.
base::Result<Scan> scan(const Source& xml, const Context& context);

}  // namespace trust::xml
