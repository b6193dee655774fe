#include "trust/signing/der.h"

#include <algorithm>

#include "base/text.h"

namespace trust::signing::der {

base::Bytes element(unsigned char tag, base::BytesView content) {
  base::Bytes out(1, static_cast<char>(tag));
  const std::size_t size = content.size();
  if (size < 0x80) {
    out += static_cast<char>(size);
  } else {
    base::Bytes length;
    for (std::size_t rest = size; rest != 0; rest >>= 8) {
      length.insert(length.begin(), static_cast<char>(rest & 0xff));
    }
    out += static_cast<char>(0x80 | length.size());
    out += length;
  }
  return out.append(content);
}

namespace {
base::Bytes joined(unsigned char tag, std::initializer_list<base::BytesView> parts) {
  base::Bytes content;
  for (const base::BytesView part : parts) content += part;
  return element(tag, content);
}
}  // namespace

base::Bytes sequence(std::initializer_list<base::BytesView> parts) { return joined(0x30, parts); }
base::Bytes set(std::initializer_list<base::BytesView> parts) { return joined(0x31, parts); }

base::Bytes set_of(std::vector<base::Bytes> members) {
  std::sort(members.begin(), members.end());
  base::Bytes content;
  for (const base::Bytes& member : members) content += member;
  return element(0x31, content);
}

base::Bytes integer(std::uint64_t value) {
  base::Bytes content;
  do {
    content.insert(content.begin(), static_cast<char>(value & 0xff));
    value >>= 8;
  } while (value != 0);
  if ((static_cast<unsigned char>(content[0]) & 0x80) != 0) content.insert(content.begin(), '\0');
  return element(0x02, content);
}

base::Bytes oid(std::string_view dotted) {
  base::Bytes content;
  std::uint64_t first = 0;
  std::size_t index = 0;
  for (const std::string_view part : base::split(dotted, '.')) {
    auto arc = static_cast<std::uint64_t>(base::parse_int(part).value_or(0));
    if (index++ == 0) {
      first = arc;
      continue;
    }
    if (index == 2) arc += first * 40;
    base::Bytes coded(1, static_cast<char>(arc & 0x7f));
    while ((arc >>= 7) != 0) coded.insert(coded.begin(), static_cast<char>(0x80 | (arc & 0x7f)));
    content += coded;
  }
  return element(0x06, content);
}

base::Bytes octets(base::BytesView content) { return element(0x04, content); }

base::Bytes bits(base::BytesView content) {
  base::Bytes inner(1, '\0');
  return element(0x03, inner.append(content));
}

base::Bytes utf8(std::string_view text) { return element(0x0c, text); }
base::Bytes null() { return element(0x05, {}); }

base::Bytes time(base::Time at) {
  const std::string iso = base::iso_time_text(at);  // 2026-11-22T02:30:00.123456Z
  std::string digits;
  for (const char c : iso.substr(0, 19)) {
    if (c >= '0' && c <= '9') digits += c;
  }
  const bool utc = digits >= "1950" && digits < "2050";
  return element(utc ? 0x17 : 0x18, digits.substr(utc ? 2 : 0) + "Z");
}

base::Bytes context(int number, base::BytesView content) {
  return element(static_cast<unsigned char>(0xa0 | number), content);
}

base::Bytes algorithm(std::string_view dotted, bool with_null) {
  return sequence({oid(dotted), with_null ? null() : base::Bytes()});
}

}  // namespace trust::signing::der
