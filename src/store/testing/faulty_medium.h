// The inside of FaultyDisk, shared by its files and its SQLite VFS.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "store/testing/faulty_disk.h"

namespace store::testing {

inline constexpr std::size_t kPageBytes = 4096;
inline constexpr std::size_t kSectorBytes = 512;
using Page = std::array<char, kPageBytes>;

// One version of a file's content; pages are shared between versions until one is changed. A page
// that is not there is zeros, and so is what follows the end within the last page.
struct Content {
  std::unordered_map<std::uint64_t, std::shared_ptr<Page>> pages;
  std::uint64_t size = 0;

  void write(std::uint64_t offset, base::BytesView bytes);
  std::size_t read(std::uint64_t offset, char* to, std::size_t count) const;
  void resize(std::uint64_t to);
  Page& own_page(std::uint64_t number);
};

struct Inode {
  Content now;                    // what a running program sees
  Content durable;                // what is there after a power loss at the latest sync
  std::set<std::uint64_t> dirty;  // pages in which the two may differ
};

// Where the name of a directory entry leads, now and after a power loss.
struct Entry {
  std::shared_ptr<Inode> now, durable;
  std::uint64_t operation = 0;  // the last one on it; both ends of a rename share a number
};

struct FaultyDisk::Impl {
  explicit Impl(std::uint64_t seed) : random(seed) {}

  // Every function below: `mutex` is held.
  base::Result<void> alive() const;
  // Counts one operation; false when the disk dies at it.
  bool survives();
  base::Result<void> write(Inode& inode, std::uint64_t offset, base::BytesView bytes);
  base::Result<void> truncate(Inode& inode, std::uint64_t size);
  base::Result<void> sync(Inode& inode);
  base::Result<void> sync_directory(const std::string& path);
  base::Result<std::shared_ptr<Inode>> open(const std::string& path, base::FileSystem::Mode mode);
  base::Result<void> rename(const std::string& from, const std::string& to);
  base::Result<void> remove(const std::string& path);
  void power_cycle();

  mutable std::mutex mutex;
  base::SeededRandom random;
  std::map<std::string, Entry> entries;  // by normalised path
  std::set<std::string> directories;     // durable as soon as made
  std::uint64_t generation = 0;          // of power; files opened before are dead
  std::uint64_t operations = 0;
  std::uint64_t dies_at = 0;  // 0: never
  bool is_dead = false;
  std::uint64_t bytes_max = 0;
  std::uint64_t bytes_used = 0;
  std::uint64_t last_change = 0;  // numbers the changes of names
  std::shared_ptr<void> vfs;      // unregisters itself

 private:
  base::Result<void> extend(const Inode& inode, std::uint64_t to);
  // Durable at once, as making one; a name in it that could come back with the power keeps it.
  base::Result<void> remove_directory(const std::string& path);
  void settle(Inode& inode, unsigned keep_of_256);
};

std::string normalised(const std::string& path);
base::Error died();

}  // namespace store::testing
