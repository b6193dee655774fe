// Remembers between judgements what cannot change: certificates that were read, paths from a
// certificate to an anchor whose signatures hold, and what revocation answers say. Whether a path
// or an answer is good at a certain time is asked anew each time.
#pragma once
#include <cstddef>
#include <memory>

namespace trust {

// Any thread. Holds at most `entries_max` of each kind, and forgets the longest unused ones first,
// roughly; a stranger can only make it forget.
class ChainCache {
 public:
  explicit ChainCache(std::size_t entries_max = 2048);
  ~ChainCache();
  ChainCache(const ChainCache&) = delete;
  ChainCache& operator=(const ChainCache&) = delete;

  struct Impl;  // remembered.h
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace trust
