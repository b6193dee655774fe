#include "edxml/validate.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <unordered_set>

#include "base/text.h"
#include "base/time.h"
#include "edxml/content.h"
#include "edxml/rules.h"

namespace edxml {
namespace {

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::string_view bare_id(std::string_view id) {
  return base::equal_ignoring_case(id.substr(0, 4), "cid:") ? id.substr(4) : id;
}

class Validation {
 public:
  Validation(const Document& document, bool recipients_elsewhere)
      : d_(document), recipients_elsewhere_(recipients_elsewhere) {}
  std::vector<Finding> run();

 private:
  using Values = std::initializer_list<std::string_view>;
  void add(std::string_view rule, std::string element, Values values = {}) {
    findings_.push_back(finding(rule, std::move(element), values));
  }
  void length(std::string_view text, std::size_t most, const char* element);
  void number(std::string_view text, const char* element);
  void date(const WrittenDate& date, const std::string& element);
  void timestamp(const std::string& text, const std::string& element);
  void organisation(const Organisation& of, const std::string& element);
  void recipients();
  void identity();
  void description();
  void answers();
  void trace();
  void operation(const Business& business);
  void status();
  void references();
  void attachments();
  void content(const Attachment& attachment, const std::string& element);

  const Document& d_;
  const bool recipients_elsewhere_;
  std::vector<Finding> findings_;
};

void Validation::length(std::string_view text, std::size_t most, const char* element) {
  if (text.size() <= most) return;
  const std::size_t has = characters(text);
  if (has > most) add("edxml.too_long", element, {std::to_string(has), std::to_string(most)});
}

void Validation::number(std::string_view text, const char* element) {
  if (!text.empty() && !base::parse_int(text)) add("edxml.number_unreadable", element, {text});
}

void Validation::date(const WrittenDate& date, const std::string& element) {
  if (date.written.empty()) return;
  if (!date.date) {
    add("edxml.date_unreadable", element, {date.written});
  } else if (base::date_text(*date.date) != date.written.substr(0, 10)) {
    add("edxml.date_form", element, {date.written});
  }
}

void Validation::timestamp(const std::string& text, const std::string& element) {
  if (!text.empty() && !base::parse_vietnam_time(text)) {
    add("edxml.timestamp_unreadable", element, {text});
  }
}

void Validation::organisation(const Organisation& of, const std::string& element) {
  if (of.id.empty()) return;
  if (of.id.size() > 35 || of.id.find_first_of(" ,\t\r\n") != std::string::npos) {
    add("edxml.organ_id_odd", element + "/OrganId", {of.id});
  }
  if (of.name.empty()) add("edxml.organ_name_missing", element + "/OrganName", {of.id});
  length(of.name, 200, (element + "/OrganName").c_str());
  length(of.address, 500, (element + "/OrganAdd").c_str());
}

void Validation::recipients() {
  std::unordered_set<std::string_view> seen;
  bool any = false;
  for (std::size_t i = 0; i < d_.to.size(); ++i) {
    const Organisation& to = d_.to[i];
    const std::string element = "MessageHeader/To[" + std::to_string(i + 1) + "]";
    any = any || !to.id.empty();
    organisation(to, element);
    if (!to.id.empty() && !seen.insert(to.id).second) {
      add("edxml.to_duplicate", element + "/OrganId", {to.id});
    }
  }
  if (!any && !recipients_elsewhere_) add("edxml.to_missing", "MessageHeader/To/OrganId");
}

void Validation::identity() {
  if (d_.code_notation.empty() && d_.document_id.empty()) {
    add("edxml.identity_missing", "MessageHeader/Code/CodeNotation");
    return;
  }
  if (d_.document_id.empty()) add("edxml.document_id_missing", "MessageHeader/DocumentId");
  if (d_.code_number.empty() || d_.code_notation.empty()) {
    add("edxml.code_incomplete", "MessageHeader/Code");
  }
  length(d_.code_number, 11, "MessageHeader/Code/CodeNumber");
  length(d_.code_notation, 30, "MessageHeader/Code/CodeNotation");
}

void Validation::description() {
  if (d_.promulgation.written.empty()) {
    add("edxml.date_missing", "MessageHeader/PromulgationInfo/PromulgationDate");
  }
  date(d_.promulgation, "MessageHeader/PromulgationInfo/PromulgationDate");
  number(d_.type, "MessageHeader/DocumentType/Type");
  number(d_.type_detail, "MessageHeader/DocumentType/TypeDetail");
  if (d_.subject.empty()) add("edxml.subject_missing", "MessageHeader/Subject");
  if (const std::string mark = d_.secret_mark(); !mark.empty()) {
    add("edxml.state_secret", "MessageHeader/Subject", {mark});
  }
  length(d_.subject, 500, "MessageHeader/Subject");
  length(d_.content, 500, "MessageHeader/Content");
  length(d_.signer_position, 100, "MessageHeader/SignerInfo/Position");
  length(d_.signer_name, 50, "MessageHeader/SignerInfo/FullName");
  date(d_.due, "MessageHeader/DueDate");
  const auto level = base::parse_int(d_.priority);
  if (level && (*level < 0 || *level > 5)) {
    add("edxml.priority_unknown", "MessageHeader/OtherInfo/Priority", {d_.priority});
  }
  number(d_.priority, "MessageHeader/OtherInfo/Priority");
  length(d_.sphere, 100, "MessageHeader/OtherInfo/SphereOfPromulgation");
  length(d_.typer_notation, 10, "MessageHeader/OtherInfo/TyperNotation");
  number(d_.promulgation_amount, "MessageHeader/OtherInfo/PromulgationAmount");
  number(d_.page_amount, "MessageHeader/OtherInfo/PageAmount");
}

void Validation::answers() {
  for (std::size_t i = 0; i < d_.response_for.size(); ++i) {
    date(d_.response_for[i].promulgation,
         "MessageHeader/ResponseFor[" + std::to_string(i + 1) + "]/PromulgationDate");
  }
  if (d_.has_steering_type && !base::parse_int(d_.steering_type)) {
    add("edxml.steering_type_unreadable", "MessageHeader/SteeringType", {d_.steering_type});
  }
}

void Validation::trace() {
  for (std::size_t i = 0; i < d_.trace.size(); ++i) {
    timestamp(d_.trace[i].timestamp,
              "TraceHeaderList/TraceHeader[" + std::to_string(i + 1) + "]/Timestamp");
  }
  if (d_.business) operation(*d_.business);
}

void Validation::operation(const Business& business) {
  const std::string element = "TraceHeaderList/Bussiness";
  const auto written = base::parse_int(business.operation_written);
  if (!written || *written < 0 || *written > 3) {
    add("edxml.operation_unknown", element + "/BussinessDocType", {business.operation_written});
  }
  switch (business.operation) {
    case Operation::create:
      break;
    case Operation::revoke:
      if (business.reason.empty()) {
        add("edxml.operation_without_reason", element + "/BussinessDocReason");
      }
      if (d_.response_for.empty() && business.document_id.empty()) {
        add("edxml.revoke_without_target", "MessageHeader/ResponseFor");
      }
      break;
    case Operation::update:
      if (business.document_id.empty() && d_.document_id.empty()) {
        add("edxml.update_without_target", element + "/DocumentId");
      }
      if (business.document_info.empty() && business.document_receiver.empty()) {
        add("edxml.update_without_changes", element + "/BussinessDocumentInfo");
      }
      break;
    case Operation::replace:
      if (business.replacements.empty()) {
        add("edxml.replace_without_target", element + "/ReplacementInfoList");
      }
      break;
  }
}

void Validation::status() {
  const std::string element = d_.status_layout ? "Status" : "MessageHeader";
  const ResponseFor* answered = d_.response_for.empty() ? nullptr : &d_.response_for.front();
  const bool routable = answered && (recipients_elsewhere_ || !answered->organisation.empty());
  if (!routable) {
    add("edxml.response_for_missing", element + "/ResponseFor/OrganId");
  } else {
    if (answered->document_id.empty() && answered->code.empty()) {
      add("edxml.response_incomplete", element + "/ResponseFor/DocumentId");
    }
    date(answered->promulgation, element + "/ResponseFor/PromulgationDate");
  }
  static constexpr std::array<std::string_view, 9> kCodes = {"01", "02", "03", "04", "05",
                                                             "06", "13", "15", "16"};
  if (d_.status_code.empty()) {
    add("edxml.status_code_missing", element + "/StatusCode");
  } else if (std::find(kCodes.begin(), kCodes.end(), d_.status_code) == kCodes.end()) {
    add("edxml.status_code_unknown", element + "/StatusCode", {d_.status_code});
  }
  const bool needs_reason = d_.status_code == "02" || d_.status_code == "13";
  if (needs_reason && d_.status_description.empty()) {
    add("edxml.status_reason_missing", element + "/Description", {d_.status_code});
  }
  if (!d_.status_time) {
    add("edxml.timestamp_unreadable", element + "/Timestamp", {d_.status_timestamp});
  }
}

void Validation::references() {
  if (!d_.has_manifest) return;
  if (d_.references.size() != d_.attachments.size()) {
    add("edxml.reference_mismatch", "edXMLManifest",
        {std::to_string(d_.references.size()), std::to_string(d_.attachments.size())});
  }
}

// Only what the first bytes tell for certain.
void Validation::content(const Attachment& attachment, const std::string& element) {
  const std::string declared = base::lower_ascii(attachment.content_type);
  const bool pdf = attachment.first_bytes.starts_with("%PDF");
  const bool zip = attachment.first_bytes.starts_with(kZipStart);
  const bool says_pdf = declared.find("pdf") != std::string::npos;
  const bool says_zip = declared.find("/zip") != std::string::npos;
  if ((says_pdf && !pdf) || (says_zip && !zip)) {
    add("edxml.content_type_wrong", element + "/ContentType",
        {attachment.name, attachment.content_type});
  }
}

void Validation::attachments() {
  std::unordered_set<std::string_view> ids;
  for (const Reference& reference : d_.references) ids.insert(bare_id(reference.content_id));
  for (std::size_t i = 0; i < d_.attachments.size(); ++i) {
    const Attachment& attachment = d_.attachments[i];
    const std::string number = std::to_string(i + 1);
    const std::string element = "AttachmentEncoded/Attachment[" + number + "]";
    if (d_.has_manifest && !ids.contains(bare_id(attachment.content_id))) {
      add("edxml.reference_unmatched", element + "/ContentId",
          {attachment.name.empty() ? attachment.content_id : attachment.name});
    }
    if (attachment.name.empty()) {
      add("edxml.attachment_name_missing", element + "/AttachmentName", {number});
    }
    length(attachment.name, 500, (element + "/AttachmentName").c_str());
    if (!attachment.problem.en.empty()) {
      add("edxml.attachment_undecodable", element + "/ContentTransferEncoded",
          {attachment.problem.vi, attachment.problem.en});
    } else if (attachment.content_bytes == 0) {
      add("edxml.attachment_empty", element + "/ContentTransferEncoded", {attachment.name});
    } else {
      content(attachment, element);
    }
  }
}

std::vector<Finding> Validation::run() {
  const std::string header =
      d_.kind == Kind::status && d_.status_layout ? "Status" : "MessageHeader";
  if (d_.from.id.empty()) add("edxml.from_missing", header + "/From/OrganId");
  organisation(d_.from, header + "/From");
  if (d_.kind == Kind::status) {
    status();
  } else {
    recipients();
    identity();
    description();
    answers();
  }
  trace();
  references();
  attachments();
  return std::move(findings_);
}

}  // namespace

std::vector<Finding> validate(const Document& document, bool recipients_elsewhere) {
  return Validation(document, recipients_elsewhere).run();
}

}  // namespace edxml
