#include "trust/xml/dom.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "base/hash.h"
#include "trust/xml/parser.h"
#include "trust/xml/scan.h"

namespace trust::xml {
namespace {

constexpr std::size_t kPieceBytes = 64u << 10;

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

void refuse_doctype(void* parser, const xmlChar*, const xmlChar*, const xmlChar*) {
  ::xmlStopParser(static_cast<xmlParserCtxtPtr>(parser));
}
void on_message(void*, const char*, ...) {}

bool is_id(std::string_view name) {
  return name.size() == 2 && (name[0] | 0x20) == 'i' && (name[1] | 0x20) == 'd';
}

// The value when it is plain text, as the parser leaves it.
std::string_view value_of(const xmlAttr* attribute) {
  const xmlNode* text = attribute->children;
  if (text == nullptr || text->next != nullptr || text->type != XML_TEXT_NODE) return {};
  return view(text->content);
}

// Visits elements in the order of the document, without recursion.
void walk(Node* top, const std::function<void(Node*)>& visit) {
  for (Node* node = top; node != nullptr;) {
    if (node->type == XML_ELEMENT_NODE) visit(node);
    if (node->type == XML_ELEMENT_NODE && node->children != nullptr) {
      node = node->children;
      continue;
    }
    while (node != top && node->next == nullptr) node = node->parent;
    if (node == top) break;
    node = node->next;
  }
}

}  // namespace

void DocDeleter::operator()(Doc* doc) const { ::xmlFreeDoc(doc); }

base::Result<DocPointer> load(const Source& xml, const Context& context) {
  start_libraries();
  struct ParserDeleter {
    void operator()(xmlParserCtxtPtr parser) const {
      if (parser->myDoc != nullptr) ::xmlFreeDoc(parser->myDoc);
      ::xmlFreeParserCtxt(parser);
    }
  };
  const std::unique_ptr<xmlParserCtxt, ParserDeleter> parser(
      ::xmlCreatePushParserCtxt(nullptr, nullptr, nullptr, 0, nullptr));
  if (!parser) return too_complex();
  ::xmlCtxtUseOptions(parser.get(), XML_PARSE_NONET | XML_PARSE_HUGE);
  parser->sax->internalSubset = refuse_doctype;
  parser->sax->error = on_message;
  parser->sax->warning = on_message;
  parser->sax->serror = nullptr;
  std::string piece(kPieceBytes, '\0');
  for (std::uint64_t at = 0;;) {
    if (context.out_of_time()) return out_of_time();
    const std::size_t size = TRY(xml.read_at(at, piece.data(), piece.size()));
    at += size;
    const bool last = size < piece.size();
    ::xmlParseChunk(parser.get(), piece.data(), static_cast<int>(size), last);
    if (last) break;
  }
  DocPointer doc(std::exchange(parser->myDoc, nullptr));
  if (!doc || parser->wellFormed == 0 || parser->nsWellFormed == 0 || doc->intSubset != nullptr ||
      root_of(doc.get()) == nullptr) {
    return malformed(parser->input == nullptr ? 0 : parser->input->line);
  }
  return doc;
}

base::Result<DocPointer> load_small(base::BytesView xml, const Context& context) {
  const std::unique_ptr<Source> source = memory_source(xml);
  const Scan facts = TRY(scan(*source, context));
  if (facts.tree_bytes > context.limits.parsed_bytes) return too_complex();
  return load(*source, context);
}

Node* root_of(Doc* doc) { return ::xmlDocGetRootElement(doc); }

Doc* document_of(Node* node) { return node->doc; }

Node* parent_of(Node* node) {
  return node->parent != nullptr && node->parent->type == XML_ELEMENT_NODE ? node->parent : nullptr;
}

std::string_view local_name(const Node* node) { return view(node->name); }

std::string_view namespace_of(const Node* node) {
  return node->ns == nullptr ? std::string_view() : view(node->ns->href);
}

bool is(const Node* node, std::string_view ns, std::string_view local) {
  return local_name(node) == local && namespace_of(node) == ns;
}

bool is_within(const Node* node, const Node* ancestor) {
  for (; node != nullptr; node = node->parent) {
    if (node == ancestor) return true;
  }
  return false;
}

std::vector<Node*> children(Node* node) {
  std::vector<Node*> found;
  for (Node* child = node->children; child != nullptr; child = child->next) {
    if (child->type == XML_ELEMENT_NODE) found.push_back(child);
  }
  return found;
}

Node* child(Node* node, std::string_view ns, std::string_view local) {
  for (Node* child = node->children; child != nullptr; child = child->next) {
    if (child->type == XML_ELEMENT_NODE && is(child, ns, local)) return child;
  }
  return nullptr;
}

std::vector<Node*> all_below(Node* node, std::string_view ns, std::string_view local) {
  std::vector<Node*> found;
  walk(node, [&](Node* element) {
    if (element != node && is(element, ns, local)) found.push_back(element);
  });
  return found;
}

std::optional<std::string> attribute(const Node* node, const char* name) {
  for (const xmlAttr* a = node->properties; a != nullptr; a = a->next) {
    if (a->ns == nullptr && view(a->name) == name) return std::string(value_of(a));
  }
  return std::nullopt;
}

std::optional<std::string> text_of(const Node* node) {
  std::string text;
  for (const Node* part = node->children; part != nullptr; part = part->next) {
    if (part->type != XML_TEXT_NODE) return std::nullopt;
    text += view(part->content);
  }
  return text;
}

std::optional<base::Bytes> base64_of(const Node* node) {
  const std::optional<std::string> text = text_of(node);
  return text ? base::from_base64(*text) : std::nullopt;
}

bool is_plain(Node* top) {
  bool plain = true;
  walk(top, [&plain](Node* element) {
    for (const Node* part = element->children; part != nullptr; part = part->next) {
      plain = plain && (part->type == XML_ELEMENT_NODE || part->type == XML_TEXT_NODE);
    }
  });
  return plain;
}

std::vector<Node*> candidates(Doc* doc) {
  std::vector<Node*> found;
  walk(root_of(doc), [&found](Node* element) {
    Node* above = parent_of(element);
    const std::string_view parent = above == nullptr ? std::string_view() : local_name(above);
    const std::string_view local = local_name(element);
    if (is_signature(local, namespace_of(element), parent) || is_empty_signature(local, parent)) {
      found.push_back(element);
    }
  });
  return found;
}

std::vector<Node*> elements_by_id(Doc* doc, std::string_view id) {
  std::vector<Node*> found;
  walk(root_of(doc), [&](Node* element) {
    for (const xmlAttr* a = element->properties; a != nullptr; a = a->next) {
      if (is_id(view(a->name)) && value_of(a) == id) {
        found.push_back(element);
        break;
      }
    }
  });
  return found;
}

std::string path_of(Node* node) {
  std::string path;
  for (; node != nullptr; node = parent_of(node)) {
    std::string step = "/" + std::string(local_name(node));
    std::size_t number = 1, others = 0;
    for (const Node* other = node->prev; other != nullptr; other = other->prev) {
      if (other->type == XML_ELEMENT_NODE && local_name(other) == local_name(node)) ++number;
    }
    for (const Node* other = node->next; other != nullptr && number == 1; other = other->next) {
      if (other->type == XML_ELEMENT_NODE && local_name(other) == local_name(node)) ++others;
      if (others != 0) break;
    }
    if (number > 1 || others > 0) step += "[" + std::to_string(number) + "]";
    path.insert(0, step);
  }
  return path;
}

}  // namespace trust::xml
