#include "search/encoding.h"

#include <cstddef>
#include <string>

namespace search {
namespace {

constexpr std::size_t kWordsMax = 4000, kLeast = 4;

// The code points of a text, one after the other; what is not UTF-8 counts as a byte each.
char32_t next(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at++);
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  char32_t c = more == 0 ? first : first & (0x3F >> more);
  for (int i = 0; i < more && at < text.size(); ++i) c = c << 6 | (byte(at++) & 0x3FU);
  return c;
}

bool ascii_letter(char32_t c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
bool ascii_vowel(char32_t c) {
  return ascii_letter(c) &&
         std::u32string_view(U"aeiouyAEIOUY").find(c) != std::u32string_view::npos;
}
bool latin1_sign(char32_t c) { return c >= 0xA1 && c <= 0xFF; }

// Signs that TCVN3 uses as letters, and no language of today inside of a word.
constexpr std::u32string_view kTcvn3 =
    U"\u00A8\u00A9\u00AA\u00AB\u00AC\u00AD\u00AE\u00B5\u00B6\u00B7\u00B8\u00B9\u00BB"
    U"\u00BC\u00BD\u00BE\u00D7\u00DE\u00F7\u00FE";
// What VNI writes behind a vowel.
constexpr std::u32string_view kVni =
    U"\u00E0\u00E1\u00E2\u00E3\u00E4\u00E5\u00E8\u00E9\u00EA\u00EB\u00EF\u00F5\u00F8"
    U"\u00F9\u00FA\u00FB\u00FC\u00C0\u00C1\u00C2\u00C3\u00C4\u00C5\u00C8\u00C9\u00CA"
    U"\u00CB\u00CF\u00D5\u00D8\u00D9\u00DA\u00DB\u00DC";

struct Count {
  std::size_t words = 0, tcvn3 = 0, vni = 0, unicode = 0;
};

struct WordSigns {
  bool letters = false, tcvn3 = false, vni = false, unicode = false;
  char32_t last = 0;
  void take(char32_t c) {
    letters = letters || ascii_letter(c);
    tcvn3 = tcvn3 || kTcvn3.find(c) != std::u32string_view::npos;
    vni = vni ||
          ((ascii_vowel(last) || last == 0xF4 || last == 0xF6 || last == 0xD4 || last == 0xD6) &&
           kVni.find(c) != std::u32string_view::npos);
    unicode = unicode || (c >= 0x1EA0 && c <= 0x1EF9) || c == 0x103 || c == 0x111 || c == 0x1A1 ||
              c == 0x1B0 || (c >= 0x300 && c <= 0x323);
    last = c;
  }
  void count(Count& all) {
    if (last != 0 && letters) {
      ++all.words;
      all.unicode += unicode ? 1 : 0;
      all.vni += vni ? 1 : 0;
      all.tcvn3 += tcvn3 && !vni ? 1 : 0;
    }
    *this = {};
  }
};

}  // namespace

Encoding encoding_of(std::string_view text) {
  Count all;
  WordSigns word;
  for (std::size_t at = 0; at < text.size() && all.words < kWordsMax;) {
    const char32_t c = next(text, at);
    if (ascii_letter(c) || latin1_sign(c) || c > 0xFF) {
      word.take(c);
    } else {
      word.count(all);
    }
  }
  word.count(all);
  const auto is = [&](std::size_t signs) {
    return signs >= kLeast && signs * 5 >= all.words && signs > 4 * all.unicode;
  };
  if (is(all.vni) && all.vni >= all.tcvn3) return Encoding::vni;
  if (is(all.tcvn3)) return Encoding::tcvn3;
  return Encoding::unicode;
}

}  // namespace search
