#include "identity/approvals.h"

#include <array>

#include "store/journal.h"

namespace identity {
namespace {

using store::Query;

const Query kLast{"identity.approval_last_key", "select max(key) from approval"};
const Query kAdd{"identity.approval_add",
                 "insert into approval (key, act, subject, body, reason, state, proposed_by, "
                 "proposed_at, decided_by) values ($1, $2, $3, $4, $5, 0, $6, $7, '')"};
const Query kFind{"identity.approval",
                  "select key, act, subject, body, reason, state, proposed_by, proposed_at, "
                  "decided_by, decided_at, decision_reason from approval where key = $1"};
const Query kList{
    "identity.approvals",
    "select key, act, subject, body, reason, state, proposed_by, proposed_at, "
    "decided_by, decided_at, decision_reason from approval order by key desc limit $1"};
const Query kWaiting{
    "identity.approvals_waiting",
    "select key, act, subject, body, reason, state, proposed_by, proposed_at, "
    "decided_by, decided_at, decision_reason from approval where state = 0 and proposed_at > $2 "
    "order by key desc limit $1"};
const Query kReason{"identity.approval_reason",
                    "update approval set decision_reason = $2 where key = $1"};
const Query kDecide{"identity.approval_decide",
                    "update approval set state = $2, decided_by = $3, decided_at = $4 "
                    "where key = $1"};

constexpr auto kLapses = std::chrono::hours(24 * 7);
constexpr std::size_t kReasonBytesMax = 1000, kSubjectBytesMax = 200, kBodyBytesMax = 64 * 1024;

struct ActRow {
  std::string_view name;
  base::Text title;
  Permission permission;
};

const ActRow& row_of(Act act) {
  using enum Permission;
  static const std::array<ActRow, kActs> kTable = {{
      {"system_disable", {"khóa hệ thống kết nối", "disable a connected system"}, systems_manage},
      {"system_enable", {"mở lại hệ thống kết nối", "enable a connected system"}, systems_manage},
      {"credential_issue",
       {"cấp thêm thông tin xác thực cho hệ thống", "issue a further credential"},
       systems_manage},
      {"anchor_add", {"thêm chứng thư gốc tin cậy", "add an authority"}, anchors_manage},
      {"anchor_remove", {"bỏ chứng thư gốc tin cậy", "remove an authority"}, anchors_manage},
      {"organisation_remove", {"xóa cơ quan", "remove an organisation"}, organisations_manage},
  }};
  return kTable[static_cast<std::size_t>(act)];
}

constexpr std::array<std::string_view, 5> kStates = {"waiting", "approved", "rejected", "withdrawn",
                                                     "failed"};

Approval approval_of(const store::Row& row) {
  Approval one;
  one.key = row.integer(0);
  one.act = static_cast<Act>(row.integer(1));
  one.subject = row.string(2);
  if (auto body = base::Json::parse(row.text(3))) one.body = *std::move(body);
  one.reason = row.string(4);
  one.state = static_cast<ApprovalState>(row.integer(5));
  one.proposed_by = row.string(6);
  one.proposed_at = row.time(7);
  one.decided_by = row.string(8);
  one.decided_at = row.optional_time(9);
  one.decision_reason = row.string(10);
  return one;
}

base::Error unknown() {
  return base::Error(base::Code::not_found, "identity.approval_unknown",
                     "there is no such proposal", "không có đề nghị này");
}

base::Error bad(std::string en, std::string vi) {
  return base::Error(base::Code::invalid, "identity.bad_approval", std::move(en), std::move(vi));
}

base::Json entry_of(const Principal& by, const Approval& approval, ApprovalState state) {
  base::Json body;
  body.add("by", by.id);
  body.add("approval", approval.key);
  body.add("act", name_of(approval.act));
  body.add("state", name_of(state));
  return body;
}

}  // namespace

std::string_view name_of(Act act) { return row_of(act).name; }
const base::Text& title_of(Act act) { return row_of(act).title; }
Permission permission_of(Act act) { return row_of(act).permission; }
std::string_view name_of(ApprovalState state) { return kStates[static_cast<std::size_t>(state)]; }

std::optional<Act> act_named(std::string_view name) {
  for (int i = 0; i < kActs; ++i) {
    if (row_of(static_cast<Act>(i)).name == name) return static_cast<Act>(i);
  }
  return std::nullopt;
}

base::Result<std::int64_t> Approvals::propose(const Principal& by, Act act,
                                              std::string_view subject, const base::Json& body,
                                              std::string_view reason) {
  TRY(require(by, permission_of(act), kPlatform));
  if (reason.size() < 3 || reason.size() > kReasonBytesMax)
    return bad("reason must say why, in 3–1,000 bytes", "reason (lý do) phải có 3–1.000 byte");
  const std::string text = body.dump();
  if (subject.empty() || subject.size() > kSubjectBytesMax || text.size() > kBodyBytesMax)
    return bad("subject: 1–200 bytes; body: at most 64 KiB",
               "subject: 1–200 byte; body: nhiều nhất 64 KiB");
  const auto performer = performers_.find(act);
  if (performer == performers_.end()) {
    return base::Error(base::Code::not_found, "identity.act_unknown",
                       "this is not done by proposal here",
                       "việc này không làm theo đề nghị ở đây");
  }
  Approval wanted;
  wanted.act = act;
  wanted.subject = subject;
  wanted.body = body;
  wanted.reason = reason;
  TRY(performer->second.check(wanted));
  TRY(database_.write([&](store::Connection& connection) -> base::Result<void> {
    wanted.key = TRY(connection.integer(kLast, {})).value_or(0) + 1;
    TRY(connection.run(
        kAdd, {wanted.key, static_cast<int>(act), subject, text, reason, by.id, clock_.now()}));
    return store::journal::append(connection, clock_.now(), "act_proposed", subject,
                                  entry_of(by, wanted, ApprovalState::waiting));
  }));
  return wanted.key;
}

base::Result<std::vector<Approval>> Approvals::list(const Principal& by, bool waiting_only,
                                                    std::int64_t count) const {
  std::vector<Approval> all;
  TRY(database_.read([&](store::Connection& connection) -> base::Result<void> {
    all.clear();
    const auto keep = [&](const store::Row& row) {
      Approval one = approval_of(row);
      if (may(by, permission_of(one.act), kPlatform) ||
          may(by, Permission::audit_read, kPlatform)) {
        all.push_back(std::move(one));
      }
      return true;
    };
    if (waiting_only) return connection.each(kWaiting, {count, clock_.now() - kLapses}, keep);
    return connection.each(kList, {count}, keep);
  }));
  return all;
}

base::Result<std::optional<Approval>> Approvals::find(std::int64_t key) const {
  std::optional<Approval> found;
  TRY(database_.read([&](store::Connection& connection) -> base::Result<void> {
    found.reset();
    TRY(connection.first(kFind, {key}, [&](const store::Row& row) { found = approval_of(row); }));
    return base::done();
  }));
  return found;
}

base::Result<Approval> Approvals::decide(const Principal& by, std::int64_t key, ApprovalState state,
                                         std::string_view reason) {
  Approval found;
  TRY(database_.write([&](store::Connection& connection) -> base::Result<void> {
    found = {};
    TRY(connection.first(kFind, {key}, [&](const store::Row& row) { found = approval_of(row); }));
    if (found.key == 0 || !may(by, permission_of(found.act), kPlatform)) return unknown();
    const bool own = found.proposed_by == by.id;
    if (own != (state == ApprovalState::withdrawn)) {
      return base::Error(
          base::Code::forbidden, "identity.own_proposal",
          "another administrator decides this, and only who proposed it withdraws it",
          "việc này do quản trị viên khác quyết định; chỉ người đề nghị được rút lại");
    }
    // Approved, but perhaps not done: a crash came between.
    const bool again = found.state == ApprovalState::approved && state == found.state &&
                       found.decided_by == by.id && !found.decided_at;
    if (found.state != ApprovalState::waiting && !again) {
      return base::Error(base::Code::conflict, "identity.approval_decided",
                         "this was decided already", "đề nghị này đã được quyết định");
    }
    if (clock_.now() - found.proposed_at > kLapses) {
      return base::Error(base::Code::gone, "identity.approval_lapsed",
                         "this was proposed more than seven days ago; propose it anew",
                         "đề nghị này đã quá bảy ngày; hãy đề nghị lại");
    }
    found.state = state;
    found.decision_reason = reason;
    if (!reason.empty()) TRY(connection.run(kReason, {key, reason}));
    // Without a time until the act is done.
    if (state == ApprovalState::approved) {
      TRY(connection.run(kDecide, {key, static_cast<int>(state), by.id, nullptr}));
    } else {
      TRY(connection.run(kDecide, {key, static_cast<int>(state), by.id, clock_.now()}));
    }
    return store::journal::append(connection, clock_.now(), "act_decided", found.subject,
                                  entry_of(by, found, state));
  }));
  return found;
}

base::Result<void> Approvals::settle(std::int64_t key, ApprovalState state) {
  return database_.write([&](store::Connection& connection) -> base::Result<void> {
    Approval found;
    TRY(connection.first(kFind, {key}, [&](const store::Row& row) { found = approval_of(row); }));
    TRY(connection.run(kDecide, {key, static_cast<int>(state), found.decided_by, clock_.now()}));
    return base::done();
  });
}

base::Result<base::Json> Approvals::approve(const Principal& by, std::int64_t key) {
  const Approval approved = TRY(decide(by, key, ApprovalState::approved));
  const auto performer = performers_.find(approved.act);
  if (performer == performers_.end()) return unknown();
  auto outcome = performer->second.perform(by, approved);
  // What may work later is tried again by approving again.
  if (!outcome && outcome.error().code() == base::Code::unavailable) return outcome;
  TRY(settle(key, outcome ? ApprovalState::approved : ApprovalState::failed));
  return outcome;
}

base::Result<void> Approvals::reject(const Principal& by, std::int64_t key,
                                     std::string_view reason) {
  if (reason.size() > kReasonBytesMax)
    return bad("reason: at most 1,000 bytes", "reason (lý do): nhiều nhất 1.000 byte");
  (void)TRY(decide(by, key, ApprovalState::rejected, reason));
  return base::done();
}

base::Result<void> Approvals::withdraw(const Principal& by, std::int64_t key) {
  (void)TRY(decide(by, key, ApprovalState::withdrawn));
  return base::done();
}

}  // namespace identity
