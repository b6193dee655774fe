#include "edxml/writer.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "edxml/base64.h"
#include "edxml/content.h"
#include "edxml/rules.h"
#include "edxml/validate.h"
#include "edxml/zip.h"

namespace edxml {
namespace {

constexpr std::string_view kNamespace = "http://www.mic.gov.vn/TBT/QCVN_102_2016";
constexpr std::size_t kPieceBytes = 48u << 10;  // a multiple of three: base64 without padding
constexpr std::uint64_t kWrapMax = 0xffffffffu;

// What XML 1.0 allows of UTF-8, escaped; everything else is left out.
void append_text(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      switch (text[i++]) {
        case '&':
          out += "&amp;";
          break;
        case '<':
          out += "&lt;";
          break;
        case '>':
          out += "&gt;";
          break;
        case '\r':
          out += "&#xD;";
          break;
        default:
          if (lead >= 0x20 || lead == '\t' || lead == '\n') out += static_cast<char>(lead);
      }
      continue;
    }
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    const std::string_view character = text.substr(i, size);
    if (!base::is_utf8(character)) {
      ++i;
      continue;
    }
    if (character != "\xEF\xBF\xBE" && character != "\xEF\xBF\xBF") out += character;
    i += size;
  }
}

// Elements with the reference builder's prefix, indent and line ends.
class Xml {
 public:
  explicit Xml(std::string prefix) : prefix_(std::move(prefix)) {}
  void prefix(std::string_view prefix) { prefix_ = prefix; }
  void open(std::string_view name, std::string_view attributes = {}) {
    start(name, attributes);
    out_ += "\r\n";
    ++depth_;
  }
  void close(std::string_view name) {
    --depth_;
    indent();
    finish(name);
  }
  // Nothing when the trimmed text is empty.
  void field(std::string_view name, std::string_view text) {
    const std::string_view trimmed = base::trim(text);
    if (trimmed.empty()) return;
    start(name, {});
    append_text(out_, trimmed);
    finish(name);
  }
  void raw(std::string_view text) { out_ += text; }
  std::string take() { return std::exchange(out_, {}); }
  void indent() { out_.append(2 * depth_, ' '); }

 private:
  void start(std::string_view name, std::string_view attributes) {
    indent();
    (((out_ += '<') += prefix_) += name) += attributes;
    out_ += '>';
  }
  void finish(std::string_view name) { (((out_ += "</") += prefix_) += name) += ">\r\n"; }

  std::string out_;
  std::string prefix_;
  std::size_t depth_ = 0;
};

using Field = std::pair<std::string_view, std::string_view>;

bool any_text(std::initializer_list<Field> fields) {
  return std::any_of(fields.begin(), fields.end(),
                     [](const Field& field) { return !base::trim(field.second).empty(); });
}

// A block of fields, left out when all are empty.
void block(Xml& xml, std::string_view name, std::initializer_list<Field> fields) {
  if (!any_text(fields)) return;
  xml.open(name);
  for (const auto& [field, text] : fields) xml.field(field, text);
  xml.close(name);
}

void list(Xml& xml, std::string_view name, std::string_view item,
          const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  xml.open(name);
  for (const std::string& text : texts) xml.field(item, text);
  xml.close(name);
}

std::string written_date(const WrittenDate& date) {
  if (date.date) return base::date_text(*date.date);
  const auto read = base::parse_date(date.written);
  return read ? base::date_text(*read) : std::string();
}

void organisation(Xml& xml, std::string_view name, const Organisation& of) {
  block(xml, name,
        {{"OrganId", of.id},
         {"OrganizationInCharge", of.in_charge},
         {"OrganName", of.name},
         {"OrganAdd", of.address},
         {"Email", of.email},
         {"Telephone", of.telephone},
         {"Fax", of.fax},
         {"Website", of.website}});
}

void staff_info(Xml& xml, const std::vector<Staff>& staff) {
  for (const Staff& one : staff) {
    block(xml, "StaffInfo",
          {{"Department", one.department},
           {"DepartmentId", one.department_id},
           {"Staff", one.staff},
           {"StaffId", one.staff_id},
           {"Email", one.email},
           {"Mobile", one.mobile}});
  }
}

void response_for(Xml& xml, const std::vector<ResponseFor>& responses) {
  for (const ResponseFor& one : responses) {
    block(xml, "ResponseFor",
          {{"OrganId", one.organisation},
           {"Code", one.code},
           {"DocumentId", one.document_id},
           {"PromulgationDate", written_date(one.promulgation)}});
  }
}

void other_info(Xml& xml, const Document& d) {
  if (!d.has_other_info) return;
  xml.open("OtherInfo");
  const bool readable = base::parse_int(d.priority).has_value();
  xml.field("Priority", readable ? std::string_view(d.priority) : std::string_view("0"));
  xml.field("SphereOfPromulgation", d.sphere);
  xml.field("TyperNotation", d.typer_notation);
  xml.field("PromulgationAmount", d.promulgation_amount);
  xml.field("PageAmount", d.page_amount);
  xml.field("ReplyFors", d.reply_fors);
  xml.field("Direction", d.direction);
  xml.field("ReferenceCodes", d.reference_codes);
  list(xml, "Appendixes", "Appendix", d.appendixes);
  xml.close("OtherInfo");
}

void message_header(Xml& xml, const Document& d) {
  xml.open("MessageHeader");
  organisation(xml, "From", d.from);
  for (const Organisation& to : d.to) organisation(xml, "To", to);
  xml.field("DocumentId", d.document_id);
  block(xml, "Code", {{"CodeNumber", d.code_number}, {"CodeNotation", d.code_notation}});
  block(xml, "PromulgationInfo",
        {{"Place", d.place}, {"PromulgationDate", written_date(d.promulgation)}});
  if (d.has_type) {
    block(xml, "DocumentType",
          {{"Type", d.type}, {"TypeDetail", d.type_detail}, {"TypeName", d.type_name}});
  }
  xml.field("Subject", d.subject);
  xml.field("Content", d.content);
  block(xml, "SignerInfo",
        {{"Competence", d.signer_competence},
         {"Position", d.signer_position},
         {"FullName", d.signer_name}});
  xml.field("DueDate", written_date(d.due));
  other_info(xml, d);
  response_for(xml, d.response_for);
  // Empty or not a number, it would crash the reference parser.
  if (base::parse_int(d.steering_type)) xml.field("SteeringType", d.steering_type);
  list(xml, "ResponseForTask", "TaskCode", d.task_codes);
  xml.field("ApplicationType", d.application_type);
  list(xml, "ToPlaces", "Place", d.to_places);
  xml.close("MessageHeader");
}

void business(Xml& xml, const Business& b) {
  xml.open("Bussiness");
  xml.field("DocumentId", b.document_id);
  xml.field("BussinessDocType", std::to_string(static_cast<int>(b.operation)));
  xml.field("BussinessDocReason", b.reason);
  xml.field("Paper", b.paper);
  if (!b.document_info.empty() || !b.document_receiver.empty() || !b.receivers.empty()) {
    xml.open("BussinessDocumentInfo");
    xml.field("DocumentInfo", b.document_info);
    xml.field("DocumentReceiver", b.document_receiver);
    if (!b.receivers.empty()) {
      xml.open("ReceiverList");
      for (const Receiver& receiver : b.receivers) {
        block(xml, "Receiver",
              {{"OrganId", receiver.organisation}, {"ReceiverType", receiver.type}});
      }
      xml.close("ReceiverList");
    }
    xml.close("BussinessDocumentInfo");
  }
  if (!b.replacements.empty()) {
    xml.open("ReplacementInfoList");
    for (const Replacement& replacement : b.replacements) {
      xml.open("ReplacementInfo");
      xml.field("DocumentId", replacement.document_id);
      list(xml, "OrganIdList", "OrganId", replacement.organisations);
      xml.close("ReplacementInfo");
    }
    xml.close("ReplacementInfoList");
  }
  staff_info(xml, b.staff);
  xml.close("Bussiness");
}

void trace_list(Xml& xml, const Document& d) {
  if (!d.has_trace && !d.business && d.trace.empty()) return;
  xml.open("TraceHeaderList");
  if (d.business) business(xml, *d.business);
  for (const TraceHeader& trace : d.trace) {
    block(xml, "TraceHeader",
          {{"OrganId", trace.organisation ? *trace.organisation : std::string_view()},
           {"Timestamp", trace.timestamp}});
  }
  xml.close("TraceHeaderList");
}

void begin_file(Xml& xml) {
  xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n");
  const std::string declared = "=\"" + std::string(kNamespace) + "\"";
  xml.prefix("");
  xml.open("edXML", " xmlns" + declared);
  xml.prefix("edXML:");
  xml.open("edXMLEnvelope", " xmlns:edXML" + declared);
  xml.open("edXMLHeader");
}

std::string content_id(std::size_t index) { return "cid:" + std::to_string(index + 1); }

// The kinds that the reference builder attaches as they are (its spelling), everything else it
// wraps.
std::optional<std::string> plain_type(const std::string& name) {
  const std::string extension = extension_of(name);
  for (const std::string_view plain : {"pdf", "doc", "docx", "xsl", "xslx", "zip"}) {
    if (extension == plain) return "application/" + extension;
  }
  return std::nullopt;
}

void manifest(Xml& xml, const std::vector<Content>& contents) {
  if (contents.empty()) return;
  xml.open("edXMLBody");
  xml.open("edXMLManifest", " version=\"1.0\"");
  for (std::size_t i = 0; i < contents.size(); ++i) {
    block(xml, "Reference",
          {{"ContentId", content_id(i)},
           {"ContentType", "application/zip"},
           {"Description", contents[i].description},
           {"AttachmentName", contents[i].name}});
  }
  xml.close("edXMLManifest");
  xml.close("edXMLBody");
}

// Bytes to base64 text, in pieces of any size.
class Encoder {
 public:
  explicit Encoder(const Output& out) : out_(out) {}
  base::Result<void> write(base::BytesView bytes) {
    while (!bytes.empty()) {
      const std::size_t size = std::min(kPieceBytes - held_.size(), bytes.size());
      held_.append(bytes.substr(0, size));
      bytes.remove_prefix(size);
      if (held_.size() == kPieceBytes) TRY(finish());
    }
    return base::done();
  }
  base::Result<void> finish() {
    text_.clear();
    append_base64(text_, held_);
    held_.clear();
    return out_(text_);
  }

 private:
  const Output& out_;
  std::string held_, text_;
};

base::Result<void> write_content(const Content& content, const std::string& entry_name,
                                 const Output& out) {
  Encoder encoder(out);
  const Sink encode = [&encoder](base::BytesView bytes) { return encoder.write(bytes); };
  std::optional<ZipWriter> zip;
  if (!entry_name.empty()) zip.emplace(entry_name, encode);
  const auto piece = std::make_unique_for_overwrite<char[]>(kPieceBytes);
  std::uint64_t total = 0;
  while (true) {
    const std::size_t size = TRY(content.read(piece.get(), kPieceBytes));
    if (size == 0) break;
    total += size;
    TRY(zip ? zip->write({piece.get(), size}) : encode({piece.get(), size}));
  }
  if (total != content.bytes) {
    return base::Error(base::Code::invalid, "edxml.content_changed",
                       "\"" + content.name + "\" changed its size while it was attached",
                       "tệp \"" + content.name + "\" thay đổi kích thước trong lúc đính kèm");
  }
  if (zip) TRY(zip->finish());
  return encoder.finish();
}

base::Result<void> write_attachment(Xml& xml, const Content& content, std::size_t index,
                                    const std::function<std::string()>& unique, const Output& out) {
  const std::optional<std::string> plain = plain_type(content.name);
  std::string entry_name;
  if (!plain) {
    const std::string_view name = content.name;
    const std::size_t dot = extension_of(name).empty() ? name.size() : name.rfind('.');
    entry_name = unique() + std::string(name.substr(dot));
  }
  xml.prefix("");
  xml.open("Attachment");
  xml.field("ContentId", content_id(index));
  xml.field("AttachmentName", content.name);
  xml.field("Description", content.description);
  xml.field("ContentType", plain.value_or("application/zip"));
  xml.indent();
  xml.raw("<edXML:ContentTransferEncoded xmlns:edXML=\"");
  xml.raw(kNamespace);
  xml.raw("\">");
  TRY(out(xml.take()));
  TRY(write_content(content, entry_name, out));
  xml.raw("</edXML:ContentTransferEncoded>\r\n");
  xml.close("Attachment");
  return base::done();
}

// The first thing that a receiver would refuse.
base::Result<void> refuse_errors(const Document& document) {
  for (const Finding& found : validate(document)) {
    if (found.severity != Finding::Severity::error) continue;
    return base::Error(base::Code::invalid, found.rule, found.message.en + " " + found.remedy.en,
                       found.message.vi + " " + found.remedy.vi);
  }
  return base::done();
}

base::Result<void> refuse_contents(const std::vector<Content>& contents) {
  for (const Content& content : contents) {
    if (base::trim(content.name).empty()) {
      const Finding found = finding("edxml.attachment_name_missing", "Attachment", {"?"});
      return base::Error(base::Code::invalid, found.rule, found.message.en, found.message.vi);
    }
    if (!plain_type(content.name) && content.bytes >= kWrapMax) {
      return base::Error(base::Code::too_large, "edxml.attachment_too_large",
                         "\"" + content.name + "\" is too large to be wrapped in a zip",
                         "tệp \"" + content.name + "\" quá lớn, không đóng gói zip được");
    }
  }
  return base::done();
}

void status_message(Xml& xml, std::string_view name, const Document& d) {
  xml.open(name);
  organisation(xml, "From", d.from);
  response_for(xml, d.response_for);
  staff_info(xml, d.staff);
  xml.field("StatusCode", d.status_code);
  xml.field("Description", d.status_description);
  xml.field("Timestamp",
            d.status_time ? base::vietnam_time_text(*d.status_time, '/') : d.status_timestamp);
  xml.close(name);
}

}  // namespace

base::Result<void> write_document(const Document& document, const std::vector<Content>& contents,
                                  const std::function<std::string()>& unique, const Output& out) {
  Document head = document;
  head.kind = Kind::document;
  head.attachments.clear();
  TRY(refuse_errors(head));
  TRY(refuse_contents(contents));
  Xml xml("");
  begin_file(xml);
  message_header(xml, head);
  trace_list(xml, head);
  xml.close("edXMLHeader");
  manifest(xml, contents);
  xml.close("edXMLEnvelope");
  xml.prefix("");
  if (!contents.empty()) {
    xml.open("AttachmentEncoded");
    for (std::size_t i = 0; i < contents.size(); ++i) {
      TRY(write_attachment(xml, contents[i], i, unique, out));
    }
    xml.close("AttachmentEncoded");
  }
  xml.close("edXML");
  return out(xml.take());
}

base::Result<std::string> write_status(const Document& status) {
  Document head = status;
  head.kind = Kind::status;
  head.attachments.clear();
  TRY(refuse_errors(head));
  Xml xml("");
  begin_file(xml);
  status_message(xml, "MessageHeader", head);
  status_message(xml, "Status", head);
  xml.close("edXMLHeader");
  xml.close("edXMLEnvelope");
  xml.prefix("");
  xml.close("edXML");
  return xml.take();
}

}  // namespace edxml
