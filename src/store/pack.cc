#include "store/pack.h"

#include <charconv>

#include "base/check.h"
#include "base/hash.h"

namespace store {
namespace {

constexpr std::string_view kPackMagic = "TRUCPACK";
constexpr std::string_view kRecordMagic = "TRB1";
constexpr std::uint32_t kVersion = 1;

void append_u32(base::Bytes& to, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) to.push_back(static_cast<char>(number >> shift));
}

std::uint32_t read_u32(base::BytesView bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    number |= std::uint32_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
  }
  return number;
}

// Decimal without sign and leading zeros, up to 2^63.
std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  if (text.empty() || text.size() > 19 || (text[0] == '0' && text.size() > 1)) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool is_hex16(std::string_view text) {
  return text.size() == 16 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

base::Bytes pack_header() {
  base::Bytes header(kPackMagic);
  append_u32(header, kVersion);
  append_u32(header, base::crc32(0, header));
  return header;
}

bool is_pack_header(base::BytesView bytes) {
  return bytes.substr(0, kPackHeaderBytes) == pack_header();
}

base::Bytes pack_record(base::BytesView bytes) {
  CHECK(bytes.size() <= kPackedBlobMax);
  base::Bytes record;
  record.reserve(kRecordHeaderBytes + bytes.size());
  record += kRecordMagic;
  append_u32(record, static_cast<std::uint32_t>(bytes.size()));
  append_u32(record, base::crc32(0, bytes));
  append_u32(record, base::crc32(0, record));
  record += bytes;
  return record;
}

std::optional<std::uint32_t> record_length(base::BytesView bytes) {
  if (bytes.size() < kRecordHeaderBytes || !bytes.starts_with(kRecordMagic)) return std::nullopt;
  if (base::crc32(0, bytes.substr(0, 12)) != read_u32(bytes, 12)) return std::nullopt;
  const std::uint32_t length = read_u32(bytes, 4);
  if (length > kPackedBlobMax) return std::nullopt;
  return length;
}

std::string_view record_fault(base::BytesView record, std::uint64_t length) {
  const auto found = record_length(record);
  if (!found) return "no record begins there";
  if (*found != length) return "the record there has another length";
  const base::BytesView bytes = record.substr(kRecordHeaderBytes);
  if (bytes.size() != length) return "the record is cut short";
  if (base::crc32(0, bytes) != read_u32(record, 8)) return "the checksum is wrong";
  return {};
}

std::string to_text(const PackedRef& ref) {
  return "pack/" + hex16(ref.pack) + ":" + std::to_string(ref.offset) + ":" +
         std::to_string(ref.length);
}

std::optional<PackedRef> parse_packed_ref(std::string_view text) {
  if (!text.starts_with("pack/") || text.size() < 22 || text[21] != ':') return std::nullopt;
  const auto pack = parse_hex16(text.substr(5, 16));
  text.remove_prefix(22);
  const std::size_t colon = text.find(':');
  if (!pack || colon == std::string_view::npos) return std::nullopt;
  const auto offset = parse_decimal(text.substr(0, colon));
  const auto length = parse_decimal(text.substr(colon + 1));
  if (!offset || !length || *length > kPackedBlobMax) return std::nullopt;
  return PackedRef{*pack, *offset, *length};
}

std::optional<FileRef> parse_file_ref(std::string_view text) {
  // "file/4f/" random session "." length
  if (!text.starts_with("file/") || text.size() < 42 || text[7] != '/' || text[40] != '.') {
    return std::nullopt;
  }
  const std::string_view random = text.substr(8, 16);
  const auto session = parse_hex16(text.substr(24, 16));
  const auto length = parse_decimal(text.substr(41));
  if (!is_hex16(random) || random.substr(0, 2) != text.substr(5, 2) || !session || !length) {
    return std::nullopt;
  }
  return FileRef{std::string(text), *session, *length};
}

std::string hex16(std::uint64_t number) {
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; number >>= 4) text[i] = "0123456789abcdef"[number & 15];
  return text;
}

std::optional<std::uint64_t> parse_hex16(std::string_view text) {
  if (!is_hex16(text)) return std::nullopt;
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number, 16);
  return number;
}

std::string pack_path(std::uint64_t number) { return "pack/" + hex16(number) + ".pack"; }

std::optional<std::uint64_t> parse_pack_name(std::string_view name) {
  if (name.size() != 21 || !name.ends_with(".pack")) return std::nullopt;
  return parse_hex16(name.substr(0, 16));
}

}  // namespace store
