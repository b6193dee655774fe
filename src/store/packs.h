// The packs of a blob directory: one that grows, and the others to read from.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"
#include "store/pack.h"
#include "store/unsynced.h"

namespace store {

inline constexpr std::uint64_t kPackBytesMax = std::uint64_t{1} << 30;

// Any thread.
class Packs {
 public:
  // `root` has a folder pack/. Writes nothing until there is something to write.
  Packs(base::FileSystem& files, std::string root, Unsynced& unsynced)
      : files_(files), root_(std::move(root)), unsynced_(unsynced) {}
  // Looks which packs there are. Once, before anything else.
  base::Result<void> start();

  base::Result<PackedRef> append(base::BytesView bytes);
  // Header and bytes, checked.
  base::Result<base::Bytes> read(const PackedRef& ref, const std::string& text);
  // The number of the pack that is being written; begins one when there is none.
  base::Result<std::uint64_t> session();
  // Everything with a lower number is older than this process.
  std::uint64_t first_own() const { return first_own_; }
  // Open for reading; store.blob_missing.
  base::Result<std::shared_ptr<base::File>> open(std::uint64_t number);
  base::Result<std::vector<std::uint64_t>> numbers();  // ascending
  base::Result<void> remove(std::uint64_t number);

 private:
  base::Result<void> begin_pack();  // mutex_ is held
  void keep_open(std::uint64_t number, std::shared_ptr<base::File> file);

  base::FileSystem& files_;
  const std::string root_;
  Unsynced& unsynced_;
  std::uint64_t first_own_ = 1;

  std::mutex mutex_;
  std::shared_ptr<base::File> current_;
  std::uint64_t number_ = 0;  // of current_
  std::uint64_t end_ = 0;     // where the next record goes

  std::mutex open_mutex_;
  std::map<std::uint64_t, std::shared_ptr<base::File>> open_;
  std::deque<std::uint64_t> opened_;  // oldest first
};

}  // namespace store
