// Vietnamese words as they are compared: the same word typed in another way is the same word. For
// finding only: who may do what is never decided by folded text. ICU stays behind fold.cc.
//
// Three forms of a word, each coarser than the one before:
//   exact     NFC, lower case, the tone where one rule puts it ("hòa" and "hoà" are one), i and y
//   of
//             one class (kĩ, kỹ)
//   toneless  ă â ê ô ơ ư đ kept, tones taken off
//   bare      letters only; đ, and the Ð (U+00D0) that old fonts leave behind, are d
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace search {

struct Folded {
  std::string exact, toneless, bare;
  // Tells the exact forms of one bare form apart: tone in the lower three bits, letters in the
  // upper five. 0: typed without any mark.
  std::uint8_t variant = 0;
};
// `word` is UTF-8; what is not is taken as U+FFFD. Any thread.
Folded fold(std::string_view word);

enum class Match : unsigned char { bare, toneless, exact };
// How near two words of one bare form are, by their variants.
inline Match compare(std::uint8_t a, std::uint8_t b) {
  if (a == b) return Match::exact;
  return a >> 3 == b >> 3 ? Match::toneless : Match::bare;
}

// Composed (NFC), well-formed UTF-8 without control characters but line breaks.
std::string composed(std::string_view text);

// A run of letters and digits: its bytes in the text, and what it is made of.
struct Word {
  std::uint32_t begin = 0, end = 0;
  std::string bare;
  std::uint8_t variant = 0;
  bool digits = false;  // ASCII digits only; leading zeros are not in `bare`
};
// The words of a composed text, in order, at most `words_max`. What one word has beyond 64 bytes of
// bare form is left out.
std::vector<Word> words_of(std::string_view text, std::size_t words_max);

}  // namespace search
