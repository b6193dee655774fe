#include "exchange/notifications/waiting.h"

#include <algorithm>

#include "exchange/desk.h"
#include "exchange/notifications/telling.h"

namespace exchange::notifications {
namespace {

using identity::Permission;

Notification of_delivery(const DeskDelivery& row) {
  Notification made;
  made.document = row.document_id;
  made.delivery = row.id;
  made.code = row.code;
  made.readable = row.state.readable();
  if (made.readable) made.subject = row.subject;
  made.urgency = row.urgency;
  made.own = row.recipient;
  made.organisation = row.sender;
  return made;
}

// What a clock says now, if anything: late, or due soon.
void add(std::vector<Waiting>& out, const DeskDelivery& row, const Clock& clock, base::Time now) {
  if (!clock.due || clock.stopped) return;
  const bool recall = clock.rule == ClockRule::recall, late = clock.late(now);
  const base::Time soon = std::max(*clock.due - kDueSoon, clock.started + kAfterArrival);
  if (!late && (clock.urgent || now < soon || soon >= *clock.due)) return;
  Notification made = of_delivery(row);
  made.kind = late ? Kind::late : Kind::due_soon;
  made.event =
      recall ? (late ? "recall_late" : "recall_due") : (late ? "receipt_late" : "receipt_due");
  made.at = late ? *clock.due : soon;
  made.due = clock.due;
  made.id =
      std::string(late ? "late" : "due") + (recall ? "-recall-" : "-") + std::to_string(row.key);
  out.push_back({recall ? -row.key : row.key, std::move(made)});
}

base::Result<void> add_deliveries(std::vector<Waiting>& out, Exchange& exchange,
                                  const identity::Principal& who) {
  const identity::Reach reach{false, own_organisations(who, Permission::documents_read)};
  if (reach.none()) return base::done();
  const base::Time now = exchange.clock().now();
  for (const auto& row : TRY(Desk(exchange).inbox(reach, {}, std::nullopt, kWaitingMax))) {
    add(out, row, row.receipt, now);
    if (row.recall) add(out, row, *row.recall, now);
  }
  return base::done();
}

base::Result<void> add_approvals(std::vector<Waiting>& out, const identity::Identity& identity,
                                 const identity::Principal& who) {
  for (const auto& one : TRY(identity.approvals.list(who, true, kWaitingMax))) {
    // An auditor sees them and decides nothing; nobody approves what they proposed.
    if (one.proposed_by == who.id ||
        !identity::may(who, identity::permission_of(one.act), identity::kPlatform)) {
      continue;
    }
    Notification made;
    made.kind = Kind::approval;
    made.event = "approval_waiting";
    made.at = one.proposed_at;
    made.id = "approval-" + std::to_string(one.key);
    made.approval = one.key;
    made.act = identity::name_of(one.act);
    made.act_subject = one.subject;
    made.by_person = person_named(one.proposed_by);
    out.push_back({one.key, std::move(made)});
  }
  return base::done();
}

}  // namespace

base::Result<std::vector<Waiting>> waiting(Exchange& exchange, const identity::Identity& identity,
                                           const identity::Principal& who) {
  std::vector<Waiting> all;
  TRY(add_deliveries(all, exchange, who));
  TRY(add_approvals(all, identity, who));
  std::sort(all.begin(), all.end(), [](const Waiting& a, const Waiting& b) {
    return a.what.at != b.what.at ? a.what.at > b.what.at : a.key > b.key;
  });
  return all;
}

}  // namespace exchange::notifications
