// Files behind an interface, so that tests can put a disk under the house that forgets whatever was
// not synced, fills up, or dies at any write.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace base {

// An open file. Reads and writes at different places may run on different threads.
// Errors: base.disk_full (ENOSPC, EDQUOT; Code::unavailable), base.io_failed (Code::unavailable).
class File {
 public:
  virtual ~File() = default;
  // Reads up to `size` bytes at `offset` into `to`; fewer only at the end of the file.
  virtual Result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t size) = 0;
  // All of `bytes` at `offset`, extending the file as needed. Not durable before sync().
  virtual Result<void> write_at(std::uint64_t offset, BytesView bytes) = 0;
  virtual Result<void> truncate(std::uint64_t size) = 0;
  virtual Result<std::uint64_t> size() = 0;
  // When it returns, content and size survive power loss.
  virtual Result<void> sync() = 0;
  // Asks the kernel to start writing a range without waiting; a hint, never an error.
  virtual void start_writeback(std::uint64_t offset, std::uint64_t size) = 0;
};

// Held as long as it lives; gone with the process, however that ends.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

class FileSystem {
 public:
  enum class Mode : unsigned char { read, read_write, create_new, create_or_open };
  virtual ~FileSystem() = default;
  // Errors besides File's: base.file_missing (Code::not_found), base.file_exists (conflict).
  virtual Result<std::unique_ptr<File>> open(const std::string& path, Mode mode) = 0;
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  // Gives the bytes of `from`, which must be synced and whole, the name `to` too, which must not be
  // there yet: a second name of the same file where the file system has that, else a copy. The new
  // name is durable after sync_directory().
  virtual Result<void> link(const std::string& from, const std::string& to);
  // A file, or a directory that is empty.
  virtual Result<void> remove(const std::string& path) = 0;
  virtual Result<void> make_directory(const std::string& path) = 0;  // parents too; fine if there
  // When it returns, names created, renamed and removed in the directory survive power loss.
  virtual Result<void> sync_directory(const std::string& path) = 0;
  virtual Result<std::vector<std::string>> list(const std::string& path) = 0;  // names, sorted
  virtual bool exists(const std::string& path) = 0;
  // Bytes that can still be written; a very large number where that is not known.
  virtual std::uint64_t free_bytes(const std::string& path) = 0;
  // Makes the file if need be and takes it for this caller alone, of all processes of the machine.
  // base.file_locked (conflict) when somebody has it. A file system that no other process can see
  // locks nothing.
  virtual Result<std::unique_ptr<FileLock>> lock(const std::string& path);
};

// The machine's files. Stateless; any thread.
FileSystem& real_files();

// Convenience on top of the interface.
Result<Bytes> read_file(FileSystem& files, const std::string& path, std::uint64_t bytes_max);
// Writes path + ".tmp", syncs, renames, syncs the directory: readers see the old or the new
// content.
Result<void> write_file_durably(FileSystem& files, const std::string& path, BytesView bytes);
// Creates `path` and what is missing above it; the names survive power loss.
Result<void> make_directory_durably(FileSystem& files, const std::string& path);
// The bytes of `to` are then those of `from` and survive power loss; its name does so only after
// sync_directory().
Result<void> copy_file(FileSystem& files, const std::string& from, const std::string& to);
// As write_file_durably, readable by the owner only (mode 0600); real files only.
Result<void> write_secret_file(const std::string& path, BytesView bytes);
std::string directory_of(const std::string& path);

}  // namespace base
