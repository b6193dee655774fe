#include "store/unsynced.h"

#include <algorithm>

#include "base/log.h"
#include "store/errors.h"

namespace store {

using base::Result;

void Unsynced::add(const std::shared_ptr<base::File>& file) {
  std::lock_guard lock(mutex_);
  if (std::find(changed_.begin(), changed_.end(), file) == changed_.end()) changed_.push_back(file);
}

void Unsynced::add_directory(const std::string& path) {
  std::lock_guard lock(mutex_);
  directories_.insert(path);
}

Result<void> Unsynced::sync() {
  std::lock_guard one(syncing_);
  if (failed_) return *failed_;
  std::vector<std::shared_ptr<base::File>> changed;
  std::set<std::string> directories;
  {
    std::lock_guard lock(mutex_);
    changed.swap(changed_);
    directories.swap(directories_);
  }
  auto synced = sync_all(changed, directories);
  if (synced.ok()) return synced;
  base::log::warning("store.blobs_sync_failed", {{"detail", synced.error().detail()}});
  failed_ = blob_error(synced.error(), "syncing; a restart is needed");
  return *failed_;
}

Result<void> Unsynced::sync_all(const std::vector<std::shared_ptr<base::File>>& changed,
                                const std::set<std::string>& directories) {
  for (const auto& file : changed) TRY(file->sync());
  for (const std::string& directory : directories) TRY(files_.sync_directory(directory));
  return base::done();
}

}  // namespace store
