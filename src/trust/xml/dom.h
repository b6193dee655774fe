// An XML document held in memory, and how its elements are looked at. libxml2 stays in .cc files.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "trust/judge.h"

struct _xmlDoc;
struct _xmlNode;

namespace trust::xml {

using Doc = ::_xmlDoc;
using Node = ::_xmlNode;

inline constexpr std::string_view kDsig = "http://www.w3.org/2000/09/xmldsig#";
inline constexpr std::string_view kXades = "http://uri.etsi.org/01903/v1.3.2#";
inline constexpr std::string_view kXades141 = "http://uri.etsi.org/01903/v1.4.1#";

struct DocDeleter {
  void operator()(Doc* doc) const;
};
using DocPointer = std::unique_ptr<Doc, DocDeleter>;

// Reads a file that scan() let pass. No DTD, no entities, no network. Errors as of scan().
base::Result<DocPointer> load(const Source& xml, const Context& context);
// The same for little XML from within something else: scans it too.
base::Result<DocPointer> load_small(base::BytesView xml, const Context& context);

Node* root_of(Doc* doc);
Doc* document_of(Node* node);
Node* parent_of(Node* node);  // null above the root
std::string_view local_name(const Node* node);
std::string_view namespace_of(const Node* node);  // empty when it has none
bool is(const Node* node, std::string_view ns, std::string_view local);
bool is_within(const Node* node, const Node* ancestor);  // also when they are the same

// Elements only; text, comments and instructions between them are passed over.
std::vector<Node*> children(Node* node);
Node* child(Node* node, std::string_view ns, std::string_view local);  // the first; null
std::vector<Node*> all_below(Node* node, std::string_view ns, std::string_view local);

// The value of an attribute without namespace; nothing when it is not there.
std::optional<std::string> attribute(const Node* node, const char* name);
// The text of an element that holds text only. A comment, a CDATA section or an element within it
// could make two readers see two values: nothing then.
std::optional<std::string> text_of(const Node* node);
std::optional<base::Bytes> base64_of(const Node* node);

// Whether there are only elements and text below it: no comments, CDATA sections or instructions.
bool is_plain(Node* node);

// What scan() calls candidates, in its order.
std::vector<Node*> candidates(Doc* doc);

// Every element with an attribute called Id, in any spelling and namespace, of this value.
std::vector<Node*> elements_by_id(Doc* doc, std::string_view id);
// "/edXML/edXMLEnvelope/edXMLHeader/Signature[2]": local names, a number where one repeats.
std::string path_of(Node* node);

}  // namespace trust::xml
