// Bundles of evidence, sealed with the keys of a site.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cli/site.h"
#include "exchange/bundling.h"
#include "trust/log/log.h"

namespace cli {

// The log as it lies on the disk; nothing where the site never gave evidences.
struct OwnLog {
  std::unique_ptr<trust::log::LogSource> source;
  std::unique_ptr<trust::log::NoteSigner> signer;
};
base::Result<std::optional<OwnLog>> own_log(const std::string& directory);

class Bundles : public exchange::BundleMaker {
 public:
  // The key that seals; may be asked on any thread.
  using Key = std::function<base::Result<std::shared_ptr<trust::SigningKey>>()>;
  // Null: no authority is asked, and bundles hold no revocation data.
  using Revocation = std::unique_ptr<trust::RevocationSource>;
  // Both outlive it.
  Bundles(Site& site, exchange::Exchange& exchange, Key key, Revocation revocation)
      : site_(site),
        exchange_(exchange),
        key_(std::move(key)),
        revocation_(std::move(revocation)) {}
  base::Result<void> make(const exchange::BundleOrder& order, const trust::Sink& out) override;

 private:
  Site& site_;
  exchange::Exchange& exchange_;
  const Key key_;
  const Revocation revocation_;
};

// For a serving site, as it asks for revocation when it judges; null when it gives no evidences.
base::Result<std::unique_ptr<Bundles>> serving_bundles(Site& site, exchange::Exchange& exchange);

}  // namespace cli
