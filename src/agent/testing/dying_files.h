// The machine's files until a chosen change; from then on, like a process that was killed there,
// nothing more happens.
#pragma once
#include <memory>

#include "base/file.h"

namespace agent::testing {

class DyingFiles : public base::FileSystem {
 public:
  // Dies instead of the change with this number, from 1.
  explicit DyingFiles(int at) : left_(at) {}
  bool died() const { return left_ <= 0; }

  base::Result<std::unique_ptr<base::File>> open(const std::string& path, Mode mode) override;
  base::Result<void> rename(const std::string& from, const std::string& to) override;
  base::Result<void> remove(const std::string& path) override;
  base::Result<void> make_directory(const std::string& path) override;
  base::Result<void> sync_directory(const std::string& path) override;
  base::Result<std::vector<std::string>> list(const std::string& path) override;
  bool exists(const std::string& path) override { return real_.exists(path); }
  std::uint64_t free_bytes(const std::string& path) override { return real_.free_bytes(path); }
  // Whether one more change happens.
  base::Result<void> change();

 private:
  base::FileSystem& real_ = base::real_files();
  int left_;
};

}  // namespace agent::testing
