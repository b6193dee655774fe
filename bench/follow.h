// Follows single documents from before they are sent until the recipient system sees them in its
// list. Every followed document goes to an organisation of the probe system that has no other
// document under way, so the list's `to` tells which document an item is.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "load.h"
#include "plan.h"

namespace bench {

class Follow {
 public:
  struct Options {
    double rate = 50;  // documents per second
    int priority = 0;
    load::Clock::time_point start;
    double seconds = 10;
    std::chrono::microseconds poll_pause{1000};
    std::size_t senders = 4;  // connections that send
  };
  Follow(const Plan* plan, Stock* stock, Options options);
  ~Follow();
  // Adds its connections to the loop: senders, one that lists and some that acknowledge.
  void join(load::Loop* loop);

  load::Latencies seen;      // from when it was due to when it stood in the recipient's list
  load::Latencies answered;  // … to the answer of sendEdoc
  std::uint64_t sent = 0;
  std::uint64_t refused = 0;  // answers that asked to come again
  // Documents sent later than due because every probe organisation still had one under way: then
  // the figures speak of the probe and not of the server, and must be 0.
  std::uint64_t held_back = 0;
  std::uint64_t polls = 0;
  std::uint64_t missing() const { return sent - seen.count(); }

 private:
  class Send;
  class List;
  class Acknowledge;
  enum class Stage { free, sending, listed };
  struct Organisation {
    Stage stage = Stage::free;
    load::Clock::time_point due;
  };

  void take_list(const load::Answer& answer);
  bool over(load::Clock::time_point now) const;

  const Plan* plan_;
  Stock* stock_;
  Options options_;
  std::vector<Organisation> organisations_;
  std::vector<std::unique_ptr<load::Sender>> lines_;
  std::deque<std::pair<std::size_t, std::string>> to_acknowledge_;
  std::set<std::string> known_;
  std::uint64_t made_ = 0;
};

}  // namespace bench
