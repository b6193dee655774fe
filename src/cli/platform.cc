#include "cli/platform.h"

#include <sys/statvfs.h>

#include "cli/backup_record.h"
#include "cli/checkup.h"

namespace cli {
namespace {

constexpr std::int64_t kLookEveryMicros = 60'000'000;

std::uint64_t disk_bytes(const std::string& path) {
  struct statvfs status {};
  if (::statvfs(path.c_str(), &status) != 0) return 0;
  return static_cast<std::uint64_t>(status.f_blocks) * status.f_frsize;
}

}  // namespace

ServedPlatform::ServedPlatform(Site& site, ExpiryWatch& expiry)
    : site_(site), expiry_(expiry), started_(site.clock.now()), tally_(*site.database) {}

exchange::rest::PlatformState ServedPlatform::look() {
  exchange::rest::PlatformState state;
  state.version = TRUC_VERSION;
  state.database = site_.database->engine();
  state.started_at = started_;
  state.looked_at = site_.clock.now();
  if (const auto backup = last_backup(*site_.database)) {
    state.backup_at = backup->whole_at;
    state.backup_documents = backup->documents;
    state.backup_failed_at = backup->failed_at;
    state.backup_failed_reason = backup->failed_reason;
  }
  Checkup checkup([&](const exchange::rest::Check& check) { state.checks.push_back(check); });
  check_machine(checkup, site_.directory);
  check_site(checkup, site_);
  check_evidence(checkup, site_);
  check_keys(checkup, site_);
  check_backup(checkup, site_);
  check_helpers(checkup, site_);
  return state;
}

exchange::rest::PlatformState ServedPlatform::state() {
  std::lock_guard lock(mutex_);
  const std::int64_t now = base::monotonic_micros();
  if (looked_at_ == 0 || now - looked_at_ >= kLookEveryMicros) {
    last_ = look();
    looked_at_ = now;
  }
  exchange::rest::PlatformState state = last_;
  state.disk_free_bytes = base::real_files().free_bytes(site_.directory);
  state.disk_bytes = disk_bytes(site_.directory);
  if (tally_.known()) {
    state.documents = tally_.documents();
    state.document_bytes = tally_.bytes();
  }
  return state;
}

exchange::rest::Certificates ServedPlatform::certificates() {
  Expiries found = expiry_.now();
  return {std::move(found.all), std::move(found.troubles)};
}

}  // namespace cli
