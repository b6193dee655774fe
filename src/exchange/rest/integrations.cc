// How connected systems are doing: their calls, what they were refused, and what waits for them.
#include <algorithm>
#include <array>
#include <map>

#include "exchange/probe.h"
#include "exchange/rest/administration.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
#include "exchange/rest/views.h"
#include "http/problem.h"

namespace exchange::rest {
namespace {

using identity::Identity;
using identity::Permission;
using store::Query;

constexpr std::string_view kTag = "Systems";
constexpr std::int64_t kWaitMax = 60;
constexpr std::int64_t kNumberMax = std::int64_t{1} << 53;
constexpr auto kSilent = std::chrono::hours(24);
constexpr auto kSoon = std::chrono::days(30);
constexpr std::string_view kAddressExample = "10.1.2.3";

const Query kWaiting{"rest.deliveries_waiting",
                     "select count(*), min(id) from delivery where system = $1 and kind = 0 and "
                     "state < 2"};

// --- calls ---------------------------------------------------------------------------------------

base::Json call_json(const SystemCall& call) {
  base::Json json;
  json.add("at", base::iso_time_text(call.at)).add("protocol", name_of(call.protocol));
  if (!call.remote.empty()) json.add("address", call.remote);
  return json;
}

base::Json refused_json(const std::vector<RefusedCalls>& all) {
  base::Json items{base::Json::Array{}};
  for (const RefusedCalls& one : all) {
    base::Json json;
    json.add("reason", one.reason).add("calls", one.calls);
    json.add("last_hour", one.last_hour).add("last_day", one.last_day);
    json.add("first_at", base::iso_time_text(one.first_at)).add("last", call_json(one.last));
    items.push(std::move(json));
  }
  return items;
}

// What a screen shows while a system is being connected.
struct Connecting {
  SeenCalls calls;
  std::optional<Probe> probe;
};

// The same until the system calls again or its probe moves.
std::string version_of(const Connecting& now) {
  std::int64_t refused = 0;
  for (const RefusedCalls& one : now.calls.refused) refused += one.calls;
  std::string version = std::to_string(now.calls.last ? base::to_micros(now.calls.last->at) : 0) +
                        "-" + std::to_string(refused);
  if (now.probe) {
    version += "-" + std::to_string(base::to_micros(now.probe->sent_at)) + "-" +
               std::to_string(static_cast<int>(now.probe->state));
  }
  return version;
}

base::Json probe_json(const Exchange& exchange, const Probe& probe) {
  constexpr std::array<std::string_view, 5> kStates = {"waiting", "fetched", "acknowledged",
                                                       "failed", "withdrawn"};
  base::Json json;
  json.add("id", probe.id).add("organisation", code_of(exchange, probe.organisation));
  json.add("state", kStates.at(static_cast<std::size_t>(probe.state)));
  json.add("sent_at", base::iso_time_text(probe.sent_at)).add("sent_by", probe.sent_by);
  if (probe.fetched_at) json.add("fetched_at", base::iso_time_text(*probe.fetched_at));
  if (probe.acknowledged_at)
    json.add("acknowledged_at", base::iso_time_text(*probe.acknowledged_at));
  return json;
}

base::Json connecting_json(const Exchange& exchange, const ConnectedSystem& system,
                           const Connecting& now) {
  base::Json json;
  json.add("system", system.id).add("version", version_of(now));
  json.add("as_of", base::iso_time_text(exchange.clock().now()));
  if (now.calls.first) json.add("first_call_at", base::iso_time_text(*now.calls.first));
  if (now.calls.last) json.add("last_call", call_json(*now.calls.last));
  json.add("refused", refused_json(now.calls.refused));
  if (now.probe) json.add("probe", probe_json(exchange, *now.probe));
  return json;
}

base::Result<Connecting> look(const Exchange& exchange, SystemKey system) {
  Connecting now;
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    now.calls = TRY(exchange.calls().of(connection, system));
    now.probe = TRY(probe_of(exchange, connection, system));
    return base::done();
  }));
  return now;
}

// Waits for the next call of a system.
class CallWait : public http::Waiter, public CallListener {
 public:
  CallWait(const Exchange& exchange, ConnectedSystem system, std::string known,
           http::Headers headers, base::Language language)
      : exchange_(exchange),
        system_(std::move(system)),
        known_(std::move(known)),
        headers_(std::move(headers)),
        language_(language) {}
  void called() override { wake(); }
  std::optional<http::Response> answer(bool last) override {
    const auto now = look(exchange_, system_.key);
    // What cannot be read now may be by the time that it must be answered.
    if (!now && !last) return std::nullopt;
    http::Response response;
    if (now) {
      if (!last && version_of(*now) == known_) return std::nullopt;
      response = http::Response::json(200, connecting_json(exchange_, system_, *now).dump());
    } else {
      response = http::problem(now.error(), http::ProblemDetails{{}, {}, language_});
    }
    for (const http::Header& header : headers_.all())
      if (!response.headers.has(header.name)) response.headers.add(header.name, header.value);
    return response;
  }

 private:
  const Exchange& exchange_;
  const ConnectedSystem system_;
  const std::string known_;
  const http::Headers headers_;
  const base::Language language_;
};

base::Result<http::Response> system_calls(Exchange& exchange, Identity& identity, Call& call) {
  const ConnectedSystem system = TRY(managed_system(exchange, identity, call));
  const std::int64_t wait = call.integer("wait");
  if (wait == 0) {
    const Connecting now = TRY(look(exchange, system.key));
    return http::Response::json(200, connecting_json(exchange, system, now).dump());
  }
  const auto waiter = std::make_shared<CallWait>(exchange, system, std::string(call.text("known")),
                                                 call.answer_headers, call.language);
  exchange.calls().listen(system.key, waiter);  // before the first look, so that nothing is missed
  if (auto at_once = waiter->answer(false)) return *std::move(at_once);
  return http::Response::later(waiter, static_cast<int>(wait) * 1000);
}

base::Result<http::Response> probe_system(Exchange& exchange, Identity& identity, Call& call) {
  const ConnectedSystem system = TRY(managed_system(exchange, identity, call));
  const SentProbe sent = TRY(send_probe(exchange, system, call.principal.id));
  return http::Response::json(sent.waiting ? 200 : 201, probe_json(exchange, sent.probe).dump());
}

// --- health --------------------------------------------------------------------------------------

// What a system serves.
struct Served {
  std::int64_t organisations = 0;
  OrganisationKey first = 0;  // by code; 0: nobody
  bool meant = false;         // one has the words in its code or name
};

std::map<SystemKey, Served> served(const Exchange& exchange, const std::string& words) {
  std::map<SystemKey, Served> all;
  exchange.directory().each([&](const Organisation& one) {
    if (one.deleted || one.system == 0) return;
    Served& by = all[one.system];
    if (by.organisations++ == 0) by.first = one.key;
    by.meant = by.meant || is_named(one, words);
  });
  return all;
}

struct Health {
  SeenCalls calls;
  std::int64_t waiting = 0;
  std::optional<base::Time> oldest;              // of what waits, when it was accepted
  std::optional<base::Time> credential_expires;  // the first of those that are good now
};

base::Result<Health> health_of(const Exchange& exchange, Identity& identity,
                               store::Connection& connection, const ConnectedSystem& system,
                               base::Time now) {
  Health health;
  health.calls = TRY(exchange.calls().of(connection, system.key));
  TRY(connection.first(kWaiting, {system.key}, [&](const store::Row& row) {
    health.waiting = row.integer(0);
    if (!row.is_null(1)) health.oldest = time_of(document_of(row.integer(1)));
  }));
  for (const auto& one : TRY(identity.credentials.list(system.id))) {
    if (one.revoked_at || !one.expires_at || *one.expires_at <= now) continue;
    if (!health.credential_expires || *one.expires_at < *health.credential_expires)
      health.credential_expires = one.expires_at;
  }
  return health;
}

std::vector<std::string_view> troubles_of(const ConnectedSystem& system, const Health& health,
                                          base::Time now) {
  std::vector<std::string_view> all;
  const auto& calls = health.calls;
  if (!system.enabled) all.emplace_back("disabled");
  if (!calls.last) all.emplace_back("never_called");
  if (calls.last && calls.last->at + kSilent < now) all.emplace_back("silent");
  if (std::any_of(calls.refused.begin(), calls.refused.end(),
                  [](const auto& one) { return one.last_hour > 0; }))
    all.emplace_back("refused");
  if (health.oldest && *health.oldest + kSilent < now) all.emplace_back("waiting");
  if (health.credential_expires && *health.credential_expires < now + kSoon)
    all.emplace_back("expiring");
  return all;
}

base::Json health_json(const Exchange& exchange, const ConnectedSystem& system,
                       const Served& served, const Health& health,
                       const std::vector<std::string_view>& troubles) {
  base::Json json, words{base::Json::Array{}}, waiting;
  for (const std::string_view one : troubles) words.push(one);
  json.add("id", system.id).add("enabled", system.enabled).add("troubles", std::move(words));
  json.add("organisations_total", served.organisations);
  if (served.first != 0) json.add("organisation", party_json(exchange, served.first));
  if (health.calls.first) json.add("first_call_at", base::iso_time_text(*health.calls.first));
  if (health.calls.last) json.add("last_call", call_json(*health.calls.last));
  json.add("refused", refused_json(health.calls.refused));
  waiting.add("deliveries", health.waiting);
  if (health.oldest) waiting.add("oldest_at", base::iso_time_text(*health.oldest));
  json.add("waiting", std::move(waiting));
  if (health.credential_expires)
    json.add("credential_expires_at", base::iso_time_text(*health.credential_expires));
  return json;
}

base::Result<http::Response> integrations(Exchange& exchange, Identity& identity, Call& call) {
  const auto place = TRY(call.place());
  const auto all = exchange.directory().systems();
  const bool only_troubled = call.boolean("troubled").value_or(false);
  const std::string words = plain(call.text("q"));
  auto serve = served(exchange, words);
  std::vector<ConnectedSystem> mine;
  for (const ConnectedSystem& one : all) {
    if (plain(one.id).find(words) == std::string::npos && !serve[one.key].meant) continue;
    if (identity.credentials.require_manager_of(call.principal, one)) mine.push_back(one);
  }
  base::Json items{base::Json::Array{}};
  std::size_t next = 0;
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    items = base::Json(base::Json::Array{});
    std::int64_t count = 0;
    next = place ? static_cast<std::size_t>(place->at(0)) : 0;
    for (; next < mine.size() && count < call.limit(); ++next) {
      const ConnectedSystem& one = mine[next];
      const Health health = TRY(health_of(exchange, identity, connection, one, call.now));
      const auto troubles = troubles_of(one, health, call.now);
      if (only_troubled && troubles.empty()) continue;
      items.push(health_json(exchange, one, serve[one.key], health, troubles));
      ++count;
    }
    return base::done();
  }));
  return call.page(std::move(items), next < mine.size()
                                         ? std::optional(Place{static_cast<std::int64_t>(next)})
                                         : std::nullopt);
}

// --- what it looks like --------------------------------------------------------------------------

Schema call_schema(base::Text about) {
  Schema made = object("SystemCall", {"Một lần gọi.", "One call."},
                       {required("at", time({"Lúc nào.", "When."})),
                        required("protocol", word({"unknown", "vxp", "api", "token"},
                                                  {"Giao thức: vxp là giao thức quốc gia.",
                                                   "By which protocol; vxp: the national one."})),
                        optional("address", text(64, {"Địa chỉ gọi tới.", "Where it came from."},
                                                 kAddressExample))});
  made.about = std::move(about);
  return made;
}

Schema count_schema(base::Text about) { return integer(0, kNumberMax, std::move(about), 2); }

Schema refused_schema() {
  return list(
      object("RefusedCalls", {"Các lần gọi bị từ chối vì một lý do.", "What was refused, and why."},
             {required("reason", text(100, {"Lý do.", "The reason."}, "vxp.signature")),
              required("calls", count_schema({"Từ khi có hệ thống.", "Since it was added."})),
              required("last_hour", count_schema({"Trong một giờ qua, chính xác tới mười phút.",
                                                  "In the last hour, to within ten minutes."})),
              required("last_day", count_schema({"Trong một ngày qua, chính xác tới mười phút.",
                                                 "In the last day, to within ten minutes."})),
              required("first_at", time({"Lần đầu.", "The first of them."})),
              required("last", call_schema({"Lần cuối.", "The last of them."}))}),
      200,
      {"Những lần bị từ chối, mới nhất trước. Ai nêu mã của hệ thống cũng được tính, kể cả khi "
       "không "
       "chứng minh được.",
       "What was refused, the newest first: also calls that name the system and do not show that "
       "they are of it."});
}

std::vector<Member> seen_members() {
  return {optional("first_call_at", time({"Lần gọi đầu; không có khi chưa từng.",
                                          "Its first call; not there before it."})),
          optional("last_call", call_schema({"Lần gọi cuối.", "Its last call."})),
          required("refused", refused_schema())};
}

Schema probe_schema() {
  return object(
      "SystemProbe",
      {"Thông điệp thử kết nối.", "A message by which a system shows that it works."},
      {required("id", text(36, {"Mã lượt chuyển.", "Its delivery."}, kDeliveryExample, 36)),
       required("organisation", text(35, {"Gửi tới cơ quan nào.", "To whom."}, "H41.12", 0)),
       required("state",
                word({"waiting", "fetched", "acknowledged", "failed", "withdrawn"},
                     {"Chờ lấy; đã lấy; đã xác nhận; hệ thống báo lỗi; đã rút.",
                      "It waits; was fetched; was acknowledged; the system says that it cannot "
                      "take it; was taken back."})),
       required("sent_at", time({"Gửi lúc.", "When it was sent."})),
       required("sent_by", text(200, {"Ai gửi.", "Who asked for it."}, "person:3")),
       optional("fetched_at", time({"Lấy lúc.", "When it was fetched."})),
       optional("acknowledged_at", time({"Xác nhận lúc.", "When it was acknowledged."}))});
}

Schema calls_schema() {
  std::vector<Member> members = {
      required("system", text(35, {"Mã hệ thống.", "Its id."}, "00.53.W00")),
      required("version",
               text(100, {"Gửi lại trong known.", "To be sent as known."}, "1795314600000000-2")),
      required("as_of", time({"Tại thời điểm.", "As it was at this time."}))};
  for (Member& one : seen_members()) members.push_back(std::move(one));
  members.push_back(optional("probe", probe_schema()));
  return object("SystemCalls", {"Một hệ thống gọi tới ra sao.", "How a system calls."},
                std::move(members));
}

Schema integration_schema() {
  std::vector<Member> members = {
      required("id", text(35, {"Mã hệ thống.", "Its id."}, "00.53.W00")),
      required("enabled", boolean({"Được hoạt động.", "Is let in."})),
      required("organisations_total",
               count_schema({"Phục vụ bao nhiêu cơ quan.", "How many organisations it serves."})),
      optional("organisation", party_schema({"Cơ quan đầu tiên trong số đó, theo mã.",
                                             "The first of these, by code."})),
      required("troubles",
               list(word({"disabled", "never_called", "silent", "refused", "waiting", "expiring"},
                         {"Bị khóa; chưa từng gọi; một ngày không gọi; bị từ chối trong giờ qua; "
                          "văn bản chờ quá một ngày; thông tin xác thực hết hạn trong 30 ngày.",
                          "Disabled; never called; silent for a day; refused within the hour; a "
                          "document waits for more than a day; a credential expires in 30 days."}),
                    6, {"Những điều cần xem.", "What needs a look."}))};
  for (Member& one : seen_members()) members.push_back(std::move(one));
  members.push_back(required(
      "waiting", object("WaitingDeliveries", {"Văn bản chờ lấy.", "Documents that wait for it."},
                        {required("deliveries", count_schema({"Bao nhiêu.", "How many."})),
                         optional("oldest_at", time({"Chờ lâu nhất: tiếp nhận lúc.",
                                                     "When the oldest of them was accepted."}))})));
  members.push_back(
      optional("credential_expires_at", time({"Thông tin xác thực hết hạn sớm nhất.",
                                              "When the first of its credentials expires."})));
  return object("Integration", {"Tình trạng kết nối.", "How a connected system is doing."},
                std::move(members));
}

}  // namespace

std::vector<Route> integration_rows(Exchange& exchange, Identity& identity) {
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/systems/{system}/calls",
      .access = Permission::systems_manage,
      .name = "getSystemCalls",
      .tag = kTag,
      .summary = {"Hệ thống đã gọi tới chưa", "Whether and how a system calls"},
      .about =
          {"Lần gọi đầu, lần gọi cuối và những gì bị từ chối. Với wait, câu trả lời đến khi hệ "
           "thống gọi lần tới (known là version đã biết), hoặc khi hết giờ.",
           "Its first and last call, and what was refused. With wait the answer comes once "
           "the system calls after the version that is known, or when the time is over."},
      .parameters = {system_parameter(),
                     {Parameter::In::query, "wait",
                      integer(0, kWaitMax,
                              {"Chờ lần gọi tới, nhiều nhất bấy nhiêu giây.",
                               "Waits for the next call, at most so many seconds."},
                              0)},
                     {Parameter::In::query, "known",
                      text(100, {"version đã biết.", "The version that is known."},
                           "1795314600000000-2", 0)}},
      .answers = {{200, {"Các lần gọi.", "Its calls."}, calls_schema()}},
      .refusals = {unknown_system()},
      .handler = [&](Call& call) { return system_calls(exchange, identity, call); },
  });
  rows.push_back({
      .method = http::Method::post,
      .path = "/api/v1/systems/{system}/probe",
      .access = Permission::systems_manage,
      .name = "probeSystem",
      .tag = kTag,
      .summary = {"Thử kết nối bằng một thông điệp", "Try a system with a message"},
      .about = {"Trục ghi một bản tin trạng thái (mã 01) của một cơ quan trong hệ thống gửi chính "
                "cơ quan ấy: hệ thống lấy và xác nhận như mọi bản tin trạng thái. Không phải văn "
                "bản: không vào danh sách văn bản, số liệu, tìm kiếm, thời hạn hay bằng chứng. Bản "
                "trước còn chờ thì không gửi thêm. Tiến độ nằm ở …/calls.",
                "The exchange writes a status message (code 01) of one of the system's "
                "organisations to itself, which the system fetches and acknowledges as any. It is "
                "no document: in no list of documents, figure, search, deadline or evidence. While "
                "one waits, no other is sent. How far it has come is told by …/calls."},
      .parameters = {system_parameter()},
      .answers = {{201, {"Đã gửi.", "It was sent."}, probe_schema()},
                  {200, {"Bản trước còn chờ.", "The one before still waits."}, probe_schema()}},
      .refusals = {unknown_system(),
                   {"identity.system_disabled",
                    base::Code::conflict,
                    {"Hệ thống đang bị khóa.", "The system is disabled."}},
                   {"exchange.nobody_served",
                    base::Code::conflict,
                    {"Hệ thống chưa phục vụ cơ quan nào.", "It serves no organisation."}}},
      .handler = [&](Call& call) { return probe_system(exchange, identity, call); },
  });
  rows.push_back({
      .path = "/api/v1/integrations",
      .access = Permission::systems_manage,
      .name = "listIntegrations",
      .tag = kTag,
      .summary = {"Tình trạng các kết nối", "How connected systems are doing"},
      .about = {"Những hệ thống mà bên gọi quản lý, theo mã.",
                "Those that the caller manages, by id."},
      .parameters = {{Parameter::In::query, "troubled",
                      boolean({"Chỉ những hệ thống cần xem.", "Only those that need a look."},
                              false)},
                     {Parameter::In::query, "q",
                      text(100,
                           {"Có trong mã, hoặc trong mã hay tên một cơ quan được phục vụ; không "
                            "cần dấu.",
                            "Is in its id, or in the code or name of an organisation that it "
                            "serves; marks do not matter."},
                           "00.53")},
                     limit_parameter(),
                     cursor_parameter()},
      .answers = {{200,
                   {"Một trang.", "A page."},
                   page_of("IntegrationPage", integration_schema())}},
      .handler = [&](Call& call) { return integrations(exchange, identity, call); },
  });
  return rows;
}

}  // namespace exchange::rest
