// Gathers waiting evidences into batches, and has each signed, stamped and logged: behind the
// exchange, again and again until it is done. docs/formats/evidence.md.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/database.h"
#include "trust/evidence/batch.h"
#include "trust/evidence/book.h"
#include "trust/evidence/standing.h"
#include "trust/log/log.h"
#include "trust/timestamp.h"

namespace trust::evidence {

struct SealerOptions {
  base::Duration interval = std::chrono::milliseconds(500);
  std::size_t batch_max = 4096;  // evidences; at most log::kGroupEntriesMax
  std::size_t round_max = 32;    // batches that one round takes up, of each part
  int stamp_ms = 3000;
  base::Duration degraded_after = std::chrono::minutes(10);
};

class Sealer {
 public:
  struct Parts {
    store::Database& database;
    EvidenceBook& book;
    EvidenceSigner& signer;       // its certificate may change while the sealer runs
    TimestampClient* timestamps;  // null: this site has no authority, and none is waited for
    log::Log* log;                // null: this site has no log
    std::string exchange;         // its name in notes
    const base::Clock& clock;
    SealerOptions options = {};
    // Called with the name of a part ("signature", "log", "timestamp") whose attempt failed.
    std::function<void(std::string_view part)> failed = nullptr;
    // Degradations that others see, declared with its own.
    std::function<std::vector<std::string>()> degraded = nullptr;
  };
  explicit Sealer(Parts parts) : parts_(std::move(parts)) {}
  ~Sealer() { stop(); }

  struct Round {
    std::int64_t made = 0, evidences = 0;              // batches, and what is in them
    std::int64_t sealed = 0, logged = 0, stamped = 0;  // batches
    std::vector<base::Error> failures;                 // the first of each part that was absent
  };
  // One round: makes batches of what waits and does what can be done for those unfinished. An error
  // only when the database cannot be used. One caller at a time; not while the thread runs.
  base::Result<Round> step();

  // A thread that does so every `interval`.
  void start();
  void stop();

  struct Health : Standing {
    std::vector<std::string> degradations;
  };
  base::Result<Health> health();

 private:
  struct Batch {
    std::int64_t number = 0, first = 0, last = 0;
    std::string note;
    std::uint64_t log_from = 0;
    base::Bytes signature;
  };
  base::Result<void> make_batches(Round& round);
  base::Result<void> sign(Round& round);
  base::Result<void> enter(Round& round);
  base::Result<void> stamp(Round& round);
  base::Result<std::vector<Batch>> batches(const store::Query& query, std::int64_t after = 0);
  // The certificate that a batch's evidences name: the same in all of them.
  base::Result<base::Bytes> certificate_of(const Batch& batch);
  base::Result<std::uint64_t> append(const Batch& batch, std::uint64_t logged_to);
  // What became of the attempt of a part; false when it failed and the rest need not be tried.
  bool succeeded(std::string_view part, const base::Result<void>& done, Round& round);
  // The same for a key that was changed since: its absence is no degradation of what follows.
  bool earlier(const base::Bytes& certificate, const base::Result<void>& done, Round& round);
  base::Result<void> declare();

  const Parts parts_;
  std::map<std::string, base::Time, std::less<>> absent_since_;  // by part
  std::set<base::Bytes> absent_earlier_;                         // certificates, each logged once
  std::mutex mutex_;
  std::condition_variable stopping_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace trust::evidence
