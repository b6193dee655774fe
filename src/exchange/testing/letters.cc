#include "exchange/testing/letters.h"

#include <algorithm>

#include "base/check.h"
#include "edxml/writer.h"

namespace exchange::testing {
namespace {

constexpr const char* kDate = "2026/11/18";

edxml::Organisation organisation(const std::string& code) {
  edxml::Organisation out;
  out.id = code;
  out.name = "Cơ quan " + code;
  return out;
}

edxml::WrittenDate date(const std::string& written) { return {written, base::parse_date(written)}; }

edxml::Content content_of(const Letter& letter) {
  std::string bytes = letter.attachment.empty() ? "%PDF-1.7\n" + letter.content : letter.attachment;
  std::uint64_t state = 88172645463325252u;
  while (bytes.size() < letter.content_bytes) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    bytes += static_cast<char>(state & 0xff);
  }
  edxml::Content content;
  content.name = "van-ban.pdf";
  content.bytes = bytes.size();
  content.read = [bytes, at = std::size_t{0}](
                     char* to, std::size_t size) mutable -> base::Result<std::size_t> {
    const std::size_t got = at < bytes.size() ? bytes.copy(to, size, at) : 0;
    at += got;
    return got;
  };
  return content;
}

}  // namespace

std::string document_id(const Letter& letter) {
  if (!letter.document_id.empty()) return letter.document_id;
  return letter.from + "," + kDate + "," + letter.number + "/" + letter.notation;
}

std::string file_of(const Letter& letter) {
  edxml::Document document;
  document.from = organisation(letter.from);
  for (const std::string& code : letter.to) document.to.push_back(organisation(code));
  document.document_id = document_id(letter);
  document.code_number = letter.number;
  document.code_notation = letter.notation;
  document.place = "Hà Nội";
  document.promulgation = date(kDate);
  document.has_type = true;
  document.type = "2";
  document.type_name = "Công văn";
  document.subject = letter.subject;
  document.has_other_info = true;
  document.priority = letter.priority;
  document.business = letter.business;
  for (const std::string& id : letter.about) {
    edxml::ResponseFor about;
    about.organisation = letter.from;
    about.document_id = id;
    document.response_for.push_back(std::move(about));
  }
  std::string file;
  int names = 0;
  const auto written = edxml::write_document(
      document, {content_of(letter)}, [&names] { return "part-" + std::to_string(++names); },
      [&file](base::BytesView bytes) -> base::Result<void> {
        file += bytes;
        return base::done();
      });
  CHECK(written.ok());
  return file;
}

std::string file_of(const Report& report) {
  edxml::Document status;
  status.kind = edxml::Kind::status;
  status.from = organisation(report.from);
  edxml::ResponseFor about;
  about.organisation = report.to;
  about.document_id = report.about;
  about.code = report.about_code;
  about.promulgation = date(report.about_date);
  status.response_for.push_back(std::move(about));
  status.status_code = report.code;
  status.status_description = report.text;
  status.status_timestamp = report.time;
  auto file = edxml::write_status(status);
  CHECK(file.ok());
  return *std::move(file);
}

Report report_on(const Letter& letter, const std::string& from, const std::string& code) {
  Report report;
  report.from = from;
  report.to = letter.from;
  report.code = code;
  report.about = document_id(letter);
  report.about_code = letter.number + "/" + letter.notation;
  return report;
}

Report recall_of(const Letter& letter, const std::string& recipient) {
  Report report = report_on(letter, letter.from, "13");
  report.to = recipient;
  report.text = "Gửi nhầm";
  return report;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace exchange::testing
