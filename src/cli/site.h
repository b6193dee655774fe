// A site: the directory that holds one exchange, and everything built from it, in reading order.
// The only place that sees all parts.
//
//   DIR/truc.toml    configuration      DIR/secret.key   opens the systems' secrets (keep it apart
//   DIR/truc.db      records            DIR/blobs/       from backups)
//   DIR/search.db    what documents are found by; made anew when it is not there
//   DIR/log/         the transparency log, as it is served    DIR/log.key    signs its heads
//   DIR/keys/        keys and certificates: docs/formats/keys.md
//   DIR/anchors/     authorities that signatures are judged by: NAME.pem, or NAME.demonstration.pem
//                    for one that every report must call a demonstration's
#pragma once
#include <memory>
#include <string>

#include "base/config.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/time.h"
#include "cli/evidence_office.h"
#include "exchange/exchange.h"
#include "exchange/feed/feed.h"
#include "exchange/uploads/uploads.h"
#include "exchange/webhooks/subscriptions.h"
#include "identity/calendar_book.h"
#include "identity/identity.h"
#include "insight/rollup.h"
#include "search/index.h"
#include "store/blobs.h"
#include "store/database.h"

namespace cli {

// Every setting of truc.toml.
const std::vector<base::Setting>& settings();

inline std::string config_path(const std::string& directory) { return directory + "/truc.toml"; }
inline std::string key_path(const std::string& directory) { return directory + "/secret.key"; }
inline std::string database_path(const std::string& directory) { return directory + "/truc.db"; }
inline std::string anchors_path(const std::string& directory) { return directory + "/anchors"; }
inline std::string keys_path(const std::string& directory) { return directory + "/keys"; }
inline std::string log_path(const std::string& directory) { return directory + "/log"; }
inline std::string log_key_path(const std::string& directory) { return directory + "/log.key"; }
// There while nobody has said whether a log from a backup is the newest.
inline std::string log_restored_path(const std::string& directory) {
  return directory + "/log.restored";
}
inline std::string search_path(const std::string& directory) { return directory + "/search.db"; }
inline std::string blobs_path(const std::string& directory) { return directory + "/blobs"; }
inline std::string uploads_path(const std::string& directory) {
  return blobs_path(directory) + "/upload";
}

// Creates the directory with its files; cli.site_exists when there is one.
base::Result<void> create_site(const std::string& directory);
// cli.no_site when `directory` is not a site; says how to make one.
base::Result<base::Config> load_config(const std::string& directory);

// secret.key: 32 bytes. cli.bad_key, and the errors of reading.
base::Result<base::Bytes> read_site_key(const std::string& directory);

// The authorities in a directory as above; none when it is not there.
base::Result<trust::Anchors> load_anchors(const std::string& directory);

// Who is asked about certificates, by the settings trust.fetch_*: a demonstration's authority among
// `anchors` answers on this machine. Null when nobody is.
std::unique_ptr<trust::RevocationSource> revocation_of(const base::Config& config,
                                                       const trust::Anchors& anchors);

class Site {
 public:
  // Opens records and bytes. `server`: with the group-commit writer and for long; otherwise for one
  // command, which may run beside a serving process.
  static base::Result<std::unique_ptr<Site>> open(const std::string& directory, bool server);

  const std::string directory;
  base::Config config;
  base::SystemClock clock;
  base::SystemRandom random;
  base::Metrics metrics;
  std::unique_ptr<store::Blobs> blobs;
  std::unique_ptr<store::Database> database;

  // Migrates, and builds the exchange on first use.
  base::Result<exchange::Exchange*> exchange();
  // People and how systems sign in; builds the exchange on first use.
  base::Result<identity::Identity*> identity();
  // Opens the search index on first use: beside the records, never in their way.
  base::Result<search::Index*> search();
  // The figures; migrates on first use and builds the exchange. Only a serving process follows.
  base::Result<insight::Rollup*> insight();
  // Null until exchange() was called, and when trust.judge is off.
  exchange::Judging* judging() { return judging_.get(); }
  // Null until exchange() was called.
  identity::CalendarBook* calendar() { return calendar_.get(); }
  // Null until exchange() was called. Only a serving process follows the journal.
  exchange::feed::Feed* feed() { return feed_.get(); }
  // Null until exchange() was called. Only a serving process delivers.
  exchange::webhooks::Subscriptions* webhooks() { return webhooks_.get(); }
  // Opens what is being uploaded on first use; builds the exchange. For a serving process alone.
  base::Result<exchange::uploads::Uploads*> uploads();
  // Null until exchange() was called, in commands that do not serve, and without evidence.key.
  EvidenceOffice* evidence() { return evidence_.get(); }

 private:
  Site(std::string where, base::Config settings_read, bool server)
      : directory(std::move(where)), config(std::move(settings_read)), server_(server) {}
  const bool server_;
  std::unique_ptr<store::Database> search_database_;
  std::unique_ptr<search::Index> search_;
  base::Result<std::unique_ptr<exchange::Judging>> make_judging();
  std::unique_ptr<identity::CalendarBook> calendar_;
  std::unique_ptr<EvidenceOffice> evidence_;
  std::unique_ptr<exchange::Judging> judging_;
  std::unique_ptr<exchange::Exchange> exchange_;
  std::unique_ptr<exchange::feed::Feed> feed_;
  std::unique_ptr<identity::Identity> identity_;
  std::unique_ptr<exchange::webhooks::Subscriptions> webhooks_;
  std::unique_ptr<exchange::uploads::Uploads> uploads_;
  std::unique_ptr<insight::Rollup> insight_;
};

}  // namespace cli
