#include "exchange/attachment_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/text.h"
#include "edxml/attachments.h"

namespace exchange {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kPieceBytes = 1 << 20;
constexpr std::size_t kNameMax = 180;

class AttachmentSource : public http::BodySource {
 public:
  AttachmentSource(std::shared_ptr<const edxml::Document> document,
                   std::unique_ptr<store::BlobReader> blob)
      : document_(std::move(document)), blob_(std::move(blob)) {}
  Result<void> start(const edxml::Attachment& attachment, std::uint64_t content_bytes_max) {
    extractor_ = TRY(edxml::Extractor::open(
        attachment,
        [this](std::uint64_t offset, char* to, std::size_t bytes) {
          return blob_->read_at(offset, to, bytes);
        },
        content_bytes_max));
    size_ = left_ = attachment.content_bytes;
    return base::done();
  }
  std::uint64_t size() const override { return size_; }
  Result<bool> start_at(std::uint64_t offset) override {
    if (offset > 0) TRY(extractor_->skip_to(offset));
    left_ = size_ - offset;
    whole_ = offset == 0;
    return true;
  }
  Result<std::size_t> read(char* to, std::size_t size) override {
    while (left_ > 0 && at_ == piece_.size()) {
      at_ = 0;
      if (!TRY(extractor_->next(piece_))) return ended_early();
    }
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>({size, piece_.size() - at_, left_}));
    std::memcpy(to, piece_.data() + at_, count);
    at_ += count;
    left_ -= count;
    // The last bytes go out only when all has been verified.
    if (left_ == 0 && whole_ && count > 0) TRY(verify());
    return count;
  }

 private:
  static Error ended_early() {
    return {Code::data_loss, "exchange.attachment_damaged",
            "the attachment is shorter than when it was accepted; run truc verify",
            "tệp đính kèm ngắn hơn lúc tiếp nhận; hãy chạy truc verify"};
  }
  Result<void> verify() {
    base::Bytes rest;
    while (TRY(extractor_->next(rest))) {
      if (!rest.empty()) return ended_early();
    }
    return base::done();
  }

  const std::shared_ptr<const edxml::Document> document_;
  const std::unique_ptr<store::BlobReader> blob_;
  std::unique_ptr<edxml::Extractor> extractor_;
  base::Bytes piece_;
  std::size_t at_ = 0;
  std::uint64_t size_ = 0, left_ = 0;
  bool whole_ = true;
};

bool is_forbidden(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f ||
         std::string_view("\"*:<>?|").find(c) != std::string_view::npos;
}

// Marks that turn the direction of writing: U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069. A
// name with them is read as one that ends otherwise.
std::string without_directions(std::string_view name) {
  std::string out;
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (name.compare(at, 1, "\xE2") == 0 && at + 2 < name.size()) {
      const auto second = static_cast<unsigned char>(name[at + 1]);
      const auto third = static_cast<unsigned char>(name[at + 2]);
      const bool turns = (second == 0x80 &&
                          (third == 0x8E || third == 0x8F || (third >= 0xAA && third <= 0xAE))) ||
                         (second == 0x81 && third >= 0xA6 && third <= 0xA9);
      if (turns) {
        at += 2;
        continue;
      }
    }
    out += name[at];
  }
  return out;
}

Error no_such(std::size_t number, std::size_t count) {
  return {Code::not_found, "exchange.unknown_attachment",
          "the document has " + std::to_string(count) + " attachments, no number " +
              std::to_string(number),
          "văn bản có " + std::to_string(count) + " tệp đính kèm, không có tệp số " +
              std::to_string(number)};
}

}  // namespace

std::string safe_file_name(std::string_view name, std::size_t number) {
  std::string safe;
  for (const char c : name.substr(name.find_last_of("/\\") + 1)) {
    if (!is_forbidden(c)) safe += c;
  }
  safe = without_directions(safe);
  if (!base::is_utf8(safe)) safe = base::without_marks(safe);
  std::string_view kept = base::trim(safe);
  while (kept.starts_with('.')) kept.remove_prefix(1);
  while (kept.ends_with('.') || kept.ends_with(' ')) kept.remove_suffix(1);
  if (kept.empty()) return "attachment-" + std::to_string(number);
  if (kept.size() <= kNameMax) return std::string(kept);
  // The extension says how to open it.
  const std::size_t dot = kept.rfind('.');
  const std::string_view ending =
      dot != std::string_view::npos && kept.size() - dot <= 12 ? kept.substr(dot) : "";
  return std::string(base::cut_utf8(kept.substr(0, kept.size() - ending.size()),
                                    kNameMax - ending.size())) +
         std::string(ending);
}

std::string content_disposition(std::string_view safe_name) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : safe_name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '.' || c == '_';
    if (plain) {
      encoded += c;
    } else {
      (encoded += '%') += kDigits[byte >> 4];
      encoded += kDigits[byte & 15];
    }
  }
  return "attachment; filename=\"" + base::without_marks(safe_name) + "\"; filename*=UTF-8''" +
         encoded;
}

std::string_view content_type_of(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> kKinds[] = {
      {"pdf", "application/pdf"},
      {"doc", "application/msword"},
      {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
      {"xls", "application/vnd.ms-excel"},
      {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
      {"ppt", "application/vnd.ms-powerpoint"},
      {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
      {"odt", "application/vnd.oasis.opendocument.text"},
      {"ods", "application/vnd.oasis.opendocument.spreadsheet"},
      {"txt", "text/plain; charset=utf-8"},
      {"csv", "text/csv; charset=utf-8"},
      {"png", "image/png"},
      {"jpg", "image/jpeg"},
      {"jpeg", "image/jpeg"},
      {"tif", "image/tiff"},
      {"tiff", "image/tiff"},
      {"zip", "application/zip"},
      {"asice", "application/vnd.etsi.asic-e+zip"},
      {"7z", "application/x-7z-compressed"},
      {"rar", "application/vnd.rar"},
  };
  const std::size_t dot = name.rfind('.');
  const std::string ending =
      base::lower_ascii(dot == std::string_view::npos ? "" : name.substr(dot + 1));
  for (const auto& [kind, type] : kKinds) {
    if (kind == ending) return type;
  }
  return "application/octet-stream";
}

Result<std::shared_ptr<const edxml::Document>> AttachmentReader::look(Fetched& fetched) {
  {
    std::lock_guard lock(mutex_);
    const auto known = remembered_.find(fetched.id);
    if (known != remembered_.end()) return known->second;
  }
  edxml::Reader reader(options_.read);
  base::Bytes piece(kPieceBytes, '\0');
  for (std::uint64_t at = 0; at < fetched.content->size();) {
    const std::size_t got = TRY(fetched.content->read_at(at, piece.data(), piece.size()));
    if (got == 0) break;
    TRY(reader.feed({piece.data(), got}));
    at += got;
  }
  std::shared_ptr<const edxml::Document> document =
      std::make_shared<edxml::Document>(TRY(reader.finish()));
  std::lock_guard lock(mutex_);
  if (remembered_.emplace(fetched.id, document).second) order_.push_back(fetched.id);
  if (order_.size() > options_.remembered_max) {
    remembered_.erase(order_.front());
    order_.pop_front();
  }
  return document;
}

Result<AttachmentFile> AttachmentReader::open(Fetched fetched, std::size_t number) {
  const auto document = TRY(look(fetched));
  if (number == 0 || number > document->attachments.size()) {
    return no_such(number, document->attachments.size());
  }
  const edxml::Attachment& attachment = document->attachments[number - 1];
  AttachmentFile file;
  file.name = safe_file_name(attachment.name, number);
  file.content_type = content_type_of(file.name);
  auto source = std::make_unique<AttachmentSource>(document, std::move(fetched.content));
  TRY(source->start(attachment, options_.content_bytes_max));
  file.source = std::move(source);
  return file;
}

}  // namespace exchange
