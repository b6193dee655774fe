#include "identity/sign_in/encoding.h"

#include <cstdint>

#include "base/hash.h"

namespace identity {
namespace {

constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

}  // namespace

std::string base64url(base::BytesView bytes) {
  std::string text = base::base64(bytes);
  while (text.ends_with('=')) text.pop_back();
  for (char& c : text) {
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  return text;
}

std::optional<base::Bytes> from_base64url(std::string_view text) {
  std::string standard(text);
  for (char& c : standard) {
    const bool alphanumeric =
        (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!alphanumeric && c != '-' && c != '_') return std::nullopt;
    if (c == '-') c = '+';
    if (c == '_') c = '/';
  }
  if (standard.size() % 4 == 1) return std::nullopt;
  while (standard.size() % 4 != 0) standard.push_back('=');
  auto bytes = base::from_base64(standard);
  // The same bytes in two spellings would make two names of one thing.
  if (!bytes || base64url(*bytes) != text) return std::nullopt;
  return bytes;
}

std::string base32(base::BytesView bytes) {
  std::string text;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = (held << 8) | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 5; bits -= 5) text.push_back(kBase32[(held >> (bits - 5)) & 31]);
  }
  if (bits > 0) text.push_back(kBase32[(held << (5 - bits)) & 31]);
  return text;
}

std::string typed_code(base::BytesView bytes) {
  std::string grouped;
  std::size_t at = 0;
  for (const char c : base32(bytes)) {
    if (at > 0 && at % 4 == 0) grouped.push_back('-');
    grouped.push_back(c);
    ++at;
  }
  return grouped;
}

std::string normalised_typed(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == ' ' || c == '-') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == '0') c = 'O';
    if (c == '1') c = 'I';
    if (c == '8') c = 'B';
    out.push_back(c);
  }
  return out;
}

}  // namespace identity
