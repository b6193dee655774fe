// Looks through the content of one attachment while it streams by: is it base64, how long is it, is
// it the zip around a single file, is that zip whole.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "edxml/base64.h"
#include "edxml/document.h"
#include "edxml/zip.h"

namespace edxml {

class ContentScan {
 public:
  explicit ContentScan(std::uint64_t inflate_bytes) : inflate_bytes_(inflate_bytes) {}

  // Takes raw text up to the first byte that needs an XML parser; says how much it took.
  std::size_t take_raw(std::string_view text);
  // Text that came through the XML parser; what is not base64 spoils the content.
  void take_text(std::string_view text);
  // An element stood where base64 was expected.
  void spoil() { base64_.spoil(); }
  Base64Decoder& base64() { return base64_; }

  // After the last text: fills lengths and first bytes, and lets the buffers go.
  void close(Attachment& attachment);
  // After close(): why it cannot be decoded, and whether it is a zip to unwrap. The name and the
  // content type must be final.
  void judge(Attachment& attachment) const;

 private:
  std::size_t decode_some(std::string_view text);

  std::uint64_t inflate_bytes_;
  Base64Decoder base64_;
  std::string first_bytes_;
  std::string held_;  // decoded bytes until the kind is known
  std::unique_ptr<char[]> decoded_;
  std::unique_ptr<ZipScanner> zip_;
  std::optional<ZipFacts> facts_;
  bool plain_ = false;  // seen enough: not a zip
};

// The extension in lower case without its dot; empty when there is none.
std::string extension_of(std::string_view name);

}  // namespace edxml
