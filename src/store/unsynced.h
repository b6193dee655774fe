// What was written and is not yet known to survive power loss.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace store {

// Any thread.
class Unsynced {
 public:
  explicit Unsynced(base::FileSystem& files) : files_(files) {}

  // Called after the write, or after the name appeared.
  void add(const std::shared_ptr<base::File>& file);
  void add_directory(const std::string& path);
  // Syncs everything added before the call; with nothing new it does nothing. After a failure it is
  // unknown what the kernel still holds: from then on every call fails.
  base::Result<void> sync();

 private:
  base::Result<void> sync_all(const std::vector<std::shared_ptr<base::File>>& changed,
                              const std::set<std::string>& directories);

  base::FileSystem& files_;
  std::mutex syncing_;  // one at a time: who comes second waits for what the first took along
  std::optional<base::Error> failed_;  // guarded by syncing_
  std::mutex mutex_;
  std::vector<std::shared_ptr<base::File>> changed_;
  std::set<std::string> directories_;
};

}  // namespace store
