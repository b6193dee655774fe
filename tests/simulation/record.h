// What happened in one seed: a trace that is the same whenever the seed is, how often each thing
// happened, and the first promise that was broken.
#pragma once
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>

#include "base/hash.h"

namespace simulation {

using Counts = std::map<std::string, std::uint64_t, std::less<>>;

class Record {
 public:
  explicit Record(bool print) : print_(print) {}

  void line(std::string_view text) {
    sum_.update(text);
    sum_.update("\n");
    if (print_) std::printf("%.*s\n", static_cast<int>(text.size()), text.data());
  }
  void count(std::string_view what, std::uint64_t times = 1) {
    const auto found = counts_.find(what);
    if (found == counts_.end()) {
      counts_.emplace(what, times);
    } else {
      found->second += times;
    }
  }
  // Only the first is kept: what follows it may be its consequence.
  void violate(std::string what) {
    if (!violation_.empty()) return;
    line("VIOLATED " + what);
    violation_ = std::move(what);
  }
  bool violated() const { return !violation_.empty(); }
  const std::string& violation() const { return violation_; }
  const Counts& counts() const { return counts_; }
  std::string digest() { return base::hex(sum_.finish()); }

 private:
  const bool print_;
  base::Sha256 sum_;
  Counts counts_;
  std::string violation_;
};

}  // namespace simulation
