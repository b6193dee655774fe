#include "exchange/rest/paging.h"

#include <algorithm>

#include "base/hash.h"

namespace exchange::rest {
namespace {

constexpr std::size_t kSealBytes = 16;

// base64 for addresses (RFC 4648 §5), without padding.
std::string for_addresses(std::string text) {
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  while (text.ends_with('=')) text.pop_back();
  return text;
}

std::optional<base::Bytes> from_address(std::string_view text) {
  std::string padded(text);
  if (padded.find_first_of("+/= \t\r\n") != std::string::npos) return std::nullopt;
  std::replace(padded.begin(), padded.end(), '-', '+');
  std::replace(padded.begin(), padded.end(), '_', '/');
  padded.append((4 - padded.size() % 4) % 4, '=');
  return base::from_base64(padded);
}

}  // namespace

base::Bytes Cursors::sealed(std::string_view scope, std::string_view numbers) const {
  std::string message = std::to_string(scope.size()) + ":";
  message += scope;
  message += numbers;
  return base::hmac_sha256(key_, message).substr(0, kSealBytes);
}

std::string Cursors::write(std::string_view scope, const Place& place) const {
  base::Bytes numbers;
  for (const std::int64_t number : place) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      numbers.push_back(static_cast<char>(static_cast<std::uint64_t>(number) >> shift & 0xff));
    }
  }
  return for_addresses(base::base64(sealed(scope, numbers) + numbers));
}

base::Result<Place> Cursors::read(std::string_view scope, std::string_view cursor) const {
  const auto bytes = from_address(cursor);
  const bool right =
      bytes && bytes->size() > kSealBytes && (bytes->size() - kSealBytes) % 8 == 0 &&
      bytes->size() <= kSealBytes + 8 * kPlaceNumbersMax &&
      base::equal_constant_time(bytes->substr(0, kSealBytes),
                                sealed(scope, std::string_view(*bytes).substr(kSealBytes)));
  if (!right) {
    return base::Error(
        base::Code::invalid, "rest.bad_cursor",
        "cursor is not one that this list gave with these filters; begin without it",
        "cursor không phải do danh sách này, với bộ lọc này, trả về; hãy bắt đầu lại "
        "mà không có cursor");
  }
  Place place;
  for (std::size_t at = kSealBytes; at < bytes->size(); at += 8) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      number = number << 8 | static_cast<unsigned char>((*bytes)[at + i]);
    }
    place.push_back(static_cast<std::int64_t>(number));
  }
  return place;
}

}  // namespace exchange::rest
