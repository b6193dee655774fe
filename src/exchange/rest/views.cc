#include "exchange/rest/views.h"

#include <cstdio>
#include <iterator>

#include "base/hash.h"
#include "base/text.h"

namespace exchange::rest {
namespace {

using In = Parameter::In;

Schema urgency_schema() {
  return integer(0, 4,
                 {"Độ khẩn: 0 thường, 1 khẩn, 2 thượng khẩn, 3 hỏa tốc, 4 hỏa tốc hẹn giờ.",
                  "Urgency: 0 normal, 1 urgent, 2 very urgent, 3 express, 4 timed express."},
                 1);
}

Schema signatures_schema() {
  return word({"valid", "undetermined", "invalid", "unsigned", "checking"},
              {"Kết quả kiểm tra chữ ký số; không có khi chưa kiểm tra.",
               "The verdict on its signatures; not there when they were not judged."});
}

Schema status_schema() {
  return object(
      "Status", {"Trạng thái xử lý mới nhất do bên nhận báo.", "What the recipient last reported."},
      {required("code", text(2, {"01 đến 06, hoặc 15.", "01 to 06, or 15."}, "03", 2)),
       required("text", text(200, {"Ý nghĩa bằng tiếng Việt.", "What it means, in Vietnamese."},
                             "Đã tiếp nhận")),
       optional("at", time({"Lúc bên nhận báo.", "When the recipient says it was."}))});
}

Schema issued_on_schema() {
  return date({"Ngày ban hành; không có khi văn bản không ghi đúng dạng ngày.",
               "Date of issue; not there when the document has none that can be read."});
}

Schema code_schema() {
  return text(10'000, {"Số, ký hiệu.", "Number and notation."}, "05/UBND-VX", 0);
}

Schema subject_schema() { return text(2000, {"Trích yếu.", "Subject."}, "Về việc phối hợp", 0); }

void add_issue(base::Json& json, std::string_view code, std::string_view issued_on,
               std::string_view subject) {
  json.add("code", code);
  if (const std::string day = day_text(issued_on); !day.empty()) json.add("issued_on", day);
  json.add("subject", subject);
}

std::string operation_name(int operation) {
  static constexpr std::string_view kNames[] = {"create", "revoke", "update", "replace"};
  return std::string(kNames[operation >= 0 && operation < 4 ? operation : 0]);
}

}  // namespace

std::string day_text(const base::Date& day) {
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", day.year % 10000, day.month % 100,
                day.day % 100);
  return text;
}

std::string day_text(std::string_view written) {
  const auto day = base::parse_date(written);
  return day && day->year >= 1970 ? day_text(*day) : std::string();
}

Schema party_schema(base::Text about) {
  Schema made =
      object("Party", {"Một cơ quan, tổ chức.", "An organisation."},
             {required("code", text(35, {"Mã định danh.", "Its code."}, "H41.12", 0)),
              required("name", text(1000, {"Tên.", "Its name."}, "Sở Giáo dục và Đào tạo", 0))});
  made.about = std::move(about);
  return made;
}

base::Json party_json(const Exchange& exchange, OrganisationKey key) {
  const auto organisation = exchange.directory().by_key(key);
  base::Json json;
  json.add("code", organisation ? organisation->code : std::string());
  json.add("name", organisation ? organisation->name : std::string());
  return json;
}

std::string plain(std::string_view text) { return base::lower_ascii(base::without_marks(text)); }

bool is_named(const Organisation& organisation, std::string_view words) {
  return plain(organisation.code).find(words) != std::string::npos ||
         plain(organisation.name).find(words) != std::string::npos;
}

Schema words_schema(base::Text about) {
  Schema made =
      object("VerifyWords", {"Bằng hai thứ tiếng.", "In both languages."},
             {required("vi", text(1 << 20, {"Tiếng Việt.", "In Vietnamese."}, "hợp lệ", 0)),
              required("en", text(1 << 20, {"Tiếng Anh.", "In English."}, "valid", 0))});
  made.about = std::move(about);
  return made;
}

base::Json words_json(const base::Text& text) {
  base::Json json;
  json.add("vi", text.vi).add("en", text.en);
  return json;
}

Schema document_schema() {
  return object(
      "Document", {"Một văn bản điện tử.", "An e-document."},
      {required("id", text(24, {"Mã trên trục.", "Its id in the exchange."}, kDocumentExample, 24)),
       required("sent", boolean({"Do cơ quan của bên gọi gửi; nếu không thì là nhận được.",
                                 "Sent by an organisation of the caller; otherwise received."})),
       required("sender", party_schema({"Bên gửi.", "The sender."})),
       required("document_id",
                text(10'000, {"Mã văn bản của cơ quan ban hành.", "The issuer's own id."},
                     "H41.12,2026/11/22,05/UBND-VX", 0)),
       required("code", code_schema()), optional("issued_on", issued_on_schema()),
       required("subject", subject_schema()), required("urgency", urgency_schema()),
       required("operation", word({"create", "revoke", "update", "replace"},
                                  {"Nghiệp vụ.", "What it does to an earlier one, if any."})),
       required("recalled",
                boolean({"Đã lấy lại từ mọi nơi nhận.", "Taken back from everybody who had it."},
                        false)),
       required("accepted_at", time({"Lúc trục tiếp nhận.", "When the exchange accepted it."})),
       required("size", integer(0, std::int64_t{1} << 40, {"Số byte.", "Bytes."}, 48'213)),
       required("sha256",
                text(64, {"SHA-256 của tệp.", "SHA-256 of the file."},
                     "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", 64)),
       optional("signatures", signatures_schema())});
}

base::Json document_json(const Exchange& exchange, const DeskDocument& document) {
  base::Json json;
  json.add("id", document.id).add("sent", document.sent);
  json.add("sender", party_json(exchange, document.sender));
  json.add("document_id", document.document_id);
  add_issue(json, document.code, document.issued_on, document.subject);
  json.add("urgency", document.urgency).add("operation", operation_name(document.operation));
  json.add("recalled", document.recalled);
  json.add("accepted_at", base::iso_time_text(document.accepted_at));
  json.add("size", document.size).add("sha256", base::hex(document.hash));
  if (!document.signatures.empty()) json.add("signatures", document.signatures);
  return json;
}

Schema clock_schema() {
  return object(
      "Clock", {"Một thời hạn theo quy định.", "Something that is due by law."},
      {required("rule", word({"receipt", "recall", "send"},
                             {"Thời hạn nào: xác nhận đã nhận, trả lời yêu cầu lấy lại, gửi.",
                              "What is due: the receipt, an answer to a recall, sending."})),
       required("urgent",
                boolean({"Tính liên tục, kể cả ngoài giờ làm việc.", "Counted around the clock."})),
       required("started", time({"Bắt đầu tính.", "Since when."})),
       optional("resumed", time({"Tính tiếp từ lúc nơi nhận được kết nối.",
                                 "Counted on from here, when the recipient was connected."})),
       required("paused", boolean({"Đang tạm dừng vì nơi nhận chưa kết nối.",
                                   "Stands still while nobody could act."},
                                  false)),
       optional("due", time({"Hạn; không có khi tạm dừng.", "Until when; not while paused."})),
       optional("stopped", time({"Lúc đã làm.", "When it was done."})),
       required("late", boolean({"Đã trễ.", "Whether it is late."}, false)),
       required("late_minutes", integer(0, 100'000'000,
                                        {"Trễ bao nhiêu phút (giờ làm việc, trừ văn bản khẩn).",
                                         "By how many minutes (of working time, unless urgent)."},
                                        0))});
}

Schema delivery_schema() {
  return object(
      "Delivery",
      {"Một lượt chuyển: một văn bản tới một nơi nhận.",
       "One document on its way to one recipient."},
      {required("id", text(36, {"Mã lượt chuyển.", "Its id."}, kDeliveryExample, 36)),
       required("document", text(24, {"Mã văn bản.", "The document's id."}, kDocumentExample, 24)),
       required("sender", party_schema({"Bên gửi.", "The sender."})),
       required("recipient", party_schema({"Nơi nhận.", "The recipient."})),
       required("code", code_schema()), optional("issued_on", issued_on_schema()),
       required("subject", subject_schema()), required("urgency", urgency_schema()),
       required(
           "state",
           word({"initial", "processing", "done", "fail", "withdrawn"},
                {"Bản gửi đã đi tới đâu: chờ lấy, đang lấy, đã lưu, không nhận được, đã thu hồi.",
                 "How far the copy has travelled."})),
       required("recall", word({"none", "requested", "agreed", "refused"},
                               {"Yêu cầu lấy lại.", "Whether it was asked back."})),
       optional("status", status_schema()),
       required("accepted_at",
                time({"Lúc trục tiếp nhận văn bản.", "When the exchange accepted the document."})),
       optional("fetched_at", time({"Lúc bên nhận lấy lần đầu.", "When it was first fetched."})),
       required("updated_at", time({"Thay đổi lần cuối.", "Its last change."})),
       optional("signatures", signatures_schema()),
       required("clocks", list(clock_schema(), 3, {"Các thời hạn.", "What is due."}))});
}

base::Json delivery_json(const Exchange& exchange, const DeskDelivery& delivery) {
  base::Json json, clocks{base::Json::Array{}};
  json.add("id", delivery.id).add("document", delivery.document_id);
  json.add("sender", party_json(exchange, delivery.sender));
  json.add("recipient", party_json(exchange, delivery.recipient));
  add_issue(json, delivery.code, delivery.issued_on, delivery.subject);
  json.add("urgency", delivery.urgency).add("state", word_of(delivery.state.transport));
  json.add("recall", word_of(delivery.state.recall));
  if (!delivery.state.status_code.empty()) {
    base::Json status;
    status.add("code", delivery.state.status_code);
    status.add("text", text_of_status(delivery.state.status_code).vi);
    if (delivery.state.status_at) status.add("at", base::iso_time_text(*delivery.state.status_at));
    json.add("status", std::move(status));
  }
  json.add("accepted_at", base::iso_time_text(delivery.accepted_at));
  if (delivery.fetched_at) json.add("fetched_at", base::iso_time_text(*delivery.fetched_at));
  json.add("updated_at", base::iso_time_text(delivery.updated_at));
  if (!delivery.signatures.empty()) json.add("signatures", delivery.signatures);
  clocks.push(clock_json(*exchange.calendar(), delivery.receipt, exchange.clock().now()));
  if (delivery.recall)
    clocks.push(clock_json(*exchange.calendar(), *delivery.recall, exchange.clock().now()));
  json.add("clocks", std::move(clocks));
  return json;
}

Parameter id_parameter(base::Text about, std::string_view example) {
  return {In::path, "id", text(64, std::move(about), example), true};
}

Parameter organisation_parameter() {
  return {In::query, "organisation",
          text(35,
               {"Chỉ của cơ quan này, trong số các cơ quan của bên gọi.",
                "Only of this one of the caller's organisations."},
               "H41.12")};
}

std::vector<Parameter> time_parameters() {
  return {{In::query, "accepted_from",
           time({"Trục tiếp nhận từ lúc này.", "Accepted at this time or later."})},
          {In::query, "accepted_to",
           time({"Trục tiếp nhận trước lúc này.", "Accepted before this time."})}};
}

DeskFilter filter_of(const Exchange& exchange, const Call& call) {
  DeskFilter filter;
  filter.from = call.time("accepted_from");
  filter.to = call.time("accepted_to");
  if (call.has("organisation")) {
    const auto organisation = exchange.directory().find(call.text("organisation"));
    filter.organisation = organisation ? organisation->key : OrganisationKey{-1};
  }
  return filter;
}

const Refusal& unknown_document() {
  static const Refusal kOne = {
      "exchange.unknown_document",
      base::Code::not_found,
      {"Không có văn bản nào của bên gọi mang mã này.", "Nothing of the caller's has this id."}};
  return kOne;
}

const Refusal& recalled() {
  static const Refusal kOne = {"exchange.recalled",
                               base::Code::gone,
                               {"Bên gửi đã lấy lại văn bản.", "The sender has taken it back."}};
  return kOne;
}

std::vector<Parameter> joined(std::vector<Parameter> a, std::vector<Parameter> b) {
  a.insert(a.end(), std::make_move_iterator(b.begin()), std::make_move_iterator(b.end()));
  return a;
}

}  // namespace exchange::rest
