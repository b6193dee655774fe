// What a serving process does behind its requests: housekeeping, judging what the budget cut off,
// counting what is late and the figures, telling events, and the clocks of evidences. Each on a
// thread of its own, so that none waits for another.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string_view>
#include <thread>
#include <vector>

#include "cli/platform.h"
#include "cli/site.h"
#include "exchange/expiry.h"
#include "exchange/searching.h"
#include "exchange/webhooks/deliverer.h"
#include "store/chain_watch.h"

namespace cli {

// By the settings evidence.fetch_by and answer_by; exchange.bad_deadline.
base::Result<exchange::Deadlines> deadlines_of(const base::Config& config);

// How documents of a site are read for the index.
exchange::SearchOptions search_options(const Site& site);

class Background {
 public:
  // What is kept up for operators who look.
  struct Kept {
    ServedPlatform& platform;
    store::journal::ChainWatch& chain;
  };
  // Starts; what it is given outlives it.
  Background(Site& site, exchange::Exchange& exchange, exchange::Deadlines deadlines, Kept kept);
  ~Background() { stop(); }
  void stop();

 private:
  void refresh(const std::stop_token& stop);
  void judge(const std::stop_token& stop);
  void expire(const std::stop_token& stop);
  void follow(const std::stop_token& stop);
  void index(const std::stop_token& stop);
  void count_late(const std::stop_token& stop);
  void walk_chain(const std::stop_token& stop);
  void count_figures(const std::stop_token& stop);
  void sweep_uploads();

  Site& site_;
  exchange::Exchange& exchange_;
  const Kept kept_;
  const exchange::Deadlines deadlines_;
  base::Counter& expired_;
  base::Counter& uploads_swept_;
  std::atomic<std::int64_t> overdue_ = 0;
  std::unique_ptr<exchange::webhooks::Deliverer> deliverer_;
  std::atomic<std::int64_t> to_index_ = 0;
  std::vector<std::jthread> threads_;
};

}  // namespace cli
