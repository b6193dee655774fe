#include "trust/evidence/canonical.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace trust::evidence {

using base::Json;
using base::Result;

namespace {

base::Error malformed(const char* vi, const char* en) {
  return base::Error(base::Code::invalid, "trust.evidence_malformed",
                     std::string("not canonical JSON: ") + en,
                     std::string("Không phải JSON chuẩn tắc: ") + vi);
}

Result<void> append_text(std::string& out, std::string_view text) {
  if (!base::is_utf8(text)) return malformed("không phải UTF-8", "it is not UTF-8");
  constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += kHex[c >> 4];
          out += kHex[c & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
  return base::done();
}

// By UTF-16 code units (RFC 8785 §3.2.3): as by bytes, but that a character beyond the basic plane
// (F0 and above in UTF-8) sorts before U+E000 to U+FFFF (EE and EF).
bool before(const Json::Member* a, const Json::Member* b) {
  const auto rank = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xf0 ? 0xee : byte == 0xee || byte == 0xef ? byte + 16 : byte;
  };
  return std::lexicographical_compare(a->first.begin(), a->first.end(), b->first.begin(),
                                      b->first.end(),
                                      [&](char x, char y) { return rank(x) < rank(y); });
}

Result<void> append(std::string& out, const Json& value) {
  if (value.is_object()) {
    std::vector<const Json::Member*> members;
    for (const Json::Member& member : value.object()) members.push_back(&member);
    std::sort(members.begin(), members.end(), before);
    out += '{';
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0 && members[i]->first == members[i - 1]->first) {
        return malformed("tên lặp lại", "a name is repeated");
      }
      if (i > 0) out += ',';
      TRY(append_text(out, members[i]->first));
      out += ':';
      TRY(append(out, members[i]->second));
    }
    out += '}';
  } else if (value.is_array()) {
    out += '[';
    bool first = true;
    for (const Json& element : value.array()) {
      if (!first) out += ',';
      first = false;
      TRY(append(out, element));
    }
    out += ']';
  } else if (value.is_string()) {
    TRY(append_text(out, value.text()));
  } else if (value.is_number()) {
    const std::int64_t number = value.integer();
    constexpr std::int64_t kExact = std::int64_t{1} << 53;  // what every reader keeps
    if (value.number() != static_cast<double>(number) || number > kExact || number < -kExact) {
      return malformed("số không nguyên", "a number is not whole");
    }
    out += std::to_string(number);
  } else {
    out += value.dump();
  }
  return base::done();
}

}  // namespace

Result<std::string> canonical(const Json& value) {
  std::string out;
  TRY(append(out, value));
  return out;
}

}  // namespace trust::evidence
