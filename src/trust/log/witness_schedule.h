// When a log's witnesses are asked, and what is known of each: so that one that is away is asked
// again, less and less often, delays nobody, and is said to be away.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "trust/log/witness.h"

namespace trust::log {

struct WitnessAddress {
  NoteVerifier key;
  std::string url;
};
// "KEY URL, KEY URL": trust.witness_setting_malformed, trust.note_key_malformed (invalid).
base::Result<std::vector<WitnessAddress>> parse_witnesses(std::string_view text);

class WitnessSchedule {
 public:
  struct Options {
    base::Duration interval = std::chrono::seconds(60);
    base::Duration back_off_max = std::chrono::hours(1);
    base::Duration away_after = std::chrono::minutes(10);
  };
  // What is given outlives it.
  WitnessSchedule(Log& log, const base::Clock& clock, Options options);
  ~WitnessSchedule() { stop(); }
  void add(NoteVerifier key, std::unique_ptr<WitnessTransport> transport);  // before the first step

  // Asks those whose time has come and who have not cosigned the newest head. After a failure a
  // witness is left alone for the interval, then twice as long, up to back_off_max. When one says
  // that it knows another history, the log is held (Log::hold). One caller; not while it runs.
  std::vector<Witnesses::Outcome> step();
  // A thread that does so every second; `first` is called when every witness was asked once.
  void start(std::function<void()> first = nullptr);
  void stop();

  struct Standing {
    std::string witness;
    std::optional<base::Time> cosigned_at;  // since this object was made, as the rest
    std::optional<base::Time> away_since;
    std::int64_t failures = 0;  // in all
    std::string reason;         // of the last failure; empty when it answered
  };
  std::vector<Standing> standings() const;  // any thread
  // Names of those that have not answered for away_after.
  std::vector<std::string> away() const;

 private:
  struct Turn {
    base::Time next;
    int in_a_row = 0;  // failures
  };
  void note(const Witnesses::Outcome& outcome, base::Time now);

  Log& log_;
  const base::Clock& clock_;
  const Options options_;
  Witnesses witnesses_;
  std::vector<Turn> turns_;
  mutable std::mutex mutex_;
  std::vector<Standing> standings_;  // guarded by mutex_, as is stop_
  bool stop_ = false;
  std::condition_variable stopping_;
  std::thread thread_;
};

}  // namespace trust::log
