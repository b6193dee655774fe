// A whole exchange and its agencies under faults, on one thread, decided by a seed.
#pragma once
#include <cstdint>
#include <string>

#include "simulation/record.h"
#include "simulation/server.h"

namespace simulation {

struct Settings {
  int steps = 300;
  bool trace = false;
  Break broken = Break::none;
};

struct Outcome {
  std::string violation;  // empty: every promise was kept
  int step = 0;           // at which it was broken
  std::string digest;     // SHA-256 of the trace
  Counts counts;
};

// The same seed and settings give the same outcome.
Outcome simulate(std::uint64_t seed, const Settings& settings);

}  // namespace simulation
