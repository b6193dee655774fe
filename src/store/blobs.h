// Where the bytes of documents are kept, unchanged, behind an interface that S3 can take later.
// Format of the directory: docs/formats/blobs.md.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/file.h"
#include "base/random.h"
#include "base/result.h"

namespace store {

// Names a blob within its store, e.g. "pack/0000000000000003:8192:20480" or "file/4f/4f2a…".
// Opaque to everyone else; kept in records as text.
using BlobRef = std::string;

// A blob being written. One thread at a time. Destroyed without finish(): the bytes are discarded.
class BlobWriter {
 public:
  virtual ~BlobWriter() = default;
  // store.disk_full or store.unavailable (Code::unavailable).
  virtual base::Result<void> write(base::BytesView bytes) = 0;
  virtual std::uint64_t size() const = 0;
  // Ends the blob at its first `keep_bytes` bytes (at most size(); the rest is discarded) and gives
  // its name. Durable only after the next Blobs::sync().
  virtual base::Result<BlobRef> finish(std::uint64_t keep_bytes) = 0;
};

// A finished blob. Any thread.
class BlobReader {
 public:
  virtual ~BlobReader() = default;
  virtual std::uint64_t size() const = 0;
  virtual base::Result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t size) = 0;
};

class Blobs {
 public:
  virtual ~Blobs() = default;
  // Any thread; several writers at once. Blobs up to a bound (64 KiB by default, known only as the
  // bytes come) go into append-only pack files, larger ones into files of their own.
  virtual base::Result<std::unique_ptr<BlobWriter>> create() = 0;
  // The whole of a small blob at once.
  virtual base::Result<BlobRef> put(base::BytesView bytes) = 0;
  // store.blob_missing or store.blob_damaged (Code::data_loss).
  virtual base::Result<std::unique_ptr<BlobReader>> open(const BlobRef& ref) = 0;
  // Makes a blob of a file that is whole and synced, on the file system of this store: a second
  // name for the same bytes where possible, so that no second copy is written. `path` stays and is
  // the caller's to remove. Durable after the next sync(). store.blob_missing when it is not there.
  virtual base::Result<BlobRef> adopt(const std::string& path) = 0;
  // Gives back the space of a blob that no record names and, as the caller knows, none will. What
  // shares its place with others (a small blob) stays until the sweep.
  virtual base::Result<void> discard(const BlobRef& ref) = 0;
  // When it returns, every blob finished before the call survives power loss. Cheap when nothing
  // new.
  virtual base::Result<void> sync() = 0;
  // Removes what no record names (left behind by a crash or a refused upload) and is older than the
  // start of this process. `named` says whether a record names it. Gives the number removed.
  virtual base::Result<std::uint64_t> sweep(const std::function<bool(const BlobRef&)>& named) = 0;
  // Copies everything that `ref` names into `directory`, laid out as a blob directory of its own,
  // so that the same reference opens there. For backups; idempotent.
  virtual base::Result<void> copy_to(const BlobRef& ref, const std::string& directory) = 0;
  // Writes and syncs a few bytes, to know whether writing works; for /healthz.
  virtual base::Result<void> probe() = 0;
};

// A directory of blobs; creates it when missing. `files` and `random` outlive the result.
base::Result<std::unique_ptr<Blobs>> open_blob_directory(base::FileSystem& files,
                                                         base::Random& random,
                                                         const std::string& path);

}  // namespace store
