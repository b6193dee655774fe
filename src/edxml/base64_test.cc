#include "edxml/base64.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "base/random.h"

namespace edxml {
namespace {

// Decodes in pieces of `step`; "bad" when the text is no base64.
std::string decoded(std::string_view text, std::size_t step) {
  Base64Decoder decoder;
  std::string out;
  const auto room = std::make_unique<char[]>(Base64Decoder::room(step));
  for (std::size_t at = 0; at < text.size(); at += step) {
    const std::string_view piece = text.substr(at, step);
    std::size_t written = 0;
    if (decoder.decode(piece, room.get(), written) != piece.size()) return "bad";
    out.append(room.get(), written);
  }
  if (!decoder.complete()) return "bad";
  EXPECT_EQ(decoder.decoded_bytes(), out.size());
  return out;
}

class Base64 : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override { before_ = set_vector_code(GetParam()); }
  void TearDown() override { set_vector_code(before_); }
  bool before_ = false;
};

TEST_P(Base64, RoundTripsEveryLengthInPiecesOfAnySize) {
  base::SeededRandom random(1);
  for (std::size_t size = 0; size < 300; ++size) {
    const std::string bytes = random.bytes(size);
    std::string text;
    append_base64(text, bytes);
    std::string lines;
    for (std::size_t at = 0; at < text.size(); at += 76) lines += text.substr(at, 76) + "\r\n";
    for (const std::size_t step : {1u, 3u, 33u, 1000u}) {
      ASSERT_EQ(decoded(text, step), bytes) << size;
      ASSERT_EQ(decoded(lines, step), bytes) << size;
    }
    Base64Decoder skimmer;
    ASSERT_EQ(skimmer.skim(lines), lines.size());
    ASSERT_TRUE(skimmer.complete());
    ASSERT_EQ(skimmer.decoded_bytes(), size);
  }
}

TEST_P(Base64, StopsAtEveryOtherByteWhereverItStands) {
  const std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int value = 0; value < 256; ++value) {
    const char c = static_cast<char>(value);
    const bool taken = alphabet.find(c) != std::string_view::npos || c == '=' || c == ' ' ||
                       c == '\t' || c == '\r' || c == '\n';
    for (const std::size_t at : {0u, 5u, 31u, 32u, 63u}) {
      std::string text(64, 'A');
      text[at] = c;
      Base64Decoder decoder;
      EXPECT_EQ(decoder.skim(text), taken ? text.size() : at) << value << " at " << at;
    }
  }
}

TEST_P(Base64, WantsPaddingAndNothingBehindIt) {
  EXPECT_EQ(decoded("QQ==", 100), "A");
  EXPECT_EQ(decoded("QQ=\n=", 100), "A");
  for (const auto* bad :
       {"QQ", "QQ=", "Q", "=", "Q===", "QQ==QQ==", "QQ===", "QUFB=", "====QQ=="}) {
    EXPECT_EQ(decoded(bad, 100), "bad") << bad;
    EXPECT_EQ(decoded(bad, 1), "bad") << bad;
  }
}

TEST_P(Base64, CountsLines) {
  Base64Decoder decoder;
  decoder.skim("QUFB\r\nQUFB\nQUFB\r");
  decoder.skim("\nQUF");
  EXPECT_EQ(decoder.lines(), 3u);
  EXPECT_EQ(decoder.column(), 3u);
}

// A shift by six times the number of '=', found by fuzzing.
TEST_P(Base64, PaddingThatStoodTooEarlyIsNotCountedLater) {
  const std::map<std::string, std::size_t> bytes_of = {
      {"A=====AA=", 0}, {"AA=A=A=A=", 3}, {"=AAA=", 0}, {"AA==AA==", 1}, {"AA====", 1}};
  for (const auto& [text, bytes] : bytes_of) {
    Base64Decoder decoder, skimmer;
    std::string room(Base64Decoder::room(text.size()), '\0');
    std::size_t written = 0;
    EXPECT_EQ(decoder.decode(text, room.data(), written), text.size());
    EXPECT_EQ(written, bytes) << text;
    EXPECT_EQ(skimmer.skim(text), text.size());
    EXPECT_TRUE(decoder.bad() && skimmer.bad()) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(Code, Base64, ::testing::Bool(),
                         [](const auto& with) { return with.param ? "vector" : "portable"; });

}  // namespace
}  // namespace edxml
