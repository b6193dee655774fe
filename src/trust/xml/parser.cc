#include "trust/xml/parser.h"

// clang-format off
#include <xmlsec/xmlsec.h>  // its others need it before them
// clang-format on
#include <libxml/parser.h>
#include <libxml/xmlIO.h>
#include <xmlsec/errors.h>
#include <xmlsec/io.h>
#include <xmlsec/openssl/crypto.h>

#include <mutex>
#include <string>

#include "base/check.h"

namespace trust::xml {
namespace {

// Errors come back as values; a stranger's document must not write to our log.
void say_nothing(const char*, int, const char*, const char*, const char*, int, const char*) {}
void say_nothing_either(void*, xmlErrorPtr) {}
// libxml2 asks this before it opens anything by name.
xmlParserInputPtr open_nothing(const char*, const char*, xmlParserCtxtPtr) { return nullptr; }

}  // namespace

void start_libraries() {
  static std::once_flag once;
  std::call_once(once, [] {
    ::xmlInitParser();
    ::xmlSetExternalEntityLoader(open_nothing);
    CHECK(::xmlSecInit() == 0);
    CHECK(::xmlSecOpenSSLInit() == 0);
    ::xmlSecErrorsSetCallback(say_nothing);
    ::xmlSecIOCleanupCallbacks();
  });
  ::xmlSetStructuredErrorFunc(nullptr, say_nothing_either);  // of this thread
}

base::Error malformed(int line) {
  const std::string at = std::to_string(line);
  return {base::Code::invalid, "trust.xml_malformed",
          "the file is not well-formed XML (line " + at + ")",
          "tệp không phải XML đúng quy tắc (dòng " + at + ")"};
}

base::Error not_utf8() {
  return {base::Code::invalid, "trust.xml_malformed", "the XML file is not in UTF-8",
          "tệp XML không dùng bảng mã UTF-8"};
}

base::Error has_doctype() {
  return {base::Code::invalid, "trust.xml_refused",
          "the XML file has a DOCTYPE or an entity of its own, which is refused",
          "tệp XML có khai báo DOCTYPE hoặc thực thể riêng nên bị từ chối"};
}

base::Error too_complex() {
  return {base::Code::too_large, "trust.xml_too_large",
          "the XML file is larger or deeper than what signatures are judged in",
          "tệp XML lớn hoặc lồng sâu hơn mức kiểm tra chữ ký được"};
}

base::Error out_of_time() {
  return {base::Code::unavailable, "trust.out_of_time",
          "the time allowed for judging is over; judge the file again",
          "đã hết thời gian dành cho việc kiểm tra; hãy kiểm tra lại tệp"};
}

}  // namespace trust::xml
