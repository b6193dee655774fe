#include "exchange/rest/administration.h"

#include "base/text.h"

namespace exchange::rest {

base::Result<OrganisationKey> place_named(const Exchange& exchange, const Call& call,
                                          std::string_view code, identity::Permission permission) {
  const auto found = code == kPlatformCode ? std::nullopt : exchange.directory().find(code);
  const bool known = code == kPlatformCode || (found && !found->deleted);
  const OrganisationKey key = found ? found->key : identity::kPlatform;
  if (known && identity::may(call.principal, permission, key)) return key;
  // The platform's administrators may there, within what People allows them.
  if (known && identity::may(call.principal, permission, identity::kPlatform)) return key;
  const std::string shown(base::cut_utf8(code, 60));
  return base::Error(base::Code::not_found, "identity.organisation_unknown",
                     "nobody has the code " + shown, "không có cơ quan nào mang mã " + shown);
}

base::Result<ConnectedSystem> managed_system(const Exchange& exchange, identity::Identity& identity,
                                             const Call& call) {
  const auto found = exchange.directory().system(call.text("system"));
  if (!found) return no_system(call.text("system"));
  TRY(hidden(identity.credentials.require_manager_of(call.principal, *found),
             no_system(call.text("system"))));
  return *found;
}

Parameter system_parameter() {
  return {Parameter::In::path, "system", text(35, {"Mã hệ thống.", "Its id."}, "00.53.W00"), true};
}

const Refusal& unknown_system() {
  static const Refusal kRefusal{"identity.system_unknown",
                                base::Code::not_found,
                                {"Không có hệ thống này.", "There is no such system."}};
  return kRefusal;
}

base::Error no_system(std::string_view id) {
  const std::string shown(base::cut_utf8(id, 60));
  return base::Error(base::Code::not_found, "identity.system_unknown",
                     "there is no system " + shown, "không có hệ thống " + shown);
}

std::string code_of(const Exchange& exchange, OrganisationKey key) {
  if (key == identity::kPlatform) return std::string(kPlatformCode);
  const auto found = exchange.directory().by_key(key);
  return found ? found->code : std::string();
}

Parameter number_parameter(std::string_view name, base::Text about) {
  return {Parameter::In::path, name, integer(1, std::int64_t{1} << 53, std::move(about), 12), true};
}

base::Result<void> require_platform(const Call& call, identity::Permission permission) {
  if (identity::may(call.principal, permission, identity::kPlatform)) return base::done();
  return base::Error(base::Code::forbidden, "rest.platform_only",
                     "this is for those who have a post of the platform",
                     "việc này chỉ dành cho người có chức vụ của nền tảng");
}

const Refusal& platform_only() {
  static const Refusal kRefusal{
      "rest.platform_only",
      base::Code::forbidden,
      {"Chỉ dành cho chức vụ của nền tảng.", "For posts of the platform only."}};
  return kRefusal;
}

const Refusal& nobody_there() {
  static const Refusal kRefusal{"identity.organisation_unknown",
                                base::Code::not_found,
                                {"Không có cơ quan mang mã này.", "Nobody has this code."}};
  return kRefusal;
}

const Refusal& own_rights() {
  static const Refusal kRefusal{
      "identity.own_rights",
      base::Code::forbidden,
      {"Không ai tự thay đổi quyền của mình.", "Nobody changes their own rights."}};
  return kRefusal;
}

const Refusal& documents_post() {
  static const Refusal kRefusal{
      "identity.documents_post",
      base::Code::forbidden,
      {"Chức vụ được xem văn bản do quản trị của chính cơ quan giao.",
       "A post that gives documents is the organisation's own administrator's to give."}};
  return kRefusal;
}

Schema key_schema(base::Text about) {
  return integer(1, std::int64_t{1} << 53, std::move(about), 12);
}

Schema whole_list_of(std::string_view name, Schema item) {
  return object(name, {"Danh sách.", "A list."}, {required("items", list(std::move(item), 1000))});
}

http::Response whole_list(base::Json all) {
  base::Json json;
  if (all.is_null()) all = base::Json::Array{};
  json.add("items", std::move(all));
  return http::Response::json(200, json.dump());
}

http::Response nothing() {
  http::Response response;
  response.status = 204;
  return response;
}

}  // namespace exchange::rest
