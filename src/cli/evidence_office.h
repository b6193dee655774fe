// What a serving site needs to give evidences: the book that they are written into, the key and the
// timestamps that seal them, and the log that publishes them.
#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/config.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/time.h"
#include "cli/signing_keys.h"
#include "http/router.h"
#include "store/database.h"
#include "trust/evidence/book.h"
#include "trust/evidence/sealer.h"
#include "trust/log/log.h"
#include "trust/log/witness_schedule.h"
#include "trust/timestamp.h"

namespace cli {

// By the setting evidence.timestamps; null when it names none.
std::unique_ptr<trust::TimestampClient> timestamps_of(const base::Config& config,
                                                      const base::Clock& clock);

// The key in DIR/log.key, which signs the log's heads; not_found where the site has no log yet.
base::Result<std::unique_ptr<trust::log::NoteSigner>> read_log_key(const std::string& directory);

class EvidenceOffice {
 public:
  // By the settings evidence.*; makes the log and its key on the first call. What it is given
  // outlives it.
  static base::Result<std::unique_ptr<EvidenceOffice>> open(
      const std::string& directory, const base::Config& config, store::Database& database,
      const base::Clock& clock, base::Random& random, base::Metrics& metrics);
  ~EvidenceOffice();
  EvidenceOffice(const EvidenceOffice&) = delete;
  EvidenceOffice& operator=(const EvidenceOffice&) = delete;
  trust::evidence::EvidenceBook& book() { return *book_; }
  // Seals from now on, once every witness was asked: one that knows a newer log keeps this one from
  // growing.
  void start();
  // What is not as it should be, with what to do; documents are accepted nevertheless. Looks at the
  // database at most once a second; any thread.
  std::vector<base::Text> degradations();
  EvidenceKeys& keys() { return *keys_; }
  // Lets another key sign from now on when it is its time: to be called twice a second, by one
  // thread. After an error the key is the one before.
  base::Result<void> refresh();
  // The log's files below /log/, for everybody. Borrow this.
  std::vector<http::Route> routes();

 private:
  EvidenceOffice(store::Database& database, const base::Clock& clock)
      : database_(database), clock_(clock) {}
  base::Result<void> open_log(const std::string& directory, const std::string& name,
                              base::Random& random);
  base::Result<void> add_witnesses(const base::Config& config);
  void add_metrics(base::Metrics& metrics);
  trust::evidence::Sealer::Health health();

  store::Database& database_;
  const base::Clock& clock_;
  bool restored_ = false;  // the log is held since it came from a backup
  std::mutex mutex_;
  std::int64_t looked_at_ = 0;              // guarded by mutex_
  trust::evidence::Sealer::Health health_;  // guarded by mutex_
  std::string name_;
  std::unique_ptr<EvidenceKeys> keys_;
  std::unique_ptr<trust::TimestampClient> timestamps_;
  std::unique_ptr<trust::log::NoteSigner> log_signer_;
  std::unique_ptr<trust::log::Log> log_;
  std::unique_ptr<trust::log::LogSource> log_source_;
  std::unique_ptr<trust::evidence::EvidenceBook> book_;
  // Their threads use all of the above and each other; the destructor ends them.
  std::unique_ptr<trust::evidence::Sealer> sealer_;
  std::unique_ptr<trust::log::WitnessSchedule> witnesses_;
};

}  // namespace cli
