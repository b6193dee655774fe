#include "edxml/content.h"

#include <algorithm>

#include "base/text.h"

namespace edxml {
namespace {

constexpr std::size_t kFirstBytes = 16;
constexpr std::size_t kTextPiece = 32u << 10;
constexpr std::size_t kNameShown = 100;  // of a stranger's file name in a message

base::Text damage_text(ZipFacts::Damage damage) {
  switch (damage) {
    case ZipFacts::Damage::no_end:
      return {"tệp nén zip bị cắt cụt (không có phần kết thúc)",
              "the zip is cut off (its end record is missing)"};
    case ZipFacts::Damage::directory:
      return {"mục lục của tệp nén zip bị hỏng", "the directory of the zip is damaged"};
    case ZipFacts::Damage::data:
      return {"dữ liệu nén trong tệp zip bị hỏng", "the compressed data in the zip is damaged"};
    case ZipFacts::Damage::mismatch:
      return {"kích thước hoặc mã kiểm tra trong tệp zip không khớp với nội dung",
              "sizes or checksum in the zip do not match its content"};
    case ZipFacts::Damage::none:
      break;
  }
  return {};
}

base::Text naming(const Attachment& attachment, base::Text why) {
  const std::string shown(base::cut_utf8(
      attachment.name.empty() ? attachment.content_id : attachment.name, kNameShown));
  return {"Tệp đính kèm \"" + shown + "\": " + why.vi, "Attachment \"" + shown + "\": " + why.en};
}

bool declared_zip(const Attachment& attachment) {
  return base::lower_ascii(attachment.content_type).find("zip") != std::string::npos;
}

// The rule of edxml.md §6 for an archive with a single entry.
bool wraps(const Attachment& attachment, const std::string& entry_name) {
  const std::string extension = extension_of(attachment.name);
  if (extension == "zip" || extension != extension_of(entry_name)) return false;
  return !extension.empty() || declared_zip(attachment);
}

}  // namespace

std::string extension_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  const std::size_t slash = name.find_last_of("/\\");
  if (dot == std::string_view::npos || (slash != std::string_view::npos && dot < slash)) return {};
  return base::lower_ascii(name.substr(dot + 1));
}

std::size_t ContentScan::decode_some(std::string_view text) {
  if (!decoded_) {
    decoded_ = std::make_unique_for_overwrite<char[]>(Base64Decoder::room(kTextPiece));
  }
  // Small steps until the kind is known, so that what is no zip is hardly ever decoded.
  const std::size_t step = zip_ ? kTextPiece : 64;
  std::size_t written = 0;
  const std::size_t taken = base64_.decode(text.substr(0, step), decoded_.get(), written);
  const std::string_view bytes(decoded_.get(), written);
  if (first_bytes_.size() < kFirstBytes) {
    first_bytes_.append(bytes.substr(0, kFirstBytes - first_bytes_.size()));
  }
  if (zip_) {
    if (!base64_.bad()) (void)zip_->feed(bytes).ok();  // fails with a sink only
    return taken;
  }
  held_.append(bytes);
  if (held_.size() >= kFirstBytes) {
    plain_ = !held_.starts_with(kZipStart);
    if (!plain_) {
      zip_ = std::make_unique<ZipScanner>(inflate_bytes_);
      (void)zip_->feed(held_).ok();
    }
    held_.clear();
  }
  return taken;
}

std::size_t ContentScan::take_raw(std::string_view text) {
  std::size_t taken = 0;
  while (taken < text.size()) {
    const std::string_view rest = text.substr(taken);
    const std::size_t step = plain_ || base64_.bad() ? base64_.skim(rest) : decode_some(rest);
    if (step == 0) break;
    taken += step;
  }
  return taken;
}

void ContentScan::take_text(std::string_view text) {
  while (!text.empty()) {
    text.remove_prefix(take_raw(text));
    if (!text.empty()) {
      base64_.spoil();
      text.remove_prefix(1);
    }
  }
}

void ContentScan::close(Attachment& attachment) {
  if (zip_) facts_ = zip_->finish();
  zip_.reset();
  decoded_.reset();
  attachment.decoded_bytes = base64_.decoded_bytes();
  attachment.content_bytes = attachment.decoded_bytes;
  attachment.first_bytes = first_bytes_;
}

void ContentScan::judge(Attachment& attachment) const {
  attachment.zipped = false;
  if (base64_.bad() || !base64_.complete()) {
    attachment.problem = naming(
        attachment, {"nội dung không phải base64 hợp lệ", "the content is not valid base64"});
    return;
  }
  if (!facts_) {
    if (first_bytes_.starts_with(kZipStart)) {  // shorter than any archive
      attachment.problem = naming(attachment, damage_text(ZipFacts::Damage::no_end));
    } else if (first_bytes_.empty() && declared_zip(attachment)) {
      attachment.problem = naming(attachment, {"khai là tệp zip nhưng không có nội dung",
                                               "declared to be a zip but there is no content"});
    }
    return;
  }
  if (facts_->damage != ZipFacts::Damage::none) {
    attachment.problem = naming(attachment, damage_text(facts_->damage));
  } else if (facts_->single && wraps(attachment, facts_->entry_name)) {
    attachment.zipped = true;
    attachment.content_bytes = facts_->entry_bytes;
  }
}

}  // namespace edxml
