#include "edxml/testing/sample.h"

#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "base/check.h"
#include "edxml/attachments.h"
#include "edxml/zip.h"

namespace edxml::testing {

std::string file_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  CHECK(in.good());
  return std::string((std::istreambuf_iterator<char>(in)), {});
}

std::string sample(const std::string& name) {
  return file_bytes(TRUC_SOURCE_DIR "/src/edxml/testdata/" + name);
}

std::string file_with(std::string_view header) {
  return "<edXML><edXMLEnvelope><edXMLHeader><MessageHeader>" + std::string(header) +
         "</MessageHeader></edXMLHeader></edXMLEnvelope></edXML>";
}

std::string with_attachment(const std::string& name, const std::string& type,
                            const std::string& text) {
  return "<edXML><edXMLEnvelope><edXMLHeader/></edXMLEnvelope><AttachmentEncoded><Attachment>"
         "<AttachmentName>" +
         name + "</AttachmentName><ContentType>" + type + "</ContentType><ContentTransferEncoded>" +
         text + "</ContentTransferEncoded></Attachment></AttachmentEncoded></edXML>";
}

std::string zip_bytes(const std::string& entry, const std::string& content) {
  std::string bytes;
  ZipWriter writer(entry, [&bytes](base::BytesView piece) {
    bytes += piece;
    return base::done();
  });
  CHECK(writer.write(content).ok());
  CHECK(writer.finish().ok());
  return bytes;
}

std::string zip_text(const std::string& entry, const std::string& content) {
  std::string text;
  append_base64(text, zip_bytes(entry, content));
  return text;
}

std::string two_entries(const std::string& first, const std::string& second) {
  const auto number = [](std::size_t value, std::size_t size) {
    std::string out;
    for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
    return out;
  };
  std::string bytes, directory;
  for (const std::string& name : {first, second}) {
    const std::string common =
        number(20, 2) + std::string(20, '\0') + number(name.size(), 2) + number(0, 2);
    const std::size_t offset = bytes.size();
    bytes += std::string(kZipStart) + common + name;
    directory +=
        "PK\x01\x02" + number(20, 2) + common + std::string(10, '\0') + number(offset, 4) + name;
  }
  const std::size_t start = bytes.size();
  return bytes + directory + "PK\x05\x06" + number(0, 4) + number(2, 2) + number(2, 2) +
         number(directory.size(), 4) + number(start, 4) + number(0, 2);
}

base::Result<std::string> extract_from(const Attachment& attachment, const std::string& file,
                                       std::uint64_t content_bytes_max) {
  std::string content;
  TRY(extract(
      attachment,
      [&file](std::uint64_t offset, char* to, std::size_t size) -> base::Result<std::size_t> {
        return offset < file.size() ? file.copy(to, size, static_cast<std::size_t>(offset)) : 0;
      },
      content_bytes_max,
      [&content](base::BytesView piece) {
        content += piece;
        return base::done();
      }));
  return content;
}

std::string extracted(const Attachment& attachment, const std::string& file) {
  const auto content = extract_from(attachment, file, 1u << 30);
  return content.ok() ? *content : std::string(content.error().reason());
}

namespace {

class Lines {
 public:
  void add(std::string_view name, std::string_view value) {
    ((out_ += name) += '=') += value;
    out_ += '\n';
  }
  void add(std::string_view name, std::uint64_t value) { add(name, std::to_string(value)); }
  void add(std::string_view name, const WrittenDate& date) {
    add(name, date.date ? base::date_text(*date.date) : "? " + date.written);
  }
  void add(std::string_view name, const std::vector<std::string>& list) {
    for (const std::string& item : list) add(name, item);
  }
  void add(const Organisation& of) {
    for (const auto* text : {&of.id, &of.in_charge, &of.name, &of.address, &of.email, &of.telephone,
                             &of.fax, &of.website}) {
      add("organisation", *text);
    }
  }
  void add(const Staff& of) {
    for (const auto* text :
         {&of.department, &of.department_id, &of.staff, &of.staff_id, &of.email, &of.mobile}) {
      add("staff", *text);
    }
  }
  void add(const Business& b) {
    add("operation", static_cast<std::uint64_t>(b.operation));
    for (const auto* text :
         {&b.document_id, &b.reason, &b.paper, &b.document_info, &b.document_receiver}) {
      add("business", *text);
    }
    for (const Receiver& r : b.receivers) add(r.organisation, r.type);
    for (const Replacement& r : b.replacements) add(r.document_id, r.organisations);
    for (const Staff& s : b.staff) add(s);
  }
  void add(const Attachment& a) {
    for (const auto* text : {&a.content_id, &a.name, &a.description, &a.content_type,
                             &a.first_bytes, &a.problem.vi, &a.problem.en}) {
      add("attachment", *text);
    }
    for (const auto number :
         {a.text_offset, a.text_bytes, a.decoded_bytes, a.content_bytes, std::uint64_t{a.zipped}}) {
      add("attachment", number);
    }
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

}  // namespace

std::string text_of(const Document& d) {
  Lines lines;
  lines.add("kind", static_cast<std::uint64_t>(d.kind));
  lines.add(d.from);
  for (const auto& to : d.to) lines.add(to);
  for (const auto* text : {&d.document_id,
                           &d.code_number,
                           &d.code_notation,
                           &d.place,
                           &d.type,
                           &d.type_detail,
                           &d.type_name,
                           &d.subject,
                           &d.content,
                           &d.signer_competence,
                           &d.signer_position,
                           &d.signer_name,
                           &d.priority,
                           &d.sphere,
                           &d.typer_notation,
                           &d.promulgation_amount,
                           &d.page_amount,
                           &d.reply_fors,
                           &d.direction,
                           &d.reference_codes,
                           &d.steering_type,
                           &d.application_type,
                           &d.status_code,
                           &d.status_description,
                           &d.status_timestamp}) {
    lines.add("text", *text);
  }
  lines.add("promulgation", d.promulgation);
  lines.add("due", d.due);
  lines.add("appendix", d.appendixes);
  lines.add("task", d.task_codes);
  lines.add("place", d.to_places);
  for (const auto& r : d.response_for) {
    lines.add(r.organisation, r.code);
    lines.add(r.document_id, r.promulgation);
  }
  for (const auto& t : d.trace) lines.add(t.organisation.value_or("(none)"), t.timestamp);
  if (d.business) lines.add(*d.business);
  for (const auto& r : d.references) {
    lines.add(r.content_id, r.content_type);
    lines.add(r.description, r.name);
  }
  for (const auto& a : d.attachments) lines.add(a);
  for (const auto& s : d.staff) lines.add(s);
  return lines.take();
}

}  // namespace edxml::testing
