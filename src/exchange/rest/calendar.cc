// Working days, and what is late by them.
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
#include "exchange/rest/views.h"

namespace exchange::rest {
namespace {

using identity::Permission;

std::string minutes_text(int minutes) {
  const std::string hour = std::to_string(100 + minutes / 60),
                    minute = std::to_string(100 + minutes % 60);
  return hour.substr(1) + ":" + minute.substr(1);
}

base::Result<http::Response> calendar(Exchange& exchange, Call& call) {
  const auto days = exchange.calendar();
  const int year = static_cast<int>(call.integer("year", base::vietnam_date(call.now).year));
  base::Json json, special{base::Json::Array{}}, hours{base::Json::Array{}};
  for (base::Date day{year, 1, 1}; day.year == year;) {
    if (const auto found = days->special(day)) {
      base::Json one;
      one.add("day", day_text(day)).add("kind", identity::name_of(found->kind));
      one.add("works", days->works(day)).add("note", found->note);
      special.push(std::move(one));
    }
    day = base::vietnam_date(days->at(day, 0) + std::chrono::hours(24));
  }
  const identity::WorkingHours& h = days->hours();
  for (const auto& [from, to] :
       {std::pair{h.morning_from, h.morning_to}, std::pair{h.afternoon_from, h.afternoon_to}}) {
    base::Json one;
    one.add("from", minutes_text(from)).add("to", minutes_text(to));
    hours.push(std::move(one));
  }
  json.add("year", year).add("announced", days->announced(year));
  json.add("hours", std::move(hours)).add("days", std::move(special));
  return http::Response::json(200, json.dump());
}

// Whether the caller may read the document itself.
base::Result<bool> reads(Exchange& exchange, const identity::Reach& readable, const LateItem& one) {
  if (!readable.covers(one.sender) && !readable.covers(one.recipient)) return false;
  const auto named = parse_id(exchange.site(), one.document_id);
  if (!named) return false;
  const auto standing = TRY(Desk(exchange).standing(readable, named->document));
  return standing.has_value();
}

base::Result<http::Response> late(Exchange& exchange, Call& call) {
  const LateList found = TRY(exchange.late(static_cast<std::size_t>(call.limit()), &call.reach));
  const identity::Reach readable = identity::reach(call.principal, Permission::documents_read);
  base::Json json, items{base::Json::Array{}};
  for (const LateItem& one : found.items) {
    base::Json item;
    item.add("delivery", one.delivery_id).add("document", one.document_id).add("code", one.code);
    if (TRY(reads(exchange, readable, one))) item.add("subject", one.subject);
    item.add("sender", party_json(exchange, one.sender));
    item.add("recipient", party_json(exchange, one.recipient));
    item.add("clock", clock_json(*exchange.calendar(), one.clock, call.now));
    items.push(std::move(item));
  }
  json.add("total", found.total).add("items", std::move(items));
  return http::Response::json(200, json.dump());
}

Schema calendar_schema() {
  const Schema time_of_day = text(5, {"Giờ Việt Nam.", "Time of Viet Nam."}, "07:30", 5);
  return object(
      "Calendar", {"Lịch làm việc một năm.", "The working calendar of a year."},
      {required("year", integer(1900, 2199, {"Năm.", "The year."}, 2026)),
       required("announced", boolean({"Đã có thông báo chính thức; nếu không thì theo luật định.",
                                      "It was announced; otherwise only what the law fixes."})),
       required("hours", list(object("Hours", {"Một buổi làm việc.", "Hours of work."},
                                     {required("from", time_of_day), required("to", time_of_day)}),
                              2)),
       required(
           "days",
           list(object("SpecialDay", {"Ngày khác thường lệ.", "A day unlike its weekday."},
                       {required("day", date({"Ngày.", "The day."}, "2026-09-02")),
                        required("kind", word({"holiday", "compensation", "exchanged", "worked",
                                               "working", "weekend"},
                                              {"Loại ngày.", "What it is."})),
                        required("works", boolean({"Là ngày làm việc.", "It is worked."}, false)),
                        required("note", text(500, {"Ghi chú.", "Which one."}, "Quốc khánh", 0))}),
                366))});
}

Schema late_schema() {
  return object(
      "LateList", {"Những gì quá hạn.", "What is late."},
      {required(
           "total",
           integer(0, std::int64_t{1} << 40,
                   {"Tất cả, kể cả ngoài danh sách.", "All of them, also those not listed."}, 1)),
       required("items",
                list(object("Late", {"Một lượt chuyển quá hạn.", "A delivery that is late."},
                            {required("delivery", text(36, {"Mã lượt chuyển.", "Its id."},
                                                       kDeliveryExample, 36)),
                             required("document", text(24, {"Mã văn bản.", "The document's id."},
                                                       kDocumentExample, 24)),
                             required("code", text(10'000, {"Số, ký hiệu.", "Number and notation."},
                                                   "05/UBND-VX", 0)),
                             optional("subject", text(100'000,
                                                      {"Trích yếu; chỉ cho bên được đọc văn bản.",
                                                       "Subject; for those who may read it only."},
                                                      "Về việc phối hợp", 0)),
                             required("sender", party_schema({"Bên gửi.", "The sender."})),
                             required("recipient", party_schema({"Nơi nhận.", "The recipient."})),
                             required("clock", clock_schema())}),
                     kPageItemsMax))});
}

}  // namespace

std::vector<Route> calendar_rows(Exchange& exchange) {
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/calendar",
      .access = Access::open(),
      .name = "getCalendar",
      .tag = "Calendar",
      .summary = {"Lịch làm việc", "The working calendar"},
      .about =
          {"Giờ làm việc và các ngày khác thường lệ; mọi thời hạn tính theo lịch này.",
           "Working hours and days unlike their weekday; everything that is due counts by it."},
      .parameters = {{Parameter::In::query, "year",
                      integer(1970, 2199, {"Năm; mặc định: năm nay.", "This year without it."},
                              2026)}},
      .answers = {{200, {"Lịch.", "The calendar."}, calendar_schema()}},
      .handler = [&exchange](Call& call) { return calendar(exchange, call); },
  });
  rows.push_back({
      .path = "/api/v1/late",
      .access = Permission::traces_read,
      .name = "listLate",
      .tag = "Calendar",
      .summary = {"Những gì quá hạn xác nhận", "What waits beyond its time"},
      .about =
          {"Lượt chuyển mà nơi nhận chưa trả lời trong thời hạn của Nghị định 30/2020; lâu nhất "
           "trước. Trích yếu chỉ có cho bên được đọc văn bản.",
           "Deliveries whose recipient has not answered within the time of Decree 30/2020, the "
           "longest first. Subjects are for those who may read the document."},
      .parameters = {limit_parameter()},
      .answers = {{200, {"Danh sách.", "The list."}, late_schema()}},
      .handler = [&exchange](Call& call) { return late(exchange, call); },
  });
  return rows;
}

}  // namespace exchange::rest
