// What organisations have sent and received, and taking it back.
#include <algorithm>

#include "exchange/bundling.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
#include "exchange/rest/views.h"
#include "trust/evidence/book.h"

namespace exchange::rest {
namespace {

using identity::Permission;
using trust::evidence::Evidence;

constexpr std::string_view kTag = "Documents";

Parameter document_id() {
  return id_parameter({"Mã văn bản.", "The document's id."}, kDocumentExample);
}

base::Result<http::Response> documents(Exchange& exchange, Call& call) {
  const auto place = TRY(call.place());
  const Box box = call.text("box") == "sent" ? Box::sent : Box::received;
  const DeskPage found = TRY(Desk(exchange).documents(call.reach, box, filter_of(exchange, call),
                                                      place ? place->at(0) : 0, call.limit()));
  base::Json items;
  for (const DeskDocument& one : found.items) items.push(document_json(exchange, one));
  std::optional<Place> next;
  if (found.next_before > 0) next = Place{found.next_before};
  return call.page(std::move(items), next);
}

base::Result<http::Response> document(Exchange& exchange, Call& call) {
  const DeskDocument found = TRY(Desk(exchange).document(call.reach, call.text("id")));
  return http::Response::json(200, document_json(exchange, found).dump());
}

base::Json deliveries_json(const Exchange& exchange, const std::vector<DeskDelivery>& deliveries) {
  base::Json json, items{base::Json::Array{}};
  for (const DeskDelivery& one : deliveries) items.push(delivery_json(exchange, one));
  return std::move(json.add("items", std::move(items)));
}

base::Result<http::Response> deliveries(Exchange& exchange, Call& call) {
  const auto found = TRY(Desk(exchange).deliveries_of(call.reach, call.text("id")));
  return http::Response::json(200, deliveries_json(exchange, found).dump());
}

base::Result<http::Response> signatures(Exchange& exchange, Call& call) {
  const DeskDocument document = TRY(Desk(exchange).document(call.reach, call.text("id")));
  const auto judgement = TRY(exchange.judgement(call.reach, document.id));
  base::Json json{base::Json::Object{}};
  json.add("judged", judgement.has_value());
  if (judgement) {
    const base::Text text = text_of(*judgement);
    base::Json report = TRY(base::Json::parse(judgement->report));
    json.add("verdict", word_of(*judgement)).add("text_vi", text.vi).add("text_en", text.en);
    json.add("judged_at", base::iso_time_text(judgement->judged_at));
    json.add("report", std::move(report));
  }
  return http::Response::json(200, json.dump());
}

// A recipient sees the evidences about the document and about its own delivery.
base::Result<http::Response> evidence(Exchange& exchange, Call& call) {
  const auto mine = TRY(Desk(exchange).deliveries_of(call.reach, call.text("id")));
  const std::string id = mine.at(0).document_id;
  std::vector<base::Bytes> bodies;
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    bodies.clear();
    return trust::evidence::evidences_about(
        connection, id, [&](const auto&, base::BytesView body) { bodies.emplace_back(body); });
  }));
  base::Json items{base::Json::Array{}};
  for (const base::Bytes& body : bodies) {
    const Evidence one = TRY(Evidence::parse(body));
    if (!concerns(one, mine)) continue;
    base::Json whole = TRY(base::Json::parse(body));
    base::Json item;
    item.add("id", one.id).add("event", trust::evidence::name_of(one.facts.event));
    item.add("at", base::iso_time_text(one.at)).add("evidence", std::move(whole));
    items.push(std::move(item));
  }
  base::Json json;
  json.add("items", std::move(items));
  return http::Response::json(200, json.dump());
}

base::Result<http::Response> recall(Exchange& exchange, Call& call) {
  Desk desk(exchange);
  TRY(desk.document(call.reach, call.text("id")));
  std::vector<OrganisationKey> recipients;
  const auto& named = call.body["to"].array();
  for (std::size_t i = 0; i < named.size(); ++i) {
    const auto organisation = exchange.directory().find(named[i].text());
    if (organisation) {
      recipients.push_back(organisation->key);
      continue;
    }
    return call.at("/to/" + std::to_string(i),
                   base::Error(base::Code::invalid, "exchange.not_a_recipient",
                               "nobody has the code " + std::string(named[i].text()),
                               "không có cơ quan nào mang mã " + std::string(named[i].text())));
  }
  TRY(desk.ask_back(call.reach, call.text("id"), recipients, call.body["reason"].text()));
  const auto now = TRY(desk.deliveries_of(call.reach, call.text("id")));
  return http::Response::json(200, deliveries_json(exchange, now).dump());
}

Schema deliveries_schema() {
  return object("Deliveries", {"Các lượt chuyển của một văn bản.", "The deliveries of a document."},
                {required("items", list(delivery_schema(), kRecipientsMax))});
}

Schema signatures_schema() {
  return object(
      "Signatures", {"Kết quả kiểm tra chữ ký số.", "What was found of the signatures."},
      {required("judged", boolean({"Đã kiểm tra hay chưa.", "Whether they were judged."})),
       optional("verdict", word({"valid", "undetermined", "invalid", "unsigned", "checking"},
                                {"Kết quả chung.", "Taken together."})),
       optional("text_vi", text(500, {"Bằng tiếng Việt.", "In Vietnamese."}, "hợp lệ")),
       optional("text_en", text(500, {"Bằng tiếng Anh.", "In English."}, "valid")),
       optional("judged_at", time({"Lúc kiểm tra.", "When they were judged."})),
       optional("report", anything({"Báo cáo đầy đủ: docs/formats/signature-report.md.",
                                    "The whole report: docs/formats/signature-report.md."},
                                   base::Json::Object{}))});
}

Schema evidence_schema() {
  return object(
      "Evidences", {"Các bằng chứng về một văn bản.", "The evidences about a document."},
      {required("items",
                list(object("Evidence", {"Một bằng chứng.", "One evidence."},
                            {required("id", text(100, {"Mã.", "Its id."}, "0193-7f")),
                             required("event", text(100, {"Sự kiện.", "What happened."},
                                                    "SubmissionAcceptance")),
                             required("at", time({"Lúc nào.", "When."})),
                             required("evidence", anything({"Toàn văn: docs/formats/evidence.md.",
                                                            "All of it: docs/formats/evidence.md."},
                                                           base::Json::Object{}))}),
                     1'000'000))});
}

Schema recall_schema() {
  return object(
      "Recall", {"Yêu cầu lấy lại.", "A request to give a document back."},
      {required("reason", text(2000, {"Lý do.", "Why."}, "Gửi nhầm nơi nhận")),
       optional("to", list(text(35, {"Mã nơi nhận.", "A recipient's code."}, "H41.12"), 1000,
                           {"Chỉ từ các nơi này; không nêu: từ mọi nơi nhận.",
                            "Only from these; without it from everybody."}))});
}

Route get(std::string_view path, Permission permission, std::string_view name, base::Text summary,
          base::Text about, Answer answer) {
  return {.path = path,
          .access = permission,
          .name = name,
          .tag = kTag,
          .summary = std::move(summary),
          .about = std::move(about),
          .parameters = {document_id()},
          .answers = {std::move(answer)},
          .refusals = {unknown_document(), recalled()}};
}

}  // namespace

std::vector<Route> document_rows(Exchange& exchange) {
  std::vector<Route> rows;
  const auto add = [&](Route row, base::Result<http::Response> (*handler)(Exchange&, Call&)) {
    row.handler = [&exchange, handler](Call& call) { return handler(exchange, call); };
    rows.push_back(std::move(row));
  };
  Route all = get("/api/v1/documents", Permission::documents_read, "listDocuments",
                  {"Văn bản đã gửi hoặc đã nhận", "Documents sent or received"},
                  {"Mới nhất trước. Văn bản đã bị lấy lại không còn trong danh sách đã nhận.",
                   "The newest first. What was taken back is no longer among those received."},
                  {200, {"Một trang.", "A page."}, page_of("DocumentPage", document_schema())});
  all.parameters = joined({{Parameter::In::query, "box",
                            word({"received", "sent"}, {"Đã nhận (mặc định) hoặc đã gửi.",
                                                        "Received (without it) or sent."})},
                           limit_parameter(),
                           cursor_parameter(),
                           organisation_parameter()},
                          time_parameters());
  all.refusals = {};
  add(std::move(all), documents);
  add(get("/api/v1/documents/{id}", Permission::documents_read, "getDocument",
          {"Một văn bản", "One document"},
          {"Thông tin của văn bản, cho bên gửi và nơi nhận.",
           "What the exchange knows of it, for its sender and recipients."},
          {200, {"Văn bản.", "The document."}, document_schema()}),
      document);
  add(get("/api/v1/documents/{id}/deliveries", Permission::traces_read, "listDeliveries",
          {"Văn bản đang ở đâu", "Where a document is"},
          {"Bên gửi thấy mọi lượt chuyển, nơi nhận thấy lượt chuyển của mình.",
           "Its sender sees all deliveries, a recipient its own."},
          {200, {"Các lượt chuyển.", "The deliveries."}, deliveries_schema()}),
      deliveries);
  add(get("/api/v1/documents/{id}/signatures", Permission::documents_read, "getSignatures",
          {"Kết quả kiểm tra chữ ký số", "The verdict on its signatures"},
          {"Theo ETSI EN 319 102-1.", "By ETSI EN 319 102-1."},
          {200, {"Kết quả.", "The verdict."}, signatures_schema()}),
      signatures);
  add(get("/api/v1/documents/{id}/evidence", Permission::evidence_read, "listEvidence",
          {"Bằng chứng", "The evidences about a document"},
          {"Bằng chứng của từng bước (ETSI EN 319 522-1).",
           "What proves each step (ETSI EN 319 522-1)."},
          {200, {"Các bằng chứng.", "The evidences."}, evidence_schema()}),
      evidence);
  Route back = get(
      "/api/v1/documents/{id}/recall", Permission::documents_recall, "recallDocument",
      {"Lấy lại văn bản", "Ask for a document back"},
      {"Bản chưa ai lấy được thu hồi ngay; bản đã lấy thì nơi nhận trả lời 15 hoặc 16.",
       "A copy that nobody fetched is withdrawn at once; otherwise its recipient answers "
       "15 or 16."},
      {200, {"Các lượt chuyển sau đó.", "The deliveries as they are now."}, deliveries_schema()});
  back.method = http::Method::post;
  back.body.json = recall_schema();
  back.refusals.push_back({"exchange.not_a_recipient",
                           base::Code::invalid,
                           {"Không nhận văn bản này.", "It did not get this document."}});
  add(std::move(back), recall);
  return rows;
}

}  // namespace exchange::rest
