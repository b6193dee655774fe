// Judges the signatures in XML: XML-DSig and XAdES (ETSI EN 319 132-1) B-B, B-T and B-LT. What is
// accepted and what is refused: docs/formats/xml-signatures.md.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "trust/judge.h"

namespace trust {

// Content that a reference names by something other than a place in the same document.
struct Detached {
  std::string name;    // as reports call it
  base::Bytes digest;  // by the algorithm asked for
};
// `digest` is a name such as "SHA-256". Nothing when there is no such content. An error when it
// cannot be read.
using Resolve = std::function<base::Result<std::optional<Detached>>(std::string_view uri,
                                                                    std::string_view digest)>;

// Every signature in an XML document, edXML too. A signature is valid only if it covers the
// document's root element; one that covers less says what, and is undetermined at best. With
// `resolve` the file is signatures over other files (of a container): `covers` names what each
// covers, and whether that is enough is for the caller to say.
//
// The report has remarks instead of signatures where the file cannot be judged (`incomplete`), and
// for signature blocks that never signed anything.
DocumentReport judge_xml(const Source& xml, const Context& context,
                         const Resolve& resolve = nullptr);

}  // namespace trust
