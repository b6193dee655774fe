// Passwords as they are kept: argon2id. libsodium stays behind password_hash.cc.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace identity {

struct PasswordCost {
  std::uint64_t passes = 3;
  std::uint64_t memory_bytes = std::uint64_t{48} << 20;  // about 100 ms on a core of 2020
  std::size_t at_once = 2;   // hashes at the same time: bounds the memory
  std::size_t waiting = 32;  // callers that may wait for their turn
};

// Any thread. Each call takes about 100 ms of one core and PasswordCost::memory_bytes.
class PasswordHasher {
 public:
  // With a `pepper` (any length; empty: none) a stolen database alone does not let anyone guess;
  // without the same pepper no password is right any more.
  PasswordHasher(PasswordCost cost, base::Bytes pepper);
  // The text to keep ("$argon2id$…"). identity.sign_in_busy (unavailable) when too many wait or
  // there is no memory.
  base::Result<std::string> hash(std::string_view password);
  // Whether `password` is the one of `kept`. With an empty `kept` (nobody has that login) the same
  // work is done and the answer is no, so that the time tells nothing. identity.sign_in_busy.
  base::Result<bool> matches(std::string_view password, const std::string& kept);
  // Whether `kept` was made at another cost than today's.
  bool outdated(const std::string& kept) const;

 private:
  class Turn;
  base::Result<void> enter();
  void leave();
  std::string peppered(std::string_view password) const;

  const PasswordCost cost_;
  const base::Bytes pepper_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t running_ = 0, waiting_ = 0;
  std::string dummy_;  // of a random password; made at the first need
};

}  // namespace identity
