#include "exchange/webhooks/deliverer.h"

#include <algorithm>

#include "base/log.h"

namespace exchange::webhooks {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kEventsInTurn = 16;
constexpr base::Duration kFirstDelay = seconds(5), kLongestDelay = std::chrono::hours(6);
constexpr std::int64_t kTurnMicros = 20'000'000;  // no new attempt after that
// A turn that is never settled, since its process died, is taken by others after this time.
constexpr base::Duration kLease = seconds(45);
// A cursor that only passed by events of other types is written at the latest after so many.
constexpr std::int64_t kUnwrittenMax = 10000;
constexpr int kGone = 410;

bool wants(const Subscription& subscription, const feed::Event& event) {
  const auto& types = subscription.types;
  return types.empty() || std::find(types.begin(), types.end(), event.type) != types.end();
}

void warn(std::string_view event, const base::Error& error) {
  base::log::warning(event, {{"reason", error.reason()}, {"detail", error.detail()}});
}

}  // namespace

base::Duration delay_after(std::int64_t failures, std::uint64_t random) {
  base::Duration delay = kFirstDelay;
  for (std::int64_t i = 1; i < failures && delay < kLongestDelay; ++i) delay *= 2;
  delay = std::min(delay, kLongestDelay);
  return delay * static_cast<std::int64_t>(800 + random % 401) / 1000;
}

Deliverer::Deliverer(Subscriptions& subscriptions, base::Random& random, base::Metrics& metrics,
                     Options options)
    : subscriptions_(subscriptions),
      random_(random),
      options_(options),
      told_(metrics.counter("truc_webhooks_told_total", "Events told to webhooks")),
      failed_(
          metrics.counter("truc_webhooks_failed_total", "Attempts to tell a webhook that failed")) {
  threads_.emplace_back([this] { dispatch(); });
  for (std::size_t i = 0; i < options_.attempts_max; ++i) {
    threads_.emplace_back([this] { work(); });
  }
}

Deliverer::~Deliverer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  chosen_ready_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  // Listeners end without the lock, which their callbacks take.
  chosen_.clear();
  targets_.clear();
}

void Deliverer::dispatch() {
  std::int64_t looked = 0;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const std::int64_t now_ms = base::monotonic_micros() / 1000;
    if (looked == 0 || now_ms - looked >= options_.reload_ms) {
      looked = now_ms;
      lock.unlock();
      if (const auto loaded = reload(); !loaded) warn("webhooks.reload_failed", loaded.error());
      lock.lock();
    }
    choose_locked(subscriptions_.feed().exchange().clock().now());
    woken_.wait_for(lock, milliseconds(options_.rest_ms));
  }
}

// Those that failed last wait for one another, the others for nobody.
void Deliverer::choose_locked(base::Time now) {
  for (const auto& [key, target] : targets_) {
    const Subscription& subscription = target->subscription;
    if (target->busy || !target->ready || subscription.paused || subscription.next_at > now) {
      continue;
    }
    const bool failing = subscription.failures > 0;
    if (failing && failing_busy_ >= std::max<std::size_t>(options_.attempts_max / 2, 1)) continue;
    if (failing) ++failing_busy_;
    target->busy = true;
    target->ready = false;  // woken from here on: once more
    (failing ? chosen_.push_back(target) : chosen_.push_front(target));
    chosen_ready_.notify_one();
  }
}

void Deliverer::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    chosen_ready_.wait(lock, [this] { return stopping_ || !chosen_.empty(); });
    if (stopping_) return;
    const std::shared_ptr<Target> target = std::move(chosen_.front());
    chosen_.pop_front();
    const Subscription before = target->subscription;
    const auto organisations = target->organisations;
    lock.unlock();
    const auto done = turn(before, organisations);
    if (!done) warn("webhooks.turn_failed", done.error());
    lock.lock();
    if (before.failures > 0) --failing_busy_;
    target->busy = false;
    // Changed meanwhile by somebody: what reload() has put there counts.
    if (target->subscription.version != before.version) {
      target->ready = true;
    } else if (done) {
      target->subscription = done->after;
      target->ready = target->ready || done->more;
    } else {
      target->ready = true;
      target->subscription.next_at = subscriptions_.feed().exchange().clock().now() + kFirstDelay;
    }
    woken_.notify_one();
  }
}

// Listeners end outside of the lock, which what they call takes.
void Deliverer::listen(const std::shared_ptr<Target>& target) {
  const std::weak_ptr<Target> weak = target;
  target->listener = subscriptions_.feed().hub().listen(target->organisations, [this, weak] {
    std::lock_guard lock(mutex_);
    if (const auto woken = weak.lock()) woken->ready = true;
    woken_.notify_one();
  });
}

base::Result<void> Deliverer::reload() {
  const std::int64_t version = TRY(subscriptions_.version());
  const std::int64_t directory = subscriptions_.feed().exchange().directory().version();
  if (version == version_ && directory == directory_version_) return base::done();
  const auto all = TRY(subscriptions_.all());
  std::vector<std::unique_ptr<feed::Hub::Listener>> ended;  // destroyed after the lock
  std::lock_guard lock(mutex_);
  std::map<std::int64_t, std::shared_ptr<Target>> targets;
  for (const Subscription& subscription : all) {
    auto known = targets_.find(subscription.key);
    auto target = known == targets_.end() ? std::make_shared<Target>() : known->second;
    if (target->subscription.version != subscription.version) {
      target->subscription = subscription;
      target->ready = true;
    }
    const auto organisations = organisations_of(subscription.owner);
    if (!target->listener || organisations != target->organisations) {
      ended.push_back(std::move(target->listener));
      target->organisations = organisations;
      target->ready = true;
      listen(target);
    }
    targets.emplace(subscription.key, std::move(target));
  }
  for (auto& [key, target] : targets_) {
    if (!targets.contains(key)) ended.push_back(std::move(target->listener));
  }
  targets_ = std::move(targets);
  version_ = version;
  directory_version_ = directory;
  return base::done();
}

std::vector<OrganisationKey> Deliverer::organisations_of(const Owner& owner) const {
  if (owner.system == 0) return {owner.organisation};
  std::vector<OrganisationKey> keys;
  subscriptions_.feed().exchange().directory().each([&](const Organisation& organisation) {
    if (organisation.system == owner.system && !organisation.deleted) {
      keys.push_back(organisation.key);
    }
  });
  std::sort(keys.begin(), keys.end());
  return keys;
}

base::Result<Deliverer::Turn> Deliverer::turn(const Subscription& before,
                                              const std::vector<OrganisationKey>& organisations) {
  feed::Feed& feed = subscriptions_.feed();
  const auto page = feed.read(organisations, before.cursor, kEventsInTurn);
  const bool any = page && std::any_of(page->events.begin(), page->events.end(),
                                       [&](const auto& event) { return wants(before, *event); });
  if (page && !any) {
    // Nothing for it: the cursor moves in memory, and on disk now and then.
    Subscription after = before;
    after.cursor = page->next;
    const auto from = TRY(feed::Cursor::parse(before.cursor, feed.exchange().site()));
    const auto to = TRY(feed::Cursor::parse(after.cursor, feed.exchange().site()));
    if (to.seq / kUnwrittenMax != from.seq / kUnwrittenMax) {
      TRY(subscriptions_.settle(after, {}));
    }
    return Turn{std::move(after), page->more};
  }
  const base::Time now = feed.exchange().clock().now();
  auto claimed = TRY(subscriptions_.claim(before, now + kLease));
  if (!claimed) {
    // Another node has it, or it has changed: reload() and the lease tell.
    Subscription after = before;
    after.next_at = now + kFirstDelay;
    return Turn{std::move(after), true};
  }
  if (page) {
    // Another node may have told more since this one looked.
    const auto here = TRY(feed::Cursor::parse(before.cursor, feed.exchange().site()));
    const auto there = TRY(feed::Cursor::parse(claimed->cursor, feed.exchange().site()));
    if (there > here) {
      const auto newer = TRY(feed.read(organisations, claimed->cursor, kEventsInTurn));
      return tell(*std::move(claimed), newer);
    }
    claimed->cursor = before.cursor;
    return tell(*std::move(claimed), *page);
  }
  if (page.error().reason() != "exchange.cursor_expired") return page.error();
  Subscription after = before;
  after.paused = true;
  after.why = page.error().reason();
  TRY(subscriptions_.settle(after, {}));
  return Turn{std::move(after), false};
}

base::Result<Deliverer::Turn> Deliverer::tell(Subscription subscription, const feed::Page& page) {
  Exchange& exchange = subscriptions_.feed().exchange();
  const auto secrets = TRY(subscriptions_.secrets_of(subscription.key));
  const std::int64_t start = base::monotonic_micros();
  std::vector<Attempt> attempts;
  bool cut = false;
  for (const auto& event : page.events) {
    if (wants(subscription, *event)) {
      if (!attempts.empty() && base::monotonic_micros() - start > kTurnMicros) {
        cut = true;
        break;
      }
      Attempt attempt{feed::event_id(exchange.site(), event->at),
                      std::string(event->type),
                      exchange.clock().now(),
                      {}};
      const Message message{attempt.event, to_json(exchange.site(), *event).dump(), attempt.at,
                            secrets};
      attempt.outcome = send(subscription.url, message, subscriptions_.rules());
      attempts.push_back(attempt);
      if (!attempt.outcome.ok()) {
        fail(subscription, attempt.outcome);
        cut = true;
        break;
      }
      told_.add();
      subscription.failures = 0;
      subscription.failing_since.reset();
    }
    subscription.cursor = event->at.text(exchange.site());
  }
  if (!cut) subscription.cursor = page.next;
  if (subscription.failures == 0) subscription.next_at = exchange.clock().now();
  TRY(subscriptions_.settle(subscription, attempts));
  return Turn{std::move(subscription), cut || page.more};
}

void Deliverer::fail(Subscription& subscription, const Outcome& outcome) {
  const base::Time now = subscriptions_.feed().exchange().clock().now();
  failed_.add();
  ++subscription.failures;
  if (!subscription.failing_since) subscription.failing_since = now;
  subscription.next_at = now + delay_after(subscription.failures, random_.number());
  if (outcome.status == kGone) {
    subscription.why = "exchange.webhook_gone";
  } else if (now - *subscription.failing_since >= options_.give_up_after) {
    subscription.why = "exchange.webhook_given_up";
  } else {
    return;
  }
  subscription.paused = true;
  base::log::warning("webhooks.paused", {{"webhook", subscription.id},
                                         {"reason", subscription.why},
                                         {"status", std::int64_t{outcome.status}},
                                         {"error", outcome.error}});
}

}  // namespace exchange::webhooks
