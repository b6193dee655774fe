#include "exchange/identifiers.h"

#include <algorithm>
#include <charconv>

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

// The last `digits` of the number.
void put_hex(std::string& out, std::uint64_t number, int digits) {
  while (digits-- > 0) out += "0123456789abcdef"[number >> (4 * digits) & 0xF];
}

bool has_uuid_dashes(std::string_view text) {
  return text.size() == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' &&
         text[23] == '-';
}

}  // namespace

DocumentKey next_document_key(DocumentKey last, base::Time now) {
  const std::int64_t millis = std::max<std::int64_t>(0, base::to_micros(now) / 1000 - kEpochMillis);
  return std::max(last + 1, std::min(millis << kCounterBits, kDocumentsEnd));
}

base::Time time_of(DocumentKey document) {
  return base::from_micros(((document >> kCounterBits) + kEpochMillis) * 1000);
}

std::string document_id_text(std::uint32_t site, DocumentKey document) {
  std::string out;
  out.reserve(24);
  put_hex(out, site, 8);
  put_hex(out, static_cast<std::uint64_t>(document), 16);
  return out;
}

// RFC 9562 version 8: 48 bits of the number, the version, 12 bits, the variant with the last 4
// bits, and the site.
std::string delivery_id_text(std::uint32_t site, DeliveryKey delivery) {
  const auto bits = static_cast<std::uint64_t>(delivery);
  std::string out;
  out.reserve(36);
  put_hex(out, bits >> 32, 8);
  put_hex(out += '-', bits >> 16, 4);
  put_hex(out += "-8", bits >> 4, 3);
  put_hex(out += "-a", bits, 1);
  put_hex(out += "00-0000", site, 8);
  return out;
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
