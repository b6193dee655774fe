// What is kept of somebody who reads notifications: how far they have read, and what they wish to
// be told. The notifications themselves are kept nowhere: they are told from what happened.
#pragma once
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "exchange/notifications/kinds.h"
#include "identity/keys.h"
#include "store/database.h"

namespace exchange::notifications {

// Up to where somebody has read: what the journal tells by its entry, what only waits (something
// due, an approval) by when it came up.
struct Mark {
  std::int64_t seq = 0;
  base::Time until;
  bool operator==(const Mark&) const = default;

  std::string text() const;  // "1042-1795319309892424"
  // exchange.bad_read_mark (invalid).
  static base::Result<Mark> parse(std::string_view text);
};

struct QuietHours {
  int from = 0, to = 0;  // minutes after midnight in Viet Nam; over midnight when to < from
  bool at(base::Time now) const;
};

struct Preferences {
  std::vector<Kind> hidden;
  std::optional<QuietHours> quiet;
  bool hides(Kind kind) const;
};

struct Reader {
  std::optional<Mark> mark;  // nothing: has never marked anything
  Preferences preferences;
  std::set<std::string, std::less<>> read;  // ids that were read one by one
};

inline constexpr std::size_t kReadAtOnce = 200;   // ids in one call
inline constexpr std::int64_t kReadKept = 2'000;  // ids of one person; the oldest go first

base::Result<Reader> reader(store::Connection& connection, identity::PersonKey person);
base::Result<void> keep_mark(store::Connection& connection, identity::PersonKey person,
                             const Mark& mark);
// Notes as read, or no longer as read. exchange.notification_unknown (invalid): what is no id.
base::Result<void> keep_read(store::Connection& connection, identity::PersonKey person,
                             const std::vector<std::string>& ids, bool read, base::Time now);
// exchange.notification_always_on (invalid): one of `hidden` escalates; exchange.bad_quiet_hours
// (invalid): they end when they begin, or are no times of a day.
base::Result<void> keep_preferences(store::Connection& connection, identity::PersonKey person,
                                    const Preferences& preferences);

// "21:00" as minutes after midnight; exchange.bad_quiet_hours.
base::Result<int> minute_of_day(std::string_view text);
std::string minute_text(int minute);

}  // namespace exchange::notifications
