#include "cli/backup_copy.h"

#include <gtest/gtest.h>

#include "cli/site.h"
#include "store/testing/faulty_disk.h"

namespace cli {
namespace {

using store::testing::FaultyDisk;

const std::map<std::string, std::string>& backup_files() {
  static const std::map<std::string, std::string> kAll = {
      {"/truc.db", std::string((1 << 20) + 777, 'r')},
      {"/blobs/pack/00000001.pack", std::string(70000, 'p')},
      {"/blobs/file/3f/3f00.blob", std::string(3000, 'f')},
      {"/blobs/file/a7/a700.blob", ""},
      {"/truc.toml", "[log]\nlevel = \"debug\"\n"}};
  return kAll;
}

void put_backup(FaultyDisk& disk) {
  for (const auto& [name, bytes] : backup_files()) {
    const std::string path = "/backup" + name;
    ASSERT_TRUE(base::make_directory_durably(disk, base::directory_of(path)));
    ASSERT_TRUE(base::write_file_durably(disk, path, bytes));
  }
}

void expect_whole(FaultyDisk& disk, std::uint64_t seed) {
  for (const auto& [name, bytes] : backup_files()) {
    const auto got = base::read_file(disk, "/srv/site" + name, 1 << 22);
    ASSERT_TRUE(got.ok()) << "seed " << seed << ": " << got.error().detail();
    EXPECT_TRUE(*got == bytes) << "seed " << seed << ": " << name;
  }
}

// Restoring said that it was done while the bytes were in memory only.
TEST(BackupCopy, ARestoredSiteSurvivesAPowerCutRightAfterwards) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    FaultyDisk disk(seed);
    put_backup(disk);
    const auto copied = copy_backup(disk, "/backup", "/srv/site");
    ASSERT_TRUE(copied.ok()) << copied.error().detail();
    disk.power_cycle();
    expect_whole(disk, seed);
  }
}

TEST(BackupCopy, InterruptedAnywhereThereIsNoSiteOrAWholeOneAndItCanBeRepeated) {
  bool finished = false;
  for (std::uint64_t n = 1; !finished; ++n) {
    FaultyDisk disk(n);
    put_backup(disk);
    disk.die_after(n);
    finished = copy_backup(disk, "/backup", "/srv/site").ok();
    disk.power_cycle();
    if (finished || disk.exists("/srv/site/truc.toml")) {
      expect_whole(disk, n);
      continue;
    }
    ASSERT_TRUE(copy_backup(disk, "/backup", "/srv/site").ok()) << n;
    disk.power_cycle();
    expect_whole(disk, n);
  }
}

TEST(BackupCopy, AFullDiskIsNamedAndLeavesNoSite) {
  FaultyDisk disk(1);
  put_backup(disk);
  disk.limit_bytes(1'300'000);
  EXPECT_EQ(copy_backup(disk, "/backup", "/srv/site").error().reason(), "base.disk_full");
  EXPECT_FALSE(disk.exists("/srv/site/truc.toml"));
}

TEST(BackupCopy, AnOldLogIsNotTakenForThatOfTheRecords) {
  FaultyDisk disk(1);
  put_backup(disk);
  ASSERT_TRUE(base::make_directory_durably(disk, "/srv/site"));
  ASSERT_TRUE(base::write_file_durably(disk, "/srv/site/truc.db-wal", "of other records"));
  ASSERT_TRUE(copy_backup(disk, "/backup", "/srv/site"));
  EXPECT_FALSE(disk.exists("/srv/site/truc.db-wal"));
  ASSERT_TRUE(base::write_file_durably(disk, "/backup/truc.db-wal", "of these records"));
  ASSERT_TRUE(copy_backup(disk, "/backup", "/srv/site"));
  EXPECT_EQ(*base::read_file(disk, "/srv/site/truc.db-wal", 100), "of these records");
}

}  // namespace
}  // namespace cli
