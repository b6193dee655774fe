#include "edxml/reader.h"

#include <expat.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/random.h"
#include "base/text.h"
#include "edxml/builder.h"
#include "edxml/reasons.h"

namespace edxml {
namespace {

constexpr std::size_t kPiece = 64u << 10;      // most that expat gets at once
constexpr std::uint64_t kTokenMax = 1u << 20;  // one tag, comment or instruction
constexpr std::uint64_t kPatience = 4096;      // a token longer than this is not retried per byte
constexpr std::size_t kNameShown = 100;

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

// Where the start tag of an attachment's text may end within `bytes`: just behind it expat is left
// out. A wrong guess costs speed only.
std::size_t up_to_content(std::string_view bytes) {
  for (const std::string_view name : {"ContentTransferEncoded", "AttachmentData"}) {
    const void* at = ::memmem(bytes.data(), bytes.size(), name.data(), name.size());
    if (!at) continue;
    const auto from = static_cast<std::size_t>(static_cast<const char*>(at) - bytes.data());
    const std::size_t end = bytes.find('>', from);
    return end == std::string_view::npos ? bytes.size() : end + 1;
  }
  return bytes.size();
}

bool utf16_start(std::string_view bytes) {
  return bytes.starts_with("\xFE\xFF") || bytes.starts_with("\xFF\xFE") ||
         bytes.starts_with(std::string_view("\0<", 2)) ||
         bytes.starts_with(std::string_view("<\0", 2));
}

bool is_beginning_of_utf8(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
  return bytes.size() < size && std::all_of(bytes.begin() + 1, bytes.end(), [](char c) {
           return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
         });
}

}  // namespace

struct Reader::Impl {
  explicit Impl(ReadLimits limits_given) : limits(limits_given), builder(limits_given) {
    // The encoding is forced: expat would otherwise decode what the declaration names.
    parser = ::XML_ParserCreate("UTF-8");
    CHECK(parser != nullptr);
    // One unpredictable salt for the process: expat would otherwise ask the kernel at every
    // document.
    static const auto salt = static_cast<unsigned long>(base::SystemRandom().number() | 1);
    ::XML_SetHashSalt(parser, salt);
    ::XML_SetUserData(parser, this);
    ::XML_SetElementHandler(parser, on_start, on_end);
    ::XML_SetCharacterDataHandler(parser, on_text);
    ::XML_SetStartDoctypeDeclHandler(parser, on_doctype);
    ::XML_SetXmlDeclHandler(parser, on_declaration);
  }
  ~Impl() { ::XML_ParserFree(parser); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  const ReadLimits limits;
  Builder builder;
  XML_Parser parser = nullptr;
  std::optional<base::Error> error;
  bool finished = false;

  std::string start;  // the first bytes, until the encoding is known
  bool started = false;
  std::string held;                     // withheld from expat while it waits for the end of a token
  std::uint64_t fed = 0;                // bytes expat got
  std::uint64_t skipped = 0;            // bytes of attachments that it did not get
  std::uint64_t content_fed = 0;        // bytes of attachments that it did get
  std::uint64_t content_start_fed = 0;  // `fed`, in expat's count, where the open one began
  bool in_content = false;
  std::size_t content_depth = 0;
  bool foreign = false;  // the open one needs the XML parser
  std::uint64_t skipped_lines = 0;
  std::uint64_t shift_line = 0;  // in expat's count, the line that the shift applies to
  std::int64_t column_shift = 0;
  std::string path;
  std::vector<std::size_t> path_ends;

  base::Result<void> feed(std::string_view bytes);
  base::Result<void> begin();
  base::Result<void> feed_started(std::string_view bytes);
  void feed_raw(std::string_view& bytes);
  void feed_parser(std::string_view bytes);
  void parse(std::string_view bytes, bool last);
  void report_parser();
  bool bad_utf8_here() const;
  std::uint64_t token_bytes() const {
    const XML_Index at = ::XML_GetCurrentByteIndex(parser);
    return at < 0 ? fed : fed - std::min(fed, static_cast<std::uint64_t>(at));
  }
  void fail(Reason reason, std::string_view detail_en = {}, std::string_view detail_vi = {});

  static void on_start(void* self, const XML_Char* name, const XML_Char** attributes);
  static void on_end(void* self, const XML_Char* name);
  static void on_text(void* self, const XML_Char* text, int size);
  static void on_doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int);
  static void on_declaration(void* self, const XML_Char*, const XML_Char* encoding, int);
};

void Reader::Impl::fail(Reason reason, std::string_view detail_en, std::string_view detail_vi) {
  if (error) return;
  const std::uint64_t seen = ::XML_GetCurrentLineNumber(parser);
  const std::uint64_t line = seen + skipped_lines;
  auto column = static_cast<std::int64_t>(::XML_GetCurrentColumnNumber(parser)) + 1;
  if (seen == shift_line) column += column_shift;
  const ReasonText& text = text_of(reason);
  const std::string at = std::to_string(line);
  const std::string in_column = std::to_string(column);
  const std::string element = path.empty() ? "/" : path;
  const auto with = [](std::string_view sentence, std::string_view detail) {
    return std::string(sentence) + (detail.empty() ? "" : " (" + std::string(detail) + ")");
  };
  error.emplace(
      base::Code::invalid, text.reason,
      with(text.en, detail_en) + "; line " + at + ", column " + in_column + ", element " + element,
      with(text.vi, detail_vi.empty() ? detail_en : detail_vi) + "; dòng " + at + ", cột " +
          in_column + ", phần tử " + element);
  ::XML_StopParser(parser, XML_FALSE);
}

void Reader::Impl::on_start(void* self, const XML_Char* name, const XML_Char**) {
  Impl& r = *static_cast<Impl*>(self);
  if (r.error) return;
  const std::string_view local = local_name(name);
  r.path_ends.push_back(r.path.size());
  r.path += '/';
  r.path += base::cut_utf8(local, kNameShown);
  if (r.builder.depth() >= r.limits.depth) return r.fail(Reason::too_deep);
  if (!r.builder.start(local)) {
    return r.fail(Reason::too_large, "too many elements of this kind",
                  "quá nhiều phần tử cùng loại");
  }
  if (r.builder.depth() == 1 && r.builder.place() == Place::ignored) {
    return r.fail(Reason::no_envelope);
  }
  if (r.builder.place() != Place::base64) return;
  r.in_content = true;
  r.foreign = false;
  r.content_depth = r.builder.depth();
  r.content_start_fed = static_cast<std::uint64_t>(::XML_GetCurrentByteIndex(r.parser)) +
                        static_cast<std::uint64_t>(::XML_GetCurrentByteCount(r.parser));
  r.builder.attachment().text_offset = r.content_start_fed + r.skipped;
}

void Reader::Impl::on_end(void* self, const XML_Char*) {
  Impl& r = *static_cast<Impl*>(self);
  if (r.error) return;
  if (r.in_content && r.builder.depth() == r.content_depth) {
    const auto end = static_cast<std::uint64_t>(::XML_GetCurrentByteIndex(r.parser));
    Attachment& attachment = r.builder.attachment();
    // For <x/> expat is already behind the tag, as is the offset.
    attachment.text_bytes = end + r.skipped - attachment.text_offset;
    r.content_fed += end - std::min(end, r.content_start_fed);
    r.in_content = false;
  }
  r.builder.end();
  r.path.resize(r.path_ends.back());
  r.path_ends.pop_back();
}

void Reader::Impl::on_text(void* self, const XML_Char* text, int size) {
  Impl& r = *static_cast<Impl*>(self);
  if (r.error) return;
  if (!r.builder.text({text, static_cast<std::size_t>(size)})) {
    r.fail(Reason::too_large, "the text of one element is too long",
           "nội dung của một phần tử quá dài");
  }
}

void Reader::Impl::on_doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
  static_cast<Impl*>(self)->fail(Reason::doctype);
}

void Reader::Impl::on_declaration(void* self, const XML_Char*, const XML_Char* encoding, int) {
  if (!encoding) return;
  for (const std::string_view fine : {"UTF-8", "UTF8", "US-ASCII", "ASCII"}) {
    if (base::equal_ignoring_case(encoding, fine)) return;
  }
  static_cast<Impl*>(self)->fail(Reason::not_utf8, base::cut_utf8(encoding, kNameShown));
}

// Whether expat stopped at a byte that no UTF-8 text has there.
bool Reader::Impl::bad_utf8_here() const {
  int offset = 0, size = 0;
  const char* context = ::XML_GetInputContext(parser, &offset, &size);
  if (!context || offset < 0 || offset >= size) return false;
  const std::string_view rest(context + offset, static_cast<std::size_t>(size - offset));
  if (static_cast<unsigned char>(rest[0]) < 0x80) return false;
  for (std::size_t bytes = 2; bytes <= 4 && bytes <= rest.size(); ++bytes) {
    if (base::is_utf8(rest.substr(0, bytes))) return false;
  }
  // A character that is still to come: expat stopped because of its place.
  return !is_beginning_of_utf8(rest);
}

void Reader::Impl::report_parser() {
  const XML_Error code = ::XML_GetErrorCode(parser);
  switch (code) {
    case XML_ERROR_NO_ELEMENTS:
      return fail(Reason::empty);
    case XML_ERROR_UNDEFINED_ENTITY:
    case XML_ERROR_ENTITY_DECLARED_IN_PE:
      return fail(Reason::entity);
    case XML_ERROR_UNKNOWN_ENCODING:
    case XML_ERROR_INCORRECT_ENCODING:
      return fail(Reason::not_utf8);
    case XML_ERROR_UNCLOSED_TOKEN:
    case XML_ERROR_PARTIAL_CHAR:
    case XML_ERROR_UNCLOSED_CDATA_SECTION:
      return fail(Reason::not_well_formed, "the file ends too early", "tệp bị cắt cụt");
    case XML_ERROR_INVALID_TOKEN:
      if (bad_utf8_here()) return fail(Reason::not_utf8);
      break;
    default:
      break;
  }
  fail(Reason::not_well_formed, ::XML_ErrorString(code));
}

void Reader::Impl::parse(std::string_view bytes, bool last) {
  fed += bytes.size();
  const XML_Status status = ::XML_Parse(parser, bytes.data(), static_cast<int>(bytes.size()), last);
  if (error) return;
  if (status != XML_STATUS_OK) return report_parser();
  if (last) return;
  if (token_bytes() > kTokenMax) {
    return fail(Reason::too_large, "a tag or comment is too long",
                "một thẻ hoặc chú thích quá dài");
  }
  if (!in_content && fed - content_fed > limits.header_bytes) {
    fail(Reason::too_large, "the file without its attachments is too large",
         "phần không kể tệp đính kèm quá lớn");
  }
}

// A token that does not end is scanned again at every call, so expat hears of more bytes only when
// they are as many as it already waits with.
void Reader::Impl::feed_parser(std::string_view bytes) {
  if (const std::uint64_t waiting = token_bytes(); waiting > kPatience || !held.empty()) {
    held.append(bytes);
    if (held.size() < waiting) return;
    const std::string all = std::exchange(held, {});
    for (std::size_t at = 0; at < all.size() && !error; at += kPiece) {
      parse(std::string_view(all).substr(at, kPiece), false);
    }
    return;
  }
  parse(bytes, false);
}

// Inside an attachment: everything up to the next byte that means something to XML.
void Reader::Impl::feed_raw(std::string_view& bytes) {
  Base64Decoder& place = builder.content().base64();
  const auto line = static_cast<std::uint64_t>(::XML_GetCurrentLineNumber(parser));
  const auto column = static_cast<std::int64_t>(::XML_GetCurrentColumnNumber(parser));
  place.restart_place();
  const std::size_t taken = builder.content().take_raw(bytes);
  skipped += taken;
  bytes.remove_prefix(taken);
  if (place.lines() != 0) {
    column_shift = static_cast<std::int64_t>(place.column()) - column;
  } else {
    if (shift_line != line) column_shift = 0;
    column_shift += static_cast<std::int64_t>(place.column());
  }
  skipped_lines += place.lines();
  shift_line = line;
  if (!bytes.empty()) foreign = true;
}

base::Result<void> Reader::Impl::feed_started(std::string_view bytes) {
  while (!bytes.empty() && !error) {
    if (in_content && !foreign && builder.depth() == content_depth && held.empty() &&
        token_bytes() == 0) {
      feed_raw(bytes);
      continue;
    }
    std::string_view piece = bytes.substr(0, kPiece);
    piece = piece.substr(0, up_to_content(piece));
    bytes.remove_prefix(piece.size());
    feed_parser(piece);
  }
  if (error) return *error;
  return base::done();
}

// The encoding shows in the first two bytes.
base::Result<void> Reader::Impl::begin() {
  started = true;
  if (utf16_start(start)) {
    fail(Reason::not_utf8, "UTF-16");
    return *error;
  }
  return feed_started(std::exchange(start, {}));
}

base::Result<void> Reader::Impl::feed(std::string_view bytes) {
  if (error) return *error;
  if (!started) {
    while (start.size() < 2 && !bytes.empty()) {
      start += bytes.front();
      bytes.remove_prefix(1);
    }
    if (start.size() < 2) return base::done();
    TRY(begin());
  }
  return feed_started(bytes);
}

Reader::Reader(ReadLimits limits) : impl_(std::make_unique<Impl>(limits)) {}
Reader::~Reader() = default;

base::Result<void> Reader::feed(base::BytesView bytes) { return impl_->feed(bytes); }

base::Result<Document> Reader::finish() {
  Impl& r = *impl_;
  if (!r.started && !r.error) (void)r.begin().ok();
  if (!r.error && !r.held.empty()) r.parse(std::exchange(r.held, {}), false);
  if (!r.error) r.parse({}, true);
  if (!r.error && !(r.builder.has_envelope() && r.builder.has_header())) {
    r.fail(Reason::no_envelope);
  }
  if (r.error) return *r.error;
  CHECK(!std::exchange(r.finished, true));
  return r.builder.finish();
}

base::Result<Document> read(base::BytesView bytes, ReadLimits limits) {
  Reader reader(limits);
  TRY(reader.feed(bytes));
  return reader.finish();
}

}  // namespace edxml
