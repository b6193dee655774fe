// A disk in memory that forgets what was not synced, fills up, or dies at any write; and a SQLite
// VFS on top of it. For tests and the simulation.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "base/file.h"
#include "base/random.h"

namespace store::testing {

class FaultyDisk : public base::FileSystem {
 public:
  // Everything it decides comes from `seed`, so that a run can be repeated.
  explicit FaultyDisk(std::uint64_t seed);
  ~FaultyDisk() override;

  // The disk dies at the n-th write, truncation, sync, rename or removal from now (0: never). From
  // then on every call fails with base.io_failed until power_cycle(). The dying write may be torn:
  // a prefix of it, of seeded length, reaches the medium.
  void die_after(std::uint64_t operations);
  bool dead() const;
  // Power returns: of what was not synced, a seeded selection of 512-byte sectors and of directory
  // entries is there, the rest is not. Open files must have been closed before.
  void power_cycle();
  // Writes that extend beyond this total fail with base.disk_full; 0 for no limit.
  void limit_bytes(std::uint64_t total);
  std::uint64_t operations() const;  // counted as for die_after

  // Registers a SQLite VFS over this disk under a name of its own and gives the name, for
  // Database::Options::vfs. Lives as long as the disk.
  std::string sqlite_vfs();

  base::Result<std::unique_ptr<base::File>> open(const std::string& path, Mode mode) override;
  base::Result<void> rename(const std::string& from, const std::string& to) override;
  base::Result<void> remove(const std::string& path) override;
  base::Result<void> make_directory(const std::string& path) override;
  base::Result<void> sync_directory(const std::string& path) override;
  base::Result<std::vector<std::string>> list(const std::string& path) override;
  bool exists(const std::string& path) override;
  std::uint64_t free_bytes(const std::string& path) override;

  struct Impl;

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace store::testing
