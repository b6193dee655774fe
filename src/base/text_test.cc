#include "base/text.h"

#include <gtest/gtest.h>

#include <limits>

namespace base {
namespace {

TEST(Text, Trim) {
  EXPECT_EQ(trim(" \t\r\n a b \v\f"), "a b");
  EXPECT_EQ(trim("   "), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Text, SplitAndJoinAreInverse) {
  using Parts = std::vector<std::string_view>;
  EXPECT_EQ(split("a,b,,c", ','), (Parts{"a", "b", "", "c"}));
  EXPECT_EQ(split("", ','), (Parts{""}));
  EXPECT_EQ(split(",", ','), (Parts{"", ""}));
  EXPECT_EQ(join({"a", "b", "", "c"}, ", "), "a, b, , c");
  EXPECT_EQ(join({"", "a"}, ","), ",a");
  EXPECT_EQ(join({}, ","), "");
}

TEST(Text, AsciiCase) {
  EXPECT_EQ(lower_ascii("eDoc Đ"), "edoc Đ");
  EXPECT_TRUE(equal_ignoring_case("eDoc", "EDOC"));
  EXPECT_FALSE(equal_ignoring_case("eDoc", "eDoc "));
  EXPECT_FALSE(equal_ignoring_case("đ", "Đ"));
  EXPECT_FALSE(equal_ignoring_case("[", "{"));  // 32 apart, and no letters
}

TEST(Text, ParseInt) {
  EXPECT_EQ(parse_int("0"), 0);
  EXPECT_EQ(parse_int("-12"), -12);
  EXPECT_EQ(parse_int("007"), 7);
  EXPECT_EQ(parse_int("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  for (const char* text :
       {"", " 1", "1 ", "+1", "1.0", "0x10", "abc", "9223372036854775808", "--1", "-"}) {
    EXPECT_FALSE(parse_int(text)) << text;
  }
}

TEST(Text, SizeText) {
  EXPECT_EQ(size_text(0), "0 B");
  EXPECT_EQ(size_text(1023), "1023 B");
  EXPECT_EQ(size_text(1024), "1.0 KiB");
  EXPECT_EQ(size_text(12'900'000), "12.3 MiB");
  EXPECT_EQ(size_text(10ull << 40), "10.0 TiB");
}

TEST(Utf8, AcceptsWhatIsWellFormed) {
  for (const char* text :
       {"", "abc", "Trục liên thông văn bản", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80",
        "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  EXPECT_TRUE(is_utf8(std::string_view("a\0b", 3)));
}

TEST(Utf8, RefusesOverlongSurrogatesAndCuts) {
  for (const char* text : {"\x80",
                           "\xbf",
                           "\xc0\x80",
                           "\xc1\xbf",
                           "\xc2",
                           "\xc2\x41",
                           "\xe0\x80\x80",
                           "\xe0\x9f\xbf",
                           "\xe1\xbb",
                           "\xe1\x41\xbb",
                           "\xed\xa0\x80",
                           "\xed\xbf\xbf",
                           "\xf0\x80\x80\x80",
                           "\xf0\x8f\xbf\xbf",
                           "\xf0\x9f\x98",
                           "\xf4\x90\x80\x80",
                           "\xf5\x80\x80\x80",
                           "\xff",
                           "\xfe",
                           "abc\xe1\xbb"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
}

// Every letter of the Vietnamese alphabet with every tone, both cases, as one code point each.
constexpr std::pair<std::string_view, std::string_view> kLetters[] = {
    {"aàảãáạăằẳẵắặâầẩẫấậ", "aaaaaaaaaaaaaaaaaa"},
    {"AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬ", "AAAAAAAAAAAAAAAAAA"},
    {"eèẻẽéẹêềểễếệ", "eeeeeeeeeeee"},
    {"EÈẺẼÉẸÊỀỂỄẾỆ", "EEEEEEEEEEEE"},
    {"iìỉĩíị", "iiiiii"},
    {"IÌỈĨÍỊ", "IIIIII"},
    {"oòỏõóọôồổỗốộơờởỡớợ", "oooooooooooooooooo"},
    {"OÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢ", "OOOOOOOOOOOOOOOOOO"},
    {"uùủũúụưừửữứự", "uuuuuuuuuuuu"},
    {"UÙỦŨÚỤƯỪỬỮỨỰ", "UUUUUUUUUUUU"},
    {"yỳỷỹýỵ", "yyyyyy"},
    {"YỲỶỸÝỴ", "YYYYYY"},
    {"dđ", "dd"},
    {"DĐ", "DD"},
};

TEST(WithoutMarks, EveryVietnameseLetterComposed) {
  for (const auto& [with, without] : kLetters) EXPECT_EQ(without_marks(with), without);
}

TEST(WithoutMarks, EveryVietnameseLetterDecomposed) {
  const char* const kShapes[] = {"", "\xcc\x86", "\xcc\x82",
                                 "\xcc\x9b"};  // none, breve, circumflex, horn
  const char* const kTones[] = {"", "\xcc\x80", "\xcc\x89", "\xcc\x83", "\xcc\x81", "\xcc\xa3"};
  for (const char letter : std::string_view("aAeEiIoOuUyY")) {
    for (const char* shape : kShapes) {
      for (const char* tone : kTones) {
        const std::string plain(1, letter);
        EXPECT_EQ(without_marks(plain + shape + tone), plain);
        EXPECT_EQ(without_marks(plain + tone + shape), plain);  // a dot below comes before a hat
      }
    }
  }
}

TEST(WithoutMarks, SentencesAndTheRest) {
  EXPECT_EQ(without_marks("Thành công"), "Thanh cong");
  EXPECT_EQ(without_marks("Đơn vị gửi không đúng với mã đã đăng ký"),
            "Don vi gui khong dung voi ma da dang ky");
  EXPECT_EQ(without_marks("Ðà Nẵng"), "Da Nang");  // the look-alike of old fonts
  EXPECT_EQ(without_marks("a–b 漢 \xf0\x9f\x98\x80 \xff"), "a-b ? ? ?");
  for (const char c : without_marks("ngày 16 tháng 10 năm 2025 – “Hỏa tốc”")) {
    EXPECT_LT(static_cast<unsigned char>(c), 0x80);
  }
}

TEST(CutUtf8, NeverCutsACharacter) {
  const std::string text = "Trục \xf0\x9f\x98\x80!";
  for (std::size_t most = 0; most <= text.size() + 2; ++most) {
    const std::string_view cut = cut_utf8(text, most);
    EXPECT_LE(cut.size(), most);
    EXPECT_TRUE(is_utf8(cut)) << most;
    EXPECT_EQ(text.substr(0, cut.size()), cut);
    EXPECT_GT(cut.size() + 4, std::min(most, text.size()));  // and cuts no more than it must
  }
  EXPECT_EQ(cut_utf8(text, 1000), text);
  EXPECT_EQ(cut_utf8("\x80\x80\x80", 2), "");
}

}  // namespace
}  // namespace base
