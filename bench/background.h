// Many connections that send normal documents: at a rate, or each with a request always
// outstanding. The first part of the stock is made before the clock starts, the rest as needed.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "load.h"
#include "plan.h"

namespace bench {

class Background {
 public:
  struct Options {
    double rate = 0;  // documents per second together; 0 = as fast as answers come
    std::size_t connections = 64;
    load::Clock::time_point start;
    double seconds = 10;
  };
  Background(Stock* stock, std::size_t made_before);
  ~Background();
  void join(load::Loop* loop, const Options& options);

  load::Latencies answered;
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  std::uint64_t broken = 0;

 private:
  class Line;
  load::Request take();

  Stock* stock_;
  Options options_;
  std::deque<load::Request> ready_;
  std::vector<std::unique_ptr<Line>> lines_;
  std::uint64_t taken_ = 0;
};

}  // namespace bench
