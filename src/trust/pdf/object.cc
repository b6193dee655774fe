#include "trust/pdf/object.h"

#include <algorithm>

namespace trust::pdf {
namespace {

void put_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

const Object kNull;

}  // namespace

const Object* Dict::find(std::string_view key) const {
  const auto it =
      std::lower_bound(entries.begin(), entries.end(), key,
                       [](const Entry& entry, std::string_view k) { return entry.key < k; });
  return it == entries.end() || it->key != key ? nullptr : &it->value;
}

bool Dict::operator==(const Dict& other) const { return entries == other.entries; }

double Object::number_or(double otherwise) const {
  if (const auto* integer = as<std::int64_t>()) return static_cast<double>(*integer);
  if (const auto* real = as<double>()) return *real;
  return otherwise;
}

const Object& at(const Dict& dict, std::string_view key) {
  const Object* found = dict.find(key);
  return found == nullptr ? kNull : *found;
}

const Object& at(const Object& object, std::string_view key) {
  const Dict* dict = object.as<Dict>();
  return dict == nullptr ? kNull : at(*dict, key);
}

std::string text_of(const String& string) {
  const std::string& bytes = string.bytes;
  std::string out;
  constexpr std::size_t kShown = 512;  // enough for a person
  const std::size_t size = std::min(bytes.size(), kShown);
  const auto byte = [&bytes](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]));
  };
  if (bytes.starts_with("\xEF\xBB\xBF")) return bytes.substr(3, kShown);
  if (bytes.starts_with("\xFE\xFF")) {
    for (std::size_t i = 2; i + 1 < size; i += 2) {
      std::uint32_t code = byte(i) << 8 | byte(i + 1);
      if (code >= 0xd800 && code < 0xdc00 && i + 3 < size) {
        const std::uint32_t low = byte(i + 2) << 8 | byte(i + 3);
        code = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
                                             : 0xfffd;
        i += 2;
      }
      put_utf8(out, code >= 0xd800 && code < 0xe000 ? 0xfffd : code < 0x20 ? ' ' : code);
    }
    return out;
  }
  for (std::size_t i = 0; i < size; ++i) put_utf8(out, byte(i) < 0x20 ? ' ' : byte(i));
  return out;
}

}  // namespace trust::pdf
