// Who I am, as the exchange sees me.
#include "exchange/rest/instant.h"
#include "exchange/rest/resources.h"

namespace exchange::rest {
namespace {

using identity::Principal;

std::string_view kind_name(Principal::Kind kind) {
  return kind == Principal::Kind::person   ? "person"
         : kind == Principal::Kind::system ? "system"
                                           : "stranger";
}

std::string_view assurance_name(identity::Assurance assurance) {
  switch (assurance) {
    case identity::Assurance::single:
      return "single";
    case identity::Assurance::two_factors:
      return "two-factors";
    case identity::Assurance::user_verified:
      return "user-verified";
    case identity::Assurance::none:
      break;
  }
  return "none";
}

std::vector<std::string_view> permission_names() {
  std::vector<std::string_view> names;
  for (int i = 0; i < identity::kPermissions; ++i)
    names.push_back(identity::name_of(static_cast<identity::Permission>(i)));
  return names;
}

Schema grant_schema() {
  return object(
      "Grant", {"Các quyền và phạm vi của chúng.", "Permissions, and for whom they hold."},
      {required("permissions", list(word(permission_names(), {"Quyền.", "A permission."}), 64)),
       required("organisations",
                list(text(35, {"Mã định danh cơ quan.", "Code of an organisation."}, "H41.12"),
                     100'000)),
       required("everywhere", boolean({"Mọi cơ quan.", "Every organisation there is."}, false)),
       required("platform", boolean({"Của nền tảng.", "Of the platform itself."}, false)),
       required("delegated",
                boolean({"Do người khác ủy quyền.", "Delegated by somebody else."}, false))});
}

Schema me_schema() {
  return object(
      "Me", {"Người hoặc hệ thống đang gọi.", "The person or the system that calls."},
      {required("id",
                text(200, {"Mã trong nhật ký.", "As the journal names it."}, "system:00.53.W00")),
       required("kind", word({"system", "person"}, {"Hệ thống hay người.", "System or person."})),
       required("assurance", word({"single", "two-factors", "user-verified", "none"},
                                  {"Mức xác thực.", "How sure it is that it is them."})),
       optional("verified_at", time({"Lần cuối người dùng tự xác thực.",
                                     "When the user last proved to be there."})),
       required("grants", list(grant_schema(), 1000))});
}

base::Json grant_json(const Exchange& exchange, const identity::Grant& grant) {
  base::Json permissions{base::Json::Array{}}, organisations{base::Json::Array{}};
  bool platform = false;
  for (int i = 0; i < identity::kPermissions; ++i) {
    const auto one = static_cast<identity::Permission>(i);
    if (grant.permissions.has(one)) permissions.push(identity::name_of(one));
  }
  for (const OrganisationKey key : grant.organisations) {
    if (key == identity::kPlatform) {
      platform = true;
    } else if (const auto organisation = exchange.directory().by_key(key)) {
      organisations.push(organisation->code);
    }
  }
  base::Json json;
  json.add("permissions", std::move(permissions)).add("organisations", std::move(organisations));
  json.add("everywhere", grant.everywhere).add("platform", platform);
  json.add("delegated", grant.for_whom != 0);
  return json;
}

base::Result<http::Response> me(const Exchange& exchange, const Call& call) {
  const Principal& principal = call.principal;
  base::Json json, grants{base::Json::Array{}};
  for (const identity::Grant& grant : principal.grants) grants.push(grant_json(exchange, grant));
  json.add("id", principal.id).add("kind", kind_name(principal.kind));
  json.add("assurance", assurance_name(principal.assurance));
  if (principal.verified_at) json.add("verified_at", base::iso_time_text(*principal.verified_at));
  json.add("grants", std::move(grants));
  return http::Response::json(200, json.dump());
}

}  // namespace

std::vector<Route> me_rows(Exchange& exchange) {
  return {{
      .path = "/api/v1/me",
      .access = Access::signed_in(),
      .name = "getMe",
      .tag = "Me",
      .summary = {"Tôi là ai, được làm gì", "Who I am and what I may do"},
      .about = {"Người hoặc hệ thống đang gọi, các quyền và phạm vi của từng quyền.",
                "The person or system that calls, its permissions, and for which organisations "
                "they hold."},
      .answers = {{200, {"Đang gọi.", "Who calls."}, me_schema()}},
      .handler = [&exchange](Call& call) { return me(exchange, call); },
  }};
}

}  // namespace exchange::rest
