#include "search/fold.h"

#include <unicode/normalizer2.h>
#include <unicode/stringoptions.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>

namespace search {
namespace {

constexpr std::size_t kBareMax = 64;
constexpr UChar32 kTable = 0x2000;

enum Shape : std::uint8_t { none, breve_or_horn, circumflex, stroke };

struct Letter {
  UChar32 plain = 0;  // lower case, without marks
  std::uint8_t shape = none, tone = 0;
  bool in_word = false, mark = false;
};

std::uint8_t tone_of(UChar32 mark) {
  switch (mark) {
    case 0x300:
      return 1;  // huyền
    case 0x301:
      return 2;  // sắc
    case 0x309:
      return 3;  // hỏi
    case 0x303:
      return 4;  // ngã
    case 0x323:
      return 5;  // nặng
    default:
      return 0;
  }
}

void add_mark(Letter& letter, UChar32 mark) {
  if (const std::uint8_t tone = tone_of(mark)) {
    letter.tone = letter.tone == 0 || letter.tone == tone ? tone : 6;
  } else if (mark == 0x302) {
    letter.shape = circumflex;
  } else {
    letter.shape = breve_or_horn;
  }
}

Letter take_apart(UChar32 c) {
  Letter letter;
  letter.in_word = u_isalnum(c);
  letter.mark = u_getCombiningClass(c) != 0;
  letter.plain = u_tolower(c);
  if (c == 0x110 || c == 0x111 || c == 0xD0 || c == 0xF0) {
    letter.plain = 'd';
    letter.shape = stroke;
    return letter;
  }
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* const nfd = icu::Normalizer2::getNFDInstance(status);
  icu::UnicodeString parts;
  if (U_FAILURE(status) || !nfd->getDecomposition(c, parts)) return letter;
  const UChar32 first = parts.char32At(0);
  if (u_getCombiningClass(first) != 0 || first >= 0x250) return letter;  // Latin only
  letter.plain = u_tolower(first);
  for (int at = 1; at < parts.length(); ++at) add_mark(letter, parts.char32At(at));
  return letter;
}

const Letter& letter_of(UChar32 c, Letter& scratch) {
  static const std::array<Letter, kTable>* const kAll = [] {
    auto* all = new std::array<Letter, kTable>;
    for (UChar32 one = 0; one < kTable; ++one)
      (*all)[static_cast<std::size_t>(one)] = take_apart(one);
    return all;
  }();
  if (c < kTable) return (*kAll)[static_cast<std::size_t>(c)];
  scratch = take_apart(c);
  return scratch;
}

bool unseen(UChar32 c) { return c == 0xAD || (c >= 0x200B && c <= 0x200D) || c == 0xFEFF; }

void append(std::string& out, UChar32 c) {
  char bytes[4];
  int count = 0;
  U8_APPEND_UNSAFE(bytes, count, c);
  out.append(bytes, static_cast<std::size_t>(count));
}

// ICU's macro narrows on the way.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
UChar32 next(const char* text, std::int32_t& at, std::int32_t size) {
  UChar32 c = 0;
  U8_NEXT_OR_FFFD(text, at, size, c);
  return c;
}
#pragma GCC diagnostic pop

using Letters = std::vector<Letter>;

bool vowel(UChar32 c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

// "ky", "my", "quy" … may be written with i, and mean the same.
void put_i_for_y(Letters& letters) {
  if (letters.empty() || letters.back().plain != 'y') return;
  const std::size_t count = letters.size();
  const bool alone =
      count == 2 && std::string_view("hklmstv").find(static_cast<char>(
                        letters[0].plain < 128 ? letters[0].plain : 0)) != std::string_view::npos;
  const bool after_qu = count == 3 && letters[0].plain == 'q' && letters[1].plain == 'u';
  if (alone || after_qu) letters.back().plain = 'i';
}

std::uint8_t variant_of(const Letters& letters) {
  unsigned tone = 0, tones = 0, shapes = 0, power = 1, struck = 0;
  for (const Letter& letter : letters) {
    if (letter.tone != 0) {
      tone = tone * 3 + letter.tone;
      ++tones;
    }
    if (letter.shape == stroke) struck = 16;
    if (letter.plain == 'a' || letter.plain == 'e' || letter.plain == 'o' || letter.plain == 'u') {
      shapes += power * (letter.shape % 3U);
      power = power * 3 % 16;
    }
  }
  if (tones > 1) tone = 6 + tone % 2;  // no syllable
  return static_cast<std::uint8_t>(std::min(tone, 7U) | ((shapes % 16) | struck) << 3);
}

std::string without_tones(const Letters& letters) {
  std::string out;
  for (const Letter& letter : letters) {
    UChar32 c = letter.plain;
    if (letter.shape == stroke) c = 0x111;
    if (letter.shape == circumflex) c = c == 'a' ? 0xE2 : c == 'e' ? 0xEA : c == 'o' ? 0xF4 : c;
    if (letter.shape == breve_or_horn)
      c = c == 'a' ? 0x103 : c == 'o' ? 0x1A1 : c == 'u' ? 0x1B0 : c;
    append(out, c);
  }
  return out;
}

// Which letter bears the tone: the last one with a mark of its own, else by the new rule (hoà,
// thuý).
std::size_t bearer(const Letters& letters) {
  std::size_t begin = 0;
  while (begin < letters.size() && !vowel(letters[begin].plain)) ++begin;
  const bool glide = begin > 0 && begin + 1 < letters.size() && vowel(letters[begin + 1].plain) &&
                     ((letters[begin - 1].plain == 'q' && letters[begin].plain == 'u') ||
                      (letters[begin - 1].plain == 'g' && letters[begin].plain == 'i'));
  if (glide) ++begin;
  std::size_t end = begin, marked = letters.size();
  for (; end < letters.size() && vowel(letters[end].plain); ++end) {
    if (letters[end].shape != none) marked = end;
  }
  if (marked < letters.size()) return marked;
  const std::size_t count = end - begin;
  if (count == 0) return 0;
  if (count == 1 || end < letters.size()) return end - 1;
  const bool opens =
      count == 2 && ((letters[begin].plain == 'o' && letters[begin + 1].plain != 'i') ||
                     (letters[begin].plain == 'u' && letters[begin + 1].plain == 'y'));
  return opens || count > 2 ? begin + 1 : begin;
}

// The tone is put where the rule puts it; more than one is no syllable, and written behind.
std::string with_tone(const Letters& letters, const std::string& toneless) {
  static constexpr std::array<UChar32, 6> kMarks = {0, 0x300, 0x301, 0x309, 0x303, 0x323};
  const auto tones =
      std::count_if(letters.begin(), letters.end(), [](const Letter& l) { return l.tone != 0; });
  if (tones == 0) return toneless;
  const std::size_t one = bearer(letters);
  std::string out;
  for (std::size_t at = 0; at < letters.size(); ++at) {
    out += without_tones({letters[at]});
    for (std::size_t from = 0; from < letters.size(); ++from) {
      const std::uint8_t tone = letters[from].tone;
      if (tone == 0 || (tones > 1 ? from : one) != at) continue;
      append(out, tone < kMarks.size() ? kMarks[tone] : 0x323);
    }
  }
  return composed(out);
}

void take(Letters& letters, UChar32 c) {
  Letter scratch;
  const Letter& letter = letter_of(c, scratch);
  if (letter.mark && !letters.empty()) {
    add_mark(letters.back(), c);
  } else if (letter.in_word) {
    letters.push_back(letter);
  }
}

std::string bare_of(const Letters& letters) {
  std::string bare;
  for (const Letter& letter : letters) {
    if (bare.size() + 4 > kBareMax) break;
    append(bare, letter.plain);
  }
  return bare;
}

void close(Word& word, Letters& letters) {
  put_i_for_y(letters);
  word.bare = bare_of(letters);
  word.variant = variant_of(letters);
  word.digits =
      std::all_of(word.bare.begin(), word.bare.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (word.digits)
    word.bare.erase(0, std::min(word.bare.find_first_not_of('0'), word.bare.size() - 1));
  letters.clear();
}

}  // namespace

Folded fold(std::string_view word) {
  const std::string text = composed(word);
  Letters letters;
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < size;) {
    const UChar32 c = next(text.data(), at, size);
    take(letters, c);
  }
  put_i_for_y(letters);
  Folded out;
  out.bare = bare_of(letters);
  out.toneless = without_tones(letters);
  out.exact = with_tone(letters, out.toneless);
  out.variant = variant_of(letters);
  return out;
}

std::string composed(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* const nfc = icu::Normalizer2::getNFCInstance(status);
  icu::UnicodeString wide =
      icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
  if (U_SUCCESS(status) && nfc->quickCheck(wide, status) != UNORM_YES) {
    const icu::UnicodeString before = wide;
    wide = nfc->normalize(before, status);
  }
  std::string out;
  out.reserve(text.size());
  wide.toUTF8String(out);
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7F; },
      ' ');
  return out;
}

std::vector<Word> words_of(std::string_view text, std::size_t words_max) {
  std::vector<Word> words;
  Letters letters;
  Word word;
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < size && words.size() < words_max;) {
    const auto begin = static_cast<std::uint32_t>(at);
    const UChar32 c = next(text.data(), at, size);
    Letter scratch;
    const Letter& letter = letter_of(c, scratch);
    if (letter.in_word || (letter.mark && !letters.empty())) {
      if (letters.empty()) word.begin = begin;
      if (letters.size() < kBareMax) take(letters, c);
      word.end = static_cast<std::uint32_t>(at);
    } else if (!letters.empty() && !unseen(c)) {
      close(word, letters);
      words.push_back(word);
    }
  }
  if (!letters.empty() && words.size() < words_max) {
    close(word, letters);
    words.push_back(word);
  }
  return words;
}

}  // namespace search
