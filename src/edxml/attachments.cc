#include "edxml/attachments.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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

// A zip may give a thousand times what it takes, so it takes less at a time.
constexpr std::size_t kZippedPieceBytes = 4u << 10;

class Decoding : public Extractor {
 public:
  Decoding(const Attachment& attachment, ReadAt read_at)
      : attachment_(attachment),
        read_at_(std::move(read_at)),
        raw_bytes_(attachment.zipped ? kZippedPieceBytes : kPieceBytes),
        raw_(std::make_unique_for_overwrite<char[]>(raw_bytes_)),
        decoded_(std::make_unique_for_overwrite<char[]>(Base64Decoder::room(raw_bytes_ + 256))) {
    if (!attachment.zipped) return;
    // The directory told the length: more than that is a lie, found as soon as it shows.
    zip_.emplace(attachment.content_bytes, [this](base::BytesView bytes) -> base::Result<void> {
      held_ += bytes;
      return base::done();
    });
    zip_->expect_content(attachment.content_bytes);
  }

  base::Result<bool> next(base::Bytes& piece) override {
    piece.clear();
    if (done_ == attachment_.text_bytes) return finish();
    held_.clear();
    TRY(decode_some());
    if (skip_ >= held_.size()) {
      skip_ -= held_.size();
      return true;
    }
    held_.erase(0, static_cast<std::size_t>(std::exchange(skip_, 0)));
    piece.swap(held_);
    return true;
  }

  base::Result<void> skip_to(std::uint64_t offset) override {
    const bool plain = !attachment_.zipped && done_ == 0 &&
                       attachment_.text_bytes == (attachment_.decoded_bytes + 2) / 3 * 4;
    skip_ = offset;
    if (!plain) return base::done();
    done_ = std::min(offset / 3 * 4, attachment_.text_bytes);
    skip_ = offset - done_ / 4 * 3;
    return base::done();
  }

 private:
  base::Result<void> decode_some() {
    const auto size = static_cast<std::size_t>(
        std::min<std::uint64_t>(attachment_.text_bytes - done_, raw_bytes_));
    const std::size_t got = TRY(read_at_(attachment_.text_offset + done_, raw_.get(), size));
    if (got == 0) return undecodable(attachment_);  // the file is shorter than it was
    done_ += got;
    text_.clear();
    element_.take({raw_.get(), got}, text_);
    std::size_t written = 0;
    if (decoder_.decode(text_, decoded_.get(), written) != text_.size() || decoder_.bad()) {
      return undecodable(attachment_);
    }
    if (zip_) return zip_->feed({decoded_.get(), written});
    held_.append(decoded_.get(), written);
    return base::done();
  }

  base::Result<bool> finish() {
    if (!decoder_.complete()) return undecodable(attachment_);
    if (!zip_) return false;
    const ZipFacts facts = zip_->finish();
    if (!facts.single || facts.damage != ZipFacts::Damage::none || !zip_->verified()) {
      return undecodable(attachment_);
    }
    return false;
  }

  const Attachment& attachment_;
  const ReadAt read_at_;
  const std::size_t raw_bytes_;
  const std::unique_ptr<char[]> raw_, decoded_;
  Base64Decoder decoder_;
  ElementText element_;
  std::optional<ZipScanner> zip_;
  std::string text_, held_;
  std::uint64_t done_ = 0;  // of the text
  std::uint64_t skip_ = 0;  // decoded bytes that nobody wants
};

}  // namespace

base::Result<std::unique_ptr<Extractor>> Extractor::open(const Attachment& attachment,
                                                         ReadAt read_at,
                                                         std::uint64_t content_bytes_max) {
  if (!attachment.problem.en.empty()) return undecodable(attachment);
  if (attachment.content_bytes > content_bytes_max) return too_large(attachment);
  return std::unique_ptr<Extractor>(std::make_unique<Decoding>(attachment, std::move(read_at)));
}

base::Result<void> extract(const Attachment& attachment, const ReadAt& read_at,
                           std::uint64_t content_bytes_max,
                           const std::function<base::Result<void>(base::BytesView)>& out) {
  const auto extractor = TRY(Extractor::open(attachment, read_at, content_bytes_max));
  base::Bytes piece;
  std::uint64_t left = content_bytes_max;
  while (TRY(extractor->next(piece))) {
    if (piece.size() > left) return too_large(attachment);
    left -= piece.size();
    if (!piece.empty()) TRY(out(piece));
  }
  return base::done();
}

}  // namespace edxml
