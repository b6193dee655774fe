#include "exchange/identifiers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cinttypes>
#include <cstdio>

namespace exchange {
namespace {

constexpr std::int64_t kEpochMillis = 1'704'067'200'000;  // 2024-01-01T00:00:00Z
constexpr int kCounterBits = 6;

template <class T>
std::optional<T> from_hex_digits(std::string_view text) {
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool has_uuid_dashes(std::string_view text) {
  return text.size() == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' &&
         text[23] == '-';
}

}  // namespace

DocumentKey next_document_key(DocumentKey last, base::Time now) {
  const std::int64_t millis = std::max<std::int64_t>(0, base::to_micros(now) / 1000 - kEpochMillis);
  return std::max(last + 1, millis << kCounterBits);
}

std::string document_id_text(std::uint32_t site, DocumentKey document) {
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%08" PRIx32 "%016" PRIx64, site,
                static_cast<std::uint64_t>(document));
  return out.data();
}

// RFC 9562 version 8: 48 bits of the number, the version, 12 bits, the variant with the last 4
// bits, and the site.
std::string delivery_id_text(std::uint32_t site, DeliveryKey delivery) {
  const auto bits = static_cast<std::uint64_t>(delivery);
  std::array<char, 40> out{};
  std::snprintf(out.data(), out.size(),
                "%08" PRIx64 "-%04" PRIx64 "-8%03" PRIx64 "-a%01" PRIx64 "00-0000%08" PRIx32,
                bits >> 32, (bits >> 16) & 0xffff, (bits >> 4) & 0xfff, bits & 0xf, site);
  return out.data();
}

std::optional<Named> parse_id(std::uint32_t site, std::string_view text) {
  if (text.size() == 24) {
    const auto its_site = from_hex_digits<std::uint32_t>(text.substr(0, 8));
    const auto number = from_hex_digits<std::uint64_t>(text.substr(8));
    if (!its_site || !number || *its_site != site || *number >> 47 != 0) return std::nullopt;
    return Named{static_cast<DocumentKey>(*number), std::nullopt};
  }
  if (!has_uuid_dashes(text) || text[14] != '8' || text[19] != 'a') return std::nullopt;
  const auto upper = from_hex_digits<std::uint64_t>(text.substr(0, 8));
  const auto middle = from_hex_digits<std::uint64_t>(text.substr(9, 4));
  const auto lower = from_hex_digits<std::uint64_t>(text.substr(15, 3));
  const auto last = from_hex_digits<std::uint64_t>(text.substr(20, 1));
  const auto its_site = from_hex_digits<std::uint32_t>(text.substr(28));
  if (!upper || !middle || !lower || !last || !its_site || *its_site != site) return std::nullopt;
  const std::uint64_t bits = *upper << 32 | *middle << 16 | *lower << 4 | *last;
  if (bits >> 63 != 0) return std::nullopt;
  const auto delivery = static_cast<DeliveryKey>(bits);
  return Named{document_of(delivery), delivery};
}

}  // namespace exchange
