// Where a document is: every hop of it, and what it waits for.
#include "exchange/trace.h"

#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
#include "exchange/rest/views.h"

namespace exchange::rest {
namespace {

using identity::Permission;

constexpr std::string_view kTag = "Trace";
constexpr std::int64_t kDeliveriesMax = 1000;

TraceOptions options_of(const Call& call) {
  TraceOptions options;
  options.first = call.integer("first");
  options.deliveries_max = call.limit();
  return options;
}

// With the subject line for those who may read the document itself.
http::Response answer(Exchange& exchange, const Call& call, const Trace& found) {
  const identity::Reach readable = identity::reach(call.principal, Permission::documents_read);
  const bool subject = Desk(exchange).document(readable, found.id).ok();
  return http::Response::json(200, to_json(exchange, found, subject).dump());
}

base::Result<http::Response> trace_of_document(Exchange& exchange, Call& call) {
  const Trace found = TRY(trace(exchange, call.reach, call.text("id"), options_of(call)));
  return answer(exchange, call, found);
}

base::Result<http::Response> trace_named(Exchange& exchange, Call& call) {
  const bool by_code = call.has("code") && call.has("sender") && !call.has("document");
  const bool by_id = call.has("document") && !call.has("code") && !call.has("sender");
  if (!by_code && !by_id) {
    return base::Error(base::Code::invalid, "rest.trace_of_what",
                       "say either document=ID, or code=NUMBER and sender=CODE",
                       "hãy nêu document=MÃ, hoặc code=SỐ KÝ HIỆU cùng sender=MÃ CƠ QUAN");
  }
  if (by_id) {
    const Trace found = TRY(trace(exchange, call.reach, call.text("document"), options_of(call)));
    return answer(exchange, call, found);
  }
  const Trace found = TRY(trace_by_code(exchange, call.reach, call.text("code"),
                                        call.text("sender"), options_of(call)));
  return answer(exchange, call, found);
}

// --- what it looks like --------------------------------------------------------------------------

Schema words_schema(base::Text about) {
  Schema made = object("Words", {"Bằng hai thứ tiếng.", "In both languages."},
                       {required("vi", text(2000, {"Tiếng Việt.", "In Vietnamese."}, "chờ lấy", 0)),
                        required("en", text(2000, {"Tiếng Anh.", "In English."}, "waits", 0))});
  made.about = std::move(about);
  return made;
}

Schema code_schema(base::Text about) { return text(200, std::move(about), "H41.12", 0); }

Schema hop_schema() {
  return object(
      "Hop", {"Một bước.", "One step."},
      {required("time", time({"Lúc nào.", "When."})),
       required("kind", word({"received", "judged", "recipients_added", "available", "forwarded",
                              "fetched", "acknowledged", "refused", "status", "recalled",
                              "recall_requested", "recall_answered", "overdue"},
                             {"Việc gì.", "What happened."})),
       required("by", code_schema({"Cơ quan thực hiện; exchange là chính trục.",
                                   "The organisation that acted; exchange: the exchange."})),
       optional("detail", text(2000,
                               {"Mã trạng thái, kết quả kiểm tra hoặc mã đã ghi thay cho nơi nhận.",
                                "Status code, verdict, or the code that was named instead."},
                               "03")),
       optional("journal",
                integer(1, std::int64_t{1} << 53, {"Mục nhật ký.", "Its journal entry."}, 128)),
       required("text", words_schema({"Bằng lời.", "In words."}))});
}

Schema proof_schema() {
  return object(
      "Proof", {"Một bằng chứng.", "What proves a step."},
      {required("evidence", text(100, {"Mã bằng chứng.", "The evidence's id."}, "0193")),
       required("event", text(100, {"Sự kiện.", "What it says."}, "SubmissionAcceptance")),
       required("time", time({"Lúc nào.", "When."})),
       required("signed", boolean({"Đã ký số.", "Whether it is signed."})),
       optional(
           "log_index",
           integer(0, std::int64_t{1} << 53,
                   {"Vị trí trong nhật ký minh bạch.", "Its place in the transparency log."}, 7))});
}

Schema waiting_schema() {
  return object(
      "Waiting", {"Đang chờ gì, chờ ai, đến bao giờ.", "For what it waits, whom, and until when."},
      {required("why", word({"not_fetched", "not_connected", "not_acknowledged", "not_accepted",
                             "recall_not_answered"},
                            {"Vì sao chưa đi tiếp.", "Why it has not gone on."})),
       required("since", time({"Từ lúc nào.", "Since when."})),
       optional("until", time({"Hạn; không có khi không có hạn.", "Its deadline, if any."})),
       required("organisation", code_schema({"Ai xử lý được.", "Who can act."})),
       optional("system", code_schema({"Hệ thống của cơ quan đó.", "Its system."})),
       optional("system_enabled", boolean({"Hệ thống đang bật.", "Whether that is enabled."})),
       optional("system_last_called",
                time({"Lần cuối hệ thống gọi tới; không có khi chưa từng.",
                      "When it last called; not there when it has not been seen."})),
       required("text", words_schema({"Bằng lời.", "In words."}))});
}

std::vector<Member> delivery_members() {
  return {
      required("id", text(36, {"Mã lượt chuyển.", "Its id."}, kDeliveryExample, 36)),
      required("recipient", code_schema({"Nơi nhận.", "The recipient."})),
      required("recipient_name", text(1000, {"Tên.", "Its name."}, "Sở Giáo dục và Đào tạo", 0)),
      required("state", word({"initial", "processing", "done", "fail", "withdrawn"},
                             {"Bản gửi đã đi tới đâu.", "How far the copy has travelled."})),
      required("state_text", words_schema({"Bằng lời.", "In words."})),
      optional("status", text(2, {"Trạng thái xử lý.", "What was last reported."}, "03")),
      optional("status_text", words_schema({"Bằng lời.", "In words."})),
      optional("status_time", time({"Lúc bên nhận báo.", "When."})),
      required("recall", word({"none", "requested", "agreed", "refused"},
                              {"Yêu cầu lấy lại.", "Whether it was asked back."})),
      required("holder", word({"exchange", "recipient", "sender", "nobody"},
                              {"Đang ở đâu.", "Who holds it now."})),
      required("clocks", list(clock_schema(), 3, {"Các thời hạn.", "What is due."})),
      required("hops", list(hop_schema(), 100'000, {"Các bước.", "Its steps."})),
      required("proofs", list(proof_schema(), 100'000, {"Bằng chứng.", "What proves them."})),
      optional("waiting", waiting_schema())};
}

Schema trace_schema() {
  Schema deliveries =
      list(object("TracedDelivery", {"Một lượt chuyển.", "One delivery."}, delivery_members()),
           kDeliveriesMax,
           {"Một trang lượt chuyển mà bên gọi được xem.",
            "A page of the deliveries that the caller may see."});
  Schema codes = list(code_schema({"Mã.", "A code."}), 100'000,
                      {"Gửi tới những đâu, theo thứ tự.", "To whom it went, in order."});
  return object(
      "Trace", {"Hành trình của một văn bản.", "The way of a document."},
      {required("id", text(24, {"Mã trên trục.", "Its id in the exchange."}, kDocumentExample, 24)),
       required("document_id", text(10'000, {"Mã của cơ quan ban hành.", "The issuer's own id."},
                                    "H41.12,2026/11/22,05/UBND-VX", 0)),
       required("code", text(10'000, {"Số, ký hiệu.", "Number and notation."}, "05/UBND-VX", 0)),
       optional("subject", text(2000,
                                {"Trích yếu; chỉ cho bên được đọc văn bản.",
                                 "Subject; for those who may read the document only."},
                                "Về việc phối hợp", 0)),
       required("sender", code_schema({"Bên gửi.", "The sender."})),
       required("sender_name", text(1000, {"Tên.", "Its name."}, "UBND tỉnh A", 0)),
       required("urgency", integer(0, 4, {"Độ khẩn.", "Urgency."}, 0)),
       required("accepted_at", time({"Lúc trục tiếp nhận.", "When it was accepted."})),
       required("recalled", boolean({"Đã lấy lại.", "Taken back from everybody."}, false)),
       optional("signatures", word({"valid", "undetermined", "invalid", "unsigned", "checking"},
                                   {"Kết quả kiểm tra chữ ký số.", "The verdict on signatures."})),
       required("whole", boolean({"Bên gọi thấy mọi lượt chuyển, không chỉ của mình.",
                                  "The caller sees every delivery, not only its own."})),
       required("addressees", codes),
       optional("unknown", list(code_schema({"Mã.", "A code."}), 100'000,
                                {"Nơi nhận không tồn tại.", "Recipients that nobody is."})),
       optional("sending", clock_schema()),
       required("hops", list(hop_schema(), 100'000, {"Các bước.", "Steps of the document."})),
       required("proofs", list(proof_schema(), 100'000, {"Bằng chứng.", "What proves them."})),
       required("deliveries", std::move(deliveries)),
       required("deliveries_total", integer(0, kRecipientsMax,
                                            {"Tổng số lượt chuyển được xem.",
                                             "All deliveries that the caller may see."},
                                            2)),
       required("as_of", time({"Tại thời điểm.", "As it was at this time."}))});
}

std::vector<Parameter> paging() {
  return {{Parameter::In::query, "first",
           integer(0, kRecipientsMax,
                   {"Bỏ qua bấy nhiêu lượt chuyển.", "Leaves out that many deliveries."}, 0)},
          {Parameter::In::query, "limit",
           integer(1, kDeliveriesMax,
                   {"Nhiều nhất bấy nhiêu lượt chuyển (50).", "At most that many deliveries (50)."},
                   50)}};
}

std::vector<Parameter> names() {
  return {
      {Parameter::In::query, "document",
       text(64, {"Mã văn bản hoặc mã lượt chuyển.", "The id of a document or a delivery."},
            kDocumentExample)},
      {Parameter::In::query, "code",
       text(200, {"Số, ký hiệu; cùng với sender.", "Number and notation; with sender."},
            "28/2018/QĐ-TTg")},
      {Parameter::In::query, "sender", text(35, {"Mã bên gửi.", "The sender's code."}, "H41.12")}};
}

}  // namespace

std::vector<Route> trace_rows(Exchange& exchange) {
  const base::Text about = {
      "Từng bước, thời hạn và bằng chứng; ai đang giữ, chờ gì, đến bao giờ, ai xử lý được. Bên gửi "
      "thấy mọi lượt chuyển, nơi nhận thấy lượt chuyển của mình.",
      "Each step with its deadline and proof; who holds it, what it waits for, until when, and who "
      "can act. Its sender sees all deliveries, a recipient its own."};
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/trace",
      .access = Permission::traces_read,
      .name = "findTrace",
      .tag = kTag,
      .summary = {"Văn bản của tôi đang ở đâu", "Where is my document"},
      .about = about,
      .parameters = joined(names(), paging()),
      .answers = {{200, {"Hành trình.", "Its way."}, trace_schema()}},
      .refusals = {unknown_document(),
                   {"rest.trace_of_what",
                    base::Code::invalid,
                    {"Cần mã văn bản, hoặc số ký hiệu và bên gửi.",
                     "It takes an id, or number and sender."}}},
      .handler = [&exchange](Call& call) { return trace_named(exchange, call); },
  });
  rows.push_back({
      .path = "/api/v1/documents/{id}/trace",
      .access = Permission::traces_read,
      .name = "getTrace",
      .tag = kTag,
      .summary = {"Hành trình của một văn bản", "The way of one document"},
      .about = about,
      .parameters = joined(
          {id_parameter({"Mã văn bản hoặc lượt chuyển.", "The id of a document or a delivery."},
                        kDocumentExample)},
          paging()),
      .answers = {{200, {"Hành trình.", "Its way."}, trace_schema()}},
      .refusals = {unknown_document()},
      .handler = [&exchange](Call& call) { return trace_of_document(exchange, call); },
  });
  return rows;
}

}  // namespace exchange::rest
