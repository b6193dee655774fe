// What somebody is to be told, how far they have read it, and what they wish to be told.
#include "exchange/notifications/notifications.h"

#include <algorithm>

#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
#include "exchange/rest/views.h"

namespace exchange::rest {
namespace {

using base::Code;
using notifications::Kind;
using notifications::Mark;
using notifications::Notification;
using notifications::Notifications;

constexpr std::string_view kTag = "Me";
constexpr std::string_view kMarkExample = "1042-1795319309892424";
constexpr std::string_view kZone = "Asia/Ho_Chi_Minh";

base::Result<void> require_person(const Call& call) {
  if (call.principal.person != 0) return base::done();
  return base::Error(Code::forbidden, "rest.people_only",
                     "notifications are for people; programs read /api/v1/events",
                     "thông báo dành cho người dùng; chương trình đọc /api/v1/events");
}

Refusal people_only() {
  return {"rest.people_only",
          Code::forbidden,
          {"Chỉ dành cho người dùng.", "For people, not for programs."}};
}

// --- what a notification looks like
// ---------------------------------------------------------------

Schema kind_schema() { return word(notifications::kind_names(), {"Loại.", "The kind."}); }

Schema mark_schema(base::Text about) { return text(60, std::move(about), kMarkExample, 3); }

Schema document_part() {
  return object(
      "NotifiedDocument", {"Văn bản được nói tới.", "The document that it is about."},
      {required("id", text(24, {"Mã trên trục.", "Its id."}, kDocumentExample, 24)),
       required("code", text(10'000, {"Số, ký hiệu.", "Number and notation."}, "05/UBND-VX", 0)),
       optional("subject", text(2000,
                                {"Trích yếu; không có khi người đọc không được xem văn bản.",
                                 "Subject; not there for who may not read the document."},
                                "Về việc phối hợp", 0)),
       required("urgency", integer(0, 4, {"Độ khẩn.", "Urgency."}, 1)),
       required("readable", boolean({"Xem được văn bản.", "Whether they may read it."}))});
}

Schema notification_schema() {
  return object(
      "Notification", {"Một thông báo.", "A notification."},
      {required("id", text(64, {"Mã.", "Its id."}, "e1042-1")),
       required("kind", kind_schema()),
       required("event", word(notifications::event_names(), {"Việc gì.", "What happened."})),
       required("at", time({"Lúc nào.", "When."})),
       required("read", boolean({"Đã đọc.", "Whether it was read."}, false)),
       required("escalates", boolean({"Luôn được báo, kể cả trong giờ yên lặng.",
                                      "Always told, in quiet hours as well."},
                                     false)),
       optional("document", document_part()),
       optional("delivery", text(36, {"Mã lượt chuyển.", "The delivery's id."}, kDeliveryExample)),
       optional("organisation", party_schema({"Bên kia.", "The other side."})),
       optional("own", party_schema({"Cơ quan của người đọc.", "Whose affair it is."})),
       unusual("status", text(2, {"Mã trạng thái.", "Code of a status."}, "03", 2)),
       unusual("reason", text(100, {"Vì sao trục từ chối.", "Why the exchange refused it."},
                              "exchange.malware")),
       unusual("due", time({"Hạn.", "Until when."})),
       unusual("approval", integer(1, std::int64_t{1} << 53, {"Số đề nghị.", "Its number."}, 3)),
       unusual("act", text(60, {"Việc cần hai người.", "What takes two."}, "system_disable")),
       unusual("act_subject", text(200, {"Về cái gì.", "What it is about."}, "00.53.W00")),
       unusual("by", text(300, {"Ai làm.", "Who did it."}, "Nguyễn Văn An")),
       unusual("own_act", boolean({"Do chính người đọc.", "By who reads it."}, false)),
       unusual("post", text(300, {"Chức vụ.", "The post."}, "Văn thư")),
       unusual("until", time({"Đến khi nào.", "Until when it holds."}))});
}

Schema page_schema() {
  Schema page = page_of("Notifications", notification_schema());
  const std::int64_t most = notifications::kUnreadMax;
  page.members.push_back(
      required("unread",
               integer(0, most, {"Chưa đọc; 100: từ 100.", "Unread; 100: that many or more."}, 3)));
  page.members.push_back(
      required("unread_escalated",
               integer(0, most, {"Trong đó luôn được báo.", "Of these, always told."}, 1)));
  page.members.push_back(required(
      "quiet", boolean({"Đang trong giờ yên lặng.", "Now is within quiet hours."}, false)));
  page.members.push_back(required(
      "as_of", mark_schema({"Để đánh dấu đã đọc đến đây.", "To mark all up to here as read."})));
  return page;
}

void add_document(base::Json& json, const Notification& one) {
  if (one.document.empty()) return;
  base::Json document;
  document.add("id", one.document).add("code", one.code);
  if (one.readable) document.add("subject", one.subject);
  document.add("urgency", one.urgency).add("readable", one.readable);
  json.add("document", std::move(document));
}

base::Json notification_json(const Exchange& exchange, const Notification& one) {
  base::Json json;
  json.add("id", one.id).add("kind", notifications::name_of(one.kind)).add("event", one.event);
  json.add("at", base::iso_time_text(one.at)).add("read", one.read);
  json.add("escalates", notifications::escalates(one.kind));
  add_document(json, one);
  if (!one.delivery.empty()) json.add("delivery", one.delivery);
  if (one.organisation != 0) json.add("organisation", party_json(exchange, one.organisation));
  if (one.own != 0) json.add("own", party_json(exchange, one.own));
  if (!one.status.empty()) json.add("status", one.status);
  if (!one.reason.empty()) json.add("reason", one.reason);
  if (one.due) json.add("due", base::iso_time_text(*one.due));
  if (one.approval != 0) {
    json.add("approval", one.approval).add("act", one.act).add("act_subject", one.act_subject);
  }
  if (!one.by.empty()) json.add("by", one.by);
  if (one.own_act) json.add("own_act", true);
  if (!one.post.empty()) json.add("post", one.post);
  if (one.until) json.add("until", base::iso_time_text(*one.until));
  return json;
}

// --- reading
// --------------------------------------------------------------------------------------

std::optional<notifications::Place> place_of(const std::optional<Place>& place) {
  if (!place || place->size() != 4) return std::nullopt;
  const Place& at = *place;
  return notifications::Place{
      {at[0], static_cast<std::uint32_t>(at[1])}, base::from_micros(at[2]), at[3]};
}

Place written(const notifications::Place& place) {
  return {place.told.seq, place.told.sub, base::to_micros(place.at), place.waiting};
}

base::Result<http::Response> list_notifications(const Exchange& exchange, const Notifications& all,
                                                Call& call) {
  TRY(require_person(call));
  const notifications::Filter filter{notifications::kind_named(call.text("kind")),
                                     call.boolean("unread").value_or(false)};
  const auto place = TRY(call.place());
  const auto page = TRY(all.page(call.principal, filter, place_of(place), call.limit()));
  base::Json items{base::Json::Array{}}, more;
  for (const Notification& one : page.items) items.push(notification_json(exchange, one));
  more.add("unread", page.standing.unread).add("unread_escalated", page.standing.unread_escalated);
  more.add("quiet", page.standing.quiet).add("as_of", page.standing.as_of.text());
  std::optional<Place> next;
  if (page.next) next = written(*page.next);
  return call.page(std::move(items), next, std::move(more));
}

Schema marks_schema() {
  return object("ReadMarks", {"Nêu up_to hoặc ids.", "Either up_to or ids."},
                {optional("up_to", mark_schema({"as_of của danh sách: mọi thông báo đến đó.",
                                                "as_of of a list: everything up to there."})),
                 unusual("ids", list(text(64, {"Mã thông báo.", "An id."}, "e1042-1"),
                                     notifications::kReadAtOnce)),
                 optional("read", boolean({"false: lại là chưa đọc.", "false: unread again."}))});
}

base::Result<http::Response> mark(const Notifications& all, Call& call) {
  TRY(require_person(call));
  const base::Json& body = call.body;
  const bool read = body["read"].boolean(true);
  base::Json json;
  if (body.has("ids") && !body.has("up_to")) {
    std::vector<std::string> ids;
    for (const base::Json& id : body["ids"].array()) ids.emplace_back(id.text());
    TRY(all.mark(call.principal, ids, read));
  } else {
    const Mark wanted = TRY(Mark::parse(body.has("ids") ? "" : body["up_to"].text()));
    const auto marked = TRY(all.mark(call.principal, wanted, !read));
    json.add("up_to", marked.now.text()).add("before", marked.before.text());
  }
  const auto now = TRY(all.page(call.principal, {}, std::nullopt, 1)).standing;
  json.add("unread", now.unread).add("unread_escalated", now.unread_escalated);
  return http::Response::json(200, json.dump());
}

Schema marked_schema() {
  const std::int64_t most = notifications::kUnreadMax;
  return object(
      "Marked", {"Sau khi đánh dấu.", "As it is now."},
      {required("unread", integer(0, most, {"Chưa đọc.", "Unread."}, 0)),
       required("unread_escalated",
                integer(0, most, {"Trong đó luôn được báo.", "Of these, always told."}, 0)),
       optional("up_to", mark_schema({"Đã đọc đến đây.", "Read up to here."})),
       optional("before", mark_schema({"Trước đó đến đây: để hoàn tác bằng read = false.",
                                       "And before that: to undo it with read = false."}))});
}

// --- preferences
// ----------------------------------------------------------------------------------

Schema quiet_schema() {
  const auto minute = [](base::Text about, std::string_view example) {
    return text(5, std::move(about), example, 5);
  };
  return object("QuietHours", {"Giờ yên lặng, theo giờ Việt Nam.", "In Viet Nam's time."},
                {required("from", minute({"Từ.", "From."}, "21:00")),
                 required("to", minute({"Đến; có thể sang hôm sau.", "To; also of the next day."},
                                       "06:00"))});
}

Schema preferences_schema() {
  return object(
      "NotificationPreferences", {"Muốn được báo gì.", "What somebody wishes to be told."},
      {required("kinds",
                list(object("NotificationKind", {"Một loại thông báo.", "A kind."},
                            {required("kind", kind_schema()),
                             required("shown", boolean({"Có báo.", "Whether it is told."})),
                             required("escalates",
                                      boolean({"Luôn được báo: không tắt được, kể cả trong giờ yên "
                                               "lặng.",
                                               "Always told: cannot be switched off, in quiet "
                                               "hours neither."},
                                              false))}),
                     notifications::kKinds)),
       optional("quiet", quiet_schema()),
       required("time_zone", word({kZone}, {"Múi giờ.", "Time zone."}))});
}

base::Result<http::Response> preferences(const Notifications& all, Call& call) {
  TRY(require_person(call));
  const auto found = TRY(all.preferences(call.principal));
  base::Json json, kinds{base::Json::Array{}};
  for (int i = 0; i < notifications::kKinds; ++i) {
    const auto kind = static_cast<Kind>(i);
    base::Json one;
    one.add("kind", notifications::name_of(kind)).add("shown", !found.hides(kind));
    one.add("escalates", notifications::escalates(kind));
    kinds.push(std::move(one));
  }
  json.add("kinds", std::move(kinds));
  if (found.quiet) {
    base::Json quiet;
    quiet.add("from", notifications::minute_text(found.quiet->from));
    quiet.add("to", notifications::minute_text(found.quiet->to));
    json.add("quiet", std::move(quiet));
  }
  json.add("time_zone", kZone);
  return http::Response::json(200, json.dump());
}

// Examples take the first value: one that may be hidden.
std::vector<std::string_view> others_first() {
  std::vector<std::string_view> names = notifications::kind_names();
  std::reverse(names.begin(), names.end());
  return names;
}

base::Result<http::Response> prefer(const Notifications& all, Call& call) {
  TRY(require_person(call));
  notifications::Preferences wanted;
  for (const base::Json& name : call.body["hidden"].array()) {
    if (const auto kind = notifications::kind_named(name.text())) wanted.hidden.push_back(*kind);
  }
  if (call.body.has("quiet")) {
    const base::Json& quiet = call.body["quiet"];
    const int from = TRY(notifications::minute_of_day(quiet["from"].text()));
    const int to = TRY(notifications::minute_of_day(quiet["to"].text()));
    wanted.quiet = notifications::QuietHours{from, to};
  }
  TRY(all.prefer(call.principal, wanted));
  return preferences(all, call);
}

}  // namespace

std::vector<Route> notification_rows(Exchange& exchange, const identity::Identity& identity) {
  const Notifications all(exchange, identity);
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/me/notifications",
      .access = Access::signed_in(),
      .name = "listNotifications",
      .tag = kTag,
      .summary = {"Thông báo của tôi", "My notifications"},
      .about = {"Mới nhất trước: văn bản đến, việc sắp đến hạn và quá hạn, trạng thái và việc từ "
                "chối của nơi nhận, lấy lại, việc chờ phê duyệt, thay đổi tài khoản. Chỉ những gì "
                "người đọc được phép xem lúc này. Một trang có thể ngắn mà vẫn còn trang sau.",
                "The newest first: documents that came, what is due or late, what recipients "
                "report or refuse, recalls, acts to approve, changes of one's account. What the "
                "reader may see now, and nothing else. A page may be short and yet have a next."},
      .parameters = {{Parameter::In::query, "kind", kind_schema()},
                     {Parameter::In::query, "unread",
                      boolean({"Chỉ những gì chưa đọc.", "Only what is unread."})},
                     limit_parameter(),
                     cursor_parameter()},
      .answers = {{200, {"Một trang.", "A page."}, page_schema()}},
      .refusals = {people_only()},
      .handler = [&exchange, all](Call& call) { return list_notifications(exchange, all, call); },
  });
  rows.push_back({
      .method = http::Method::post,
      .path = "/api/v1/me/notifications/read",
      .access = Access::signed_in(),
      .name = "markNotifications",
      .tag = kTag,
      .summary = {"Đánh dấu đã đọc", "Mark as read"},
      .about = {"Mọi thông báo đến một mốc, hoặc từng thông báo; read = false là hoàn tác.",
                "Everything up to a mark, or single ones; read = false takes it back."},
      .body = {.json = marks_schema()},
      .answers = {{200, {"Đã ghi.", "It is kept."}, marked_schema()}},
      .refusals = {people_only(),
                   {"exchange.bad_read_mark",
                    Code::invalid,
                    {"up_to sai, hoặc thiếu cả hai.", "No mark, or neither of the two."}},
                   {"exchange.notification_unknown",
                    Code::invalid,
                    {"Không phải mã thông báo.", "No id of a notification."}}},
      .handler = [all](Call& call) { return mark(all, call); },
  });
  rows.push_back({
      .path = "/api/v1/me/notification-preferences",
      .access = Access::signed_in(),
      .name = "getNotificationPreferences",
      .tag = kTag,
      .summary = {"Tôi muốn được báo gì", "What I wish to be told"},
      .answers = {{200, {"Các lựa chọn.", "The preferences."}, preferences_schema()}},
      .refusals = {people_only()},
      .handler = [all](Call& call) { return preferences(all, call); },
  });
  rows.push_back({
      .method = http::Method::put,
      .path = "/api/v1/me/notification-preferences",
      .access = Access::signed_in(),
      .name = "putNotificationPreferences",
      .tag = kTag,
      .summary = {"Đặt những gì muốn được báo", "Say what I wish to be told"},
      .about = {"Thay toàn bộ lựa chọn. Việc khẩn, quá hạn và mã độc luôn được báo.",
                "Replaces all of it. What is urgent or late, and malware, is always told."},
      .body = {.json = object(
                   "NewNotificationPreferences", {"Lựa chọn.", "The preferences."},
                   {required("hidden", list(word(others_first(), {"Loại.", "A kind."}),
                                            notifications::kKinds, {"Không báo.", "Not told."})),
                    optional("quiet", quiet_schema())})},
      .answers = {{200, {"Các lựa chọn.", "The preferences."}, preferences_schema()}},
      .refusals = {people_only(),
                   {"exchange.notification_always_on",
                    Code::invalid,
                    {"Loại này không tắt được.", "That kind cannot be switched off."}},
                   {"exchange.bad_quiet_hours",
                    Code::invalid,
                    {"Giờ yên lặng sai.", "They are no quiet hours."}}},
      .handler = [all](Call& call) { return prefer(all, call); },
  });
  return rows;
}

}  // namespace exchange::rest
