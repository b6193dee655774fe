// What an evidence can be about (ETSI EN 319 522-1, clause 6, and three of our own).
#pragma once
#include <optional>
#include <string_view>

#include "base/result.h"

namespace trust::evidence {

enum class Event : unsigned char {
  submission_acceptance,
  submission_rejection,
  relay_acceptance,
  relay_rejection,
  relay_failure,
  notification_for_acceptance,
  notification_for_acceptance_failure,
  consignment_acceptance,
  consignment_rejection,
  acceptance_rejection_expiry,
  content_consignment,
  content_consignment_failure,
  consignment_notification,
  consignment_notification_failure,
  content_handover,
  content_handover_failure,
  relay_to_non_erds,
  relay_to_non_erds_failure,
  received_from_non_erds,
  recalled,
  recall_refused,
  expiry,
};
inline constexpr int kEvents = static_cast<int>(Event::expiry) + 1;

std::string_view name_of(Event event);  // "ContentConsignment"
std::string_view code_of(Event event);  // "D.1"; empty for our own
base::Text text_of(Event event);
std::optional<Event> event_of(std::string_view name);

}  // namespace trust::evidence
