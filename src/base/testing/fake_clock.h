// A clock that stands still until it is told to move. Any thread.
#pragma once
#include <atomic>

#include "base/time.h"

namespace base::testing {

class FakeClock : public Clock {
 public:
  explicit FakeClock(Time start = from_micros(1'795'000'000'000'000)) : micros_(to_micros(start)) {}
  Time now() const override { return from_micros(micros_.load()); }
  void advance(Duration by) { micros_ += by.count(); }
  void set(Time time) { micros_ = to_micros(time); }

 private:
  std::atomic<std::int64_t> micros_;
};

}  // namespace base::testing
