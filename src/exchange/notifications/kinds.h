// The kinds of notifications, and which of them cannot be switched off.
// docs/formats/notifications.md says what each tells of.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace exchange::notifications {

// Values are kept in the database: append only.
enum class Kind : unsigned char {
  received,
  received_urgent,
  due_soon,
  late,
  recipient_late,
  refused,
  recall,
  status,
  malware,
  approval,
  account,
};
inline constexpr int kKinds = 11;

std::string_view name_of(Kind kind);  // "received_urgent"
std::optional<Kind> kind_named(std::string_view name);
const std::vector<std::string_view>& kind_names();
// Always shown, and told in quiet hours as well.
bool escalates(Kind kind);

// What happened, more closely than its kind; the words of Notification::event.
const std::vector<std::string_view>& event_names();

}  // namespace exchange::notifications
