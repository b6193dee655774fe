// What a signature covers: universal signature forgery and signature wrapping (CCS 2019).
#include "trust/pdf/signature.h"

#include <gtest/gtest.h>

#include "trust/pdf/history.h"
#include "trust/testing/pdf_writer.h"

namespace trust::pdf {
namespace {

using namespace trust::testing;

// Why the signature is refused; "" when it is not.
std::string wrong(const std::string& bytes, const std::string& field = "Ky1") {
  const auto source = memory_source(bytes);
  Budget budget(Limits{}, 0);
  const auto file = File::open(*source, source->size(), false, budget);
  if (!file.ok()) return file.error().detail();
  auto signatures = signatures_of(**file, Limits{});
  if (!signatures.ok()) return signatures.error().detail();
  const auto history = history_of(**file, *source, *signatures);
  if (!history.ok()) return history.error().detail();
  for (const Signature& signature : *signatures) {
    if (signature.field == field) return signature.wrong ? signature.wrong->en : "";
  }
  return "no such signature";
}

struct Ready {
  Letter letter{sample_letter()};
  Signed at = prepare(letter, {});
  std::string with_range(const std::string& range) const {
    std::string bytes = letter.pdf.bytes;
    bytes.replace(at.range_at + 1, 43, range + std::string(43 - range.size(), ' '));
    return bytes;
  }
  std::string range(std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) const {
    return with_range(std::to_string(a) + " " + std::to_string(b) + " " + std::to_string(c) + " " +
                      std::to_string(d));
  }
};

TEST(PdfSignature, TheRangeIsExactlyEverythingElse) {
  const Ready ready;
  const auto gap = static_cast<std::int64_t>(ready.at.gap),
             end = static_cast<std::int64_t>(ready.at.gap_end);
  const auto size = static_cast<std::int64_t>(ready.letter.pdf.bytes.size());
  const auto n = [&](std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) {
    return wrong(ready.range(a, b, c, d));
  };
  EXPECT_EQ(n(0, gap, end, size - end), "");
  EXPECT_NE(n(1, gap - 1, end, size - end).find("first byte"), std::string::npos);
  EXPECT_NE(n(0, gap, end, size - end + 1).find("beyond the file"), std::string::npos);
  EXPECT_NE(n(0, gap, 9223372036854775807, 5).find("beyond the file"), std::string::npos);
  EXPECT_NE(n(0, end, gap, size - gap).find("overlap"), std::string::npos);
  EXPECT_NE(n(0, gap, gap, size - gap).find("overlap"), std::string::npos);
  EXPECT_NE(n(0, gap, end, 0).find("nothing after"), std::string::npos);
  EXPECT_NE(n(0, -5, end, 5).find("a number is missing"), std::string::npos);
  // A gap that is larger or smaller than the signature, or somewhere else.
  EXPECT_NE(n(0, gap + 1, end - 1, size - end + 1).find("not exactly this signature"),
            std::string::npos);
  EXPECT_NE(n(0, gap, end + 10, size - end - 10).find("not exactly this signature"),
            std::string::npos);
  EXPECT_NE(n(0, 100, 200, size - 200).find("not exactly this signature"), std::string::npos);
  // Ends before the revision does.
  EXPECT_NE(n(0, gap, end, size - end - 7).find("not a whole revision"), std::string::npos);
}

TEST(PdfSignature, ForgeriesWithoutAUsefulRange) {
  const Ready ready;
  EXPECT_NE(wrong(ready.with_range("")), "");
  EXPECT_NE(wrong(ready.with_range("0 10")).find("two ranges"), std::string::npos);
  EXPECT_NE(wrong(ready.with_range("0 10 20 30 40 50")).find("two ranges"), std::string::npos);
  EXPECT_NE(wrong(ready.with_range("0 (a) 20 30")).find("a number is missing"), std::string::npos);
  std::string none = ready.letter.pdf.bytes;
  none.replace(none.find("/ByteRange"), 10, "/ByteStrange"), none.erase(ready.at.range_at + 3, 2);
  EXPECT_NE(wrong(none), "");
  std::string contents = ready.letter.pdf.bytes;
  contents.replace(contents.find("/Contents <"), 10, "/Contentz ");
  EXPECT_NE(wrong(contents), "");
  std::string no_hex = ready.letter.pdf.bytes;
  no_hex[ready.at.gap] = '(';
  no_hex[ready.at.gap_end - 1] = ')';
  EXPECT_NE(wrong(no_hex).find("hexadecimal"), std::string::npos);
}

TEST(PdfSignature, TheContentsAreHexadecimalWithoutAnythingElse) {
  Ready ready;
  ready.letter.pdf.bytes[ready.at.gap + 5] = '\n';
  const auto source = memory_source(ready.letter.pdf.bytes);
  Budget budget(Limits{}, 0);
  const auto file = File::open(*source, source->size(), false, budget).value();
  const auto signature = signatures_of(*file, Limits{}).value().front();
  EXPECT_EQ(contents_of(*file, signature, Limits{}).error().reason(), "trust.pdf_malformed");
}

// The signed bytes are moved to the end and something else takes their place.
TEST(PdfSignature, Wrapping) {
  Ready ready;
  std::string bytes = ready.letter.pdf.bytes;
  const std::string second = bytes.substr(ready.at.gap_end);
  // The dictionary now says that the second range lies further back, where its bytes were copied.
  const std::string between = " /Wrapped true >>\nendobj\n4 0 obj\n<< >>\nendobj\n";
  std::string wrapped = bytes.substr(0, ready.at.gap_end) + between;
  const std::size_t moved = wrapped.size();
  wrapped += second;
  const std::string numbers = "0 " + std::to_string(ready.at.gap) + " " + std::to_string(moved) +
                              " " + std::to_string(second.size());
  wrapped.replace(ready.at.range_at + 1, numbers.size(), numbers);
  wrapped += "xref\n0 0\ntrailer\n<< /Root 1 0 R /Size 20 /Prev " +
             std::to_string(ready.letter.pdf.startxref) + " >>\nstartxref\n";
  EXPECT_NE(wrong(wrapped + std::to_string(wrapped.rfind("xref\n0 0")) + "\n%%EOF\n"), "");
}

TEST(PdfSignature, AnotherSignaturesContents) {  // two dictionaries claim one gap
  Letter letter{sample_letter()};
  const Signed first = prepare(letter, {});
  SignWish wish;
  wish.field = "Ky2";
  const Signed second = prepare(letter, wish);
  std::string& bytes = letter.pdf.bytes;
  bytes.replace(second.range_at + 1, 43, bytes.substr(first.range_at + 1, 43));
  EXPECT_NE(wrong(bytes, "Ky2").find("not exactly this signature"), std::string::npos);
  EXPECT_EQ(wrong(bytes, "Ky1"), "");
}

TEST(PdfSignature, AFieldThatTookASignatureLater) {
  Letter letter{sample_letter()};
  const Signed first = prepare(letter, {});
  // Another field is given the same dictionary in a later revision.
  letter.pdf.put(
      kEmptySignature,
      "<< /FT /Sig /T (Duyet) /Type /Annot /Subtype /Widget /Rect [300 100 400 150] /F 4 "
      "/P 3 0 R /V " +
          std::to_string(first.dict) + " 0 R >>");
  letter.pdf.finish();
  EXPECT_NE(wrong(letter.pdf.bytes, "Duyet").find("not in the revision that it covers"),
            std::string::npos);
}

TEST(PdfSignature, ADictionaryWrittenAgainLater) {
  Letter letter{sample_letter()};
  const Signed first = prepare(letter, {});
  const std::string& bytes = letter.pdf.bytes;
  const std::size_t begin = bytes.find(std::to_string(first.dict) + " 0 obj\n");
  const std::size_t end = bytes.find("\nendobj", begin);
  const std::size_t body = begin + std::to_string(first.dict).size() + 7;
  letter.pdf.put(first.dict, bytes.substr(body, end - body));
  letter.pdf.finish();
  EXPECT_NE(wrong(letter.pdf.bytes), "");
}

TEST(PdfSignature, PermissionsAndLocks) {
  Letter letter{sample_letter()};
  SignWish wish;
  wish.permits = 3;
  wish.field_more = "/Lock << /Type /SigFieldLock /Action /Include /Fields [(a.b)] /P 1 >>";
  prepare(letter, wish);
  const auto source = memory_source(letter.pdf.bytes);
  Budget budget(Limits{}, 0);
  const auto file = File::open(*source, source->size(), false, budget).value();
  const Signature signature = signatures_of(*file, Limits{}).value().front();
  EXPECT_EQ(signature.permits, Level::long_term);
  EXPECT_TRUE(signature.locks("a.b"));
  EXPECT_TRUE(signature.locks("a.b.c"));
  EXPECT_FALSE(signature.locks("a.bc"));
  EXPECT_EQ(base::iso_time_text(signature.claimed_at.value()), "2026-11-22T02:30:00.000000Z");
}

TEST(PdfSignature, Dates) {
  const auto text = [](std::string_view date) {
    const auto time = parse_pdf_date(date);
    return time ? base::iso_time_text(*time).substr(0, 19) : "";
  };
  EXPECT_EQ(text("D:20261122093000Z"), "2026-11-22T09:30:00");
  EXPECT_EQ(text("D:20261122093000-05'30'"), "2026-11-22T15:00:00");
  EXPECT_EQ(text("D:2026"), "2026-01-01T00:00:00");
  EXPECT_EQ(text("D:20261322"), "");
  EXPECT_EQ(text("yesterday"), "");
  EXPECT_EQ(text("D:202611220930001"), "2026-11-22T09:30:00");
}

}  // namespace
}  // namespace trust::pdf
