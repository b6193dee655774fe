// What somebody is to be told: what happened to the documents of their organisations, what is due
// or late with them, what waits for their approval, and what changed of their own account.
// docs/formats/notifications.md.
//
// A notification is kept nowhere. It is told from the journal, the records and the approvals
// whenever it is read, with the rights of that moment: who has lost a right, or a copy that was
// taken back, is not told of it any more. Kept are how far somebody has read and what they wish to
// be told (reader.h).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "exchange/exchange.h"
#include "exchange/feed/cursor.h"
#include "exchange/notifications/kinds.h"
#include "exchange/notifications/reader.h"
#include "identity/identity.h"
#include "identity/principal.h"

namespace exchange::notifications {

struct Notification {
  std::string id;  // the same for as long as it is told
  Kind kind = Kind::received;
  std::string_view event;  // one of event_names()
  base::Time at;           // when it happened, or came to be due
  bool read = false;

  // Of documents.
  std::string document, delivery;  // ids
  std::string code;                // number and notation
  std::string subject;             // empty for who may not read the document
  bool readable = false;           // the document, by them, now
  int urgency = 0;
  OrganisationKey own = 0;           // whose affair it is, of theirs
  OrganisationKey organisation = 0;  // the other side; 0: the exchange
  std::string status;                // code of a status message
  std::string reason;                // why the exchange refused what was handed in
  std::optional<base::Time> due;

  // Of approvals.
  std::int64_t approval = 0;
  std::string_view act;
  std::string act_subject;

  // Of one's account, and who proposed what is to be approved.
  identity::PersonKey by_person = 0;
  std::string by;        // full name; empty: nobody's doing, or the console
  bool own_act = false;  // by who reads it
  identity::PostKey post_key = 0;
  std::string post;  // its title
  std::optional<base::Time> until;
};

struct Filter {
  std::optional<Kind> kind;
  bool unread_only = false;
};

// The last that was told: of the journal, and of what waits.
struct Place {
  feed::Cursor told;
  base::Time at;
  std::int64_t waiting = 0;
};

struct Standing {
  std::int64_t unread = 0;            // kUnreadMax: that many or more
  std::int64_t unread_escalated = 0;  // of these, what cannot be switched off
  bool quiet = false;                 // now is within the reader's quiet hours
  Mark as_of;                         // to mark everything up to here as read
};

struct Page {
  std::vector<Notification> items;  // the newest first
  // Where the next one begins; nothing: there is none. A page may be short and yet have a next one.
  std::optional<Place> next;
  Standing standing;
};

struct Marked {
  Mark before, now;
};

inline constexpr std::int64_t kUnreadMax = 100;

// Any thread. For people; `who` is as they are now. Goes back as far as the feed does.
class Notifications {
 public:
  // Both outlive this.
  Notifications(Exchange& exchange, const identity::Identity& identity)
      : exchange_(exchange), identity_(identity) {}

  // At most `count` after `after`.
  base::Result<Page> page(const identity::Principal& who, const Filter& filter,
                          const std::optional<Place>& after, std::int64_t count) const;

  // Durable on return. Everything up to `mark` is read; what was read further on stays so. With
  // `back`, everything after it is unread again, but for what was read one by one. A mark that is
  // later than now counts as now.
  base::Result<Marked> mark(const identity::Principal& who, Mark mark, bool back) const;
  // The same for single ones; those below the mark stay read. At most kReadAtOnce.
  // exchange.notification_unknown.
  base::Result<void> mark(const identity::Principal& who, const std::vector<std::string>& ids,
                          bool read) const;

  base::Result<Preferences> preferences(const identity::Principal& who) const;
  // Durable on return; the errors of keep_preferences().
  base::Result<void> prefer(const identity::Principal& who, const Preferences& wanted) const;

 private:
  base::Result<void> name_people(std::vector<Notification>& items) const;

  Exchange& exchange_;
  const identity::Identity& identity_;
};

}  // namespace exchange::notifications
