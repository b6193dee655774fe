// What a site depends on that ends some day: certificates, and when.
#pragma once
#include <mutex>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "cli/site.h"

namespace cli {

struct Expiry {
  std::string use;  // "evidence", "evidence_next", "tls", "anchor", "timestamp"
  std::string
      name;  // of the key, the file, the anchor; the subject's name of a timestamp authority
  std::string subject;
  base::Time at;
};

// Whole days until then, rounded down; negative when past.
std::int64_t days_left(base::Time until, base::Time now);

struct Expiries {
  std::vector<Expiry> all;
  std::vector<base::Error> troubles;  // what could not be read
};
// Reads keys, files and records. Of a site that does not serve it opens the key that evidence.key
// names, unless that is one of the site's.
Expiries expiries(Site& site);

// For a metric: looked at once a minute. Any thread.
class ExpiryWatch {
 public:
  explicit ExpiryWatch(Site& site) : site_(site) {}
  std::vector<base::Metrics::Reading> readings();

 private:
  Site& site_;
  std::mutex mutex_;
  std::int64_t looked_at_ = 0;
  std::vector<Expiry> last_;
};

}  // namespace cli
