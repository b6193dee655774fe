// Who I am, as the exchange sees me, and with whom I work.
#include "base/text.h"
#include "exchange/rest/administration.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
#include "exchange/rest/views.h"

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

std::vector<std::string_view> role_names() {
  std::vector<std::string_view> names;
  for (int i = 0; i < identity::kRoles; ++i)
    names.push_back(identity::name_of(static_cast<identity::Role>(i)));
  return names;
}

Schema where_schema() {
  return text(35, {"Mã cơ quan, hoặc platform.", "Code of its organisation, or platform."},
              "H41.12");
}
Schema title_schema() {
  return text(200, {"Tên chức vụ.", "Title of the post."}, "Văn thư cơ quan");
}

Schema own_post_schema() {
  return object(
      "OwnPost", {"Một chức vụ đang giữ.", "A post that the caller holds."},
      {required("post", integer(1, std::int64_t{1} << 53, {"Số của chức vụ.", "Its number."}, 12)),
       required("title", title_schema()), required("organisation", where_schema()),
       required("organisation_name",
                text(1000, {"Tên cơ quan.", "Name of its organisation."}, "Sở Tài chính", 0)),
       required("roles", list(word(role_names(), {"Vai trò.", "A role."}), identity::kRoles,
                              {"Các vai trò.", "Its roles."})),
       required("permissions", list(word(permission_names(), {"Quyền.", "A permission."}), 64,
                                    {"Các quyền của chức vụ.", "What it allows."})),
       required("delegable", list(word(permission_names(), {"Quyền.", "A permission."}), 64,
                                  {"Những quyền được ủy quyền cho đồng nghiệp.",
                                   "What of it may be handed on to a colleague."})),
       required("from", time({"Giữ từ.", "Held from."})),
       optional("to", time({"Đến.", "Until."}))});
}

Schema colleague_schema() {
  return object(
      "Colleague",
      {"Người có chức vụ ở cùng cơ quan.", "Somebody with a post in the same organisation."},
      {required("person",
                integer(1, std::int64_t{1} << 53, {"Số của người.", "Their number."}, 12)),
       required("name", text(401, {"Họ và tên.", "Their name."}, "Nguyễn Thị Lan")),
       required("posts", list(object("ColleaguePost", {"Một chức vụ.", "A post."},
                                     {required("title", title_schema()),
                                      required("organisation", where_schema())}),
                              1000,
                              {"Chức vụ ở các cơ quan của bên gọi.",
                               "Their posts in the caller's organisations."}))});
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
       required("grants", list(grant_schema(), 1000)),
       required("posts", list(own_post_schema(), 1000,
                              {"Các chức vụ đang giữ; không gồm việc được ủy quyền.",
                               "The posts that they hold; without what was handed to them."}))});
}

base::Json names_of(identity::Permissions permissions) {
  base::Json names{base::Json::Array{}};
  for (int i = 0; i < identity::kPermissions; ++i) {
    const auto one = static_cast<identity::Permission>(i);
    if (permissions.has(one)) names.push(identity::name_of(one));
  }
  return names;
}

base::Json grant_json(const Exchange& exchange, const identity::Grant& grant) {
  base::Json organisations{base::Json::Array{}};
  bool platform = false;
  for (const OrganisationKey key : grant.organisations) {
    if (key == identity::kPlatform) {
      platform = true;
    } else if (const auto organisation = exchange.directory().by_key(key)) {
      organisations.push(organisation->code);
    }
  }
  base::Json json;
  json.add("permissions", names_of(grant.permissions))
      .add("organisations", std::move(organisations));
  json.add("everywhere", grant.everywhere).add("platform", platform);
  json.add("delegated", grant.for_whom != 0);
  return json;
}

base::Json own_post_json(const Exchange& exchange, const identity::HeldPost& held) {
  const identity::Post& post = held.post;
  identity::Permissions permissions;
  base::Json json, roles{base::Json::Array{}};
  for (const identity::Role role : post.roles) {
    permissions = permissions | identity::permissions_of(role);
    roles.push(identity::name_of(role));
  }
  const auto where = exchange.directory().by_key(post.organisation);
  json.add("post", post.key).add("title", post.title);
  json.add("organisation", code_of(exchange, post.organisation));
  json.add("organisation_name", where ? where->name : std::string());
  json.add("roles", std::move(roles)).add("permissions", names_of(permissions));
  json.add("delegable", names_of(permissions & identity::delegable()));
  json.add("from", base::iso_time_text(held.from));
  if (held.to) json.add("to", base::iso_time_text(*held.to));
  return json;
}

base::Result<http::Response> me(const Exchange& exchange, const identity::Identity& identity,
                                const Call& call) {
  const Principal& principal = call.principal;
  base::Json json, grants{base::Json::Array{}}, posts{base::Json::Array{}};
  if (principal.kind == Principal::Kind::person) {
    for (const identity::HeldPost& one : TRY(identity.people.held(principal.person)))
      posts.push(own_post_json(exchange, one));
  }
  for (const identity::Grant& grant : principal.grants) grants.push(grant_json(exchange, grant));
  json.add("id", principal.id).add("kind", kind_name(principal.kind));
  json.add("assurance", assurance_name(principal.assurance));
  if (principal.verified_at) json.add("verified_at", base::iso_time_text(*principal.verified_at));
  json.add("grants", std::move(grants)).add("posts", std::move(posts));
  return http::Response::json(200, json.dump());
}

base::Json colleague_json(const Exchange& exchange, const identity::Colleague& one,
                          const std::string& name) {
  base::Json json, posts{base::Json::Array{}};
  for (const identity::Post& post : one.posts) {
    base::Json held;
    held.add("title", post.title).add("organisation", code_of(exchange, post.organisation));
    posts.push(std::move(held));
  }
  json.add("person", one.person).add("name", name).add("posts", std::move(posts));
  return json;
}

// Each word of `q` is to be in the name or in the title of a post.
bool is_meant(const std::string& words, const std::string& name,
              const std::vector<identity::Post>& posts) {
  std::string about = plain(name);
  for (const identity::Post& post : posts) about += "\n" + plain(post.title);
  for (const std::string_view one : base::split(words, ' ')) {
    if (about.find(one) == std::string::npos) return false;
  }
  return true;
}

base::Result<http::Response> colleagues(const Exchange& exchange,
                                        const identity::Identity& identity, const Call& call) {
  const auto place = TRY(call.place());
  const std::int64_t first = place ? place->at(0) : 0;
  const std::string words = plain(call.text("q"));
  std::vector<identity::Colleague> all;
  if (call.principal.kind == Principal::Kind::person)
    all = TRY(identity.people.colleagues(call.principal.person));
  base::Json items{base::Json::Array{}};
  std::int64_t number = 0;
  bool more = false;
  for (identity::Colleague& one : all) {
    if (call.has("organisation")) {
      std::erase_if(one.posts, [&](const identity::Post& post) {
        return code_of(exchange, post.organisation) != call.text("organisation");
      });
    }
    const std::string name =
        one.family_name.empty() ? one.given_name : one.family_name + " " + one.given_name;
    if (one.posts.empty() || !is_meant(words, name, one.posts)) continue;
    if (number++ < first) continue;
    more = number > first + call.limit();
    if (more) break;
    items.push(colleague_json(exchange, one, name));
  }
  return call.page(std::move(items),
                   more ? std::optional(Place{first + call.limit()}) : std::nullopt);
}

Parameter colleague_words() {
  return {Parameter::In::query, "q",
          text(100,
               {"Một phần của họ tên hoặc chức vụ, có dấu hay không.",
                "A part of the name or of the post, with marks or without."},
               "lan", 0)};
}

}  // namespace

std::vector<Route> me_rows(Exchange& exchange, identity::Identity& identity) {
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/me",
      .access = Access::signed_in(),
      .name = "getMe",
      .tag = "Me",
      .summary = {"Tôi là ai, được làm gì", "Who I am and what I may do"},
      .about = {"Người hoặc hệ thống đang gọi, các quyền và phạm vi của từng quyền.",
                "The person or system that calls, its permissions, and for which organisations "
                "they hold."},
      .answers = {{200, {"Đang gọi.", "Who calls."}, me_schema()}},
      .handler = [&](Call& call) { return me(exchange, identity, call); },
  });
  rows.push_back({
      .path = "/api/v1/me/colleagues",
      .access = Access::signed_in(),
      .name = "listColleagues",
      .tag = "Me",
      .summary = {"Đồng nghiệp cùng cơ quan", "Who works where I do"},
      .about = {"Người đang có chức vụ ở cơ quan mà bên gọi có chức vụ, trừ chính mình; xếp theo "
                "tên, rồi họ. Chỉ có họ tên và chức vụ.",
                "Whoever else has a post now where the caller has one, by given name, then family "
                "name. Their names and posts, and nothing more."},
      .parameters = {colleague_words(), organisation_parameter(), limit_parameter(),
                     cursor_parameter()},
      .answers = {{200, {"Một trang.", "A page."}, page_of("ColleaguePage", colleague_schema())}},
      .handler = [&](Call& call) { return colleagues(exchange, identity, call); },
  });
  return rows;
}

}  // namespace exchange::rest
