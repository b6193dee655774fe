#include "trust/pdf/inflate.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace trust::pdf {
namespace {

base::Bytes packed(const base::Bytes& bytes) {
  uLongf size = compressBound(bytes.size());
  base::Bytes out(size, '\0');
  compress(reinterpret_cast<Bytef*>(out.data()), &size,
           reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  out.resize(size);
  return out;
}

base::Result<base::Bytes> run(const base::Bytes& bytes, const std::string& dict,
                              std::uint64_t max) {
  const auto source = memory_source(bytes);
  const auto text = memory_source(dict);
  Lexer lexer(*text, 0);
  const Object object = TRY(read_object(lexer, {}, true));
  return decode(*source, 0, bytes.size(), *object.as<Dict>(), max);
}

std::string reason(const base::Result<base::Bytes>& result) {
  return result.ok() ? "" : std::string(result.error().reason());
}

TEST(PdfInflate, Filters) {
  EXPECT_EQ(run("plain", "<< >>", 100).value(), "plain");
  EXPECT_EQ(run(packed("packed"), "<< /Filter /FlateDecode >>", 100).value(), "packed");
  EXPECT_EQ(run(packed("packed"), "<< /Filter [/FlateDecode] /DecodeParms [null] >>", 100).value(),
            "packed");
  EXPECT_EQ(reason(run("x", "<< /Filter /LZWDecode >>", 100)), "trust.pdf_filter_unknown");
  EXPECT_EQ(reason(run("x", "<< /Filter [/FlateDecode /FlateDecode] >>", 100)),
            "trust.pdf_filter_unknown");
}

TEST(PdfInflate, PredictedRows) {
  const base::Bytes rows("\x02\x01\x02\x02\x01\x01\x01\x05\x01", 9);  // up, up, left
  EXPECT_EQ(run(packed(rows),
                "<< /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 2 >> >>", 100)
                .value(),
            base::Bytes("\x01\x02\x02\x03\x05\x06", 6));
  EXPECT_EQ(
      reason(run(packed("\x02\x01"),
                 "<< /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 2 >> >>", 100)),
      "trust.pdf_malformed");
}

TEST(PdfInflate, ABombCostsNoMoreThanItMay) {
  const base::Bytes bomb = packed(base::Bytes(64u << 20, '\0'));
  ASSERT_LT(bomb.size(), 100'000u);
  EXPECT_EQ(reason(run(bomb, "<< /Filter /FlateDecode >>", 1u << 20)), "trust.pdf_limit");
  EXPECT_EQ(reason(run(base::Bytes(200, 'x'), "<< >>", 100)), "trust.pdf_limit");
}

TEST(PdfInflate, CutOffAndDamaged) {
  base::Bytes bytes = packed("some text that is packed");
  EXPECT_EQ(reason(run(bytes.substr(0, bytes.size() / 2), "<< /Filter /FlateDecode >>", 100)),
            "trust.pdf_malformed");
  bytes[0] = 'x' ^ 0x55;
  EXPECT_EQ(reason(run(bytes, "<< /Filter /FlateDecode >>", 100)), "trust.pdf_malformed");
}

}  // namespace
}  // namespace trust::pdf
