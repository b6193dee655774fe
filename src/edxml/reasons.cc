#include "edxml/reasons.h"

#include <array>

namespace edxml {
namespace {

// In the order of Reason.
constexpr auto kTexts = std::to_array<ReasonText>({
    {"edxml.not_well_formed", "tệp không phải XML đúng quy tắc", "the file is not well-formed XML"},
    {"edxml.doctype", "tệp có khai báo DOCTYPE, không được phép trong edXML",
     "the file has a DOCTYPE, which edXML does not allow"},
    {"edxml.entity", "tệp dùng thực thể XML không có sẵn, không được phép trong edXML",
     "the file uses an entity that XML does not predefine, which edXML does not allow"},
    {"edxml.too_deep", "các phần tử lồng nhau quá sâu", "elements are nested too deep"},
    {"edxml.too_large", "tệp vượt quá giới hạn", "the file is beyond a limit"},
    {"edxml.not_utf8", "tệp không dùng bảng mã UTF-8", "the file is not in UTF-8"},
    {"edxml.no_envelope", "tệp XML này không phải edXML: không có edXMLEnvelope với edXMLHeader",
     "this XML file is not edXML: there is no edXMLEnvelope with an edXMLHeader"},
    {"edxml.empty", "tệp rỗng", "the file is empty"},
});

}  // namespace

const ReasonText& text_of(Reason reason) { return kTexts[static_cast<std::size_t>(reason)]; }
std::span<const ReasonText> read_reasons() { return kTexts; }

}  // namespace edxml
