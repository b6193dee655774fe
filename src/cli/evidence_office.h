// What a serving site needs to give evidences: the book that they are written into, the key and the
// timestamps that seal them, and the log that publishes them.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/config.h"
#include "base/random.h"
#include "base/time.h"
#include "cli/signing_keys.h"
#include "http/router.h"
#include "store/database.h"
#include "trust/evidence/book.h"
#include "trust/evidence/sealer.h"
#include "trust/log/log.h"
#include "trust/timestamp.h"

namespace cli {

// By the setting evidence.timestamps; null when it names none.
std::unique_ptr<trust::TimestampClient> timestamps_of(const base::Config& config,
                                                      const base::Clock& clock);

class EvidenceOffice {
 public:
  // By the settings evidence.*; makes the log and its key on the first call. What it is given
  // outlives it.
  static base::Result<std::unique_ptr<EvidenceOffice>> open(const std::string& directory,
                                                            const base::Config& config,
                                                            store::Database& database,
                                                            const base::Clock& clock,
                                                            base::Random& random);
  trust::evidence::EvidenceBook& book() { return *book_; }
  trust::evidence::Sealer& sealer() { return *sealer_; }
  EvidenceKeys& keys() { return *keys_; }
  // Lets another key sign from now on when it is its time: to be called twice a second, by one
  // thread. After an error the key is the one before.
  base::Result<void> refresh();
  // The log's files below /log/, for everybody. Borrow this.
  std::vector<http::Route> routes();

 private:
  EvidenceOffice() = default;
  std::string name_;
  std::unique_ptr<EvidenceKeys> keys_;
  std::unique_ptr<trust::TimestampClient> timestamps_;
  std::unique_ptr<trust::log::NoteSigner> log_signer_;
  std::unique_ptr<trust::log::Log> log_;
  std::unique_ptr<trust::log::LogSource> log_source_;
  std::unique_ptr<trust::evidence::EvidenceBook> book_;
  std::unique_ptr<trust::evidence::Sealer> sealer_;  // last: its thread uses all of the above
};

}  // namespace cli
