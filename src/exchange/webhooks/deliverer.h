// Tells webhooks of events: at least once, in order for each, and none waits for another.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/metrics.h"
#include "exchange/webhooks/subscriptions.h"

namespace exchange::webhooks {

// What happens after an attempt that failed, as a pure function: when the next one is due after
// `failures` of them in a row. `random` is any number: it spreads the targets by a fifth to either
// side.
base::Duration delay_after(std::int64_t failures, std::uint64_t random);

class Deliverer {
 public:
  struct Options {
    // Attempts at the same time. Targets that failed last get half of them at most, so that those
    // that hang never take all.
    std::size_t attempts_max = 32;
    base::Duration give_up_after = std::chrono::hours(72);  // then it is paused
    int rest_ms = 100;     // between two looks when nobody was woken
    int reload_ms = 1000;  // between two looks for changes of subscriptions
  };
  // Starts; what it is given outlives it.
  Deliverer(Subscriptions& subscriptions, base::Random& random, base::Metrics& metrics,
            Options options);
  // Lets the attempts under way end, which takes their deadline at most. What was told and could
  // not be noted any more is told again.
  ~Deliverer();
  Deliverer(const Deliverer&) = delete;
  Deliverer& operator=(const Deliverer&) = delete;

 private:
  struct Target {
    Subscription subscription;
    std::vector<OrganisationKey> organisations;
    std::unique_ptr<feed::Hub::Listener> listener;
    bool ready = true;  // there may be events
    bool busy = false;  // a worker has it
  };
  void dispatch();
  void work();
  base::Result<void> reload();
  void listen(const std::shared_ptr<Target>& target);
  std::vector<OrganisationKey> organisations_of(const Owner& owner) const;
  void choose_locked(base::Time now);
  // One turn of a target: events until one fails, or a page. Gives it as it is afterwards, and
  // whether there may be more.
  struct Turn {
    Subscription after;
    bool more = false;
  };
  base::Result<Turn> turn(const Subscription& before,
                          const std::vector<OrganisationKey>& organisations);
  base::Result<Turn> tell(Subscription subscription, const feed::Page& page);
  void fail(Subscription& subscription, const Outcome& outcome);

  Subscriptions& subscriptions_;
  base::Random& random_;
  const Options options_;
  base::Counter& told_;
  base::Counter& failed_;
  std::mutex mutex_;
  std::condition_variable woken_, chosen_ready_;  // of the dispatcher, of the workers
  bool stopping_ = false;
  std::map<std::int64_t, std::shared_ptr<Target>> targets_;
  std::deque<std::shared_ptr<Target>> chosen_;
  std::size_t failing_busy_ = 0;
  std::int64_t version_ = -1, directory_version_ = -1;
  std::vector<std::thread> threads_;
};

}  // namespace exchange::webhooks
