#include "exchange/feed/cursor.h"

#include "base/hash.h"

namespace exchange::feed {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kBytes = 21;  // version, site (4), seq (8), sub (4), checksum (4)
constexpr std::size_t kSummed = kBytes - 4;

void append(base::Bytes& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift & 0xff));
  }
}

std::uint64_t number(base::BytesView bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

}  // namespace

std::string Cursor::text(std::uint32_t site) const {
  base::Bytes bytes(1, kVersion);
  append(bytes, site, 4);
  append(bytes, static_cast<std::uint64_t>(seq), 8);
  append(bytes, sub, 4);
  append(bytes, base::crc32(0, bytes), 4);
  return base::hex(bytes);
}

base::Result<Cursor> Cursor::parse(std::string_view text, std::uint32_t site) {
  const auto bytes =
      text.size() == 2 * kBytes ? base::from_hex(text) : std::optional<base::Bytes>();
  const bool whole = bytes && (*bytes)[0] == kVersion &&
                     number(*bytes, kSummed, 4) == base::crc32(0, bytes->substr(0, kSummed));
  if (!whole || number(*bytes, 1, 4) != site || number(*bytes, 5, 8) >> 63 != 0) {
    return base::Error(base::Code::invalid, "exchange.bad_cursor",
                       "`cursor` is not one that this exchange gave: pass the last `next` exactly "
                       "as it came, or begin with now, beginning or a time",
                       "`cursor` không phải do trục này cấp: hãy gửi lại đúng giá trị `next` lần "
                       "trước, hoặc bắt đầu bằng now, beginning hay một thời điểm");
  }
  return Cursor{static_cast<std::int64_t>(number(*bytes, 5, 8)),
                static_cast<std::uint32_t>(number(*bytes, 13, 4))};
}

}  // namespace exchange::feed
