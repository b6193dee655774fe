#include "trust/asn1.h"

#include <chrono>

namespace trust::asn1 {
namespace {

constexpr int kDepthMax = 32;
constexpr std::size_t kOidBytesMax = 64;

struct Header {
  unsigned char tag = 0;
  std::size_t header = 0;               // bytes of it
  std::optional<std::size_t> length{};  // nothing: indefinite
};

std::optional<Header> header_of(base::BytesView bytes) {
  if (bytes.size() < 2) return std::nullopt;
  Header out;
  out.tag = static_cast<unsigned char>(bytes[0]);
  if ((out.tag & 0x1f) == 0x1f) return std::nullopt;  // no structure here has such numbers
  const auto first_byte = static_cast<unsigned char>(bytes[1]);
  out.header = 2;
  if (first_byte < 0x80) {
    out.length = first_byte;
  } else if (first_byte == 0x80) {
    if ((out.tag & 0x20) == 0) return std::nullopt;
    return out;
  } else {
    const std::size_t count = first_byte & 0x7f;
    if (count > 8 || bytes.size() < 2 + count) return std::nullopt;
    std::size_t length = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (length > (SIZE_MAX >> 9)) return std::nullopt;
      length = length << 8 | static_cast<unsigned char>(bytes[2 + i]);
    }
    out.header = 2 + count;
    out.length = length;
  }
  if (*out.length > bytes.size() - out.header) return std::nullopt;
  return out;
}

// How long the content of an indefinite length is, up to its end-of-contents.
std::optional<std::size_t> indefinite_length(base::BytesView bytes, int depth) {
  if (depth > kDepthMax) return std::nullopt;
  std::size_t at = 0;
  while (true) {
    const base::BytesView rest = bytes.substr(at);
    if (rest.size() >= 2 && rest[0] == 0 && rest[1] == 0) return at;
    const auto header = header_of(rest);
    if (!header) return std::nullopt;
    std::size_t length = 0;
    if (header->length) {
      length = *header->length;
    } else {
      const auto inner = indefinite_length(rest.substr(header->header), depth + 1);
      if (!inner) return std::nullopt;
      length = *inner + 2;
    }
    at += header->header + length;
  }
}

std::optional<int> digits(base::BytesView text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

bool collect(const Element& element, base::Bytes& out, int depth) {
  if (element.tag == kOctetString || element.tag == 0x80) {
    out.append(element.content);
    return true;
  }
  if (depth > kDepthMax) return false;
  Reader parts(element.content);
  while (auto part = parts.next()) {
    if ((part->tag & ~0x20) != kOctetString || !collect(*part, out, depth + 1)) return false;
  }
  return !parts.failed();
}

}  // namespace

std::optional<Element> Reader::next() {
  if (rest_.empty() || failed_) return std::nullopt;
  const auto header = header_of(rest_);
  std::optional<std::size_t> length;
  std::size_t end = 0;
  if (header) {
    length = header->length;
    if (!length) {
      length = indefinite_length(rest_.substr(header->header), 0);
      end = 2;
    }
  }
  if (!length) {
    failed_ = true;
    return std::nullopt;
  }
  const std::size_t whole = header->header + *length + end;
  const Element out{header->tag, rest_.substr(header->header, *length), rest_.substr(0, whole)};
  rest_.remove_prefix(whole);
  return out;
}

std::optional<Element> Reader::next(unsigned char tag) {
  if (peek() != tag) return std::nullopt;
  return next();
}

std::optional<Element> first(base::BytesView bytes, unsigned char tag) {
  return Reader(bytes).next(tag);
}

std::string oid_text(base::BytesView content) {
  if (content.empty() || content.size() > kOidBytesMax) return {};
  std::string out;
  std::uint64_t value = 0;
  bool inside = false;
  for (const char c : content) {
    const auto byte = static_cast<unsigned char>(c);
    if (value > (UINT64_MAX >> 8)) return {};
    value = value << 7 | (byte & 0x7f);
    inside = (byte & 0x80) != 0;
    if (inside) continue;
    if (out.empty()) {
      const std::uint64_t top = value < 80 ? value / 40 : 2;
      out = std::to_string(top) + "." + std::to_string(value - top * 40);
    } else {
      out += "." + std::to_string(value);
    }
    value = 0;
  }
  return inside ? std::string() : out;
}

std::optional<base::Bytes> octets(const Element& element) {
  base::Bytes out;
  if (!collect(element, out, 0)) return std::nullopt;
  return out;
}

std::optional<std::int64_t> integer(base::BytesView content) {
  if (content.empty() || content.size() > 8) return std::nullopt;
  std::uint64_t value = (static_cast<unsigned char>(content[0]) & 0x80) != 0 ? UINT64_MAX : 0;
  for (const char c : content) value = value << 8 | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(value);
}

std::optional<base::Time> time(const Element& element) {
  const base::BytesView text = element.content;
  const bool is_long = element.tag == kGeneralizedTime;
  if (!is_long && element.tag != kUtcTime) return std::nullopt;
  const std::size_t at = is_long ? 4 : 2;
  const auto year = digits(text, 0, at), month = digits(text, at, 2), day = digits(text, at + 2, 2),
             hour = digits(text, at + 4, 2), minute = digits(text, at + 6, 2),
             second = digits(text, at + 8, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  const int whole_year = is_long ? *year : *year + (*year < 50 ? 2000 : 1900);
  const std::chrono::year_month_day date(std::chrono::year(whole_year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  base::Time out = std::chrono::sys_days(date) + std::chrono::hours(*hour) +
                   std::chrono::minutes(*minute) + std::chrono::seconds(*second);
  base::BytesView rest = text.substr(at + 10);
  if (is_long && rest.size() > 1 && rest[0] == '.') {
    rest.remove_prefix(1);
    for (std::int64_t unit = 100000; !rest.empty() && rest[0] >= '0' && rest[0] <= '9';
         unit /= 10, rest.remove_prefix(1)) {
      out += base::Duration((rest[0] - '0') * unit);
    }
  }
  if (rest != "Z") return std::nullopt;
  return out;
}

std::optional<Algorithm> algorithm(Reader& from) {
  const auto sequence = from.next(kSequence);
  if (!sequence) return std::nullopt;
  Reader inside(sequence->content);
  const auto oid = inside.next(kOid);
  if (!oid) return std::nullopt;
  Algorithm out{oid_text(oid->content), inside.rest()};
  if (out.oid.empty()) return std::nullopt;
  if (!inside.at_end() && (!inside.next() || !inside.at_end())) return std::nullopt;
  return out;
}

}  // namespace trust::asn1
