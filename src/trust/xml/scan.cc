#include "trust/xml/scan.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string_view>

#include "base/hash.h"
#include "trust/xml/dom.h"
#include "trust/xml/parser.h"
#include "trust/xml/tag_watch.h"

namespace trust::xml {
namespace {

constexpr std::size_t kPieceBytes = 64u << 10;
// What libxml2 2.9 takes for a node of each kind, about.
constexpr std::uint64_t kNodeBytes = 136, kAttributeBytes = 240, kNamespaceBytes = 64;
constexpr std::uint64_t kNodeWork = 32;         // against one look at a namespace
constexpr std::size_t kValueKept = 512;         // of a signature's values, to know placeholders
constexpr std::size_t kSignatureBytesMin = 32;  // no algorithm makes shorter ones

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

struct Open {
  std::string name;
  std::size_t declarations = 0;
};

// The values of the signature block that is being read.
struct Values {
  std::size_t depth = 0;  // of the block
  std::size_t candidate = 0;
  bool in_header = false;
  std::string value, digest, certificate;
};

struct Scanner {
  const Context& context;
  Scan out;
  std::vector<Open> open = {};
  std::size_t in_scope = 0;
  std::optional<Values> block = {};
  bool in_text = false;
  bool seen_root = false;
  std::optional<base::Error> error = {};
  xmlParserCtxtPtr parser = nullptr;

  void stop(base::Error why) {
    if (!error) error = std::move(why);
    ::xmlStopParser(parser);
  }
  std::string path() const {
    std::string text;
    for (const Open& element : open) (text += '/') += element.name;
    return text;
  }
  void add_candidate(bool in_header, bool block_follows);
  void start(std::string_view local, std::string_view ns, int namespaces, int attributes,
             const xmlChar** values);
  void end();
  void text(std::string_view piece);
};

bool is_placeholder(const Values& values) {
  if (!values.in_header) return false;
  std::string value;
  for (const char c : values.value) {
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n') value += c;
  }
  if (value.size() / 4 * 3 < kSignatureBytesMin) return true;
  // The sample of the specification, copied into documents ever since.
  return values.digest.find("FwgIqsSYJshUS2+wlOM61L+q7Aw=") != std::string::npos ||
         (values.certificate.size() < 64 &&
          values.certificate.find("MIIFqTCCBJG") != std::string::npos);
}

void Scanner::add_candidate(bool in_header, bool block_follows) {
  if (out.candidates.size() >= context.limits.signatures) {
    out.incomplete = true;
    return;
  }
  out.candidates.push_back({.path = path(), .placeholder = !block_follows});
  if (!block_follows || block) return;
  block.emplace();
  block->depth = open.size();
  block->candidate = out.candidates.size() - 1;
  block->in_header = in_header;
}

void Scanner::start(std::string_view local, std::string_view ns, int namespaces, int attributes,
                    const xmlChar** values) {
  const auto declared = static_cast<std::size_t>(namespaces);
  const auto count = static_cast<std::size_t>(attributes);
  in_text = false;
  if (!seen_root) {
    seen_root = true;
    out.root = local;
  }
  const std::string parent = open.empty() ? "" : open.back().name;
  in_scope += declared;
  open.push_back({std::string(local), declared});
  if (open.size() > kDepthMax || in_scope > kInScopeMax || count > kAttributesMax) {
    return stop(too_complex());
  }
  out.tree_bytes += kNodeBytes + declared * kNamespaceBytes + count * kAttributeBytes;
  for (std::size_t i = 0; i < count; ++i) {
    out.tree_bytes += static_cast<std::uint64_t>(values[i * 5 + 4] - values[i * 5 + 3]);
  }
  out.work += kNodeWork + open.size() + count * kNodeWork / 2 + (in_scope + 1) * (in_scope + 1) +
              count * count;
  if (is_signature(local, ns, parent)) {
    add_candidate(parent == "edXMLHeader", true);
  } else if (is_empty_signature(local, parent)) {
    add_candidate(true, false);
  }
}

void Scanner::end() {
  in_text = false;
  if (block && block->depth == open.size()) {
    out.candidates[block->candidate].placeholder = is_placeholder(*block);
    block.reset();
  }
  in_scope -= open.back().declarations;
  open.pop_back();
}

void Scanner::text(std::string_view piece) {
  if (!in_text) out.tree_bytes += kNodeBytes;
  in_text = true;
  out.tree_bytes += piece.size();
  out.work += piece.size() / 4 + 1;
  if (!block || !block->in_header || open.empty()) return;
  const std::string& name = open.back().name;
  std::string* to = name == "SignatureValue"    ? &block->value
                    : name == "DigestValue"     ? &block->digest
                    : name == "X509Certificate" ? &block->certificate
                                                : nullptr;
  if (to != nullptr && to->size() < kValueKept) to->append(piece.substr(0, kValueKept));
}

Scanner& of(void* data) { return *static_cast<Scanner*>(data); }

void on_start(void* data, const xmlChar* local, const xmlChar*, const xmlChar* uri, int namespaces,
              const xmlChar**, int attributes, int, const xmlChar** values) {
  of(data).start(view(local), view(uri), namespaces, attributes, values);
}
void on_end(void* data, const xmlChar*, const xmlChar*, const xmlChar*) { of(data).end(); }
void on_text(void* data, const xmlChar* text, int size) {
  of(data).text({reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)});
}
void on_comment(void* data, const xmlChar* text) {
  Scanner& scanner = of(data);
  scanner.in_text = false;
  scanner.out.tree_bytes += kNodeBytes + view(text).size();
  scanner.out.work += 1;
}
void on_instruction(void* data, const xmlChar*, const xmlChar* text) { on_comment(data, text); }
void on_doctype(void* data, const xmlChar*, const xmlChar*, const xmlChar*) {
  of(data).stop(has_doctype());
}
void on_reference(void* data, const xmlChar*) { of(data).stop(has_doctype()); }
void on_message(void*, const char*, ...) {}

struct ParserDeleter {
  void operator()(xmlParserCtxtPtr parser) const {
    if (parser->myDoc != nullptr) ::xmlFreeDoc(parser->myDoc);
    ::xmlFreeParserCtxt(parser);
  }
};

bool is_wide(base::BytesView start) {
  return start.starts_with("\xFE\xFF") || start.starts_with("\xFF\xFE") ||
         start.substr(0, 4).find('\0') != base::BytesView::npos;
}

}  // namespace

base::Result<Scan> scan(const Source& xml, const Context& context) {
  start_libraries();
  Scanner scanner{.context = context, .out = {}};
  xmlSAXHandler handler{};
  handler.initialized = XML_SAX2_MAGIC;
  handler.startElementNs = on_start;
  handler.endElementNs = on_end;
  handler.characters = on_text;
  handler.ignorableWhitespace = on_text;
  handler.cdataBlock = on_text;
  handler.comment = on_comment;
  handler.processingInstruction = on_instruction;
  handler.internalSubset = on_doctype;
  handler.reference = on_reference;
  handler.warning = on_message;
  handler.error = on_message;
  const std::unique_ptr<xmlParserCtxt, ParserDeleter> parser(
      ::xmlCreatePushParserCtxt(&handler, &scanner, nullptr, 0, nullptr));
  if (!parser) return too_complex();
  scanner.parser = parser.get();
  // Without XML_PARSE_HUGE: comments, values and the dictionary of names have libxml2's limits.
  ::xmlCtxtUseOptions(parser.get(), XML_PARSE_NONET);
  parser->userData = &scanner;  // the options set it back to the parser itself

  TagWatch tags;
  base::Sha256 hash;
  std::string piece(kPieceBytes, '\0');
  for (std::uint64_t at = 0;;) {
    if (context.out_of_time()) return out_of_time();
    const std::size_t size = TRY(xml.read_at(at, piece.data(), piece.size()));
    const base::BytesView bytes(piece.data(), size);
    if (at == 0 && (is_wide(bytes) || !declares_utf8(bytes))) return not_utf8();
    if (!tags.feed(bytes)) return too_complex();
    hash.update(bytes);
    at += size;
    const bool last = size < piece.size();
    const int status = ::xmlParseChunk(parser.get(), bytes.data(), static_cast<int>(size), last);
    if (scanner.error) return std::move(*scanner.error);
    if (status != XML_ERR_OK && parser->wellFormed == 0) {
      return malformed(parser->input == nullptr ? 0 : parser->input->line);
    }
    if (last) break;
  }
  if (parser->wellFormed == 0 || !scanner.seen_root) return malformed(0);
  const bool real = std::any_of(scanner.out.candidates.begin(), scanner.out.candidates.end(),
                                [](const Candidate& c) { return !c.placeholder; });
  if (real && parser->nsWellFormed == 0) return malformed(0);
  scanner.out.sha256 = hash.finish();
  return std::move(scanner.out);
}

}  // namespace trust::xml
