// Who wants to be told of events, where, and how far each has been told.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/slots.h"
#include "exchange/feed/feed.h"
#include "exchange/webhooks/target.h"

namespace exchange::webhooks {

// One of the two: an organisation, or a connected system (then what concerns any organisation that
// it serves at the time).
struct Owner {
  OrganisationKey organisation = 0;
  SystemKey system = 0;
  bool operator==(const Owner&) const = default;
};

struct Subscription {
  std::int64_t key = 0;
  std::string id;
  Owner owner;
  std::string url;
  std::vector<std::string> types;  // of events; empty: all
  bool paused = false;
  std::string why;  // of a pause: a reason (docs/reasons.md), "exchange.webhook_paused" by hand
  std::string cursor;
  std::int64_t failures = 0;  // attempts since the last success
  std::optional<base::Time> failing_since;
  base::Time next_at;  // not before
  std::optional<base::Time> previous_secret_until;
  std::int64_t version = 0;  // grows with every change that is not the deliverer's
  base::Time created_at;

  // "active", "failing" (it is tried again), "paused"
  std::string_view state() const { return paused ? "paused" : failures > 0 ? "failing" : "active"; }
};

// Why it is paused, and what to do, for people.
base::Text text_of_pause(std::string_view why);

struct Attempt {
  std::string event, type;  // id and type of the event
  base::Time at;
  Outcome outcome;
};

// Any thread. Every change is durable and in the journal when it returns. `by` is who did it, as
// the journal names them.
class Subscriptions {
 public:
  static constexpr std::size_t kOfOneOwnerMax = 20;
  static constexpr std::int64_t kAttemptsKept = 100;  // of one subscription
  static constexpr int kPingsMax = 4;                 // at the same time
  static constexpr base::Duration kBothSecrets = std::chrono::hours(24);

  // `secrets_key` (32 bytes) seals the secrets in the database. `feed` outlives this.
  Subscriptions(feed::Feed& feed, base::Random& random, base::Bytes secrets_key, TargetRules rules)
      : feed_(feed), random_(random), key_(std::move(secrets_key)), rules_(std::move(rules)) {}

  struct Added {
    std::string id;
    std::string secret;  // shown this once
  };
  // `from`: as Feed::start_from(). exchange.bad_webhook_url, exchange.bad_webhook_types (invalid),
  // exchange.too_many_webhooks (conflict), and those of start_from().
  base::Result<Added> add(Owner owner, std::string_view url, const std::vector<std::string>& types,
                          std::string_view from, std::string_view by);
  // Oldest first.
  base::Result<std::vector<Subscription>> of(Owner owner) const;
  // exchange.webhook_unknown (not_found), as for all that take an id. Whether the caller may is
  // decided before, by the owner.
  base::Result<Subscription> get(std::string_view id) const;
  // Another address, other types, or both; what is not given stays. Tries again at once, but for
  // one that is paused. As add().
  base::Result<void> change(std::string_view id, const std::optional<std::string>& url,
                            const std::optional<std::vector<std::string>>& types,
                            std::string_view by);
  base::Result<void> pause(std::string_view id, std::string_view by);
  // Tries again at once, from where it stood.
  base::Result<void> resume(std::string_view id, std::string_view by);
  base::Result<void> remove(std::string_view id, std::string_view by);
  // Gives the new secret. The old one signs as well for kBothSecrets.
  base::Result<std::string> rotate_secret(std::string_view id, std::string_view by);
  // Tells everything after `cursor` again, or skips to it; ends a pause. As Feed::read().
  base::Result<void> replay(std::string_view id, std::string_view cursor, std::string_view by);
  // Newest first, at most kAttemptsKept.
  base::Result<std::vector<Attempt>> attempts(std::string_view id) const;
  // Sends an event of type webhook.ping now and waits for what becomes of it, which is also noted
  // among the attempts. The target's order is not disturbed: a ping has no place in it.
  // exchange.too_many_pings (unavailable) when kPingsMax of them wait: targets that hang must not
  // take every thread.
  base::Result<Attempt> ping(std::string_view id);

  const TargetRules& rules() const { return rules_; }
  feed::Feed& feed() const { return feed_; }

  // --- the deliverer's ---------------------------------------------------------------------------
  base::Result<std::vector<Subscription>> all() const;
  // Grows whenever all() would give something else than the deliverer left.
  base::Result<std::int64_t> version() const;
  // Takes a turn: nobody else delivers to it before `until`. Gives it as it is kept; nothing when
  // it was changed meanwhile or another node has it.
  base::Result<std::optional<Subscription>> claim(const Subscription& subscription,
                                                  base::Time until);
  // Ends a turn: the state as `after` has it, and what was tried. Nothing is kept of the state when
  // somebody has changed the subscription since.
  base::Result<void> settle(const Subscription& after, const std::vector<Attempt>& attempts);
  base::Result<std::vector<std::string>> secrets_of(std::int64_t key) const;

 private:
  base::Result<std::string> sealed(std::string_view id, std::string_view secret) const;
  base::Result<Subscription> found(store::Connection& connection, std::string_view id) const;
  base::Result<void> journal(store::Connection& connection, base::Time at, std::string_view kind,
                             const Subscription& subscription, std::string_view by) const;
  base::Time now() const { return feed_.exchange().clock().now(); }
  store::Database& database() const { return feed_.exchange().database(); }

  feed::Feed& feed_;
  base::Random& random_;
  const base::Bytes key_;
  const TargetRules rules_;
  base::Slots pings_{kPingsMax};
};

}  // namespace exchange::webhooks
