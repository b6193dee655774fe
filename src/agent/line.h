// Whether it is worth asking the server now: after a failure that has nothing to do with what was
// asked, everybody waits, longer each time.
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "agent/api.h"
#include "base/log.h"
#include "base/result.h"
#include "base/time.h"

namespace agent {

inline constexpr std::int64_t kFirstWaitMicros = 1'000'000, kLongestWaitMicros = 60'000'000;
inline constexpr std::int64_t kLongestOwnWaitMicros = 300'000'000;

// When one thing is tried again that failed by itself, while others go on: later each time.
class Later {
 public:
  bool due() const { return base::monotonic_micros() >= next_; }
  std::int64_t next() const { return next_; }  // base::monotonic_micros()
  void failed() {
    wait_ = std::clamp(wait_ * 2, kFirstWaitMicros, kLongestOwnWaitMicros);
    next_ = base::monotonic_micros() + wait_;
  }

 private:
  std::int64_t wait_ = 0, next_ = 0;
};

// One thread. Sending and receiving have one each: what keeps the one waiting need not concern the
// other.
class Line {
 public:
  // `way`: "send" or "receive", for the log.
  explicit Line(const char* way) : way_(way) {}
  bool open() const { return base::monotonic_micros() >= next_; }
  // When it is tried again, base::monotonic_micros().
  std::int64_t next() const { return next_; }
  const std::optional<base::Error>& trouble() const { return trouble_; }

  void failed(const base::Error& error, int retry_s = 0) {
    if (error.reason() != "agent.stopping" && (!trouble_ || trouble_->reason() != error.reason()))
      tell(error);
    trouble_ = error;
    wait_ = std::clamp(wait_ * 2, kFirstWaitMicros, kLongestWaitMicros);
    next_ = base::monotonic_micros() + std::max(wait_, std::int64_t{retry_s} * 1'000'000);
  }
  void works() {
    if (trouble_) base::log::info("agent.goes_on", {{"way", way_}});
    trouble_.reset();
    wait_ = next_ = 0;
  }
  // The server works; one thing did not go through. In the log once in a row for each reason.
  void passed_over(const base::Error& error) {
    works();
    const std::string now = std::string(error.reason()) + error.detail();
    if (now != told_) tell(error);
    told_ = now;
  }

 private:
  void tell(const base::Error& error) const {
    base::log::warning("agent.waiting",
                       {{"way", way_}, {"reason", error.reason()}, {"detail", error.detail()}});
  }

  const char* const way_;
  std::string told_;
  std::int64_t wait_ = 0, next_ = 0;
  std::optional<base::Error> trouble_;
};

// An answer that is neither good nor final, as an error: agent.server_waits, or
// agent.not_signed_in for one about the credential.
base::Error trouble_of(const Answer& answer);
// What happened to a call, noted in `line`: whether the server has worked on it. Then `answer`
// holds one that is good or final. After Answer::own() the line stays open.
bool reached(Line& line, const base::Result<Answer>& answer);

}  // namespace agent
