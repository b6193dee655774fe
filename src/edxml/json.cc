#include "edxml/json.h"

#include <algorithm>
#include <array>

namespace edxml {
namespace {

template <class T>
struct Member {
  std::string_view name;
  std::string T::*value;
};

constexpr std::array<Member<Organisation>, 8> kOrganisation = {
    {{"id", &Organisation::id},
     {"in_charge", &Organisation::in_charge},
     {"name", &Organisation::name},
     {"address", &Organisation::address},
     {"email", &Organisation::email},
     {"telephone", &Organisation::telephone},
     {"fax", &Organisation::fax},
     {"website", &Organisation::website}}};

using Doc = Document;
constexpr std::array<Member<Doc>, 23> kDocument = {
    {{"document_id", &Doc::document_id},
     {"code_number", &Doc::code_number},
     {"code_notation", &Doc::code_notation},
     {"place", &Doc::place},
     {"type", &Doc::type},
     {"type_detail", &Doc::type_detail},
     {"type_name", &Doc::type_name},
     {"subject", &Doc::subject},
     {"content", &Doc::content},
     {"signer_competence", &Doc::signer_competence},
     {"signer_position", &Doc::signer_position},
     {"signer_name", &Doc::signer_name},
     {"priority", &Doc::priority},
     {"sphere", &Doc::sphere},
     {"typer_notation", &Doc::typer_notation},
     {"promulgation_amount", &Doc::promulgation_amount},
     {"page_amount", &Doc::page_amount},
     {"direction", &Doc::direction},
     {"reference_codes", &Doc::reference_codes},
     {"steering_type", &Doc::steering_type},
     {"application_type", &Doc::application_type},
     {"status_code", &Doc::status_code},
     {"status_description", &Doc::status_description}}};

template <class T, std::size_t N>
void write(base::Json& json, const T& from, const std::array<Member<T>, N>& members) {
  for (const auto& member : members) {
    if (!(from.*member.value).empty()) json.add(std::string(member.name), from.*member.value);
  }
}

base::Error bad(const std::string& name, std::string_view en, std::string_view vi) {
  return base::Error(base::Code::invalid, "edxml.bad_member", name + " " + std::string(en),
                     name + " " + std::string(vi));
}

template <class T, std::size_t N>
base::Result<void> read(const base::Json& json, T& to, const std::array<Member<T>, N>& members,
                        const std::vector<std::string_view>& others) {
  for (const auto& [name, value] : json.object()) {
    const auto known =
        std::find_if(members.begin(), members.end(),
                     [&wanted = name](const auto& member) { return member.name == wanted; });
    if (known == members.end()) {
      if (std::find(others.begin(), others.end(), name) != others.end()) continue;
      return bad(name, "is not a known member", "không phải mục được biết");
    }
    if (value.is_number()) {
      to.*(known->value) = std::to_string(value.integer());
    } else if (value.is_string()) {
      to.*(known->value) = value.text();
    } else {
      return bad(name, "must be text", "phải là chuỗi");
    }
  }
  return base::done();
}

base::Json organisation_json(const Organisation& organisation) {
  base::Json json{base::Json::Object{}};
  write(json, organisation, kOrganisation);
  return json;
}

void set_date(WrittenDate& date, std::string_view text) {
  date.written = text;
  date.date = base::parse_date(text);
}

}  // namespace

base::Json to_json(const Document& document) {
  base::Json json{base::Json::Object{}};
  json.add("kind", document.kind == Kind::status ? "status" : "document");
  json.add("from", organisation_json(document.from));
  base::Json to{base::Json::Array{}};
  for (const auto& organisation : document.to) to.push(organisation_json(organisation));
  json.add("to", std::move(to));
  write(json, document, kDocument);
  if (!document.promulgation.written.empty())
    json.add("promulgation_date", document.promulgation.written);
  if (!document.due.written.empty()) json.add("due_date", document.due.written);
  if (!document.status_timestamp.empty()) json.add("status_timestamp", document.status_timestamp);
  if (document.business) {
    json.add("operation", static_cast<int>(document.business->operation));
    if (!document.business->reason.empty()) json.add("operation_reason", document.business->reason);
    if (!document.business->document_id.empty())
      json.add("operation_document_id", document.business->document_id);
  }
  base::Json responses{base::Json::Array{}};
  for (const auto& response : document.response_for) {
    base::Json one;
    one.add("organisation", response.organisation).add("code", response.code);
    one.add("document_id", response.document_id)
        .add("promulgation_date", response.promulgation.written);
    responses.push(std::move(one));
  }
  if (!responses.array().empty()) json.add("response_for", std::move(responses));
  base::Json places{base::Json::Array{}};
  for (const auto& place : document.to_places) places.push(place);
  if (!places.array().empty()) json.add("to_places", std::move(places));
  base::Json attachments{base::Json::Array{}};
  for (const auto& attachment : document.attachments) {
    base::Json one;
    one.add("name", attachment.name).add("description", attachment.description);
    one.add("content_type", attachment.content_type)
        .add("bytes", static_cast<std::int64_t>(attachment.content_bytes));
    attachments.push(std::move(one));
  }
  json.add("attachments", std::move(attachments));
  return json;
}

base::Result<Document> document_from_json(const base::Json& json) {
  static const std::vector<std::string_view> kOthers = {"kind",
                                                        "from",
                                                        "to",
                                                        "promulgation_date",
                                                        "due_date",
                                                        "status_timestamp",
                                                        "operation",
                                                        "operation_reason",
                                                        "operation_document_id",
                                                        "response_for",
                                                        "to_places",
                                                        "attachments"};
  if (!json.is_object()) return bad("(root)", "must be an object", "phải là một đối tượng JSON");
  Document document;
  if (json["kind"].text() == "status") document.kind = Kind::status;
  TRY(read(json, document, kDocument, kOthers));
  TRY(read(json["from"], document.from, kOrganisation, {}));
  for (const auto& one : json["to"].array()) {
    Organisation organisation;
    TRY(read(one, organisation, kOrganisation, {}));
    document.to.push_back(std::move(organisation));
  }
  set_date(document.promulgation, json["promulgation_date"].text());
  set_date(document.due, json["due_date"].text());
  document.status_timestamp = json["status_timestamp"].text();
  if (json.has("operation")) {
    const std::int64_t operation = json["operation"].integer(-1);
    if (operation < 0 || operation > 3)
      return bad("operation", "must be 0, 1, 2 or 3", "phải là 0, 1, 2 hoặc 3");
    Business business;
    business.operation = static_cast<Operation>(operation);
    business.reason = json["operation_reason"].text();
    business.document_id = json["operation_document_id"].text();
    document.business = std::move(business);
  }
  for (const auto& one : json["response_for"].array()) {
    ResponseFor response;
    response.organisation = one["organisation"].text();
    response.code = one["code"].text();
    response.document_id = one["document_id"].text();
    set_date(response.promulgation, one["promulgation_date"].text());
    document.response_for.push_back(std::move(response));
  }
  for (const auto& place : json["to_places"].array()) document.to_places.emplace_back(place.text());
  document.has_type = !document.type.empty() || !document.type_name.empty();
  document.has_other_info = true;
  document.has_steering_type = !document.steering_type.empty();
  return document;
}

}  // namespace edxml
