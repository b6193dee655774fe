// Webhooks: who is told of events at an address of theirs, and what became of it.
#include <algorithm>

#include "base/text.h"
#include "exchange/rest/administration.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
#include "exchange/webhooks/subscriptions.h"

namespace exchange::rest {
namespace {

using base::Code;
using identity::Permission;
using webhooks::Owner;
using webhooks::Subscription;
using webhooks::Subscriptions;

constexpr std::string_view kTag = "Webhooks";
constexpr std::string_view kExample = "wh_5f1c0a3b0003a1b2c3d4e5f6";

struct Parts {
  Exchange& exchange;
  Subscriptions& webhooks;
};

base::Error unknown_webhook() {
  return {Code::not_found, "exchange.webhook_unknown", "there is no such webhook",
          "không có webhook này"};
}

// A system's is told of what concerns every organisation that it serves: so it takes the right for
// each of them.
bool manages_system(const Exchange& exchange, const identity::Reach& reach, SystemKey system) {
  if (reach.everywhere) return true;
  bool serves = false, all = true;
  exchange.directory().each([&](const Organisation& one) {
    if (one.deleted || one.system != system) return;
    serves = true;
    all = all && reach.covers(one.key);
  });
  return serves && all;
}

bool manages(const Exchange& exchange, const identity::Reach& reach, const Owner& owner) {
  if (owner.system == 0) return reach.covers(owner.organisation);
  return manages_system(exchange, reach, owner.system);
}

// The one in the path; somebody else's is as if it were not there.
base::Result<Subscription> named(const Parts& parts, const Call& call) {
  Subscription found = TRY(parts.webhooks.get(call.text("id")));
  if (!manages(parts.exchange, call.reach, found.owner)) return unknown_webhook();
  return found;
}

// An organisation that the caller manages, or the system that calls.
base::Result<Owner> owner_asked(const Exchange& exchange, Call& call) {
  const std::string_view code = call.body["organisation"].text();
  if (!code.empty()) {
    const auto found = exchange.directory().find(code);
    if (found && !found->deleted && call.reach.covers(found->key)) return Owner{found->key, 0};
    const std::string shown(base::cut_utf8(code, 60));
    return call.at("/organisation", base::Error(Code::not_found, "identity.organisation_unknown",
                                                "no organisation of yours has the code " + shown,
                                                "không có cơ quan nào của bạn mang mã " + shown));
  }
  const SystemKey system = call.principal.system;
  if (system != 0 && manages_system(exchange, call.reach, system)) return Owner{0, system};
  return call.at("/organisation",
                 base::Error(Code::invalid, "rest.webhook_owner",
                             "organisation is missing: say whose events it gets; only a system "
                             "that may do so for all it serves can leave it out",
                             "thiếu organisation: nhận sự kiện của cơ quan nào; chỉ hệ thống có "
                             "quyền với mọi cơ quan nó phục vụ mới được bỏ trống"));
}

base::Json webhook_json(const Exchange& exchange, const Subscription& one) {
  base::Json json, types{base::Json::Array{}};
  for (const std::string& type : one.types) types.push(type);
  json.add("id", one.id).add("url", one.url).add("types", std::move(types));
  if (one.owner.system == 0) {
    json.add("organisation", code_of(exchange, one.owner.organisation));
  } else {
    const auto system = exchange.directory().system_by_key(one.owner.system);
    json.add("system", system ? system->id : std::string());
  }
  json.add("state", one.state()).add("cursor", one.cursor).add("failures", one.failures);
  if (one.failing_since) json.add("failing_since", base::iso_time_text(*one.failing_since));
  if (one.failures > 0 && !one.paused) json.add("next_at", base::iso_time_text(one.next_at));
  if (one.paused) {
    const base::Text why = webhooks::text_of_pause(one.why);
    json.add("why", one.why).add("why_vi", why.vi).add("why_en", why.en);
  }
  if (one.previous_secret_until)
    json.add("previous_secret_until", base::iso_time_text(*one.previous_secret_until));
  json.add("created_at", base::iso_time_text(one.created_at));
  return json;
}

base::Json attempt_json(const webhooks::Attempt& one) {
  base::Json json;
  json.add("event", one.event).add("type", one.type).add("at", base::iso_time_text(one.at));
  json.add("ok", one.outcome.ok()).add("status", one.outcome.status);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(one.outcome.duration);
  json.add("duration_ms", static_cast<std::int64_t>(took.count()));
  if (!one.outcome.error.empty()) json.add("error", one.outcome.error);
  return json;
}

base::Result<http::Response> all(const Parts& parts, Call& call) {
  const auto place = TRY(call.place());
  const std::int64_t after = place ? place->at(0) : 0;
  auto known = TRY(parts.webhooks.all());
  std::sort(known.begin(), known.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  base::Json items;
  std::int64_t count = 0, last = 0;
  for (const Subscription& one : known) {
    if (one.key <= after || !manages(parts.exchange, call.reach, one.owner)) continue;
    if (count == call.limit()) return call.page(std::move(items), Place{last});
    items.push(webhook_json(parts.exchange, one));
    last = one.key;
    ++count;
  }
  return call.page(std::move(items), std::nullopt);
}

std::vector<std::string> types_of(const base::Json& given) {
  std::vector<std::string> types;
  for (const auto& type : given.array()) types.emplace_back(type.text());
  return types;
}

// An error of the subscriptions, with the member of the body that it is about.
base::Error placed(Call& call, const base::Error& error) {
  if (error.reason() == "exchange.bad_webhook_url") return call.at("/url", error);
  if (error.reason() == "exchange.bad_start") return call.at("/from", error);
  return error;
}

base::Result<http::Response> add(const Parts& parts, Call& call) {
  const Owner owner = TRY(owner_asked(parts.exchange, call));
  const auto types = types_of(call.body["types"]);
  const std::string_view from = call.body["from"].text();
  const auto added = parts.webhooks.add(owner, call.body["url"].text(), types,
                                        from.empty() ? "now" : from, call.principal.id);
  if (!added) return placed(call, added.error());
  base::Json json;
  json.add("id", added->id).add("secret", added->secret);
  http::Response response = http::Response::json(201, json.dump());
  response.headers.add("Location", "/api/v1/webhooks/" + added->id);
  return response;
}

base::Result<http::Response> show(const Parts& parts, Call& call) {
  const Subscription found = TRY(named(parts, call));
  return http::Response::json(200, webhook_json(parts.exchange, found).dump());
}

base::Result<http::Response> change(const Parts& parts, Call& call) {
  const Subscription found = TRY(named(parts, call));
  std::optional<std::string> url;
  std::optional<std::vector<std::string>> types;
  if (call.body.has("url")) url = std::string(call.body["url"].text());
  if (call.body.has("types")) types = types_of(call.body["types"]);
  const auto changed = parts.webhooks.change(found.id, url, types, call.principal.id);
  if (!changed) return placed(call, changed.error());
  return show(parts, call);
}

base::Result<http::Response> remove(const Parts& parts, Call& call) {
  const Subscription found = TRY(named(parts, call));
  TRY(parts.webhooks.remove(found.id, call.principal.id));
  return nothing();
}

base::Result<http::Response> pause(const Parts& parts, Call& call) {
  const Subscription found = TRY(named(parts, call));
  TRY(parts.webhooks.pause(found.id, call.principal.id));
  return show(parts, call);
}

base::Result<http::Response> resume(const Parts& parts, Call& call) {
  const Subscription found = TRY(named(parts, call));
  TRY(parts.webhooks.resume(found.id, call.principal.id));
  return show(parts, call);
}

base::Result<http::Response> rotate(const Parts& parts, Call& call) {
  const Subscription found = TRY(named(parts, call));
  base::Json json;
  std::string secret = TRY(parts.webhooks.rotate_secret(found.id, call.principal.id));
  json.add("id", found.id).add("secret", std::move(secret));
  return http::Response::json(200, json.dump());
}

base::Result<http::Response> replay(const Parts& parts, Call& call) {
  const Subscription found = TRY(named(parts, call));
  TRY(parts.webhooks.replay(found.id, call.body["cursor"].text(), call.principal.id));
  return show(parts, call);
}

base::Result<http::Response> ping(const Parts& parts, Call& call) {
  const Subscription found = TRY(named(parts, call));
  const auto attempt = TRY(parts.webhooks.ping(found.id));
  return http::Response::json(200, attempt_json(attempt).dump());
}

base::Result<http::Response> attempts(const Parts& parts, Call& call) {
  const Subscription found = TRY(named(parts, call));
  base::Json json, items{base::Json::Array{}};
  for (const auto& one : TRY(parts.webhooks.attempts(found.id))) items.push(attempt_json(one));
  json.add("items", std::move(items));
  return http::Response::json(200, json.dump());
}

// --- what it looks like --------------------------------------------------------------------------

Schema types_schema() {
  return list(word(feed::event_types(), {"Một loại.", "One type."}), 100,
              {"Loại sự kiện; để trống hoặc không nêu là mọi loại.",
               "Types of events; empty or without it: all."});
}

Schema webhook_schema() {
  return object(
      "Webhook", {"Một webhook.", "A webhook."},
      {required("id", text(64, {"Mã.", "Its id."}, kExample)),
       required("url", text(2000, {"Địa chỉ nhận.", "Where it is told."}, "https://h41.vn/truc")),
       required("types", types_schema()),
       optional("organisation", text(35, {"Của cơ quan.", "Whose events it gets."}, "H41.12", 0)),
       optional("system", text(100,
                               {"Hoặc của hệ thống: mọi cơ quan mà hệ thống phục vụ.",
                                "Or a system's: all organisations that it serves."},
                               "00.41.W00", 0)),
       required("state",
                word({"active", "failing", "paused"},
                     {"Đang báo, đang thử lại, tạm dừng.", "Told, being tried again, or paused."})),
       required("cursor", text(100, {"Đã báo tới đâu.", "How far it was told."}, "01da1e", 0)),
       required("failures",
                integer(0, std::int64_t{1} << 53,
                        {"Số lần lỗi liên tiếp.", "Attempts since the last success."}, 0)),
       optional("failing_since", time({"Lỗi từ lúc nào.", "Since when it fails."})),
       optional("next_at", time({"Lần thử tới.", "When it is tried next."})),
       optional("why", text(100, {"Vì sao dừng.", "Why it is paused."}, "exchange.webhook_paused")),
       optional("why_vi", text(1000, {"Bằng tiếng Việt.", "In Vietnamese."}, "tạm dừng", 0)),
       optional("why_en", text(1000, {"Bằng tiếng Anh.", "In English."}, "paused", 0)),
       optional("previous_secret_until", time({"Khóa cũ còn dùng tới lúc này.",
                                               "The old secret signs as well until then."})),
       required("created_at", time({"Lúc tạo.", "When it was made."}))});
}

Schema secret_schema() {
  return object(
      "WebhookSecret", {"Khóa ký, chỉ hiện một lần này.", "The secret, shown this once."},
      {required("id", text(64, {"Mã.", "Its id."}, kExample)),
       required("secret",
                text(100, {"Khóa (Standard Webhooks).", "The secret, as Standard Webhooks has it."},
                     "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))});
}

Schema attempt_schema() {
  return object(
      "WebhookAttempt", {"Một lần báo.", "One attempt."},
      {required("event", text(100, {"Mã sự kiện.", "The event's id."}, "3661504685-7-0")),
       required("type", text(100, {"Loại.", "Its type."}, "delivery.available")),
       required("at", time({"Lúc nào.", "When."})),
       required("ok", boolean({"Bên nhận đã nhận.", "Whether it was taken."})),
       required("status", integer(0, 999,
                                  {"Mã trả lời; 0: không có trả lời.",
                                   "Status of the answer; 0: there was none."},
                                  204)),
       required("duration_ms", integer(0, 86'400'000, {"Mất bao lâu.", "How long it took."}, 35)),
       optional("error", text(100, {"Lý do lỗi.", "Why it failed."}, "http.timed_out"))});
}

Schema wanted_schema() {
  return object(
      "NewWebhook", {"Webhook mới.", "A new webhook."},
      {required("url", text(2000, {"Địa chỉ https nhận sự kiện.", "Where to tell it, https."},
                            "https://h41.vn/truc")),
       optional("organisation", text(35,
                                     {"Của cơ quan nào; hệ thống gọi thì có thể bỏ trống: mọi cơ "
                                      "quan mà nó phục vụ.",
                                      "Of which organisation; a system may leave it out: of all "
                                      "that it serves."},
                                     "H41.12")),
       optional("types", types_schema()),
       optional("from", text(40,
                             {"Bắt đầu từ: now (mặc định), beginning, hoặc thời điểm.",
                              "Where to begin: now (the default), beginning, or a time."},
                             "now"))});
}

Schema changed_schema() {
  return object(
      "WebhookChange", {"Phần thay đổi.", "What is to be other than before."},
      {optional("url", text(2000, {"Địa chỉ mới.", "Another address."}, "https://h41.vn/truc")),
       optional("types", types_schema())});
}

Refusal unknown() {
  return {"exchange.webhook_unknown",
          Code::not_found,
          {"Không có webhook này.", "There is no such webhook."}};
}

Refusal bad_url() {
  return {"exchange.bad_webhook_url",
          Code::invalid,
          {"Địa chỉ không được phép: không phải https, cổng không được dùng, hoặc thuộc máy này "
           "hay mạng riêng.",
           "The address is refused: no https, a port that is not allowed, or on this machine or a "
           "private network."}};
}

std::vector<Refusal> start_refusals() {
  return {{"exchange.bad_start", Code::invalid, {"from sai.", "from is none of the three."}},
          bad_url(),
          {"exchange.too_many_webhooks", Code::conflict, {"Quá nhiều.", "There are too many."}},
          {"rest.webhook_owner", Code::invalid, {"Thiếu chủ.", "Whose it is, is not said."}},
          nobody_there()};
}

Route row(http::Method method, std::string_view path, std::string_view name, base::Text summary,
          Answer answer) {
  return {.method = method,
          .path = path,
          .access = Permission::webhooks_manage,
          .name = name,
          .tag = kTag,
          .summary = std::move(summary),
          .parameters = {{Parameter::In::path, "id",
                          text(64, {"Mã webhook.", "The webhook's id."}, kExample), true}},
          .answers = {std::move(answer)},
          .refusals = {unknown()}};
}

}  // namespace

std::vector<Route> webhook_rows(Exchange& exchange, Subscriptions& webhooks) {
  using http::Method;
  const Parts parts{exchange, webhooks};
  std::vector<Route> rows;
  const auto push = [&](Route made, base::Result<http::Response> (*handler)(const Parts&, Call&)) {
    made.handler = [parts, handler](Call& call) { return handler(parts, call); };
    rows.push_back(std::move(made));
  };
  const Answer one{200, {"Webhook như bây giờ.", "The webhook as it is now."}, webhook_schema()};
  Route every =
      row(Method::get, "/api/v1/webhooks", "listWebhooks", {"Các webhook", "The webhooks"},
          {200, {"Một trang.", "A page."}, page_of("WebhookPage", webhook_schema())});
  every.parameters = {limit_parameter(), cursor_parameter()};
  every.refusals = {};
  push(std::move(every), all);
  Route made =
      row(Method::post, "/api/v1/webhooks", "addWebhook", {"Thêm webhook", "Add a webhook"},
          {201, {"Đã thêm.", "Added."}, secret_schema()});
  made.parameters = {};
  made.refusals = start_refusals();
  made.body.json = wanted_schema();
  made.keeps_answer = false;
  push(std::move(made), add);
  push(row(Method::get, "/api/v1/webhooks/{id}", "getWebhook", {"Một webhook", "One webhook"}, one),
       show);
  Route changed = row(Method::patch, "/api/v1/webhooks/{id}", "changeWebhook",
                      {"Đổi địa chỉ hoặc loại sự kiện", "Change its address or types"}, one);
  changed.body.json = changed_schema();
  changed.refusals.push_back(bad_url());
  push(std::move(changed), change);
  push(row(Method::del, "/api/v1/webhooks/{id}", "removeWebhook",
           {"Bỏ webhook", "Remove a webhook"}, {204, {"Đã bỏ.", "Removed."}}),
       remove);
  push(row(Method::post, "/api/v1/webhooks/{id}/pause", "pauseWebhook",
           {"Tạm dừng webhook", "Pause a webhook"}, one),
       pause);
  push(row(Method::post, "/api/v1/webhooks/{id}/resume", "resumeWebhook",
           {"Báo tiếp từ chỗ đã dừng", "Go on from where it stood"}, one),
       resume);
  Route rotated = row(Method::post, "/api/v1/webhooks/{id}/secret", "rotateWebhookSecret",
                      {"Đổi khóa; khóa cũ còn ký thêm 24 giờ",
                       "A new secret; the old one signs as well for 24 hours"},
                      {200, {"Khóa mới.", "The new secret."}, secret_schema()});
  rotated.keeps_answer = false;
  push(std::move(rotated), rotate);
  Route pinged = row(Method::post, "/api/v1/webhooks/{id}/ping", "pingWebhook",
                     {"Gửi thử ngay", "Send a ping and wait for what becomes of it"},
                     {200, {"Kết quả.", "What became of it."}, attempt_schema()});
  pinged.refusals.push_back({"exchange.too_many_pings",
                             Code::unavailable,
                             {"Đang gửi thử cho nơi khác.", "Other pings are under way."}});
  pinged.refusals.push_back(
      {"exchange.webhook_secret",
       Code::data_loss,
       {"Không mở được khóa; hãy đổi khóa.", "Its secret cannot be opened; rotate it."}});
  push(std::move(pinged), ping);
  Route again = row(Method::post, "/api/v1/webhooks/{id}/replay", "replayWebhook",
                    {"Báo lại từ một con trỏ", "Tell everything after a cursor again"}, one);
  again.body.json = object(
      "Replay", {"Từ đâu.", "From where."},
      {required("cursor",
                text(100, {"Con trỏ của sự kiện.", "A cursor of the events."}, "01da1e18ad"))});
  again.refusals.push_back({"exchange.bad_cursor", Code::invalid, {"Con trỏ sai.", "No cursor."}});
  again.refusals.push_back(
      {"exchange.cursor_expired", Code::gone, {"Không còn được lưu.", "No longer kept."}});
  push(std::move(again), replay);
  push(row(Method::get, "/api/v1/webhooks/{id}/attempts", "listWebhookAttempts",
           {"Nhật ký báo, mới nhất trước", "What was tried, newest first"},
           {200,
            {"Các lần báo.", "The attempts."},
            object("WebhookAttempts", {"Các lần báo.", "The attempts."},
                   {required("items", list(attempt_schema(), Subscriptions::kAttemptsKept))})}),
       attempts);
  return rows;
}

}  // namespace exchange::rest
