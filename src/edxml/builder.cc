#include "edxml/builder.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace edxml {

struct Builder::Element {
  Place parent;
  std::string_view name;
  Open (*open)(Builder&);
};

// What happens when an element begins. Of an element that may stand once, the first with content
// wins.
struct Openers {
  using Open = Builder::Open;

  template <Place kPlace>
  static Open plain(Builder&) {
    return {kPlace};
  }
  template <std::string Document::*kField>
  static Open field(Builder& b) {
    return {Place::value, &(b.document_.*kField)};
  }
  template <WrittenDate Document::*kField>
  static Open date(Builder& b) {
    return {Place::value, &(b.document_.*kField).written};
  }
  template <std::vector<std::string> Document::*kList>
  static Open item(Builder& b) {
    return {Place::value, b.add(b.document_.*kList)};
  }
  template <auto kOwner, auto kField>
  static Open part(Builder& b) {
    return {Place::value, &((b.*kOwner)->*kField)};
  }
  template <std::string Attachment::*kField>
  static Open attached(Builder& b) {
    return {Place::value, &(b.attachment().*kField)};
  }
  template <std::string Business::*kField>
  static Open business(Builder& b) {
    return {Place::value, &((*b.document_.business).*kField)};
  }
  template <bool Document::*kFlag, Place kPlace>
  static Open flagged(Builder& b) {
    b.document_.*kFlag = true;
    return {kPlace};
  }
  template <bool kStatus>
  static Open message(Builder& b) {
    if (b.message_filled_) return {};  // both layouts in one file: the first one is read
    b.document_.status_layout = kStatus;
    return {Place::message};
  }
  static Open envelope(Builder& b) {
    b.has_envelope_ = true;
    return {Place::envelope};
  }
  static Open header(Builder& b) {
    b.has_header_ = true;
    return {Place::header};
  }
  static Open from(Builder& b) {
    if (b.from_seen_) return {};
    b.from_seen_ = true;
    b.organisation_ = &b.document_.from;
    return {Place::organisation};
  }
  static Open to(Builder& b) {
    b.organisation_ = b.add(b.document_.to);
    return {Place::organisation};
  }
  static Open response(Builder& b) {
    b.response_ = b.add(b.document_.response_for);
    return {Place::response};
  }
  static Open response_date(Builder& b) {
    return {Place::value, &b.response_->promulgation.written};
  }
  static Open steering(Builder& b) {
    b.document_.has_steering_type = true;
    return {Place::value, &b.document_.steering_type};
  }
  static Open status_code(Builder& b) {
    b.status_code_seen_ = true;
    return {Place::value, &b.document_.status_code};
  }
  template <std::string Document::*kField>
  static Open status_field(Builder& b) {
    b.status_other_seen_ = true;
    return {Place::value, &(b.document_.*kField)};
  }
  static Open status_staff(Builder& b) {
    b.staff_ = b.add(b.document_.staff);
    return {Place::staff};
  }
  static Open trace(Builder& b) {
    b.trace_ = b.add(b.document_.trace);
    return {Place::trace};
  }
  static Open trace_organ(Builder& b) {
    if (!b.trace_->organisation) b.trace_->organisation.emplace();
    return {Place::value, &*b.trace_->organisation};
  }
  static Open start_business(Builder& b) {
    if (b.document_.business) return {};
    b.document_.business.emplace();
    return {Place::business};
  }
  static Open business_staff(Builder& b) {
    b.staff_ = b.add(b.document_.business->staff);
    return {Place::staff};
  }
  static Open receiver(Builder& b) {
    b.receiver_ = b.add(b.document_.business->receivers);
    return {Place::receiver};
  }
  static Open replacement(Builder& b) {
    b.replacement_ = b.add(b.document_.business->replacements);
    return {Place::replacement};
  }
  static Open replaced_for(Builder& b) {
    return {Place::value, b.add(b.replacement_->organisations)};
  }
  static Open signature(Builder& b) {
    b.document_.has_signature = true;
    return {};
  }
  static Open reference(Builder& b) {
    b.reference_ = b.add(b.document_.references);
    return {Place::reference};
  }
  static Open attachment(Builder& b) {
    if (b.document_.attachments.size() >= b.limits_.attachments) b.full_ = true;
    b.document_.attachments.emplace_back();
    b.contents_.emplace_back(b.limits_.inflate_bytes);
    b.scanned_.push_back(false);
    return {Place::attachment};
  }
  static Open content(Builder& b) {
    if (b.scanned_.back()) return {};
    b.scanned_.back() = true;
    return {Place::base64};
  }

  using B = Builder;
  using D = Document;
  using O = Organisation;
  static constexpr auto organisation_ = &B::organisation_;
  static constexpr auto response_ = &B::response_;
  static constexpr auto staff_ = &B::staff_;
  static constexpr auto reference_ = &B::reference_;

  // Every element that is read, with its parent; rows of one parent stand together. In the flat
  // layout the envelope is the root and carries the fields itself: it is looked up as a message
  // too.
  static constexpr auto kElements = std::to_array<Builder::Element>({
      {Place::root, "edXMLEnvelope", envelope},
      {Place::root, "AttachmentEncoded", flagged<&D::has_attachments_block, Place::attachments>},
      {Place::root, "edXMLAttachments", flagged<&D::has_attachments_block, Place::attachments>},
      {Place::envelope, "edXMLHeader", header},
      {Place::envelope, "edXMLBody", plain<Place::body>},
      {Place::envelope, "AttachmentEncoded",
       flagged<&D::has_attachments_block, Place::attachments>},
      {Place::envelope, "edXMLAttachments", flagged<&D::has_attachments_block, Place::attachments>},
      {Place::envelope, "Manifest", flagged<&D::has_attachments_block, Place::attachments>},
      {Place::header, "MessageHeader", message<false>},
      {Place::header, "Status", message<true>},
      {Place::header, "TraceHeaderList", flagged<&D::has_trace, Place::trace_list>},
      {Place::header, "Signature", signature},
      {Place::header, "DigitalSignature", signature},
      {Place::message, "From", from},
      {Place::message, "Promulgator", from},
      {Place::message, "To", to},
      {Place::message, "DocumentId", field<&D::document_id>},
      {Place::message, "Code", plain<Place::code>},
      {Place::message, "PromulgationInfo", plain<Place::promulgation>},
      {Place::message, "DocumentType", flagged<&D::has_type, Place::type>},
      {Place::message, "Subject", field<&D::subject>},
      {Place::message, "Content", field<&D::content>},
      {Place::message, "SignerInfo", plain<Place::signer>},
      {Place::message, "DueDate", date<&D::due>},
      {Place::message, "OtherInfo", flagged<&D::has_other_info, Place::other>},
      {Place::message, "ResponseFor", response},
      {Place::message, "SteeringType", steering},
      {Place::message, "ResponseForTask", plain<Place::tasks>},
      {Place::message, "ApplicationType", field<&D::application_type>},
      {Place::message, "ToPlaces", plain<Place::to_places>},
      {Place::message, "StaffInfo", status_staff},
      {Place::message, "StatusCode", status_code},
      {Place::message, "Description", status_field<&D::status_description>},
      {Place::message, "Timestamp", status_field<&D::status_timestamp>},
      {Place::organisation, "OrganId", part<organisation_, &O::id>},
      {Place::organisation, "OrganizationInCharge", part<organisation_, &O::in_charge>},
      {Place::organisation, "OrganName", part<organisation_, &O::name>},
      {Place::organisation, "OrganAdd", part<organisation_, &O::address>},
      {Place::organisation, "Email", part<organisation_, &O::email>},
      {Place::organisation, "Telephone", part<organisation_, &O::telephone>},
      {Place::organisation, "Fax", part<organisation_, &O::fax>},
      {Place::organisation, "Website", part<organisation_, &O::website>},
      {Place::code, "CodeNumber", field<&D::code_number>},
      {Place::code, "CodeNotation", field<&D::code_notation>},
      {Place::promulgation, "Place", field<&D::place>},
      {Place::promulgation, "PromulgationDate", date<&D::promulgation>},
      {Place::type, "Type", field<&D::type>},
      {Place::type, "TypeDetail", field<&D::type_detail>},
      {Place::type, "TypeName", field<&D::type_name>},
      {Place::signer, "Competence", field<&D::signer_competence>},
      {Place::signer, "Position", field<&D::signer_position>},
      {Place::signer, "FullName", field<&D::signer_name>},
      {Place::signer, "Signer", field<&D::signer_name>},
      {Place::other, "Priority", field<&D::priority>},
      {Place::other, "SphereOfPromulgation", field<&D::sphere>},
      {Place::other, "TyperNotation", field<&D::typer_notation>},
      {Place::other, "PromulgationAmount", field<&D::promulgation_amount>},
      {Place::other, "PageAmount", field<&D::page_amount>},
      {Place::other, "ReplyFors", field<&D::reply_fors>},
      {Place::other, "Direction", field<&D::direction>},
      {Place::other, "ReferenceCodes", field<&D::reference_codes>},
      {Place::other, "Appendixes", plain<Place::appendixes>},
      {Place::appendixes, "Appendix", item<&D::appendixes>},
      {Place::response, "OrganId", part<response_, &ResponseFor::organisation>},
      {Place::response, "Code", part<response_, &ResponseFor::code>},
      {Place::response, "DocumentId", part<response_, &ResponseFor::document_id>},
      {Place::response, "PromulgationDate", response_date},
      {Place::tasks, "TaskCode", item<&D::task_codes>},
      {Place::to_places, "Place", item<&D::to_places>},
      {Place::trace_list, "TraceHeader", trace},
      {Place::trace_list, "Bussiness", start_business},
      {Place::trace_list, "Business", start_business},
      {Place::trace, "OrganId", trace_organ},
      {Place::trace, "Timestamp", part<&B::trace_, &TraceHeader::timestamp>},
      {Place::business, "DocumentId", business<&Business::document_id>},
      {Place::business, "BussinessDocType", business<&Business::operation_written>},
      {Place::business, "BusinessDocType", business<&Business::operation_written>},
      {Place::business, "BussinessDocReason", business<&Business::reason>},
      {Place::business, "BusinessDocReason", business<&Business::reason>},
      {Place::business, "Paper", business<&Business::paper>},
      {Place::business, "BussinessDocumentInfo", plain<Place::document_info>},
      {Place::business, "BusinessDocumentInfo", plain<Place::document_info>},
      {Place::business, "ReplacementInfoList", plain<Place::replacements>},
      {Place::business, "StaffInfo", business_staff},
      {Place::document_info, "DocumentInfo", business<&Business::document_info>},
      {Place::document_info, "DocumentReceiver", business<&Business::document_receiver>},
      {Place::document_info, "ReceiverList", plain<Place::receivers>},
      {Place::receivers, "Receiver", receiver},
      {Place::receiver, "OrganId", part<&B::receiver_, &Receiver::organisation>},
      {Place::receiver, "ReceiverType", part<&B::receiver_, &Receiver::type>},
      {Place::replacements, "ReplacementInfo", replacement},
      {Place::replacement, "DocumentId", part<&B::replacement_, &Replacement::document_id>},
      {Place::replacement, "OrganIdList", plain<Place::replaced_for>},
      {Place::replaced_for, "OrganId", replaced_for},
      {Place::staff, "Department", part<staff_, &Staff::department>},
      {Place::staff, "DepartmentId", part<staff_, &Staff::department_id>},
      {Place::staff, "Staff", part<staff_, &Staff::staff>},
      {Place::staff, "StaffId", part<staff_, &Staff::staff_id>},
      {Place::staff, "Email", part<staff_, &Staff::email>},
      {Place::staff, "Mobile", part<staff_, &Staff::mobile>},
      {Place::body, "edXMLManifest", flagged<&D::has_manifest, Place::manifest>},
      {Place::manifest, "Reference", reference},
      {Place::reference, "ContentId", part<reference_, &Reference::content_id>},
      {Place::reference, "ContentType", part<reference_, &Reference::content_type>},
      {Place::reference, "Description", part<reference_, &Reference::description>},
      {Place::reference, "AttachmentName", part<reference_, &Reference::name>},
      {Place::attachments, "Attachment", attachment},
      {Place::attachment, "ContentId", attached<&Attachment::content_id>},
      {Place::attachment, "AttachmentName", attached<&Attachment::name>},
      {Place::attachment, "FileName", attached<&Attachment::name>},
      {Place::attachment, "Description", attached<&Attachment::description>},
      {Place::attachment, "ContentType", attached<&Attachment::content_type>},
      {Place::attachment, "AttachmentType", attached<&Attachment::content_type>},
      {Place::attachment, "FileType", attached<&Attachment::content_type>},
      {Place::attachment, "ContentTransferEncoded", content},
      {Place::attachment, "AttachmentData", content},
      {Place::attachment, "Content", content},
  });
};

namespace {

constexpr std::size_t kPlaces = static_cast<std::size_t>(Place::ignored) + 1;
struct Rows {
  std::uint8_t first = 0, last = 0;  // [first, last)
};

// Where the rows of each parent stand.
constexpr std::array<Rows, kPlaces> index_rows(const auto& elements) {
  std::array<Rows, kPlaces> rows{};
  for (std::size_t i = 0; i < elements.size(); ++i) {
    Rows& of = rows[static_cast<std::size_t>(elements[i].parent)];
    if (of.last == 0) of.first = static_cast<std::uint8_t>(i);
    of.last = static_cast<std::uint8_t>(i + 1);
  }
  return rows;
}

// "cid:209" and "209" name the same part.
std::string_view bare_id(std::string_view id) {
  return base::equal_ignoring_case(id.substr(0, 4), "cid:") ? id.substr(4) : id;
}

void read_date(WrittenDate& date) { date.date = base::parse_date(date.written); }

}  // namespace

const Builder::Element* Builder::find(Place parent, std::string_view name) {
  static constexpr auto kRows = index_rows(Openers::kElements);
  const Rows rows = kRows[static_cast<std::size_t>(parent)];
  for (std::size_t i = rows.first; i < rows.last; ++i) {
    if (Openers::kElements[i].name == name) return &Openers::kElements[i];
  }
  return nullptr;
}

template <class T>
T* Builder::add(std::vector<T>& list) {
  if (list.size() >= limits_.recipients) full_ = true;
  return &list.emplace_back();
}

bool Builder::start(std::string_view name) {
  const Place parent = place();
  Open open;
  if (open_.empty()) {
    if (base::equal_ignoring_case(name, "edXML")) open = {Place::root};
    if (base::equal_ignoring_case(name, "edXMLEnvelope")) open = Openers::envelope(*this);
  } else {
    const Element* element = find(parent, name);
    if (!element && parent == Place::envelope && open_.size() == 1) {
      element = find(Place::message, name);
      if (element) has_header_ = true;
    }
    if (!element && parent == Place::root && base::equal_ignoring_case(name, "edXMLEnvelope")) {
      open = Openers::envelope(*this);
    } else if (element) {
      open = element->open(*this);
    } else if (parent == Place::base64) {
      content().spoil();
    }
  }
  open_.push_back(open);
  if (open.place == Place::value) text_.clear();
  return !full_;
}

bool Builder::text(std::string_view piece) {
  if (place() == Place::value) {
    text_.append(piece);
    return text_.size() <= limits_.value_bytes;
  }
  if (place() == Place::base64) content().take_text(piece);
  return true;
}

void Builder::end() {
  const Open open = open_.back();
  open_.pop_back();
  if (open.place == Place::value) {
    const std::string_view trimmed = base::trim(text_);
    if (open.value->empty()) open.value->assign(trimmed);
    text_.clear();
  } else if (open.place == Place::base64) {
    content().close(attachment());
  } else if (open.place == Place::message) {
    const Document& d = document_;
    message_filled_ = from_seen_ || !d.to.empty() || !d.response_for.empty() || status_code_seen_ ||
                      !d.subject.empty() || !d.document_id.empty();
  }
}

// What an attachment does not say of itself is taken from the manifest: by id, else by order.
void Builder::pair_references() {
  std::vector<Attachment>& attachments = document_.attachments;
  const std::vector<Reference>& references = document_.references;
  for (std::size_t i = 0; i < attachments.size(); ++i) {
    Attachment& attachment = attachments[i];
    if (!attachment.name.empty() && !attachment.description.empty()) continue;
    const auto same_id = [&](const Reference& reference) {
      return !attachment.content_id.empty() &&
             bare_id(reference.content_id) == bare_id(attachment.content_id);
    };
    auto reference = std::find_if(references.begin(), references.end(), same_id);
    if (reference == references.end()) {
      if (attachments.size() != references.size()) continue;
      reference = references.begin() + static_cast<std::ptrdiff_t>(i);
    }
    if (attachment.name.empty()) attachment.name = reference->name;
    if (attachment.description.empty()) attachment.description = reference->description;
  }
}

Document Builder::finish() {
  Document& d = document_;
  read_date(d.promulgation);
  read_date(d.due);
  for (ResponseFor& response : d.response_for) read_date(response.promulgation);
  if (d.business) {
    const auto written = base::parse_int(d.business->operation_written);
    if (written && *written >= 0 && *written <= 3) {
      d.business->operation = static_cast<Operation>(*written);
    }
  }
  const bool answers_only = !d.response_for.empty() && status_other_seen_ && d.to.empty() &&
                            d.subject.empty() && d.code_number.empty() && d.code_notation.empty();
  if (d.status_layout || status_code_seen_ || answers_only) d.kind = Kind::status;
  if (d.status_code.size() == 1 && d.status_code[0] >= '0' && d.status_code[0] <= '9') {
    d.status_code.insert(0, "0");
  }
  d.status_time = base::parse_vietnam_time(d.status_timestamp);
  pair_references();
  for (std::size_t i = 0; i < d.attachments.size(); ++i) contents_[i].judge(d.attachments[i]);
  contents_.clear();
  return std::move(document_);
}

}  // namespace edxml
