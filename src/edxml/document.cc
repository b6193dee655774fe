#include "edxml/document.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace edxml {
namespace {

// Diacritics of the letters that the marks are written with, whichever way they are encoded.
enum Diacritic : unsigned { kCircumflex = 1, kDotBelow = 2, kAcute = 4, kOther = 8 };

struct Letter {
  char base;  // lower case; '?' for a letter that no mark needs
  unsigned diacritics;
};

// The next character of UTF-8 (the caller's text came through an XML parser, so it is valid; bytes
// that are not count as letters).
std::uint32_t next_character(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const unsigned more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
  std::uint32_t value = lead & (0x3fu >> more);
  for (unsigned i = 0; i < more && at < text.size(); ++i) {
    value = value << 6 | (static_cast<unsigned char>(text[at++]) & 0x3fu);
  }
  return value;
}

std::optional<unsigned> combining(std::uint32_t character) {
  switch (character) {
    case 0x302:
      return kCircumflex;
    case 0x323:
      return kDotBelow;
    case 0x301:
      return kAcute;
    default:
      return character >= 0x300 && character < 0x370 ? std::optional<unsigned>(kOther)
                                                     : std::nullopt;
  }
}

// Letters with diacritics in one code point, upper and lower case, that marks consist of.
Letter decompose(std::uint32_t character) {
  switch (character) {
    case 0x1eac:
    case 0x1ead:
      return {'a', kCircumflex | kDotBelow};  // ậ
    case 0xc2:
    case 0xe2:
      return {'a', kCircumflex};  // â
    case 0x1ea0:
    case 0x1ea1:
      return {'a', kDotBelow};  // ạ
    case 0x1ed0:
    case 0x1ed1:
      return {'o', kCircumflex | kAcute};  // ố
    case 0xd4:
    case 0xf4:
      return {'o', kCircumflex};  // ô
    case 0xd3:
    case 0xf3:
      return {'o', kAcute};  // ó
    case 0x1ed8:
    case 0x1ed9:
      return {'o', kCircumflex | kDotBelow};  // ộ
    case 0x1ecc:
    case 0x1ecd:
      return {'o', kDotBelow};  // ọ
    case 0x1ec6:
    case 0x1ec7:
      return {'e', kCircumflex | kDotBelow};  // ệ
    case 0xca:
    case 0xea:
      return {'e', kCircumflex};  // ê
    case 0x1eb8:
    case 0x1eb9:
      return {'e', kDotBelow};  // ẹ
    case 0x1ee8:
    case 0x1ee9:
      return {'U', kAcute};  // ứ
    case 0x1af:
    case 0x1b0:
      return {'U', 0};  // ư
    case 0x110:
    case 0x111:
      return {'D', 0};  // đ
    case 0x2013:
    case 0x2014:
      return {'-', 0};  // dashes
    case 0xa0:
      return {' ', 0};
    default:
      return {'?', 0};
  }
}

// One character per letter, so that marks can be compared whatever the case and normal form: a
// letter with diacritics becomes a fixed capital, any other foreign letter '?'.
std::string fold(std::string_view text) {
  std::string folded;
  std::optional<Letter> open;
  const auto close = [&] {
    if (!open) return;
    const auto [base, diacritics] = *open;
    if (diacritics == 0)
      folded += base;
    else if (base == 'a' && diacritics == (kCircumflex | kDotBelow))
      folded += 'A';
    else if (base == 'o' && diacritics == (kCircumflex | kAcute))
      folded += 'O';
    else if (base == 'o' && diacritics == (kCircumflex | kDotBelow))
      folded += 'Q';
    else if (base == 'e' && diacritics == (kCircumflex | kDotBelow))
      folded += 'E';
    else if (base == 'U' && diacritics == kAcute)
      folded += 'W';
    else
      folded += '?';
    open.reset();
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t character = next_character(text, at);
    if (const auto diacritic = combining(character)) {
      if (open) open->diacritics |= *diacritic;
      continue;
    }
    close();
    if (character < 0x80) {
      auto c = static_cast<char>(character);
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
      if (c == '\t' || c == '\n' || c == '\r') c = ' ';
      if (c == ' ' && !folded.empty() && folded.back() == ' ') continue;
      open = Letter{c, 0};
    } else {
      open = decompose(character);
    }
  }
  close();
  return folded;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kMarks = {{
    {"tuyEt mAt", "Tuyệt mật"},
    {"tOi mAt", "Tối mật"},
    {"mAt", "Mật"},
}};

constexpr std::string_view kAround = " .,;:-*\"'()[]{}<>/|_";

std::string_view strip(std::string_view folded, std::string_view characters) {
  const std::size_t first = folded.find_first_not_of(characters);
  if (first == std::string_view::npos) return {};
  return folded.substr(first, folded.find_last_not_of(characters) - first + 1);
}

// Takes "độ mật:", "mức độ mật -" off the front; whether it was there.
bool take_label(std::string_view& folded) {
  std::string_view rest = folded;
  if (rest.starts_with("mWc ")) rest.remove_prefix(4);
  if (!rest.starts_with("DQ mAt")) return false;
  rest.remove_prefix(6);
  const std::size_t value = rest.find_first_not_of(" :-");
  if (value == 0 || value == std::string_view::npos) return false;
  folded = rest.substr(value);
  return true;
}

// The mark that the whole text is.
std::string_view whole_mark(std::string_view folded) {
  std::string_view text = strip(folded, kAround);
  take_label(text);
  for (const auto& [pattern, mark] : kMarks) {
    if (text == pattern) return mark;
  }
  return {};
}

// The mark that the text begins with, set off from what follows; never "mật độ", "mật ong".
std::string_view leading_mark(std::string_view folded) {
  std::string_view text = folded;
  text.remove_prefix(std::min(text.find_first_not_of(" *\"'"), text.size()));
  const bool labelled = take_label(text);
  for (const auto& [pattern, mark] : kMarks) {
    if (!text.starts_with(pattern)) continue;
    const std::string_view rest = text.substr(pattern.size());
    const std::size_t next = rest.find_first_not_of(' ');
    if (next == std::string_view::npos) return mark;
    if (std::string_view("-:|/;.*").find(rest[next]) != std::string_view::npos) return mark;
    if (labelled && (rest[next] == ',' || rest[next] == ')')) return mark;
  }
  return {};
}

// The mark that stands alone between brackets anywhere.
std::string_view bracketed_mark(std::string_view folded) {
  for (std::size_t open = folded.find_first_of("([{"); open != std::string_view::npos;
       open = folded.find_first_of("([{", open + 1)) {
    const std::size_t close = folded.find_first_of(")]}", open);
    if (close == std::string_view::npos) break;
    if (close - open > 40) continue;
    if (const auto mark = whole_mark(folded.substr(open, close - open + 1)); !mark.empty()) {
      return mark;
    }
  }
  return {};
}

}  // namespace

std::string Document::code() const {
  if (code_number.empty()) return code_notation;
  return code_notation.empty() ? code_number : code_number + "/" + code_notation;
}

int Document::urgency() const {
  const auto level = base::parse_int(priority);
  return level && *level >= 0 && *level <= 4 ? static_cast<int>(*level) : 0;
}

std::string Document::secret_mark() const {
  for (const std::string* field :
       {&priority, &type, &type_detail, &type_name, &typer_notation, &sphere, &subject, &content}) {
    if (const auto mark = whole_mark(fold(*field)); !mark.empty()) return std::string(mark);
  }
  for (const std::string* field : {&type_name, &subject, &content}) {
    const std::string folded = fold(*field);
    if (const auto mark = leading_mark(folded); !mark.empty()) return std::string(mark);
    if (const auto mark = bracketed_mark(folded); !mark.empty()) return std::string(mark);
  }
  return {};
}

}  // namespace edxml
