#include "exchange/webhooks/subscriptions.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "http/client.h"
#include "store/journal.h"

namespace exchange::webhooks {
namespace {

using store::Blob;
using store::Query;

#define TRUC_WEBHOOK_COLUMNS                                                         \
  "select key, id, organisation, system, url, types, state, why, cursor, failures, " \
  "failing_since, next_at, previous_until, version, created_at from webhook "
const Query kAll{"exchange.webhooks", TRUC_WEBHOOK_COLUMNS "order by key"};
const Query kOf{"exchange.webhooks_of",
                TRUC_WEBHOOK_COLUMNS "where organisation = $1 and system = $2 order by key"};
const Query kById{"exchange.webhook", TRUC_WEBHOOK_COLUMNS "where id = $1"};
#undef TRUC_WEBHOOK_COLUMNS
const Query kCount{"exchange.webhooks_count",
                   "select count(*) from webhook where organisation = $1 and system = $2"};
const Query kLastKey{"exchange.webhook_last_key", "select max(key) from webhook"};
const Query kVersion{"exchange.webhook_version",
                     "select coalesce(max(version), 0) * 100000 + count(*) from webhook"};
// Every change has an entry in the journal, whose number is the version that it makes.
const Query kInsert{
    "exchange.webhook_insert",
    "insert into webhook (key, id, organisation, system, url, types, secret, state, why, cursor, "
    "failures, next_at, version, created_at) values ($1, $2, $3, $4, $5, $6, $7, 0, '', $8, 0, $9, "
    "(select coalesce(max(seq), 0) + 1 from journal), $9)"};
const Query kState{"exchange.webhook_state",
                   "update webhook set state = $2, why = $3, failures = 0, failing_since = null, "
                   "next_at = $4, version = (select max(seq) + 1 from journal) where key = $1"};
const Query kChange{"exchange.webhook_change",
                    "update webhook set url = $2, types = $3, failures = 0, failing_since = null, "
                    "next_at = $4, version = (select max(seq) + 1 from journal) where key = $1"};
const Query kReplay{"exchange.webhook_replay",
                    "update webhook set cursor = $2, state = 0, why = '', failures = 0, "
                    "failing_since = null, next_at = $3, "
                    "version = (select max(seq) + 1 from journal) where key = $1"};
const Query kRotate{
    "exchange.webhook_rotate",
    "update webhook set previous_secret = secret, previous_until = $3, secret = $2, "
    "version = (select max(seq) + 1 from journal) where key = $1"};
const Query kRemove{"exchange.webhook_remove", "delete from webhook where key = $1"};
const Query kRemoveAttempts{"exchange.webhook_remove_attempts",
                            "delete from webhook_attempt where webhook = $1"};
const Query kClaim{"exchange.webhook_claim",
                   "update webhook set next_at = $4 where key = $1 and version = $2 and state = 0 "
                   "and next_at <= $3"};
const Query kSettle{"exchange.webhook_settle",
                    "update webhook set cursor = $3, failures = $4, failing_since = $5, "
                    "next_at = $6, state = $7, why = $8 where key = $1 and version = $2"};
const Query kInsertAttempt{
    "exchange.webhook_attempt_insert",
    "insert into webhook_attempt (id, webhook, event, type, at, status, duration, error) values "
    "((select coalesce(max(id), 0) + 1 from webhook_attempt), $1, $2, $3, $4, $5, $6, $7)"};
const Query kTrim{"exchange.webhook_attempts_trim",
                  "delete from webhook_attempt where webhook = $1 and id <= (select id from "
                  "webhook_attempt where webhook = $1 order by id desc limit 1 offset $2)"};
const Query kAttempts{"exchange.webhook_attempts",
                      "select event, type, at, status, duration, error from webhook_attempt "
                      "where webhook = $1 order by id desc limit $2"};
const Query kExists{"exchange.webhook_exists", "select 1 from webhook where key = $1"};
const Query kSecrets{"exchange.webhook_secrets",
                     "select id, secret, previous_secret, previous_until from webhook "
                     "where key = $1"};

Subscription subscription_of(const store::Row& row) {
  Subscription out;
  out.key = row.integer(0);
  out.id = row.string(1);
  out.owner = {row.integer(2), row.integer(3)};
  out.url = row.string(4);
  for (const std::string_view type : base::split(row.text(5), ' ')) {
    if (!type.empty()) out.types.emplace_back(type);
  }
  out.paused = row.integer(6) != 0;
  out.why = row.string(7);
  out.cursor = row.string(8);
  out.failures = row.integer(9);
  out.failing_since = row.optional_time(10);
  out.next_at = row.time(11);
  out.previous_secret_until = row.optional_time(12);
  out.version = row.integer(13);
  out.created_at = row.time(14);
  return out;
}

base::Result<void> check_types(const std::vector<std::string>& types) {
  const auto& known = feed::event_types();
  for (const std::string& type : types) {
    if (std::find(known.begin(), known.end(), type) == known.end()) {
      const std::string shown(base::cut_utf8(type, 60));
      return base::Error(
          base::Code::invalid, "exchange.bad_webhook_types",
          "`types`: there is no event " + shown + "; leave it empty to be told of everything",
          "`types`: không có sự kiện " + shown + "; để trống thì được báo mọi sự kiện");
    }
  }
  return base::done();
}

std::string context_of(std::string_view id) { return "webhook:" + std::string(id); }

base::Result<void> insert_attempts(store::Connection& connection, std::int64_t key,
                                   const std::vector<Attempt>& attempts) {
  for (const Attempt& attempt : attempts) {
    TRY(connection.run(kInsertAttempt,
                       {key, attempt.event, attempt.type, attempt.at, attempt.outcome.status,
                        attempt.outcome.duration.count(), attempt.outcome.error}));
  }
  TRY(connection.run(kTrim, {key, Subscriptions::kAttemptsKept}));
  return base::done();
}

}  // namespace

base::Result<Subscription> Subscriptions::found(store::Connection& connection,
                                                std::string_view id) const {
  std::optional<Subscription> out;
  TRY(connection.first(kById, {id}, [&](const store::Row& row) { out = subscription_of(row); }));
  if (out) return *std::move(out);
  return base::Error(base::Code::not_found, "exchange.webhook_unknown", "there is no such webhook",
                     "không có webhook này");
}

// A path may hold what only the target should know: the journal has the host.
base::Result<void> Subscriptions::journal(store::Connection& connection, base::Time at,
                                          std::string_view kind, const Subscription& subscription,
                                          std::string_view by) const {
  base::Json body;
  const auto url = http::Url::parse(subscription.url);
  body.add("by", by).add("host", url ? url->host : std::string());
  return store::journal::append(connection, at, kind, subscription.id, body);
}

base::Result<std::string> Subscriptions::sealed(std::string_view id,
                                                std::string_view secret) const {
  return base::seal(key_, context_of(id), secret, random_.bytes(12));
}

base::Result<Subscriptions::Added> Subscriptions::add(Owner owner, std::string_view url,
                                                      const std::vector<std::string>& types,
                                                      std::string_view from, std::string_view by) {
  TRY(check_url(url, rules_));
  TRY(check_types(types));
  Subscription made;
  made.id = "wh_" + base::hex(random_.bytes(12));
  made.url = url;
  made.cursor = TRY(feed_.start_from(from));
  const std::string secret = random_.bytes(32);
  const std::string kept = TRY(sealed(made.id, secret));
  TRY(database().write([&](store::Connection& connection) -> base::Result<void> {
    const auto count = TRY(connection.integer(kCount, {owner.organisation, owner.system}));
    if (count.value_or(0) >= static_cast<std::int64_t>(kOfOneOwnerMax)) {
      return base::Error(base::Code::conflict, "exchange.too_many_webhooks",
                         "at most " + std::to_string(kOfOneOwnerMax) + " webhooks; remove one",
                         "tối đa " + std::to_string(kOfOneOwnerMax) + " webhook; hãy bỏ bớt");
    }
    const std::int64_t key = TRY(connection.integer(kLastKey, {})).value_or(0) + 1;
    TRY(connection.run(kInsert, {key, made.id, owner.organisation, owner.system, url,
                                 base::join(types, " "), Blob{kept}, made.cursor, now()}));
    return journal(connection, now(), "webhook_added", made, by);
  }));
  return Added{made.id, secret_text(secret)};
}

base::Result<std::vector<Subscription>> Subscriptions::of(Owner owner) const {
  std::vector<Subscription> out;
  TRY(database().read([&](store::Connection& connection) {
    out.clear();
    return connection.each(kOf, {owner.organisation, owner.system}, [&](const store::Row& row) {
      out.push_back(subscription_of(row));
      return true;
    });
  }));
  return out;
}

base::Result<std::vector<Subscription>> Subscriptions::all() const {
  std::vector<Subscription> out;
  TRY(database().read([&](store::Connection& connection) {
    out.clear();
    return connection.each(kAll, {}, [&](const store::Row& row) {
      out.push_back(subscription_of(row));
      return true;
    });
  }));
  return out;
}

base::Result<std::int64_t> Subscriptions::version() const {
  std::int64_t version = 0;
  TRY(database().read([&](store::Connection& connection) -> base::Result<void> {
    version = TRY(connection.integer(kVersion, {})).value_or(0);
    return base::done();
  }));
  return version;
}

base::Result<Subscription> Subscriptions::get(std::string_view id) const {
  std::optional<Subscription> out;
  TRY(database().read([&](store::Connection& connection) -> base::Result<void> {
    out = TRY(found(connection, id));
    return base::done();
  }));
  return *std::move(out);
}

base::Result<void> Subscriptions::change(std::string_view id, const std::optional<std::string>& url,
                                         const std::optional<std::vector<std::string>>& types,
                                         std::string_view by) {
  if (url) TRY(check_url(*url, rules_));
  if (types) TRY(check_types(*types));
  return database().write([&](store::Connection& connection) -> base::Result<void> {
    Subscription subscription = TRY(found(connection, id));
    subscription.url = url.value_or(subscription.url);
    subscription.types = types.value_or(subscription.types);
    TRY(connection.run(
        kChange, {subscription.key, subscription.url, base::join(subscription.types, " "), now()}));
    return journal(connection, now(), "webhook_changed", subscription, by);
  });
}

base::Result<void> Subscriptions::pause(std::string_view id, std::string_view by) {
  return database().write([&](store::Connection& connection) -> base::Result<void> {
    const Subscription subscription = TRY(found(connection, id));
    TRY(connection.run(kState, {subscription.key, 1, "exchange.webhook_paused", now()}));
    return journal(connection, now(), "webhook_paused", subscription, by);
  });
}

base::Result<void> Subscriptions::resume(std::string_view id, std::string_view by) {
  return database().write([&](store::Connection& connection) -> base::Result<void> {
    const Subscription subscription = TRY(found(connection, id));
    TRY(connection.run(kState, {subscription.key, 0, "", now()}));
    return journal(connection, now(), "webhook_resumed", subscription, by);
  });
}

base::Result<void> Subscriptions::remove(std::string_view id, std::string_view by) {
  return database().write([&](store::Connection& connection) -> base::Result<void> {
    const Subscription subscription = TRY(found(connection, id));
    TRY(connection.run(kRemove, {subscription.key}));
    TRY(connection.run(kRemoveAttempts, {subscription.key}));
    return journal(connection, now(), "webhook_removed", subscription, by);
  });
}

base::Result<std::string> Subscriptions::rotate_secret(std::string_view id, std::string_view by) {
  const std::string secret = random_.bytes(32);
  const std::string kept = TRY(sealed(id, secret));
  TRY(database().write([&](store::Connection& connection) -> base::Result<void> {
    const Subscription subscription = TRY(found(connection, id));
    TRY(connection.run(kRotate, {subscription.key, Blob{kept}, now() + kBothSecrets}));
    return journal(connection, now(), "webhook_secret_rotated", subscription, by);
  }));
  return secret_text(secret);
}

base::Result<void> Subscriptions::replay(std::string_view id, std::string_view cursor,
                                         std::string_view by) {
  TRY(feed_.read({}, cursor, 1));  // says what is wrong with it
  return database().write([&](store::Connection& connection) -> base::Result<void> {
    const Subscription subscription = TRY(found(connection, id));
    TRY(connection.run(kReplay, {subscription.key, cursor, now()}));
    return journal(connection, now(), "webhook_replayed", subscription, by);
  });
}

base::Result<std::vector<Attempt>> Subscriptions::attempts(std::string_view id) const {
  std::vector<Attempt> out;
  TRY(database().read([&](store::Connection& connection) -> base::Result<void> {
    const Subscription subscription = TRY(found(connection, id));
    out.clear();
    return connection.each(kAttempts, {subscription.key, kAttemptsKept},
                           [&](const store::Row& row) {
                             Attempt attempt{row.string(0), row.string(1), row.time(2), {}};
                             attempt.outcome = {static_cast<int>(row.integer(3)),
                                                base::Duration(row.integer(4)), row.string(5)};
                             out.push_back(std::move(attempt));
                             return true;
                           });
  }));
  return out;
}

base::Result<Attempt> Subscriptions::ping(std::string_view id) {
  const auto turn = pings_.take();
  if (!turn) {
    return base::Error(base::Code::unavailable, "exchange.too_many_pings",
                       "other pings are under way; try again in some seconds",
                       "đang gửi thử cho nơi khác; hãy thử lại sau vài giây");
  }
  const Subscription subscription = TRY(get(id));
  Attempt attempt{"ping-" + base::hex(random_.bytes(8)), "webhook.ping", now(), {}};
  base::Json body;
  body.add("specversion", "1.0").add("id", attempt.event);
  body.add("source", "urn:truc:" + std::to_string(feed_.exchange().site()));
  body.add("type", attempt.type).add("time", base::iso_time_text(attempt.at));
  body.add("subject", subscription.id).add("datacontenttype", "application/json");
  body.add("data", base::Json(base::Json::Object{}));
  auto secrets = TRY(secrets_of(subscription.key));
  const Message message{attempt.event, body.dump(), attempt.at, std::move(secrets)};
  attempt.outcome = send(subscription.url, message, rules_);
  TRY(database().write([&](store::Connection& connection) {
    return insert_attempts(connection, subscription.key, {attempt});
  }));
  return attempt;
}

base::Result<std::optional<Subscription>> Subscriptions::claim(const Subscription& subscription,
                                                               base::Time until) {
  std::optional<Subscription> claimed;
  TRY(database().write([&](store::Connection& connection) -> base::Result<void> {
    claimed.reset();
    const auto rows =
        TRY(connection.run(kClaim, {subscription.key, subscription.version, now(), until}));
    if (rows == 1) claimed = TRY(found(connection, subscription.id));
    return base::done();
  }));
  return claimed;
}

base::Result<void> Subscriptions::settle(const Subscription& after,
                                         const std::vector<Attempt>& attempts) {
  return database().write([&](store::Connection& connection) -> base::Result<void> {
    const auto rows =
        TRY(connection.run(kSettle, {after.key, after.version, after.cursor, after.failures,
                                     after.failing_since, after.next_at, after.paused, after.why}));
    if (rows == 1 && after.paused)
      TRY(journal(connection, now(), "webhook_paused", after, "exchange"));
    if (attempts.empty() || !TRY(connection.integer(kExists, {after.key}))) return base::done();
    return insert_attempts(connection, after.key, attempts);
  });
}

base::Result<std::vector<std::string>> Subscriptions::secrets_of(std::int64_t key) const {
  std::vector<std::string> secrets;
  bool whole = false;
  TRY(database().read([&](store::Connection& connection) -> base::Result<void> {
    secrets.clear();
    TRY(connection.first(kSecrets, {key}, [&](const store::Row& row) {
      const auto open = [&](int column) {
        auto secret = base::unseal(key_, context_of(row.text(0)), row.bytes(column));
        whole = secret.has_value();
        if (secret) secrets.push_back(*std::move(secret));
      };
      if (!row.is_null(2) && row.time(3) > now()) open(2);
      open(1);
    }));
    return base::done();
  }));
  std::reverse(secrets.begin(), secrets.end());
  if (whole) return secrets;
  return base::Error(base::Code::data_loss, "exchange.webhook_secret",
                     "the webhook's secret cannot be opened with this site's secret.key; rotate it",
                     "không mở được khóa của webhook bằng secret.key của trục; hãy đổi khóa");
}

}  // namespace exchange::webhooks
