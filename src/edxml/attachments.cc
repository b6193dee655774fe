#include "edxml/attachments.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "edxml/base64.h"
#include "edxml/zip.h"

namespace edxml {
namespace {

constexpr std::size_t kPieceBytes = 64u << 10;

base::Error undecodable(const Attachment& attachment) {
  const base::Text& text = attachment.problem;
  if (!text.en.empty()) {
    return {base::Code::invalid, "edxml.attachment_undecodable", text.en, text.vi};
  }
  return {base::Code::invalid, "edxml.attachment_undecodable",
          "Attachment \"" + attachment.name + "\": the content cannot be decoded",
          "Tệp đính kèm \"" + attachment.name + "\": không giải mã được nội dung"};
}

base::Error too_large(const Attachment& attachment) {
  return {base::Code::too_large, "edxml.attachment_too_large",
          "Attachment \"" + attachment.name + "\": the content is larger than allowed",
          "Tệp đính kèm \"" + attachment.name + "\": nội dung lớn hơn mức cho phép"};
}

// Finds the base64 text within the XML of one element: character references, comments, processing
// instructions and CDATA sections may stand between its lines. The reader has checked the syntax.
class ElementText {
 public:
  // Appends the text of `raw` to `out`; markup may be split between calls.
  void take(std::string_view raw, std::string& out) {
    for (std::size_t i = 0; i < raw.size();) {
      if (markup_.empty() && !in_cdata_) {
        const std::size_t end = next_markup(raw, i);
        out.append(raw.substr(i, end - i));
        i = end;
        if (i == raw.size()) break;
      }
      take_markup(raw[i++], out);
    }
  }

 private:
  // The first '<' or '&' from `from` on, or the end. In steps: a text full of the one must not be
  // searched to its end for the other each time.
  static std::size_t next_markup(std::string_view raw, std::size_t from) {
    constexpr std::size_t kStep = 512;
    for (; from < raw.size(); from += kStep) {
      const std::string_view step = raw.substr(from, kStep);
      const std::size_t open = std::min(step.find('<'), step.size());
      const std::size_t end = std::min(step.substr(0, open).find('&'), open);
      if (end < step.size()) return from + end;
    }
    return raw.size();
  }
  void take_markup(char c, std::string& out) {
    markup_ += c;
    if (in_cdata_) {
      if (std::string_view("]]>").starts_with(markup_)) {
        if (markup_.size() < 3) return;
        in_cdata_ = false;
      } else {
        out += markup_;  // brackets are no base64: the decoder refuses them
      }
      markup_.clear();
    } else if (markup_[0] == '&') {
      if (c != ';' && markup_.size() < 16) return;
      out += markup_.starts_with("&#") ? referenced() : '?';
      markup_.clear();
    } else if (markup_ == "<![CDATA[") {
      in_cdata_ = true;
      markup_.clear();
    } else if (markup_.starts_with("<!--")) {
      if (markup_.size() >= 7 && markup_.ends_with("-->")) {
        markup_.clear();
      } else if (markup_.size() > 64) {
        markup_.erase(4, markup_.size() - 7);
      }
    } else if (markup_.starts_with("<?")) {
      if (markup_.size() >= 4 && markup_.ends_with("?>")) {
        markup_.clear();
      } else if (markup_.size() > 64) {
        markup_.erase(2, markup_.size() - 4);
      }
    } else if (markup_.size() > 1 && markup_[1] != '!') {  // an element: not base64
      out += '?';
      markup_.clear();
    }
  }

  char referenced() const {
    std::uint32_t code = 0;
    const bool hex = markup_.size() > 2 && markup_[2] == 'x';
    for (std::size_t i = hex ? 3 : 2; i < markup_.size() && markup_[i] != ';'; ++i) {
      const char c = markup_[i];
      const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
      code = code * (hex ? 16 : 10) + static_cast<std::uint32_t>(digit);
    }
    return code < 0x80 ? static_cast<char>(code) : '?';
  }

  std::string markup_;
  bool in_cdata_ = false;
};

// Counts what goes to the caller and stops it at the limit.
Sink limited(const Attachment& attachment, std::uint64_t content_bytes_max, const Sink& out) {
  return [&attachment, &out,
          left = content_bytes_max](base::BytesView bytes) mutable -> base::Result<void> {
    if (bytes.size() > left) return too_large(attachment);
    left -= bytes.size();
    return bytes.empty() ? base::done() : out(bytes);
  };
}

// Base64 to bytes, in pieces, to `sink`.
base::Result<void> decode(const Attachment& attachment, const ReadAt& read_at, const Sink& sink) {
  Base64Decoder decoder;
  ElementText element;
  std::string text;
  const auto raw = std::make_unique_for_overwrite<char[]>(kPieceBytes);
  const auto decoded =
      std::make_unique_for_overwrite<char[]>(Base64Decoder::room(kPieceBytes + 256));
  for (std::uint64_t done = 0; done < attachment.text_bytes;) {
    const auto size = static_cast<std::size_t>(
        std::min<std::uint64_t>(attachment.text_bytes - done, kPieceBytes));
    const std::size_t got = TRY(read_at(attachment.text_offset + done, raw.get(), size));
    if (got == 0) return undecodable(attachment);  // the file is shorter than it was
    done += got;
    text.clear();
    element.take({raw.get(), got}, text);
    std::size_t written = 0;
    if (decoder.decode(text, decoded.get(), written) != text.size() || decoder.bad()) {
      return undecodable(attachment);
    }
    TRY(sink({decoded.get(), written}));
  }
  return decoder.complete() ? base::done() : undecodable(attachment);
}

}  // namespace

base::Result<void> extract(const Attachment& attachment, const ReadAt& read_at,
                           std::uint64_t content_bytes_max,
                           const std::function<base::Result<void>(base::BytesView)>& out) {
  if (!attachment.problem.en.empty()) return undecodable(attachment);
  if (attachment.content_bytes > content_bytes_max) return too_large(attachment);
  const Sink to_caller = limited(attachment, content_bytes_max, out);
  if (!attachment.zipped) return decode(attachment, read_at, to_caller);
  // The directory told the length: more than that is a lie, found as soon as it shows.
  ZipScanner zip(attachment.content_bytes, to_caller);
  zip.expect_content(attachment.content_bytes);
  TRY(decode(attachment, read_at, [&zip](base::BytesView bytes) { return zip.feed(bytes); }));
  const ZipFacts facts = zip.finish();
  if (!facts.single || facts.damage != ZipFacts::Damage::none || !zip.verified()) {
    return undecodable(attachment);
  }
  return base::done();
}

}  // namespace edxml
