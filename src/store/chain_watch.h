// Walks the journal's chain from its first entry to its last, a piece at a time, and again every
// day: so that whoever reads the journal can be told when it was last found whole, and up to which
// entry, without waiting for it.
#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "base/time.h"
#include "store/database.h"
#include "store/journal.h"

namespace store::journal {

class ChainWatch {
 public:
  // Both outlive this. Nothing is known before step() was called.
  ChainWatch(Database& database, const base::Clock& clock) : database_(database), clock_(clock) {}

  enum class State : unsigned char {
    checking,  // the first walk since the start of this process is under way
    intact,
    broken,  // for good: nothing goes on from here before the operator has looked
  };
  struct Verdict {
    State state = State::checking;
    std::int64_t until = 0;        // every entry up to here fits
    std::optional<base::Time> at;  // when the end was last reached, or the break was found
    base::Bytes head;              // hash of that entry
    std::optional<std::int64_t> broken_at;
    base::Text why;  // of a break
  };
  // Any thread.
  Verdict verdict() const;

  // Looks at the next entries, at most kPiece of them, in one short read. Gives their number; 0:
  // all that is there was looked at. One thread. store.*: nothing is known better than before.
  base::Result<std::int64_t> step();
  static constexpr std::int64_t kPiece = 5000;

 private:
  void found_broken(std::int64_t seq, base::Text why);
  Database& database_;
  const base::Clock& clock_;
  std::int64_t position_ = 0;  // of this walk
  base::Bytes head_;
  std::optional<base::Time> began_;
  mutable std::mutex mutex_;
  Verdict verdict_;
};

std::string_view name_of(ChainWatch::State state);

}  // namespace store::journal
