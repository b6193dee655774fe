// Randomness comes in as a parameter, so that the simulation can replay it from a seed.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace base {

class Random {
 public:
  virtual ~Random() = default;
  // `size` random bytes. Any thread.
  virtual Bytes bytes(std::size_t size) = 0;
  std::uint64_t number();
};

// The kernel's cryptographic generator.
class SystemRandom : public Random {
 public:
  Bytes bytes(std::size_t size) override;
};

// Reproducible from its seed (splitmix64); for tests and the simulation only, never for secrets.
// One thread.
class SeededRandom : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  Bytes bytes(std::size_t size) override;
  std::uint64_t next();
  // Evenly in [0, bound).
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  bool chance(double probability);

 private:
  std::uint64_t state_;
};

}  // namespace base
