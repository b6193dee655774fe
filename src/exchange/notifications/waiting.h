// What waits for somebody: deliveries that are due or late, and acts that take their approval.
#pragma once
#include <vector>

#include "exchange/notifications/notifications.h"

namespace exchange::notifications {

struct Waiting {
  std::int64_t key = 0;  // with `at` its place in the order
  Notification what;
};

// How long before it is due something counts as due soon; but not sooner after it came than half
// an hour, and never what is to be done at once.
inline constexpr base::Duration kDueSoon = std::chrono::hours(2);
inline constexpr base::Duration kAfterArrival = std::chrono::minutes(30);
// Of each: urgent and oldest deliveries first, newest approvals first.
inline constexpr std::int64_t kWaitingMax = 200;

// As of now, the newest first. exchange, identity: the errors of their stores.
base::Result<std::vector<Waiting>> waiting(Exchange& exchange, const identity::Identity& identity,
                                           const identity::Principal& who);

}  // namespace exchange::notifications
