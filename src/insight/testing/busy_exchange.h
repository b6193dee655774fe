// An exchange on which much has happened: documents that went some way, by chance, from a seed.
#pragma once
#include <string>
#include <vector>

#include "base/random.h"
#include "exchange/testing/test_exchange.h"

namespace insight::testing {

// Noon of 16 November 2026, a Monday, in Viet Nam.
base::Time monday();

class Busy {
 public:
  explicit Busy(exchange::testing::TestExchange& site, std::uint64_t seed)
      : site_(site), random_(seed) {}
  // Sends documents and has recipients fetch, acknowledge, refuse, report and give back, while the
  // clock goes on by up to six hours at a time.
  void work(int steps);

 private:
  struct Sent {
    exchange::testing::Letter letter;
    std::string id;
    bool recalled = false;
  };
  void send();
  void act();
  exchange::testing::TestExchange& site_;
  base::SeededRandom random_;
  std::vector<Sent> sent_;
};

}  // namespace insight::testing
