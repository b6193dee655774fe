// Any bytes: the reader must come to the same end however they are cut into pieces, and whatever it
// reads must survive validation and extraction.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "edxml/attachments.h"
#include "edxml/reader.h"
#include "edxml/validate.h"

namespace {

constexpr std::uint64_t kContentMax = 1u << 20;

void check_attachment(const edxml::Attachment& attachment, std::string_view file) {
  CHECK(attachment.text_offset + attachment.text_bytes <= file.size());
  std::uint64_t bytes = 0;
  const auto result = edxml::extract(
      attachment,
      [file](std::uint64_t offset, char* to, std::size_t size) -> base::Result<std::size_t> {
        return file.copy(to, size, static_cast<std::size_t>(offset));
      },
      kContentMax,
      [&bytes](base::BytesView piece) {
        bytes += piece.size();
        return base::done();
      });
  if (result.ok()) {
    CHECK(attachment.problem.en.empty() && bytes == attachment.content_bytes);
  } else if (attachment.problem.en.empty() && attachment.content_bytes <= kContentMax) {
    CHECK(attachment.zipped);  // stored content whose checksum only extraction can see
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view file(reinterpret_cast<const char*>(data), size);
  const auto whole = edxml::read(file);
  const std::size_t step = size == 0 ? 1 : 1 + data[size / 2] % 64u;
  edxml::Reader reader;
  for (std::size_t at = 0; at < size; at += step) {
    if (!reader.feed(file.substr(at, step)).ok()) break;
  }
  const auto pieces = reader.finish();
  CHECK(whole.ok() == pieces.ok());
  if (!whole.ok()) {
    // What is out of place and no UTF-8 besides may be called either.
    const auto kind = [](std::string_view reason) {
      return reason == "edxml.not_utf8" ? "edxml.not_well_formed" : reason;
    };
    CHECK(kind(whole.error().reason()) == kind(pieces.error().reason()));
    return 0;
  }
  CHECK(whole->attachments.size() == pieces->attachments.size());
  for (std::size_t i = 0; i < whole->attachments.size(); ++i) {
    CHECK(whole->attachments[i].text_offset == pieces->attachments[i].text_offset);
    CHECK(whole->attachments[i].text_bytes == pieces->attachments[i].text_bytes);
    CHECK(whole->attachments[i].problem.en == pieces->attachments[i].problem.en);
    check_attachment(whole->attachments[i], file);
  }
  (void)edxml::validate(*whole);
  return 0;
}
