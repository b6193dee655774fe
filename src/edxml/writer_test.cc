#include "edxml/writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "edxml/attachments.h"
#include "edxml/reader.h"
#include "edxml/testing/sample.h"
#include "edxml/validate.h"

namespace edxml {
namespace {

using testing::sample;

Content content(const std::string& name, const std::string& bytes) {
  const auto left = std::make_shared<std::string>(bytes);
  return {name, "Tệp " + name, bytes.size(),
          [left](char* to, std::size_t size) -> base::Result<std::size_t> {
            const std::size_t some = left->copy(to, std::min<std::size_t>(size, 1000));
            left->erase(0, some);
            return some;
          }};
}

base::Result<std::string> written(const Document& document, const std::vector<Content>& contents) {
  std::string out;
  int number = 0;
  TRY(write_document(
      document, contents, [&number] { return "tep-" + std::to_string(++number); },
      [&out](base::BytesView piece) {
        out += piece;
        return base::done();
      }));
  return out;
}

Document head() {
  Document d = *read(sample("written.edxml"));
  d.attachments.clear();
  d.references.clear();
  return d;
}

std::vector<Content> three() {
  return {content("van ban.pdf", "%PDF-1.4\n"), content("phu luc.docx", "docx gia"),
          content("bang.xlsx", "xlsx gia lap")};
}

TEST(Writer, WritesTheBytePatternOfTheReferenceBuilder) {
  const auto file = written(head(), three());
  ASSERT_TRUE(file.ok()) << file.error().detail();
  EXPECT_EQ(*file, sample("written.edxml"));
}

TEST(Writer, WhatIsWrittenIsReadTheSame) {
  Document d = *read(sample("full.edxml"));
  d.attachments.clear();
  const std::string large(300001, 'x');
  const auto file = written(d, {content("a.pdf", large), content("b.txt", large),
                                content("LICENSE", "x"), content("c.ZIP", "no zip")});
  ASSERT_TRUE(file.ok()) << file.error().detail();
  const auto again = read(*file);
  ASSERT_TRUE(again.ok()) << again.error().detail();
  ASSERT_EQ(again->attachments.size(), 4u);
  EXPECT_EQ(testing::extracted(again->attachments[0], *file), large);
  EXPECT_EQ(testing::extracted(again->attachments[1], *file), large);
  EXPECT_EQ(testing::extracted(again->attachments[2], *file), "x");
  EXPECT_FALSE(again->attachments[0].zipped);
  EXPECT_TRUE(again->attachments[1].zipped);
  EXPECT_LT(again->attachments[1].text_bytes, 10000u);
  EXPECT_TRUE(again->attachments[2].zipped);
  EXPECT_EQ(again->attachments[3].content_type, "application/zip");
  Document bare = *again;
  bare.attachments.clear();
  bare.references = d.references;
  EXPECT_EQ(testing::text_of(bare), testing::text_of(d));
}

TEST(Writer, NeverWritesAnEmptySteeringTypeAndOneFormOfDates) {
  Document d = head();
  d.has_steering_type = true;
  d.promulgation = {"16/10/2025", base::Date{2025, 10, 16}};
  for (const auto* steering : {"", "abc"}) {
    d.steering_type = steering;
    const auto file = written(d, {});
    ASSERT_TRUE(file.ok());
    EXPECT_EQ(file->find("SteeringType"), std::string::npos);
    EXPECT_NE(file->find("<edXML:PromulgationDate>2025/10/16<"), std::string::npos);
    EXPECT_EQ(file->find("AttachmentEncoded"), std::string::npos);
  }
}

TEST(Writer, DropsWhatXmlForbidsAndEscapesTheRest) {
  Document d = head();
  constexpr std::string_view kOdd("a\x01\0b<&>\xFF\"'\xEF\xBF\xBE\xED\xA0\x80 c\rd\te", 22);
  d.subject = kOdd;
  const auto file = written(d, {});
  ASSERT_TRUE(file.ok());
  const auto again = read(*file);
  ASSERT_TRUE(again.ok()) << again.error().detail();
  EXPECT_EQ(again->subject, "ab<&>\"' c\rd\te");
}

TEST(Writer, RefusesWhatReceiversWouldRefuse) {
  const auto reason = [](const Document& d, const std::vector<Content>& contents = {}) {
    const auto file = written(d, contents);
    return file.ok() ? "written" : std::string(file.error().reason());
  };
  Document d = head();
  EXPECT_EQ(reason(d), "written");
  d.subject = "[MẬT] x";
  EXPECT_EQ(reason(d), "edxml.state_secret");
  d = head();
  d.to.clear();
  EXPECT_EQ(reason(d), "edxml.to_missing");
  Content liar = content("a.pdf", "abc");
  liar.bytes = 4;
  EXPECT_EQ(reason(head(), {liar}), "edxml.content_changed");
  EXPECT_EQ(reason(head(), {content("", "abc")}), "edxml.attachment_name_missing");
  Content huge = content("a.txt", "");
  huge.bytes = std::uint64_t{5} << 30;
  EXPECT_EQ(reason(head(), {huge}), "edxml.attachment_too_large");
  EXPECT_EQ(write_status(Document{}).error().reason(), "edxml.from_missing");
}

TEST(Writer, WritesStatusMessagesInBothLayouts) {
  const auto d = read(sample("status.edxml"));
  ASSERT_TRUE(d.ok()) << d.error().detail();
  const auto file = write_status(*d);
  ASSERT_TRUE(file.ok()) << file.error().detail();
  EXPECT_EQ(*file, sample("status.edxml"));
  std::string second = *file;
  const std::size_t start = second.find("      <edXML:MessageHeader>");
  second.erase(start, second.find("      <edXML:Status>") - start);
  const auto again = read(second);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->status_layout);
  EXPECT_EQ(testing::text_of(*again), testing::text_of(*d));
}

}  // namespace
}  // namespace edxml
