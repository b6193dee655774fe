// What people hand on to colleagues for a time.
#include "exchange/rest/administration.h"
#include "exchange/rest/instant.h"
#include "exchange/rest/resources.h"

namespace exchange::rest {
namespace {

using base::Code;
using identity::Identity;

constexpr std::string_view kTag = "People";

base::Json delegation_json(const identity::Delegation& one) {
  base::Json json;
  json.add("delegation", one.key).add("post", one.post);
  json.add("from_person", one.from_person).add("to_person", one.to_person);
  json.add("permissions", identity::write_permissions(one.permissions));
  json.add("from", base::iso_time_text(one.from)).add("to", base::iso_time_text(one.to));
  json.add("reason", one.reason);
  if (one.ended_at) json.add("ended_at", base::iso_time_text(*one.ended_at));
  return json;
}

// What a delegation is about, in words.
base::Result<base::Json> delegation_view(const Exchange& exchange, const Identity& identity,
                                         const identity::Delegation& one) {
  base::Json json = delegation_json(one);
  const auto post = TRY(identity.people.post(one.post));
  const auto from = TRY(identity.people.find(one.from_person));
  const auto to = TRY(identity.people.find(one.to_person));
  if (post)
    json.add("title", post->title).add("organisation", code_of(exchange, post->organisation));
  if (from) json.add("from_name", from->full_name());
  if (to) json.add("to_name", to->full_name());
  return json;
}

// `error` begins with the member of the body that it is about (People::delegate).
base::Error at_member(Call& call, base::Error error) {
  const std::string member = error.detail().substr(0, error.detail().find_first_of(" :"));
  if (!call.body.has(member)) return error;
  return call.at("/" + member, std::move(error));
}

base::Result<http::Response> delegate(const Exchange& exchange, Identity& identity, Call& call) {
  identity::Delegation wanted;
  wanted.post = call.body["post"].integer();
  wanted.to_person = call.body["to_person"].integer();
  const auto permissions = identity::read_permissions(call.body["permissions"].text());
  if (!permissions) return call.at("/permissions", permissions.error());
  wanted.permissions = *permissions;
  wanted.from = parse_instant(call.body["from"].text()).value_or(call.now);
  wanted.to = parse_instant(call.body["to"].text()).value_or(call.now);
  wanted.reason = call.body["reason"].text();
  const auto made = identity.people.delegate(call.principal, wanted);
  if (!made) return at_member(call, made.error());
  wanted.key = *made;
  wanted.from_person = call.principal.person;
  const base::Json shown = TRY(delegation_view(exchange, identity, wanted));
  return http::Response::json(201, shown.dump());
}

base::Result<http::Response> delegations(const Exchange& exchange, Identity& identity, Call& call) {
  base::Json all;
  for (const auto& one : TRY(identity.people.delegations(call.principal.person))) {
    base::Json shown = TRY(delegation_view(exchange, identity, one));
    all.push(std::move(shown));
  }
  return whole_list(std::move(all));
}

Schema permissions_schema(base::Text about) {
  return text(400, std::move(about), "documents.read documents.send");
}

Schema delegation_schema() {
  return object(
      "Delegation", {"Ủy quyền có thời hạn.", "Rights handed on for a time."},
      {required("delegation", key_schema({"Số.", "Number."})),
       required("post", key_schema({"Quyền của chức vụ nào.", "Of which post."})),
       required("from_person", key_schema({"Người ủy quyền.", "Who gives it."})),
       required("to_person", key_schema({"Người được ủy quyền.", "Who gets it."})),
       required("permissions", permissions_schema({"Các quyền.", "Permissions."})),
       required("from", time({"Từ.", "From."})), required("to", time({"Đến.", "Until."})),
       required("reason", text(1000, {"Lý do.", "Why."}, "nghỉ phép", 3)),
       optional("ended_at", time({"Chấm dứt sớm lúc.", "Ended early at."})),
       optional("title", text(200, {"Tên chức vụ.", "Title of the post."}, "Văn thư")),
       optional("organisation",
                text(35, {"Cơ quan của chức vụ.", "Organisation of the post."}, "H41.12")),
       optional("from_name", text(401, {"Tên người ủy quyền.", "Name of who gives it."}, "Lan")),
       optional("to_name",
                text(401, {"Tên người được ủy quyền.", "Name of who gets it."}, "Hải"))});
}

}  // namespace

std::vector<Route> delegation_rows(Exchange& exchange, Identity& identity) {
  const Refusal bad{"identity.bad_delegation", Code::invalid, {"Mục sai.", "A member is wrong."}};
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/me/delegations",
      .access = Access::signed_in(),
      .name = "listDelegations",
      .tag = kTag,
      .summary = {"Ủy quyền đã giao và đã nhận", "What I handed on and what was handed to me"},
      .answers = {{200,
                   {"Tất cả.", "All of them."},
                   whole_list_of("DelegationList", delegation_schema())}},
      .handler = [&](Call& call) { return delegations(exchange, identity, call); },
  });
  rows.push_back({
      .method = http::Method::post,
      .path = "/api/v1/me/delegations",
      .access = Access::signed_in(),
      .name = "delegate",
      .tag = kTag,
      .summary = {"Ủy quyền cho đồng nghiệp", "Hand rights on to a colleague"},
      .about =
          {"Nhiều nhất một năm, không gồm quyền quản trị; chấm dứt khi người giao thôi chức vụ.",
           "For at most a year, never administration; it ends when the giver leaves the post."},
      .body = {.json = object(
                   "NewDelegation", {"Ủy quyền.", "The delegation."},
                   {required("post", key_schema({"Chức vụ của mình.", "A post of one's own."})),
                    required("to_person", key_schema({"Người được ủy quyền.", "Who gets it."})),
                    required("permissions", permissions_schema({"Các quyền.", "Permissions."})),
                    optional("from", time({"Từ; mặc định: bây giờ.", "From; now."})),
                    required("to", time({"Đến.", "Until."})),
                    required("reason", text(1000, {"Lý do.", "Why."}, "nghỉ phép", 3))})},
      .answers = {{201, {"Đã ủy quyền.", "Handed on."}, delegation_schema()}},
      .refusals = {bad,
                   {"identity.permission_unknown",
                    Code::invalid,
                    {"Không có quyền này.", "There is no such permission."}}},
      .handler = [&](Call& call) { return delegate(exchange, identity, call); },
  });
  rows.push_back({
      .method = http::Method::del,
      .path = "/api/v1/delegations/{delegation}",
      .access = Access::signed_in(),
      .name = "endDelegation",
      .tag = kTag,
      .summary = {"Chấm dứt ủy quyền", "End a delegation"},
      .about = {"Do một trong hai bên, hoặc quản trị đơn vị.",
                "By either side, or by who manages the people there."},
      .parameters = {number_parameter("delegation", {"Số.", "Its number."})},
      .answers = {{204, {"Đã chấm dứt.", "Ended."}}},
      .refusals = {documents_post(),
                   {"identity.delegation_unknown",
                    Code::not_found,
                    {"Không có ủy quyền này.", "There is no such delegation."}}},
      .handler = [&](Call& call) -> base::Result<http::Response> {
        TRY(hidden(identity.people.end_delegation(call.principal, call.integer("delegation")),
                   base::Error(Code::not_found, "identity.delegation_unknown",
                               "there is no such delegation", "không có ủy quyền này")));
        return nothing();
      },
  });
  return rows;
}

}  // namespace exchange::rest
