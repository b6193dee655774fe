// What a site depends on that ends some day: certificates, and when.
#pragma once
#include <mutex>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "cli/site.h"
#include "trust/dated_certificate.h"

namespace cli {

using trust::days_left;

struct Expiries {
  std::vector<trust::DatedCertificate> all;
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
  Expiries now();

 private:
  Site& site_;
  std::mutex mutex_;
  std::int64_t looked_at_ = 0;
  Expiries last_;
};

}  // namespace cli
