// From what happened to what somebody is told of it, within one read of the database.
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "exchange/desk_rows.h"
#include "exchange/feed/event.h"
#include "exchange/notifications/notifications.h"

namespace exchange::notifications {

class Telling {
 public:
  // All outlive this.
  Telling(const Exchange& exchange, const identity::Calendar& days, const identity::Principal& who,
          store::Connection& connection);

  // What the journal tells before `before` and after the entry `floor`, the newest first, until
  // `take` gives false or `looks` entries were looked at. Gives the last place that was looked at;
  // nothing: that was all.
  struct Stop {
    feed::Cursor place;
    base::Time at;
  };
  base::Result<std::optional<Stop>> tell(
      feed::Cursor before, std::int64_t floor, int looks,
      const std::function<bool(const feed::Cursor&, Notification)>& take);

 private:
  using Told = std::optional<Notification>;
  base::Result<std::vector<feed::Cursor>> places(feed::Cursor before, std::int64_t floor);
  base::Result<Told> of_event(const store::journal::Entry& entry, const feed::Event& event);
  base::Result<Told> of_delivery(const feed::Event& event);
  base::Result<Told> of_refused(const feed::Event& event) const;
  base::Result<Told> of_malware(const feed::Event& event);
  Told of_account(const store::journal::Entry& entry) const;
  bool covers(OrganisationKey key) const;

  const Exchange& exchange_;
  const desk_rows::Reading reading_;
  const identity::Principal& who_;
  store::Connection& connection_;
  feed::Teller teller_;
  std::vector<OrganisationKey> organisations_;  // whose traces they may read by a post of theirs
  identity::Reach documents_;
};

// Those of their organisations, without the platform: who may see everybody's is not told of
// everybody's.
std::vector<OrganisationKey> own_organisations(const identity::Principal& who,
                                               identity::Permission permission);
// Whose id of a principal ("person:12") that is; 0: no person's.
identity::PersonKey person_named(std::string_view id);

}  // namespace exchange::notifications
