// At most so many of something at the same time, where nobody is to wait for a turn.
#pragma once
#include <atomic>
#include <optional>
#include <utility>

namespace base {

// Any thread.
class Slots {
 public:
  explicit Slots(int most) : free_(most) {}
  Slots(const Slots&) = delete;
  Slots& operator=(const Slots&) = delete;

  // Given back when it goes; the slots outlive it.
  class Held {
   public:
    explicit Held(std::atomic<int>& free) : free_(&free) {}
    Held(Held&& other) noexcept : free_(std::exchange(other.free_, nullptr)) {}
    Held& operator=(Held&&) = delete;
    ~Held() {
      if (free_ != nullptr) ++*free_;
    }

   private:
    std::atomic<int>* free_;
  };
  // Nothing when all are taken.
  std::optional<Held> take() {
    for (int free = free_.load(); free > 0;) {
      if (free_.compare_exchange_weak(free, free - 1)) return Held(free_);
    }
    return std::nullopt;
  }

 private:
  std::atomic<int> free_;
};

}  // namespace base
