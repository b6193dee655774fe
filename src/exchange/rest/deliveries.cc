// The inbox of an organisation, and what it says of what came.
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
#include "exchange/rest/views.h"

namespace exchange::rest {
namespace {

constexpr std::int64_t kUrgentRank = 4;
constexpr std::string_view kTag = "Deliveries";

Refusal not_yours() { return unknown_document(); }

Parameter delivery_id() {
  return id_parameter({"Mã lượt chuyển.", "The delivery's id."}, kDeliveryExample);
}

base::Result<http::Response> inbox(Exchange& exchange, Call& call) {
  const auto place = TRY(call.place());
  std::optional<InboxPlace> after;
  if (place && place->size() == 2) after = InboxPlace{(*place)[0], (*place)[1]};
  const std::int64_t limit = call.limit();
  auto found = TRY(Desk(exchange).inbox(call.reach, filter_of(exchange, call), after, limit + 1));
  const bool more = std::cmp_greater(found.size(), limit);
  if (more) found.pop_back();
  base::Json items;
  for (const DeskDelivery& one : found) items.push(delivery_json(exchange, one));
  std::optional<Place> next;
  if (more) next = Place{kUrgentRank - found.back().urgency, found.back().key};
  return call.page(std::move(items), next);
}

// The delivery as it is now; also the answer of every change.
base::Result<http::Response> now(Exchange& exchange, Call& call) {
  const DeskDelivery found = TRY(Desk(exchange).delivery(call.reach, call.text("id")));
  return http::Response::json(200, delivery_json(exchange, found).dump());
}

base::Result<http::Response> acknowledge(Exchange& exchange, Call& call) {
  const DeskDelivery before = TRY(Desk(exchange).delivery(call.reach, call.text("id")));
  const std::string_view result = call.body["result"].text();
  if (result == "fail" && call.body["reason"].text().empty()) {
    return call.at("/reason",
                   base::Error(base::Code::invalid, "rest.reason_missing",
                               "say why it could not be taken", "hãy nêu lý do không nhận được"));
  }
  TRY(exchange.acknowledge(call.reach, before.id, result, call.body["reason"].text()));
  return now(exchange, call);
}

base::Result<http::Response> report(Exchange& exchange, Call& call) {
  const std::string_view code = call.body["code"].text();
  if ((code == "02" || code == "16") && call.body["description"].text().empty()) {
    return call.at("/description",
                   base::Error(base::Code::invalid, "rest.reason_missing",
                               "a refusal needs its reason", "từ chối phải nêu lý do"));
  }
  const Word word{code, call.body["description"].text(), call.body["department"].text(),
                  call.body["staff"].text()};
  TRY(Desk(exchange).report(call.reach, call.text("id"), word));
  return now(exchange, call);
}

Schema acknowledgement_schema() {
  return object(
      "Acknowledgement", {"Xác nhận của bên nhận.", "What became of taking it."},
      {required("result", word({"done", "fail"}, {"done: đã lưu; fail: không nhận được.",
                                                  "done: stored; fail: could not be taken."})),
       optional("reason", text(2000, {"Lý do; bắt buộc khi fail.", "Why; needed with fail."},
                               "Tệp đính kèm không mở được"))});
}

Schema report_schema() {
  return object(
      "Report", {"Trạng thái xử lý.", "What is done with the document."},
      {required(
           "code",
           word({"03", "01", "02", "04", "05", "06", "15", "16"},
                {"01 đã đến, 02 từ chối tiếp nhận, 03 đã tiếp nhận, 04 phân công xử lý, 05 đang "
                 "xử lý, 06 hoàn thành, 15 đồng ý lấy lại, 16 từ chối lấy lại.",
                 "01 arrived, 02 refused, 03 accepted, 04 assigned, 05 being worked on, 06 "
                 "finished, 15 gives it back, 16 does not give it back."})),
       optional("description",
                text(2000, {"Nội dung; bắt buộc với 02 và 16.", "In words; needed with 02 and 16."},
                     "Văn thư đã tiếp nhận, chuyển lãnh đạo")),
       optional("department",
                text(500, {"Phòng, ban xử lý.", "Who works on it."}, "Phòng Hành chính")),
       optional("staff", text(200, {"Người xử lý.", "The person."}, "Nguyễn Văn An"))});
}

Refusal reason_missing() {
  return {"rest.reason_missing", base::Code::invalid, {"Thiếu lý do.", "The reason is missing."}};
}

Answer delivery_answer(base::Text about) { return {200, std::move(about), delivery_schema()}; }

}  // namespace

std::vector<Route> delivery_rows(Exchange& exchange) {
  using identity::Permission;
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/deliveries",
      .access = Permission::documents_read,
      .name = "listInbox",
      .tag = kTag,
      .summary = {"Hộp đến: những gì đang chờ", "The inbox: what waits"},
      .about = {"Các lượt chuyển chưa xác nhận tới cơ quan của bên gọi: khẩn trước, rồi cũ trước.",
                "Deliveries to the caller's organisations that are not acknowledged yet: urgent "
                "first, then the oldest."},
      .parameters = joined({limit_parameter(), cursor_parameter(), organisation_parameter()},
                           time_parameters()),
      .answers = {{200, {"Một trang.", "A page."}, page_of("Inbox", delivery_schema())}},
      .handler = [&exchange](Call& call) { return inbox(exchange, call); },
  });
  rows.push_back({
      .path = "/api/v1/deliveries/{id}",
      .access = Permission::documents_read,
      .name = "getDelivery",
      .tag = kTag,
      .summary = {"Một lượt chuyển", "One delivery"},
      .about = {"Cho bên gửi hoặc nơi nhận.", "For its sender or its recipient."},
      .parameters = {delivery_id()},
      .answers = {delivery_answer({"Lượt chuyển.", "The delivery."})},
      .refusals = {not_yours()},
      .handler = [&exchange](Call& call) { return now(exchange, call); },
  });
  rows.push_back({
      .method = http::Method::post,
      .path = "/api/v1/deliveries/{id}/acknowledgement",
      .access = Permission::deliveries_acknowledge,
      .name = "acknowledgeDelivery",
      .tag = kTag,
      .summary = {"Xác nhận đã lưu hoặc không nhận được", "Acknowledge a delivery"},
      .about =
          {"Sau khi đã lưu tệp. Từ đầu tiên là từ cuối cùng: gửi lại hay đổi ý không thay đổi gì.",
           "Once its file is stored. The first word stays: repeating it or saying another "
           "changes nothing."},
      .parameters = {delivery_id()},
      .body = {.json = acknowledgement_schema()},
      .answers = {delivery_answer({"Lượt chuyển sau đó.", "The delivery as it is now."})},
      .refusals = {not_yours(), reason_missing()},
      .handler = [&exchange](Call& call) { return acknowledge(exchange, call); },
  });
  rows.push_back({
      .method = http::Method::post,
      .path = "/api/v1/deliveries/{id}/status",
      .access = Permission::deliveries_acknowledge,
      .name = "reportStatus",
      .tag = kTag,
      .summary = {"Báo trạng thái xử lý", "Report what is done with it"},
      .about =
          {"Bên gửi nhận được như một bản tin trạng thái edXML. 15 và 16 trả lời yêu cầu lấy lại.",
           "The sender gets it as a status message of edXML. 15 and 16 answer a request to give "
           "back."},
      .parameters = {delivery_id()},
      .body = {.json = report_schema()},
      .answers = {delivery_answer({"Lượt chuyển sau đó.", "The delivery as it is now."})},
      .refusals = {not_yours(),
                   reason_missing(),
                   {"exchange.not_asked_back",
                    base::Code::conflict,
                    {"Không ai yêu cầu lấy lại.", "Nobody has asked for it back."}}},
      .handler = [&exchange](Call& call) { return report(exchange, call); },
  });
  return rows;
}

}  // namespace exchange::rest
