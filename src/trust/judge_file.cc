#include "trust/judge_file.h"

#include <algorithm>

namespace trust {
namespace {

// DER of a ContentInfo: SEQUENCE, its length in any form, then the object identifier of signed
// data.
bool is_signed_data(base::BytesView bytes) {
  constexpr base::BytesView kSignedData("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", 11);
  if (bytes.size() < 2 || bytes[0] != '\x30') return false;
  const auto length = static_cast<unsigned char>(bytes[1]);
  const std::size_t more = length < 0x80 ? 0 : length & 0x7f;
  return more <= 8 && bytes.substr(std::min(bytes.size(), 2 + more)).starts_with(kSignedData);
}

}  // namespace

FileKind kind_of(base::BytesView first) {
  constexpr std::size_t kPdfHeaderWithin = 1024;  // ISO 32000-1 annex H, implementation note 13
  if (first.substr(0, kPdfHeaderWithin).find("%PDF-") != base::BytesView::npos)
    return FileKind::pdf;
  // EN 319 162-1 §4.3.3: the first member is mimetype, stored.
  if (first.starts_with("PK\3\4") && first.size() > 38 && first.substr(30, 8) == "mimetype" &&
      first.substr(38).starts_with("application/vnd.etsi.asic-")) {
    return FileKind::asic;
  }
  if (is_signed_data(first)) return FileKind::cms;
  if (first.starts_with("\xEF\xBB\xBF")) first.remove_prefix(3);
  const std::size_t text = first.find_first_not_of(" \t\r\n");
  if (text != base::BytesView::npos && first[text] == '<' && text + 1 < first.size()) {
    const char next = first[text + 1];
    if (next == '?' || next == '!' || (next >= 'A' && next <= 'Z') ||
        (next >= 'a' && next <= 'z')) {
      return FileKind::xml;
    }
  }
  return FileKind::other;
}

}  // namespace trust
