#include "edxml/attachments.h"

#include <gtest/gtest.h>

#include "edxml/base64.h"
#include "edxml/reader.h"
#include "edxml/testing/sample.h"

namespace edxml {
namespace {

using testing::extract_from;
using testing::with_attachment;

Attachment only(const std::string& file) { return read(file)->attachments.at(0); }

TEST(Extract, StopsAtTheLimit) {
  for (const std::string& text : {testing::zip_text("u.txt", std::string(1000, 'x')),
                                  std::string("QUFB") + std::string(1996, 'Q')}) {
    const std::string file = with_attachment("a.txt", "", text);
    const Attachment a = only(file);
    EXPECT_TRUE(extract_from(a, file, a.content_bytes).ok());
    const auto less = extract_from(a, file, a.content_bytes - 1);
    ASSERT_FALSE(less.ok());
    EXPECT_EQ(less.error().reason(), "edxml.attachment_too_large");
  }
}

TEST(Extract, DoesNotTrustWhatWasReadBefore) {
  const std::string zip = testing::zip_bytes("u.txt", std::string(1u << 20, 'x'));
  std::string text;
  append_base64(text, zip);
  const std::string file = with_attachment("a.txt", "", text);
  const auto reason = [&](const Attachment& a, const std::string& bytes) {
    const auto content = extract_from(a, bytes, 1u << 30);
    return content.ok() ? "" : std::string(content.error().reason());
  };
  Attachment a = only(file);
  EXPECT_EQ(reason(a, file), "");
  EXPECT_EQ(reason(a, file.substr(0, file.size() / 2)), "edxml.attachment_undecodable");
  std::string changed = file;
  changed[static_cast<std::size_t>(a.text_offset) + 100] ^= 1;
  EXPECT_EQ(reason(a, changed), "edxml.attachment_undecodable");
  Attachment lies = a;
  lies.content_bytes = 10;
  EXPECT_EQ(reason(lies, file), "edxml.attachment_too_large");
  lies = a;
  lies.problem = {"hỏng", "damaged"};
  EXPECT_EQ(reason(lies, file), "edxml.attachment_undecodable");
}

TEST(Extract, HandsOnTheErrorsOfItsCaller) {
  const std::string file = with_attachment("a.bin", "", "QUFB");
  const Attachment a = only(file);
  const base::Error full(base::Code::unavailable, "base.disk_full", "full");
  const auto read_at = [&](std::uint64_t offset, char* to,
                           std::size_t size) -> base::Result<std::size_t> {
    return file.copy(to, size, static_cast<std::size_t>(offset));
  };
  const auto out =
      extract(a, read_at, 100, [&](base::BytesView) { return base::Result<void>(full); });
  EXPECT_EQ(out.error().reason(), "base.disk_full");
  const auto in = extract(
      a, [&](std::uint64_t, char*, std::size_t) { return base::Result<std::size_t>(full); }, 100,
      [](base::BytesView) { return base::done(); });
  EXPECT_EQ(in.error().reason(), "base.disk_full");
}

TEST(Extract, AZipWithinAZipIsUnwrappedOnce) {
  const std::string inner = testing::zip_bytes("u.txt", "x");
  const std::string file =
      with_attachment("a.txt", "application/zip", testing::zip_text("v.txt", inner));
  EXPECT_EQ(testing::extracted(only(file), file), inner);
}

}  // namespace
}  // namespace edxml
