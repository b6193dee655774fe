// Connected systems, and the credentials with which they sign in.
#include "base/hash.h"
#include "base/text.h"
#include "exchange/rest/administration.h"
#include "exchange/rest/instant.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
#include "exchange/rest/views.h"

namespace exchange::rest {
namespace {

using base::Code;
using identity::Identity;
using identity::Permission;

constexpr std::string_view kTag = "Systems";
constexpr std::size_t kSecretBytes = 24;

std::vector<std::string> served_by(const Exchange& exchange, SystemKey system) {
  std::vector<std::string> codes;
  exchange.directory().each([&](const Organisation& one) {
    if (!one.deleted && one.system == system) codes.push_back(one.code);
  });
  return codes;
}

base::Json system_json(const Exchange& exchange, const ConnectedSystem& system) {
  base::Json json, organisations{base::Json::Array{}};
  std::vector<std::string> codes = served_by(exchange, system.key);
  const auto first = codes.empty() ? std::nullopt : exchange.directory().find(codes.front());
  for (std::string& code : codes) organisations.push(std::move(code));
  json.add("id", system.id).add("enabled", system.enabled);
  json.add("added_at", base::iso_time_text(system.added_at));
  json.add("organisations", std::move(organisations));
  if (first) json.add("organisation", party_json(exchange, first->key));
  return json;
}

base::Result<http::Response> list_systems(Exchange& exchange, Identity& identity, Call& call) {
  const auto place = TRY(call.place());
  std::size_t next = place ? static_cast<std::size_t>(place->at(0)) : 0;
  const auto all = exchange.directory().systems();
  base::Json items;
  std::int64_t count = 0;
  for (; next < all.size() && count < call.limit(); ++next) {
    if (!identity.credentials.require_manager_of(call.principal, all[next])) continue;
    items.push(system_json(exchange, all[next]));
    ++count;
  }
  return call.page(std::move(items), next < all.size()
                                         ? std::optional(Place{static_cast<std::int64_t>(next)})
                                         : std::nullopt);
}

base::Result<http::Response> get_system(Exchange& exchange, Identity& identity, Call& call) {
  const ConnectedSystem found = TRY(managed_system(exchange, identity, call));
  return http::Response::json(200, system_json(exchange, found).dump());
}

// A new system gets a secret of the national protocol, shown once; one that is there more
// organisations.
base::Result<http::Response> put_system(Exchange& exchange, Identity& identity, Call& call,
                                        base::Random& random) {
  TRY(hidden(identity::require(call.principal, Permission::systems_manage, identity::kPlatform),
             no_system(call.text("system"))));
  std::vector<std::string> codes;
  for (const base::Json& one : call.body["organisations"].array()) {
    const auto known = exchange.directory().find(one.text());
    if (!known || known->deleted) {
      return call.at("/organisations",
                     base::Error(Code::invalid, "identity.organisation_unknown",
                                 "nobody has the code " + std::string(one.text()),
                                 "không có cơ quan mang mã " + std::string(one.text())));
    }
    codes.push_back(known->code);
  }
  const std::string id(call.text("system"));
  const auto known = exchange.directory().system(id);
  if (known) TRY(identity.credentials.require_manager_of(call.principal, *known));
  std::optional<base::BytesView> secret;
  const std::string made = base::hex(random.bytes(kSecretBytes));
  if (!known) secret = made;
  TRY(exchange.directory().put_system(id, secret, codes, call.principal.id));
  const auto now = exchange.directory().system(id);
  if (!now) return no_system(id);
  base::Json json = system_json(exchange, *now);
  if (!known) json.add("secret", made);
  return http::Response::json(known ? 200 : 201, json.dump());
}

base::Json credential_json(const identity::SystemCredential& one, base::Time now) {
  base::Json json;
  json.add("credential", one.key).add("kind", identity::name_of(one.kind)).add("name", one.name);
  json.add("permissions", identity::write_permissions(one.permissions));
  json.add("good", !one.revoked_at && (!one.expires_at || now < *one.expires_at));
  json.add("added_at", base::iso_time_text(one.added_at));
  if (one.expires_at) json.add("expires_at", base::iso_time_text(*one.expires_at));
  if (one.revoked_at) json.add("revoked_at", base::iso_time_text(*one.revoked_at));
  if (one.used_at) json.add("used_at", base::iso_time_text(*one.used_at));
  return json;
}

base::Result<http::Response> credentials(Exchange& exchange, Identity& identity, Call& call) {
  const ConnectedSystem system = TRY(managed_system(exchange, identity, call));
  base::Json json, items{base::Json::Array{}};
  for (const auto& one : TRY(identity.credentials.list(system.id)))
    items.push(credential_json(one, call.now));
  json.add("items", std::move(items));
  return http::Response::json(200, json.dump());
}

base::Result<http::Response> add_credential(Exchange& exchange, Identity& identity, Call& call) {
  const ConnectedSystem system = TRY(managed_system(exchange, identity, call));
  identity::SystemCredentials::Wanted wanted;
  wanted.kind = identity::credential_kind_named(call.body["kind"].text())
                    .value_or(identity::CredentialKind::api_key);
  wanted.name = call.body["name"].text();
  wanted.permissions = TRY(identity::read_permissions(call.body["permissions"].text()));
  wanted.expires_at = parse_instant(call.body["expires_at"].text());
  wanted.fingerprint = call.body["fingerprint"].text();
  const auto issued = TRY(identity.credentials.issue(call.principal, system.id, wanted));
  base::Json json;
  json.add("credential", issued.key);
  if (!issued.secret.empty()) json.add("secret", issued.secret);
  return http::Response::json(201, json.dump());
}

base::Result<http::Response> revoke(Exchange& exchange, Identity& identity, Call& call) {
  const ConnectedSystem system = TRY(managed_system(exchange, identity, call));
  const auto all = TRY(identity.credentials.list(system.id));
  const auto key = call.integer("credential");
  const bool theirs =
      std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.key == key; });
  // Of another system: told as if it were not there.
  TRY(identity.credentials.revoke(call.principal, theirs ? key : 0));
  return nothing();
}

// --- schemas ------------------------------------------------------------------------------------
Schema codes_schema() {
  return list(text(35, {"Mã cơ quan.", "Code of an organisation."}, "H41.12"), 10'000,
              {"Các cơ quan được phục vụ.", "The organisations that it serves."});
}

std::vector<Member> system_members() {
  return {required("id", text(35, {"Mã.", "Its id."}, "00.53.W00")),
          required("enabled", boolean({"Được hoạt động.", "Is let in."})),
          required("added_at", time({"Thêm lúc.", "Added at."})),
          required("organisations", codes_schema()),
          optional("organisation", party_schema({"Cơ quan đầu tiên trong số đó, theo mã.",
                                                 "The first of these, by code."}))};
}

Schema system_schema() {
  return object("System", {"Một hệ thống kết nối.", "A connected system."}, system_members());
}

Schema made_system_schema() {
  std::vector<Member> members = system_members();
  members.push_back(required("secret", text(100,
                                            {"Khóa của giao thức quốc gia, chỉ hiện một lần.",
                                             "The secret for the national protocol, shown once."},
                                            "5f1c0a3b0003a1b2c3d4e5f65f1c0a3b0003a1b2c3d4e5f6")));
  return object("NewSystem", {"Hệ thống mới.", "A new system."}, std::move(members));
}

Schema kind_schema() {
  return word({"api_key", "client_secret", "certificate"}, {"Loại.", "What the system shows."});
}

Schema permissions_schema() {
  return text(400, {"Các quyền, cách nhau bằng dấu cách.", "Permissions, separated by spaces."},
              "documents.read documents.send");
}

Schema credential_schema() {
  return object(
      "Credential", {"Cách một hệ thống đăng nhập.", "How a system signs in."},
      {required("credential", integer(1, std::int64_t{1} << 53, {"Số.", "Its number."}, 3)),
       required("kind", kind_schema()),
       required("name", text(100, {"Dùng vào việc gì.", "What it is for."}, "phần mềm văn bản")),
       required("permissions", permissions_schema()),
       required("good", boolean({"Đang có hiệu lực.", "Can be used now."})),
       required("added_at", time({"Cấp lúc.", "Given at."})),
       optional("expires_at", time({"Hết hạn.", "Expires."})),
       optional("revoked_at", time({"Thu hồi lúc.", "Revoked at."})),
       optional("used_at", time({"Dùng lần cuối.", "Last used."}))});
}

Schema new_credential_schema() {
  return object(
      "NewCredential", {"Thông tin xác thực muốn cấp.", "What is wanted."},
      {required("kind", kind_schema()),
       required("name", text(100, {"Dùng vào việc gì.", "What it is for."}, "phần mềm văn bản")),
       required("permissions", permissions_schema()),
       optional("expires_at", time({"Hết hạn.", "Expires."}, "2030-01-01T00:00:00Z")),
       optional(
           "fingerprint",
           text(64, {"SHA-256 của chứng thư, dạng hex.", "SHA-256 of the certificate, in hex."},
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 64))});
}

std::vector<Route> rows_of_systems(Exchange& exchange, Identity& identity, base::Random& random) {
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/systems",
      .access = Permission::systems_manage,
      .name = "listSystems",
      .tag = kTag,
      .summary = {"Các hệ thống kết nối", "Connected systems"},
      .about = {"Những hệ thống mà bên gọi quản lý, theo mã.",
                "Those that the caller manages, by id."},
      .parameters = {limit_parameter(), cursor_parameter()},
      .answers = {{200, {"Một trang.", "A page."}, page_of("SystemPage", system_schema())}},
      .handler = [&](Call& call) { return list_systems(exchange, identity, call); },
  });
  rows.push_back({
      .path = "/api/v1/systems/{system}",
      .access = Permission::systems_manage,
      .name = "getSystem",
      .tag = kTag,
      .summary = {"Một hệ thống", "One system"},
      .parameters = {system_parameter()},
      .answers = {{200, {"Hệ thống.", "The system."}, system_schema()}},
      .refusals = {unknown_system()},
      .handler = [&](Call& call) { return get_system(exchange, identity, call); },
  });
  rows.push_back({
      .method = http::Method::put,
      .path = "/api/v1/systems/{system}",
      .access = Permission::systems_manage,
      .name = "putSystem",
      .tag = kTag,
      .summary = {"Kết nối một hệ thống", "Connect a system"},
      .about = {"Do quản trị nền tảng. Hệ thống mới nhận khóa của giao thức quốc gia, chỉ hiện một "
                "lần; hệ thống đã có được giao thêm cơ quan.",
                "By the platform's administrators. A new one gets a secret for the national "
                "protocol, shown once; one that is there gets more organisations."},
      .parameters = {system_parameter()},
      .body = {.json = object("SystemChange", {"Hệ thống.", "The system."},
                              {required("organisations", codes_schema())}),
               .json_bytes_max = 1 << 20},
      .answers = {{200, {"Đã giao thêm.", "It serves more now."}, system_schema()},
                  {201, {"Đã kết nối.", "Connected."}, made_system_schema()}},
      .refusals = {unknown_system(),
                   {"identity.organisation_unknown",
                    Code::invalid,
                    {"Có mã không tồn tại.", "A code that nobody has."}},
                   {"identity.bad_system_id", Code::invalid, {"Mã sai dạng.", "A malformed id."}},
                   {"identity.system_disabled",
                    Code::conflict,
                    {"Hệ thống đang bị khóa.", "The system is disabled."}}},
      .handler = [&](Call& call) { return put_system(exchange, identity, call, random); },
      .keeps_answer = false,
  });
  return rows;
}

}  // namespace

std::vector<Route> system_rows(Exchange& exchange, Identity& identity, base::Random& random) {
  std::vector<Route> rows = rows_of_systems(exchange, identity, random);
  rows.push_back({
      .path = "/api/v1/systems/{system}/credentials",
      .access = Permission::systems_manage,
      .name = "listCredentials",
      .tag = kTag,
      .summary = {"Thông tin xác thực của hệ thống", "How a system signs in"},
      .parameters = {system_parameter()},
      .answers = {{200,
                   {"Tất cả, kể cả đã thu hồi.", "All, those revoked as well."},
                   object("CredentialList", {"Danh sách.", "A list."},
                          {required("items", list(credential_schema(), 1000))})}},
      .refusals = {unknown_system()},
      .handler = [&](Call& call) { return credentials(exchange, identity, call); },
  });
  rows.push_back({
      .method = http::Method::post,
      .path = "/api/v1/systems/{system}/credentials",
      .access = Permission::systems_manage,
      .name = "addCredential",
      .tag = kTag,
      .summary = {"Cấp thông tin xác thực", "Give a system a credential"},
      .about =
          {"Khóa chỉ hiện một lần. Quản trị nền tảng cấp khóa đầu tiên; khóa thêm cho hệ thống "
           "đang hoạt động cần người thứ hai phê duyệt.",
           "The secret is shown once. The platform's administrators give the first one; a "
           "further one for a system in use takes a second administrator."},
      .parameters = {system_parameter()},
      .body = {.json = new_credential_schema()},
      .answers = {{201,
                   {"Đã cấp.", "Given."},
                   object("IssuedCredential", {"Khóa.", "The secret."},
                          {required("credential",
                                    integer(1, std::int64_t{1} << 53, {"Số.", "Its number."}, 3)),
                           optional("secret", text(200, {"Chỉ hiện một lần.", "Shown once."},
                                                   "truc_key_3_…"))})}},
      .refusals = {unknown_system(),
                   {"identity.bad_credential", Code::invalid, {"Mục sai.", "A member is wrong."}},
                   {"identity.permission_unknown",
                    Code::invalid,
                    {"Không có quyền này.", "There is no such permission."}},
                   {"identity.needs_approval",
                    Code::forbidden,
                    {"Cần quản trị viên thứ hai.", "It takes a second administrator."}}},
      .handler = [&](Call& call) { return add_credential(exchange, identity, call); },
      .keeps_answer = false,
  });
  rows.push_back({
      .method = http::Method::del,
      .path = "/api/v1/systems/{system}/credentials/{credential}",
      .access = Permission::systems_manage,
      .name = "revokeCredential",
      .tag = kTag,
      .summary = {"Thu hồi", "Revoke a credential"},
      .about = {"Có hiệu lực ngay, kể cả với mã truy cập đã cấp theo nó.",
                "At once, for tokens that were given by it as well."},
      .parameters = {system_parameter(), number_parameter("credential", {"Số.", "Its number."})},
      .answers = {{204, {"Đã thu hồi.", "Revoked."}}},
      .refusals = {unknown_system(),
                   {"identity.credential_unknown",
                    Code::not_found,
                    {"Không có.", "There is no such credential."}}},
      .handler = [&](Call& call) { return revoke(exchange, identity, call); },
  });
  return rows;
}

}  // namespace exchange::rest
