#include "base/text.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace base {
namespace {

// The length of the UTF-8 sequence at `at`, or 0 when it is malformed (overlong, surrogate, cut).
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    if (!follows(1) || !follows(2)) return 0;
    if (first == 0xe0 && byte(1) < 0xa0) return 0;
    if (first == 0xed && byte(1) > 0x9f) return 0;
    return 3;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if (!follows(1) || !follows(2) || !follows(3)) return 0;
    if (first == 0xf0 && byte(1) < 0x90) return 0;
    if (first == 0xf4 && byte(1) > 0x8f) return 0;
    return 4;
  }
  return 0;
}

char32_t decode(std::string_view text, std::size_t at, std::size_t length) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  switch (length) {
    case 1:
      return byte(0);
    case 2:
      return static_cast<char32_t>((byte(0) & 0x1f) << 6 | (byte(1) & 0x3f));
    case 3:
      return static_cast<char32_t>((byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 |
                                   (byte(2) & 0x3f));
    default:
      return static_cast<char32_t>((byte(0) & 0x07) << 18 | (byte(1) & 0x3f) << 12 |
                                   (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f));
  }
}

struct Range {
  char32_t first, last;
  char letter;  // lower case; upper when the code point is the upper one of its pair
};

// Latin-1 and the Vietnamese letters of Latin Extended-A and -B.
char latin_base(char32_t c) {
  static constexpr std::array<Range, 32> kRanges{{
      {0xc0, 0xc5, 'A'},   {0xc8, 0xcb, 'E'},   {0xcc, 0xcf, 'I'},   {0xd2, 0xd6, 'O'},
      {0xd9, 0xdc, 'U'},   {0xdd, 0xdd, 'Y'},   {0xe0, 0xe5, 'a'},   {0xe8, 0xeb, 'e'},
      {0xec, 0xef, 'i'},   {0xf2, 0xf6, 'o'},   {0xf9, 0xfc, 'u'},   {0xfd, 0xfd, 'y'},
      {0x102, 0x102, 'A'}, {0x103, 0x103, 'a'}, {0x110, 0x110, 'D'}, {0x111, 0x111, 'd'},
      {0x128, 0x128, 'I'}, {0x129, 0x129, 'i'}, {0x168, 0x168, 'U'}, {0x169, 0x169, 'u'},
      {0x1a0, 0x1a0, 'O'}, {0x1a1, 0x1a1, 'o'}, {0x1af, 0x1af, 'U'}, {0x1b0, 0x1b0, 'u'},
      {0xd0, 0xd0, 'D'},   {0xf0, 0xf0, 'd'},   {0xc7, 0xc7, 'C'},   {0xe7, 0xe7, 'c'},
      {0xd1, 0xd1, 'N'},   {0xf1, 0xf1, 'n'},   {0xff, 0xff, 'y'},   {0x2013, 0x2014, '-'},
  }};
  for (const Range& range : kRanges) {
    if (c >= range.first && c <= range.last) return range.letter;
  }
  return 0;
}

// Latin Extended Additional 1EA0–1EF9: Vietnamese pairs, upper case even, lower case odd.
char vietnamese_base(char32_t c) {
  if (c < 0x1ea0 || c > 0x1ef9) return 0;
  const char upper = c <= 0x1eb7   ? 'A'
                     : c <= 0x1ec7 ? 'E'
                     : c <= 0x1ecb ? 'I'
                     : c <= 0x1ee3 ? 'O'
                     : c <= 0x1ef1 ? 'U'
                                   : 'Y';
  return c % 2 == 0 ? upper : static_cast<char>(upper + 32);
}

}  // namespace

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\f\v";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

bool is_utf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t length = sequence_length(bytes, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

std::optional<std::int64_t> parse_int(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) out += separator;
    out += part;
  }
  return out;
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
  return out.data();
}

std::string without_marks(std::string_view utf8) {
  std::string out;
  for (std::size_t i = 0; i < utf8.size();) {
    const std::size_t length = sequence_length(utf8, i);
    if (length == 0) {
      out.push_back('?');
      ++i;
      continue;
    }
    const char32_t c = decode(utf8, i, length);
    i += length;
    if (c < 0x80) {
      out.push_back(static_cast<char>(c));
    } else if (c >= 0x300 && c <= 0x36f) {
      continue;  // a combining mark of decomposed text
    } else if (const char latin = latin_base(c)) {
      out.push_back(latin);
    } else if (const char letter = vietnamese_base(c)) {
      out.push_back(letter);
    } else {
      out.push_back('?');
    }
  }
  return out;
}

std::string_view cut_utf8(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace base
