// The lists behind the figures.
#include "insight/lists.h"

#include "exchange/rest/administration.h"
#include "exchange/rest/request.h"
#include "exchange/rest/views.h"
#include "insight/api/asked.h"

namespace insight::api {
namespace {

using namespace exchange::rest;  // NOLINT: the words of a row
using identity::Permission;

constexpr std::pair<std::string_view, Progress> kProgress[] = {{"unarrived", Progress::unarrived},
                                                               {"arrived", Progress::arrived},
                                                               {"unanswered", Progress::unanswered},
                                                               {"answered", Progress::answered}};
constexpr std::pair<std::string_view, Late> kLate[] = {{"now", Late::now},
                                                       {"answered", Late::answered},
                                                       {"any", Late::either},
                                                       {"paused", Late::paused},
                                                       {"coming", Late::coming}};
constexpr std::pair<std::string_view, Stage> kStageWords[] = {
    {"waiting", Stage::waiting},       {"arrived", Stage::arrived},
    {"received", Stage::received},     {"assigned", Stage::assigned},
    {"processing", Stage::processing}, {"completed", Stage::completed},
    {"recovered", Stage::recovered},   {"refused", Stage::refused}};

template <class T, std::size_t N>
std::vector<std::string_view> words_of(const std::pair<std::string_view, T> (&known)[N]) {
  std::vector<std::string_view> out;
  for (const auto& one : known) out.push_back(one.first);
  return out;
}
template <class T, std::size_t N>
std::optional<T> named(const std::pair<std::string_view, T> (&known)[N], std::string_view word) {
  for (const auto& one : known)
    if (one.first == word) return one.second;
  return std::nullopt;
}

base::Result<http::Response> list_deliveries(const Rollup& rollup, const Call& call) {
  const exchange::Exchange& exchange = rollup.exchange();
  const Asked asked = TRY(asked_of(exchange, call));
  const auto place = TRY(call.place());
  ListQuery query;
  query.scope = asked.scope;
  query.period = asked.period;
  query.stage = named(kStageWords, call.text("stage"));
  query.progress = named(kProgress, call.text("progress")).value_or(Progress::any);
  query.late = named(kLate, call.text("late")).value_or(Late::any);
  query.urgent = call.boolean("urgent").value_or(false);
  const ListPage page = TRY(deliveries(exchange, query, place ? place->at(0) : 0,
                                       static_cast<std::size_t>(call.limit()), call.now));
  base::Json items{base::Json::Array{}};
  for (const ListedDelivery& one : page.items) {
    base::Json item;
    item.add("id", exchange::delivery_id_text(exchange.site(), one.key));
    item.add("document",
             exchange::document_id_text(exchange.site(), exchange::document_of(one.key)));
    item.add("sender", party_json(exchange, one.sender));
    item.add("recipient", party_json(exchange, one.recipient)).add("urgency", one.urgency);
    item.add("stage", name_of(one.fact.stage)).add("late", one.late);
    item.add("accepted_at", base::iso_time_text(one.accepted_at));
    if (one.fact.arrived) item.add("arrived_at", base::iso_time_text(*one.fact.arrived));
    if (one.fact.answered) item.add("answered_at", base::iso_time_text(*one.fact.answered));
    if (one.fact.receipt.due) item.add("due", base::iso_time_text(*one.fact.receipt.due));
    items.push(std::move(item));
  }
  return call.page(std::move(items),
                   page.next != 0 ? std::optional(Place{page.next}) : std::nullopt);
}

base::Result<http::Response> list_stuck(const Rollup& rollup, const Call& call) {
  const exchange::Exchange& exchange = rollup.exchange();
  const Asked asked = TRY(asked_of(exchange, call));
  const auto place = TRY(call.place());
  const base::Time before = call.now - std::chrono::hours(call.integer("hours", 24));
  const StuckPage page = TRY(stuck(rollup, asked.scope, before, place ? place->at(0) : 0,
                                   static_cast<std::size_t>(call.limit()), call.now));
  base::Json items{base::Json::Array{}};
  for (const Stuck& one : page.items) {
    base::Json item;
    item.add("id", exchange::delivery_id_text(exchange.site(), one.key));
    item.add("document",
             exchange::document_id_text(exchange.site(), exchange::document_of(one.key)));
    item.add("sender", party_json(exchange, one.sender));
    item.add("recipient", party_json(exchange, one.recipient)).add("urgency", one.urgency);
    item.add("accepted_at", base::iso_time_text(one.accepted_at));
    item.add("why", one.waiting.why).add("since", base::iso_time_text(one.waiting.since));
    if (one.waiting.until) item.add("until", base::iso_time_text(*one.waiting.until));
    item.add("who", one.waiting.organisation);
    if (!one.waiting.system.empty()) item.add("system", one.waiting.system);
    if (one.waiting.system_seen)
      item.add("system_seen", base::iso_time_text(*one.waiting.system_seen));
    item.add("text_vi", one.waiting.text.vi).add("text_en", one.waiting.text.en);
    items.push(std::move(item));
  }
  return call.page(std::move(items),
                   page.next != 0 ? std::optional(Place{page.next}) : std::nullopt);
}

std::vector<Member> whose(std::vector<Member> members) {
  std::vector<Member> all = {
      required("id", text(36, {"Mã lượt chuyển.", "Its id."}, kDeliveryExample, 36)),
      required("document", text(24, {"Mã văn bản.", "The document's id."}, kDocumentExample, 24)),
      required("sender", party_schema({"Bên gửi.", "The sender."})),
      required("recipient", party_schema({"Nơi nhận.", "The recipient."})),
      required("urgency", integer(0, 4, {"Độ khẩn.", "Urgency."}, 0)),
      required("accepted_at", time({"Lúc trục tiếp nhận.", "When it was accepted."}))};
  all.insert(all.end(), members.begin(), members.end());
  return all;
}

Schema listed_schema() {
  return object("CountedDelivery",
                {"Một lượt chuyển được đếm trong số liệu.", "A delivery that figures count."},
                whose({required("stage", word(words_of(kStageWords), {"Đang ở đâu.", "How far."})),
                       required("late", boolean({"Muộn, hoặc đã muộn.", "Late, or was."}, false)),
                       optional("arrived_at", time({"Lúc đến.", "When it arrived."})),
                       optional("answered_at", time({"Lúc trả lời.", "When it was answered."})),
                       optional("due", time({"Hạn xác nhận.", "When its receipt is due."}))}));
}

Schema stuck_schema() {
  const Schema words = text(2000, {"Bằng lời.", "In words."}, "Chưa có hệ thống kết nối", 0);
  return object(
      "StuckDelivery",
      {"Một lượt chuyển đang chờ ai đó làm gì.", "A delivery that somebody must act on."},
      whose({required("why", word({"not_fetched", "not_connected", "not_acknowledged",
                                   "not_accepted", "recall_not_answered"},
                                  {"Vì sao.", "Why."})),
             required("since", time({"Từ lúc.", "Since when."})),
             optional("until", time({"Hạn.", "Until when it should be done."})),
             required("who",
                      text(35, {"Mã cơ quan có thể xử lý.", "Code of who can act."}, "H41.12", 0)),
             optional("system", text(35, {"Hệ thống của cơ quan đó.", "Its system."}, "00.41.W00")),
             optional("system_seen", time({"Hệ thống gọi lần cuối.", "When it last called."})),
             required("text_vi", words), required("text_en", words)}));
}

}  // namespace

std::vector<Route> list_rows(Rollup& rollup) {
  std::vector<Route> rows;
  auto filters = joined({limit_parameter(), cursor_parameter()}, scope_parameters());
  using In = Parameter::In;
  filters.push_back({In::query, "stage", word(words_of(kStageWords), {"Đang ở đâu.", "How far."})});
  filters.push_back({In::query, "progress",
                     word(words_of(kProgress),
                          {"Chưa đến, đã đến, chưa trả lời, đã trả lời.", "What has happened."})});
  filters.push_back({In::query, "late",
                     word(words_of(kLate),
                          {"now: đang quá hạn; answered: trả lời muộn; any: một trong hai; paused: "
                           "chưa tính hạn; coming: chưa đến hạn.",
                           "now: late now; answered: too late; any: either; paused: without a "
                           "deadline yet; coming: not due yet."})});
  filters.push_back({In::query, "urgent", boolean({"Chỉ văn bản khẩn.", "Only urgent ones."})});
  rows.push_back({
      .path = "/api/v1/insight/deliveries",
      .access = Permission::traces_read,
      .name = "listCountedDeliveries",
      .tag = kTag,
      .summary = {"Danh sách tạo nên một số liệu", "The list that makes a figure"},
      .about =
          {"Địa chỉ nằm trong `query` của từng số liệu; cũ trước, không nêu trích yếu. Trang có "
           "thể ngắn hoặc trống mà vẫn còn trang sau.",
           "Its address is in the `query` of each figure; the oldest first, without subjects. "
           "A page may be short or empty and yet have a next one."},
      .parameters = std::move(filters),
      .answers = {{200, {"Một trang.", "A page."}, page_of("CountedDeliveries", listed_schema())}},
      .refusals = scope_refusals(),
      .handler = [&rollup](Call& call) { return list_deliveries(rollup, call); },
  });
  auto waits = joined({limit_parameter(), cursor_parameter()}, organisation_parameters());
  waits.push_back(
      {In::query, "hours",
       integer(0, 100'000,
               {"Chờ ít nhất bao nhiêu giờ (24).", "That waits at least so many hours (24)."},
               24)});
  rows.push_back({
      .path = "/api/v1/insight/stuck",
      .access = Permission::traces_read,
      .name = "listStuck",
      .tag = kTag,
      .summary = {"Những gì đang kẹt: vì sao, từ bao giờ, ai xử lý được",
                  "What is stuck: why, since when, who can act"},
      .about =
          {"Chưa ai lấy, chưa xác nhận, hoặc chưa trả lời yêu cầu lấy lại; cũ trước.",
           "Not fetched, not acknowledged, or asked back without an answer; the oldest first."},
      .parameters = std::move(waits),
      .answers = {{200, {"Một trang.", "A page."}, page_of("StuckDeliveries", stuck_schema())}},
      .refusals = {nobody_there()},
      .handler = [&rollup](Call& call) { return list_stuck(rollup, call); },
  });
  return rows;
}

}  // namespace insight::api
