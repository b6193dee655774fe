// Acts that take two administrators.
#include "exchange/rest/administration.h"
#include "exchange/rest/instant.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"

namespace exchange::rest {
namespace {

using base::Code;
using identity::Identity;
using identity::Permission;

constexpr std::string_view kTag = "Approvals";

base::Json approval_json(const identity::Approval& one) {
  base::Json json;
  json.add("approval", one.key).add("act", identity::name_of(one.act)).add("subject", one.subject);
  json.add("body", one.body.is_object() ? one.body : base::Json(base::Json::Object{}));
  json.add("reason", one.reason).add("state", identity::name_of(one.state));
  json.add("proposed_by", one.proposed_by);
  json.add("proposed_at", base::iso_time_text(one.proposed_at));
  if (!one.decided_by.empty()) json.add("decided_by", one.decided_by);
  if (!one.decision_reason.empty()) json.add("decision_reason", one.decision_reason);
  if (one.decided_at) json.add("decided_at", base::iso_time_text(*one.decided_at));
  return json;
}

std::vector<std::string_view> acts() {
  std::vector<std::string_view> all;
  for (int i = 0; i < identity::kActs; ++i)
    all.push_back(identity::name_of(static_cast<identity::Act>(i)));
  return all;
}

Schema number_schema() { return integer(1, std::int64_t{1} << 53, {"Số.", "Its number."}, 3); }

std::vector<Member> proposal_members() {
  return {required("act", word(acts(), {"Việc cần hai người.", "What takes two."})),
          required("subject", text(200,
                                   {"Về cái gì: mã hệ thống, mã cơ quan, tên.",
                                    "What it is about: id of a system, code, name."},
                                   "00.53.W00")),
          optional("body", anything({"Những gì việc ấy còn cần.", "What else the act needs."},
                                    base::Json(base::Json::Object{}))),
          required("reason", text(1000, {"Lý do.", "Why."}, "khóa bị lộ", 3))};
}

Schema approval_schema() {
  std::vector<Member> members = proposal_members();
  members.insert(members.begin(), required("approval", number_schema()));
  members.push_back(
      required("state", word({"waiting", "approved", "rejected", "withdrawn", "failed"},
                             {"Trạng thái.", "Its state."})));
  members.push_back(
      required("proposed_by", text(100, {"Người đề nghị.", "Who proposed it."}, "person:3")));
  members.push_back(required("proposed_at", time({"Đề nghị lúc.", "Proposed at."})));
  members.push_back(
      optional("decided_by", text(100, {"Người quyết định.", "Who decided."}, "person:4")));
  members.push_back(optional("decided_at", time({"Quyết định lúc.", "Decided at."})));
  members.push_back(unusual("decision_reason",
                            text(1000, {"Lý do từ chối.", "Why it was rejected."}, "chưa cần")));
  return object("Approval", {"Việc cần hai quản trị viên.", "An act that takes two."},
                std::move(members));
}

base::Error no_approval() {
  return base::Error(Code::not_found, "identity.approval_unknown", "there is no such proposal",
                     "không có đề nghị này");
}

base::Result<identity::Approval> seen(Identity& identity, const Call& call) {
  const auto found = TRY(identity.approvals.find(call.integer("approval")));
  if (!found ||
      !(identity::may(call.principal, identity::permission_of(found->act), identity::kPlatform) ||
        identity::may(call.principal, Permission::audit_read, identity::kPlatform))) {
    return no_approval();
  }
  return *found;
}

base::Result<http::Response> propose(Identity& identity, Call& call) {
  const auto act = identity::act_named(call.body["act"].text());
  if (!act) return no_approval();
  TRY(require_platform(call, identity::permission_of(*act)));
  const auto key = TRY(identity.approvals.propose(call.principal, *act, call.body["subject"].text(),
                                                  call.body["body"], call.body["reason"].text()));
  const auto made = TRY(identity.approvals.find(key));
  return http::Response::json(201, approval_json(*made).dump());
}

base::Result<http::Response> list_approvals(Identity& identity, Call& call) {
  base::Json json, items{base::Json::Array{}};
  const bool waiting = call.boolean("waiting").value_or(false);
  for (const auto& one : TRY(identity.approvals.list(call.principal, waiting, call.limit())))
    items.push(approval_json(one));
  json.add("items", std::move(items));
  return http::Response::json(200, json.dump());
}

enum class Decision : unsigned char { approve, reject, withdraw };

base::Result<http::Response> decide(Identity& identity, Call& call, Decision decision) {
  (void)TRY(seen(identity, call));
  const auto key = call.integer("approval");
  base::Json outcome;
  if (decision == Decision::approve) {
    // What two decide is decided by people who are there.
    TRY(identity::require_verified(call.principal, call.now));
    outcome = TRY(identity.approvals.approve(call.principal, key));
  } else if (decision == Decision::reject) {
    TRY(identity.approvals.reject(call.principal, key, call.body["reason"].text()));
  } else {
    TRY(identity.approvals.withdraw(call.principal, key));
  }
  const auto now = TRY(seen(identity, call));
  base::Json json = approval_json(now);
  if (!outcome.is_null()) json.add("outcome", std::move(outcome));
  return http::Response::json(200, json.dump());
}

// Who rejects may say why.
Body body_of(Decision decision) {
  if (decision != Decision::reject) return {};
  return {
      .json = object(
          "Rejection", {"Từ chối.", "The rejection."},
          {optional("reason", text(1000, {"Lý do, cho người đề nghị.", "Why, for who proposed it."},
                                   "chưa cần", 0))}),
      .optional = true};
}

}  // namespace

std::vector<Route> approval_rows(Identity& identity) {
  const Parameter number = number_parameter("approval", {"Số.", "Its number."});
  const Refusal unknown{"identity.approval_unknown",
                        Code::not_found,
                        {"Không có đề nghị này.", "There is no such proposal."}};
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/approvals",
      .access = Access::signed_in(),
      .name = "listApprovals",
      .tag = kTag,
      .summary = {"Việc cần hai quản trị viên", "Acts that take two administrators"},
      .about = {"Mới nhất trước; chỉ những việc bên gọi được tham gia hoặc kiểm toán.",
                "The newest first; those that the caller may take part in, or audits."},
      .parameters = {{Parameter::In::query, "waiting",
                      boolean({"Chỉ những việc đang chờ.", "Only those that wait."}, true)},
                     limit_parameter()},
      .answers = {{200,
                   {"Danh sách.", "The list."},
                   object("ApprovalList", {"Danh sách.", "A list."},
                          {required("items", list(approval_schema(), 200))})}},
      .handler = [&](Call& call) { return list_approvals(identity, call); },
  });
  rows.push_back({
      .method = http::Method::post,
      .path = "/api/v1/approvals",
      .access = Access::signed_in(),
      .name = "proposeAct",
      .tag = kTag,
      .summary = {"Đề nghị một việc cần hai người", "Propose an act that takes two"},
      .about =
          {"Khóa hoặc mở hệ thống, cấp thêm khóa, thay chứng thư gốc, xóa cơ quan. Một quản trị "
           "viên khác phê duyệt trong bảy ngày thì mới được thực hiện.",
           "Disabling or enabling a system, a further credential, authorities, removing an "
           "organisation. It is done once another administrator approves, within seven days."},
      .body = {.json = object("Proposal", {"Đề nghị.", "The proposal."}, proposal_members())},
      .answers = {{201, {"Đã đề nghị.", "Proposed."}, approval_schema()}},
      .refusals = {platform_only(),
                   {"identity.bad_approval", Code::invalid, {"Mục sai.", "A member is wrong."}},
                   {"identity.act_unknown",
                    Code::not_found,
                    {"Việc này không làm ở đây.", "This is not done here."}},
                   {"identity.system_unknown",
                    Code::not_found,
                    {"Không có hệ thống này.", "There is no such system."}},
                   nobody_there()},
      .handler = [&](Call& call) { return propose(identity, call); },
  });
  rows.push_back({
      .path = "/api/v1/approvals/{approval}",
      .access = Access::signed_in(),
      .name = "getApproval",
      .tag = kTag,
      .summary = {"Một đề nghị", "One proposal"},
      .parameters = {number},
      .answers = {{200, {"Đề nghị.", "The proposal."}, approval_schema()}},
      .refusals = {unknown},
      .handler = [&](Call& call) -> base::Result<http::Response> {
        const auto found = TRY(seen(identity, call));
        return http::Response::json(200, approval_json(found).dump());
      },
  });
  struct Verb {
    std::string_view path, name;
    base::Text summary;
    Decision decision;
  };
  for (const Verb& verb : {Verb{"/api/v1/approvals/{approval}/approve",
                                "approveAct",
                                {"Phê duyệt và thực hiện", "Approve, and have it done"},
                                Decision::approve},
                           Verb{"/api/v1/approvals/{approval}/reject",
                                "rejectAct",
                                {"Từ chối", "Reject"},
                                Decision::reject},
                           Verb{"/api/v1/approvals/{approval}/withdraw",
                                "withdrawAct",
                                {"Rút đề nghị của mình", "Withdraw one's own"},
                                Decision::withdraw}}) {
    std::vector<Member> members = approval_schema().members;
    members.push_back(optional("outcome", anything({"Kết quả, ví dụ khóa mới.",
                                                    "What came of it, a new secret for instance."},
                                                   base::Json(base::Json::Object{}))));
    rows.push_back({
        .method = http::Method::post,
        .path = verb.path,
        .access = Access::signed_in(),
        .name = verb.name,
        .tag = kTag,
        .summary = verb.summary,
        .parameters = {number},
        .body = body_of(verb.decision),
        .answers = {{200,
                     {"Đề nghị sau đó.", "The proposal as it is now."},
                     object("DecidedApproval", {"Đã quyết định.", "Decided."},
                            std::move(members))}},
        .refusals =
            {unknown,
             {"identity.own_proposal",
              Code::forbidden,
              {"Người khác quyết định.", "Somebody else decides."}},
             {"identity.verify_again",
              Code::forbidden,
              {"Cần xác thực lại.", "Verify yourself once more."}},
             {"identity.bad_approval",
              Code::invalid,
              {"Lý do quá dài.", "The reason is too long."}},
             {"identity.approval_decided", Code::conflict, {"Đã quyết định.", "It was decided."}},
             {"identity.approval_lapsed", Code::gone, {"Đã quá bảy ngày.", "It has lapsed."}}},
        .handler = [&identity, decision = verb.decision](
                       Call& call) { return decide(identity, call, decision); },
        .keeps_answer = false,
    });
  }
  return rows;
}

}  // namespace exchange::rest
