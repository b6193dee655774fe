// A flag that one thread waits for and another sets once. std::atomic::wait yields the processor in a
// loop before it sleeps; with a worker per waiting request that costs more than the wake-up itself.
#pragma once
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

namespace store {

class Signal {
 public:
  void wait() {
    while (value_.load(std::memory_order_acquire) == 0) {
      ::syscall(SYS_futex, &value_, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0);
    }
  }
  // The waiter may destroy the signal as soon as it is set: waking uses only its address, where a
  // wake-up that finds nobody does nothing.
  void set() {
    std::atomic<std::uint32_t>* const address = &value_;
    address->store(1, std::memory_order_release);
    ::syscall(SYS_futex, address, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
  }

 private:
  std::atomic<std::uint32_t> value_{0};
};

}  // namespace store
