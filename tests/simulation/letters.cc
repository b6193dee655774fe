#include "simulation/letters.h"

#include <algorithm>

#include "base/check.h"
#include "base/hash.h"
#include "base/text.h"
#include "edxml/writer.h"

namespace simulation {
namespace {

constexpr std::string_view kSubject = "V/v rà soát hồ sơ";

base::Bytes written_document(const Letter& letter, base::SeededRandom& random) {
  edxml::Document d;
  d.from.id = letter.from;
  d.from.name = "Cơ quan " + letter.from;
  for (const std::string& code : letter.to) {
    edxml::Organisation to;
    to.id = code;
    to.name = "Cơ quan " + code;
    d.to.push_back(std::move(to));
  }
  if (!letter.by_code) d.document_id = letter.document_id;
  const std::size_t slash = letter.code.find('/');
  d.code_number = letter.code.substr(0, slash);
  d.code_notation = letter.code.substr(slash + 1);
  d.place = "Quảng Ninh";
  d.promulgation = {letter.date, base::parse_date(letter.date)};
  d.has_type = true;
  d.type = "2";
  d.type_name = "Công văn";
  d.subject = std::string(kSubject) + " " + letter.code;
  d.signer_name = "Người Ký Thử";
  d.has_other_info = true;
  d.priority = std::to_string(letter.urgency);
  edxml::Business business;
  business.operation_written = "0";
  if (!letter.revokes.empty()) {
    business.operation = edxml::Operation::revoke;
    business.operation_written = "1";
    business.reason = "Ban hành nhầm";
    business.document_id = letter.revokes;
  }
  d.has_trace = true;
  d.business = business;
  d.trace.push_back({letter.from, letter.date + " 07:00:00"});
  base::Bytes content = "%PDF-1.7\n" + random.bytes(letter.attachment_bytes);
  std::size_t at = 0;
  edxml::Content attachment;
  attachment.name = "van ban.pdf";
  attachment.description = "Văn bản chính";
  attachment.bytes = content.size();
  attachment.read = [&](char* to, std::size_t size) -> base::Result<std::size_t> {
    const std::size_t some = content.copy(to, size, at);
    at += some;
    return some;
  };
  base::Bytes out;
  const auto done = edxml::write_document(
      d, {attachment}, [] { return std::string("tep"); },
      [&](base::BytesView piece) {
        out += piece;
        return base::done();
      });
  done.value();
  return out;
}

base::Bytes written_status(const Letter& letter) {
  edxml::Document d;
  d.kind = edxml::Kind::status;
  d.from.id = letter.from;
  d.from.name = "Cơ quan " + letter.from;
  edxml::ResponseFor about;
  about.organisation = letter.to.front();
  about.code = letter.code;
  if (!letter.by_code) about.document_id = letter.document_id;
  about.promulgation = {letter.date, base::parse_date(letter.date)};
  d.response_for.push_back(std::move(about));
  d.status_code = letter.status_code;
  d.status_description = "Lần " + std::to_string(letter.number);
  d.status_time = letter.stated_at;
  return edxml::write_status(d).value();
}

void replace(base::Bytes& bytes, std::string_view from, std::string_view to) {
  const std::size_t at = bytes.find(from);
  CHECK(at != base::Bytes::npos);
  bytes.replace(at, from.size(), to);
}

void spoil(Letter& letter, base::SeededRandom& random) {
  switch (letter.flaw) {
    case Flaw::none:
      break;
    case Flaw::secret:
      replace(letter.bytes, kSubject, random.chance(0.5) ? "(Mật) V/v" : "(TỐI MẬT) V/v");
      break;
    case Flaw::malformed:
      switch (random.below(3)) {
        case 0:  // cut off on the way
          letter.bytes.resize(static_cast<std::size_t>(random.below(letter.bytes.size() * 3 / 4)));
          break;
        case 1:
          replace(letter.bytes, "</edXML:MessageHeader>", "</edXML:MessageHeadr>");
          break;
        default:
          replace(letter.bytes, "<edXML ", "<!DOCTYPE a [<!ENTITY b \"c\">]><edXML ");
      }
  }
}

}  // namespace

void write_letter(Letter& letter, base::SeededRandom& random) {
  letter.bytes = letter.kind == edxml::Kind::document ? written_document(letter, random)
                                                      : written_status(letter);
  spoil(letter, random);
  letter.hash = base::sha256(letter.bytes);
}

}  // namespace simulation
