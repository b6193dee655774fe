#include "exchange/notifications/kinds.h"

#include <algorithm>

namespace exchange::notifications {

const std::vector<std::string_view>& kind_names() {
  static const std::vector<std::string_view> kAll = {
      "received", "received_urgent", "due_soon", "late",     "recipient_late", "refused",
      "recall",   "status",          "malware",  "approval", "account"};
  return kAll;
}

std::string_view name_of(Kind kind) { return kind_names()[static_cast<std::size_t>(kind)]; }

std::optional<Kind> kind_named(std::string_view name) {
  const auto& all = kind_names();
  const auto found = std::find(all.begin(), all.end(), name);
  if (found == all.end()) return std::nullopt;
  return static_cast<Kind>(found - all.begin());
}

bool escalates(Kind kind) {
  return kind == Kind::received_urgent || kind == Kind::late || kind == Kind::malware;
}

const std::vector<std::string_view>& event_names() {
  static const std::vector<std::string_view> kAll = {"received",
                                                     "receipt_due",
                                                     "receipt_late",
                                                     "recall_due",
                                                     "recall_late",
                                                     "not_fetched",
                                                     "not_answered",
                                                     "delivery_refused",
                                                     "status_refused",
                                                     "submission_refused",
                                                     "recall_requested",
                                                     "recalled",
                                                     "recall_agreed",
                                                     "recall_refused",
                                                     "status",
                                                     "malware",
                                                     "approval_waiting",
                                                     "passkey_added",
                                                     "passkey_removed",
                                                     "password_set",
                                                     "totp_set",
                                                     "totp_removed",
                                                     "recovery_codes_made",
                                                     "recovery_code_used",
                                                     "oidc_linked",
                                                     "oidc_unlinked",
                                                     "link_code_issued",
                                                     "sessions_ended",
                                                     "person_changed",
                                                     "person_enabled",
                                                     "person_disabled",
                                                     "appointed",
                                                     "appointment_ended",
                                                     "delegated",
                                                     "delegation_ended"};
  return kAll;
}

}  // namespace exchange::notifications
