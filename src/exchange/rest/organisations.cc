// Who takes part.
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "base/text.h"
#include "exchange/rest/instant.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
#include "exchange/rest/views.h"

namespace exchange::rest {
namespace {

using base::Code;
using identity::Permission;

constexpr std::string_view kTag = "Organisations";

base::Json organisation_json(const Exchange& exchange, const Organisation& organisation) {
  base::Json json;
  json.add("code", organisation.code).add("name", organisation.name);
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) json.add(name, value);
  };
  add("parent", organisation.parent);
  add("old_code", organisation.old_code);
  add("mail", organisation.mail);
  if (organisation.effective_from)
    json.add("effective_from", base::iso_time_text(*organisation.effective_from));
  if (organisation.effective_to)
    json.add("effective_to", base::iso_time_text(*organisation.effective_to));
  add("successor", organisation.successor);
  json.add("in_force", organisation.effective(exchange.clock().now()));
  json.add("connected", organisation.system != 0);
  json.add("changed_at", base::iso_time_text(organisation.changed_at));
  return json;
}

base::Error unknown(std::string_view code) {
  const std::string shown(base::cut_utf8(code, 60));
  return base::Error(Code::not_found, "identity.organisation_unknown",
                     "nobody has the code " + shown, "không có cơ quan nào mang mã " + shown);
}

// Found by any of its codes; deleted ones are gone.
base::Result<Organisation> named(const Exchange& exchange, const Call& call) {
  auto found = exchange.directory().find(call.text("code"));
  if (!found || found->deleted) return unknown(call.text("code"));
  return *std::move(found);
}

// Who was there at a time, and how many of them right below each.
struct InForce {
  std::unordered_set<std::string> codes;
  std::unordered_map<std::string, std::int64_t> below;
};

InForce in_force(const Directory& directory, base::Time at) {
  InForce there;
  directory.each([&](const Organisation& one) {
    if (!one.effective(at)) return;
    there.codes.insert(one.code);
    if (!one.parent.empty()) ++there.below[one.parent];
  });
  return there;
}

base::Result<http::Response> organisations(Exchange& exchange, Call& call) {
  const auto place = TRY(call.place());
  const std::int64_t first = place ? place->at(0) : 0;
  const base::Time at = call.time("at").value_or(call.now);
  const bool ended_too = call.has("successor") && !call.has("at");
  const bool top = call.boolean("top").value_or(false);
  const std::string words = plain(call.text("q"));
  const InForce there = in_force(exchange.directory(), at);
  std::int64_t number = 0;
  std::vector<Organisation> found;
  exchange.directory().each([&](const Organisation& one) {
    if (one.deleted || !(ended_too || one.effective(at))) return;
    if (call.has("parent") && one.parent != call.text("parent")) return;
    if (call.has("successor") && one.successor != call.text("successor")) return;
    if (top && one.parent != one.code && there.codes.contains(one.parent)) return;
    if (const auto connected = call.boolean("connected");
        connected && *connected != (one.system != 0))
      return;
    if (!words.empty() && !is_named(one, words)) return;
    if (number++ >= first && std::cmp_less_equal(found.size(), call.limit())) found.push_back(one);
  });
  const bool more = std::cmp_greater(found.size(), call.limit());
  if (more) found.pop_back();
  base::Json items;
  for (const Organisation& one : found) {
    base::Json json = organisation_json(exchange, one);
    const auto below = there.below.find(one.code);
    json.add("below", below == there.below.end() ? 0 : below->second);
    items.push(std::move(json));
  }
  return call.page(std::move(items),
                   more ? std::optional(Place{first + call.limit()}) : std::nullopt);
}

// A time at which somebody came into force or ceased to be, and the first of them by code.
struct Change {
  std::int64_t began = 0, ended = 0;
  base::Json first{base::Json::Array{}};
};
constexpr std::size_t kFirst = 20;

void note(Change& change, const Organisation& one, bool began) {
  ++(began ? change.began : change.ended);
  if (change.first.array().size() >= kFirst) return;
  base::Json json;
  json.add("code", one.code).add("name", one.name).add("change", began ? "began" : "ended");
  if (!began && !one.successor.empty()) json.add("successor", one.successor);
  change.first.push(std::move(json));
}

base::Result<http::Response> changes(Exchange& exchange, Call& call) {
  const auto place = TRY(call.place());
  const std::int64_t first = place ? place->at(0) : 0;
  std::map<base::Time, Change, std::greater<>> all;
  exchange.directory().each([&](const Organisation& one) {
    if (one.deleted) return;
    if (one.effective_from) note(all[*one.effective_from], one, true);
    if (one.effective_to) note(all[*one.effective_to], one, false);
  });
  base::Json items;
  std::int64_t number = 0;
  for (auto& [at, change] : all) {
    if (number++ < first) continue;
    if (number > first + call.limit()) break;
    base::Json json;
    json.add("at", base::iso_time_text(at));
    json.add("began", change.began).add("ended", change.ended);
    json.add("organisations", std::move(change.first));
    items.push(std::move(json));
  }
  const bool more = std::cmp_greater(all.size(), first + call.limit());
  return call.page(std::move(items),
                   more ? std::optional(Place{first + call.limit()}) : std::nullopt);
}

base::Result<http::Response> organisation(Exchange& exchange, Call& call) {
  const Organisation found = TRY(named(exchange, call));
  return http::Response::json(200, organisation_json(exchange, found).dump());
}

base::Result<http::Response> capabilities(Exchange& exchange, const ApiOptions& options,
                                          const Call& call) {
  const Organisation found = TRY(named(exchange, call));
  base::Json json;
  json.add("code", found.code).add("connected", found.system != 0);
  const auto system = exchange.directory().system_by_key(found.system);
  if (system && (identity::may(call.principal, Permission::systems_manage, found.key) ||
                 identity::may(call.principal, Permission::systems_manage, identity::kPlatform)))
    json.add("system", system->id);
  json.add("document_bytes_max", static_cast<std::int64_t>(options.document_bytes_max));
  json.add("types", base::Json::Array{"application/edxml+xml"});
  json.add("signature_rule", exchange.signature_rule(found.code));
  std::optional<base::Time> seen;
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    if (found.system != 0) seen = TRY(exchange.calls().last(connection, found.system));
    return base::done();
  }));
  if (seen) json.add("last_seen", base::iso_time_text(*seen));
  return http::Response::json(200, json.dump());
}

// Administrators of the platform change every organisation, those of a unit their own.
base::Result<void> check_right(const Call& call, const std::optional<Organisation>& known) {
  if (identity::may(call.principal, Permission::organisations_manage, identity::kPlatform))
    return base::done();
  if (!known || !call.reach.covers(known->key)) return unknown(call.text("code"));
  return base::done();
}

base::Result<http::Response> put(Exchange& exchange, Call& call) {
  const std::string code(call.text("code"));
  auto known = exchange.directory().find(code);
  if (known && known->deleted) known.reset();
  TRY(check_right(call, known));
  if (known) {
    TRY(call.require_match(etag_of(organisation_json(exchange, *known).dump())));
  } else if (call.request.headers["If-None-Match"] != "*") {
    TRY(call.require_match(""));
  }
  Organisation wanted;
  wanted.code = known ? known->code : code;
  wanted.name = call.body["name"].text();
  wanted.parent = call.body["parent"].text();
  wanted.old_code = call.body["old_code"].text();
  wanted.mail = call.body["mail"].text();
  wanted.effective_from = parse_instant(call.body["effective_from"].text());
  wanted.effective_to = parse_instant(call.body["effective_to"].text());
  wanted.successor = call.body["successor"].text();
  TRY(exchange.directory().put({wanted}, call.principal.id));
  const auto now = exchange.directory().find(code);
  if (!now) return unknown(code);
  return http::Response::json(known ? 200 : 201, organisation_json(exchange, *now).dump());
}

Schema code_schema(base::Text about) { return text(35, std::move(about), "H41.12"); }

std::vector<Member> editable() {
  return {required("name", text(1000, {"Tên.", "Its name."}, "Sở Giáo dục và Đào tạo")),
          optional("parent", code_schema({"Mã cơ quan cấp trên.", "Code of its parent."})),
          optional("old_code",
                   text(35, {"Mã cũ theo QCVN 102.", "Its old code (QCVN 102)."}, "000.00.12.H41")),
          optional("mail", text(320, {"Thư điện tử.", "Mail address."}, "vanthu@so.gov.vn")),
          optional("effective_from", time({"Có hiệu lực từ.", "In force from."})),
          optional("effective_to",
                   time({"Hết hiệu lực.", "No longer in force from."}, "2030-01-01T00:00:00Z")),
          optional("successor", code_schema({"Mã cơ quan kế thừa.", "Code of its successor."}))};
}

Schema organisation_schema() {
  std::vector<Member> members = editable();
  members[0].schema.least = 0;  // one that was made for its code has no name yet
  members.insert(members.begin(), required("code", code_schema({"Mã định danh.", "Its code."})));
  members.push_back(required("in_force", boolean({"Đang có hiệu lực.", "In force now."})));
  members.push_back(required(
      "connected", boolean({"Có hệ thống kết nối phục vụ.", "A connected system serves it."})));
  members.push_back(required("changed_at", time({"Thay đổi lần cuối.", "Its last change."})));
  members.push_back(unusual(
      "below", integer(0, std::int64_t{1} << 40,
                       {"Trong danh sách: số cơ quan trực thuộc trực tiếp lúc đang xem.",
                        "In lists: how many are right below it at the time that is looked at."},
                       628)));
  return object("Organisation", {"Một cơ quan, tổ chức.", "An organisation."}, std::move(members));
}

Schema capabilities_schema() {
  return object(
      "Capabilities", {"Cơ quan nhận được gì.", "What can be sent to an organisation."},
      {required("code", code_schema({"Mã định danh.", "Its code."})),
       required("connected",
                boolean({"Có hệ thống lấy văn bản; nếu không, văn bản chờ trong hộp đến.",
                         "A system fetches for it; otherwise documents wait in the inbox."})),
       unusual("system", text(35,
                              {"Hệ thống nào; chỉ cho người quản lý hệ thống ấy.",
                               "Which system; for those who manage it."},
                              "00.53.W00")),
       optional("last_seen",
                time({"Lần cuối hệ thống của cơ quan này gọi tới; không có nếu chưa từng gọi.",
                      "When its system last called; not there when it never has."})),
       required("document_bytes_max",
                integer(0, std::int64_t{1} << 50, {"Kích thước tối đa.", "Bytes at most."},
                        10'737'418'240)),
       required("types", list(text(100, {"Kiểu.", "A type."}, "application/edxml+xml"), 10,
                              {"Kiểu tệp nhận được.", "Types of files that it takes."})),
       required(
           "signature_rule",
           word({"label", "refuse-invalid", "require-both"},
                {"Quy tắc về chữ ký số: chỉ ghi nhãn, từ chối khi không hợp lệ, hoặc đòi đủ cả "
                 "chữ ký người và cơ quan.",
                 "What it asks of signatures: only labels them, refuses invalid ones, or needs a "
                 "person's and the organisation's."}))});
}

Schema change_schema() {
  const auto count = [](base::Text about) {
    return integer(0, std::int64_t{1} << 40, std::move(about), 3);
  };
  Schema one = object(
      "ChangedOrganisation", {"Cơ quan thay đổi.", "Who changed."},
      {required("code", code_schema({"Mã định danh.", "Its code."})),
       required("name", text(1000, {"Tên.", "Its name."}, "Sở Nội vụ", 0)),
       required("change", word({"began", "ended"}, {"Bắt đầu hay hết hiệu lực.",
                                                    "It came into force, or ceased to be."})),
       optional("successor", code_schema({"Mã cơ quan kế thừa.", "Code of its successor."}))});
  return object(
      "DirectoryChange", {"Một lần danh mục thay đổi.", "A time at which the directory changed."},
      {required("at", time({"Từ lúc này.", "From this time on."})),
       required("began", count({"Số cơ quan bắt đầu có hiệu lực.", "How many came into force."})),
       required("ended", count({"Số cơ quan hết hiệu lực.", "How many ceased to be."})),
       required("organisations", list(std::move(one), kFirst,
                                      {"Những cơ quan đầu tiên theo mã, nhiều nhất 20.",
                                       "The first of them by code, at most 20."}))});
}

Route changes_row(Exchange& exchange) {
  return {
      .path = "/api/v1/organisation-changes",
      .access = Permission::organisations_read,
      .name = "listOrganisationChanges",
      .tag = kTag,
      .summary = {"Danh mục thay đổi khi nào", "When the directory changed"},
      .about = {"Những thời điểm có cơ quan bắt đầu hoặc hết hiệu lực, mới nhất trước, kể cả sắp "
                "tới. Danh mục lúc ấy: tham số at của danh mục cơ quan.",
                "The times at which organisations came into force or ceased to be, the latest "
                "first, those to come as well. Parameter at of the list shows it as it was then."},
      .parameters = {limit_parameter(), cursor_parameter()},
      .answers = {{200,
                   {"Một trang.", "A page."},
                   page_of("DirectoryChangePage", change_schema())}},
      .handler = [&exchange](Call& call) { return changes(exchange, call); },
  };
}

}  // namespace

std::vector<Route> organisation_rows(Exchange& exchange, const ApiOptions& options) {
  const Parameter code{
      Parameter::In::path, "code",
      code_schema({"Mã định danh, mã cũ hoặc bí danh.", "Its code, an old code or an alias."}),
      true};
  const Refusal nobody{"identity.organisation_unknown",
                       Code::not_found,
                       {"Không có cơ quan mang mã này.", "Nobody has this code."}};
  std::vector<Route> rows;
  const auto query = [](std::string_view name, Schema schema) {
    return Parameter{Parameter::In::query, name, std::move(schema)};
  };
  rows.push_back({
      .path = "/api/v1/organisations",
      .access = Permission::organisations_read,
      .name = "listOrganisations",
      .tag = kTag,
      .summary = {"Danh mục cơ quan", "The organisations that take part"},
      .about = {"Theo mã. Tìm theo mã hoặc tên, không phân biệt dấu.",
                "By code. Searched by code or name, with or without marks."},
      .parameters =
          {query("q",
                 text(100, {"Một phần của mã hoặc tên.", "A part of code or name."}, "giao duc")),
           query("parent", code_schema({"Chỉ cấp dưới trực tiếp.", "Only those right below it."})),
           query("top", boolean({"Chỉ những cơ quan không có cấp trên có hiệu lực lúc ấy.",
                                 "Only those without a parent in force then."})),
           query("successor",
                 code_schema({"Chỉ những cơ quan được cơ quan này kế thừa; không có at: "
                              "cả đã hết hiệu lực.",
                              "Only those that it took over from; without at also those "
                              "no longer in force."})),
           query("connected", boolean({"Chỉ cơ quan đã (chưa) kết nối.",
                                       "Only those that are connected, or not."})),
           query("at", time({"Đang có hiệu lực lúc này; mặc định: bây giờ.",
                             "In force at this time; now without it."})),
           limit_parameter(), cursor_parameter()},
      .answers = {{200,
                   {"Một trang.", "A page."},
                   page_of("OrganisationPage", organisation_schema())}},
      .handler = [&exchange](Call& call) { return organisations(exchange, call); },
  });
  rows.push_back(changes_row(exchange));
  rows.push_back({
      .path = "/api/v1/organisations/{code}",
      .access = Permission::organisations_read,
      .name = "getOrganisation",
      .tag = kTag,
      .summary = {"Một cơ quan", "One organisation"},
      .about = {"Theo mã hiện tại, mã cũ hoặc bí danh.", "By its code, an old code or an alias."},
      .parameters = {code},
      .answers = {{200, {"Cơ quan.", "The organisation."}, organisation_schema()}},
      .refusals = {nobody},
      .handler = [&exchange](Call& call) { return organisation(exchange, call); },
  });
  rows.push_back({
      .method = http::Method::put,
      .path = "/api/v1/organisations/{code}",
      .access = Permission::organisations_manage,
      .name = "putOrganisation",
      .tag = kTag,
      .summary = {"Thêm hoặc sửa một cơ quan", "Add or change an organisation"},
      .about =
          {"Cần If-Match với ETag đã đọc, hoặc If-None-Match: * khi thêm. Mục không nêu giữ "
           "nguyên.",
           "Needs If-Match with the ETag that was read, or If-None-Match: * for a new one. Members "
           "that are not there stay as they are."},
      .parameters = {code},
      .body = {.json =
                   object("OrganisationChange", {"Thay đổi.", "What it is to be."}, editable())},
      .answers = {{200,
                   {"Cơ quan sau đó.", "The organisation as it is now."},
                   organisation_schema()},
                  {201, {"Đã thêm.", "It was added."}, organisation_schema()}},
      .refusals = {nobody,
                   {"identity.bad_code", Code::invalid, {"Mã sai dạng.", "A malformed code."}},
                   {"rest.precondition_required",
                    Code::invalid,
                    {"Thiếu If-Match.", "If-Match is missing."}},
                   {"rest.precondition_failed",
                    Code::conflict,
                    {"Đã có thay đổi khác.", "It was changed in between."}}},
      .handler = [&exchange](Call& call) { return put(exchange, call); },
  });
  rows.push_back({
      .path = "/api/v1/organisations/{code}/capabilities",
      .access = Permission::organisations_read,
      .name = "getCapabilities",
      .tag = kTag,
      .summary = {"Cơ quan nhận được gì", "What can be sent to it"},
      .about = {"Trước khi gửi: đã kết nối chưa, kích thước, quy tắc về chữ ký số.",
                "Before sending: is it connected, sizes, what it asks of signatures."},
      .parameters = {code},
      .answers = {{200, {"Khả năng nhận.", "What it takes."}, capabilities_schema()}},
      .refusals = {nobody},
      .handler = [&exchange, options](Call& call) { return capabilities(exchange, options, call); },
  });
  return rows;
}

}  // namespace exchange::rest
