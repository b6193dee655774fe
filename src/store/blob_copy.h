// Copies blobs into a second blob directory.
#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "base/file.h"
#include "base/result.h"
#include "store/blobs.h"
#include "store/packs.h"

namespace store {

// Any thread; one copy at a time.
class BlobCopy {
 public:
  BlobCopy(base::FileSystem& files, std::string root, Packs& packs)
      : files_(files), root_(std::move(root)), packs_(packs) {}
  // As Blobs::copy_to.
  base::Result<void> copy(const BlobRef& ref, const std::string& directory);

 private:
  base::Result<void> prepare(const std::string& directory);
  base::Result<void> copy_packed(const PackedRef& ref, const BlobRef& text);
  base::Result<void> extend_pack(std::uint64_t number);
  base::Result<void> copy_file(const FileRef& ref);

  base::FileSystem& files_;
  const std::string root_;
  Packs& packs_;
  std::mutex mutex_;
  std::string directory_;             // the last one, with its folders there
  std::unique_ptr<base::File> pack_;  // the last pack of it
  std::uint64_t number_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace store
