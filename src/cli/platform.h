// A serving site as its operators see it over the API.
#pragma once
#include <mutex>

#include "cli/certificate_expiry.h"
#include "cli/site.h"
#include "exchange/document_tally.h"
#include "exchange/rest/platform.h"

namespace cli {

class ServedPlatform : public exchange::rest::Platform {
 public:
  // Both outlive it.
  ServedPlatform(Site& site, ExpiryWatch& expiry);
  exchange::rest::PlatformState state() override;
  exchange::rest::Certificates certificates() override;
  // Counts the documents that came since the last time: for the background, once a minute. store.*
  base::Result<void> count() { return tally_.count(); }

 private:
  exchange::rest::PlatformState look();
  Site& site_;
  ExpiryWatch& expiry_;
  const base::Time started_;
  std::mutex mutex_;
  std::int64_t looked_at_ = 0;
  exchange::rest::PlatformState last_;
  exchange::DocumentTally tally_;
};

}  // namespace cli
