#include "trust/judge_file.h"

#include <algorithm>

#include "base/hash.h"
#include "trust/asice/judge_asice.h"
#include "trust/pdf/judge.h"
#include "trust/signed_data.h"
#include "trust/xml/judge_xml.h"

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

Feed feed_of(const Source& content) {
  return [&content](const auto& take) -> base::Result<void> {
    std::string piece(64 * 1024, '\0');
    for (std::uint64_t at = 0; at < content.size();) {
      const std::size_t got = TRY(content.read_at(at, piece.data(), piece.size()));
      if (got == 0) break;
      TRY(take({piece.data(), got}));
      at += got;
    }
    return base::done();
  };
}

bool is_timestamp(base::BytesView der, const Limits& limits) {
  const auto data = read_signed_data(der, limits);
  return data.ok() && data->content_type == oid::kTstInfo;
}

// The whole of a CMS file; it is small unless its content is inside.
DocumentReport judge_cms_file(const Source& file, const Source* content, const Context& context) {
  DocumentReport report;
  if (file.size() > context.limits.cms_bytes) {
    report.incomplete = true;
    report.remarks.push_back({"Tệp CMS quá lớn để kiểm tra: giới hạn " +
                                  std::to_string(context.limits.cms_bytes) + " byte",
                              "the CMS file is too large to be judged: at most " +
                                  std::to_string(context.limits.cms_bytes) + " bytes"});
    return report;
  }
  base::Bytes der(static_cast<std::size_t>(file.size()), '\0');
  const auto got = file.read_at(0, der.data(), der.size());
  if (!got || *got != der.size()) {
    report.incomplete = true;
    report.remarks.push_back({"Không đọc được tệp", "the file cannot be read"});
    return report;
  }
  report.sha256 = base::sha256(der);
  CmsInput input;
  input.der = der;
  if (content != nullptr) input.content = feed_of(*content);
  if (is_timestamp(der, context.limits)) {
    report.media_type = "application/timestamp-token";
    report.signatures.push_back(judge_timestamp(input, context));
  } else {
    report.media_type = "application/pkcs7-mime";
    report.signatures = judge_cms(input, context);
  }
  return report;
}

DocumentReport judge_kind(FileKind kind, const Source& file, const Source* content,
                          const Context& context) {
  switch (kind) {
    case FileKind::pdf:
      return judge_pdf(file, context);
    case FileKind::asic:
      return judge_asice(file, context);
    case FileKind::xml:
      return judge_xml(file, context);
    case FileKind::cms:
      return judge_cms_file(file, content, context);
    case FileKind::other:
      break;
  }
  return {};
}

}  // namespace

DocumentReport judge_file(const Source& file, std::string_view name, const Context& context,
                          const Source* content) {
  constexpr std::size_t kFirstBytes = 1024;
  std::string first(kFirstBytes, '\0');
  const auto got = file.read_at(0, first.data(), first.size());
  first.resize(got ? *got : 0);
  DocumentReport report = judge_kind(kind_of(first), file, content, context);
  report.name = name;
  report.size = file.size();
  report.judged_at = context.now;
  return report;
}

FileKind kind_of(base::BytesView first) {
  constexpr std::size_t kPdfHeaderWithin = 1024;  // ISO 32000-1 annex H, implementation note 13
  // EN 319 162-1 §4.3.3: the first member is mimetype, stored.
  if (first.starts_with("PK\3\4") && first.size() > 38 && first.substr(30, 8) == "mimetype" &&
      first.substr(38).starts_with("application/vnd.etsi.asic-")) {
    return FileKind::asic;
  }
  // Not before: a PDF may be the first file of a container.
  if (first.substr(0, kPdfHeaderWithin).find("%PDF-") != base::BytesView::npos) {
    return FileKind::pdf;
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
