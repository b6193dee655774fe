#include "store/testing/faulty_disk.h"

#include <gtest/gtest.h>

#include <set>

#include "base/file.h"

namespace store::testing {
namespace {

using Mode = base::FileSystem::Mode;

std::string content(FaultyDisk& disk, const std::string& path) {
  auto bytes = base::read_file(disk, path, 1 << 20);
  return bytes.ok() ? *bytes : "(" + std::string(bytes.error().reason()) + ")";
}

TEST(FaultyDisk, WithoutSyncDataIsReallyLost) {
  int lost_names = 0, kept_names = 0;
  std::set<std::string> contents;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    FaultyDisk disk(seed);
    ASSERT_TRUE(disk.make_directory("/d").ok());
    {
      auto synced = disk.open("/d/synced", Mode::create_new);
      ASSERT_TRUE((*synced)->write_at(0, std::string(2048, 'a')).ok());
      ASSERT_TRUE((*synced)->sync().ok());
      ASSERT_TRUE(disk.sync_directory("/d").ok());
      ASSERT_TRUE((*synced)->write_at(0, std::string(2048, 'b')).ok());
      auto unnamed = disk.open("/d/unnamed", Mode::create_new);
      ASSERT_TRUE((*unnamed)->write_at(0, "x").ok());
      ASSERT_TRUE((*unnamed)->sync().ok());
    }
    EXPECT_EQ(content(disk, "/d/synced"), std::string(2048, 'b')) << "before the power goes";
    disk.power_cycle();
    const std::string after = content(disk, "/d/synced");
    ASSERT_EQ(after.size(), 2048U);
    for (std::size_t sector = 0; sector < 4; ++sector) {
      const std::string piece = after.substr(sector * 512, 512);
      EXPECT_TRUE(piece == std::string(512, 'a') || piece == std::string(512, 'b'));
    }
    contents.insert(after);
    ++(disk.exists("/d/unnamed") ? kept_names : lost_names);
  }
  EXPECT_TRUE(contents.contains(std::string(2048, 'a')));
  EXPECT_TRUE(contents.contains(std::string(2048, 'b')));
  EXPECT_GT(contents.size(), 5U) << "mixtures of sectors";
  EXPECT_GT(lost_names, 10);
  EXPECT_GT(kept_names, 10);
}

TEST(FaultyDisk, KeepsWhatWasSynced) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    FaultyDisk disk(seed);
    ASSERT_TRUE(disk.make_directory("/d").ok());
    ASSERT_TRUE(base::write_file_durably(disk, "/d/f", std::string(10'000, 'q')).ok());
    ASSERT_TRUE(disk.open("/d/f", Mode::read_write).value()->truncate(5000).ok());
    ASSERT_TRUE(disk.open("/d/f", Mode::read_write).value()->sync().ok());
    disk.power_cycle();
    EXPECT_EQ(content(disk, "/d/f"), std::string(5000, 'q'));
    ASSERT_TRUE(disk.remove("/d/f").ok());
    ASSERT_TRUE(disk.sync_directory("/d").ok());
    disk.power_cycle();
    EXPECT_FALSE(disk.exists("/d/f"));
  }
}

TEST(FaultyDisk, ARenameIsThereOrNot) {
  int before = 0, after = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    FaultyDisk disk(seed);
    ASSERT_TRUE(base::write_file_durably(disk, "old", "old").ok());
    ASSERT_TRUE(base::write_file_durably(disk, "new", "new").ok());
    ASSERT_TRUE(disk.rename("new", "old").ok());
    EXPECT_EQ(content(disk, "old"), "new");
    disk.power_cycle();
    const bool renamed = content(disk, "old") == "new";
    EXPECT_EQ(content(disk, "new"), renamed ? "(base.file_missing)" : "new");
    if (!renamed) {
      EXPECT_EQ(content(disk, "old"), "old");
    }
    ++(renamed ? after : before);
  }
  EXPECT_GT(before, 5);
  EXPECT_GT(after, 5);
}

TEST(FaultyDisk, DiesAtTheNthOperationAndTearsIt) {
  std::set<std::size_t> lengths;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    FaultyDisk disk(seed);
    {
      auto file = disk.open("f", Mode::create_or_open);
      ASSERT_TRUE(disk.sync_directory(".").ok());
      EXPECT_EQ(disk.operations(), 1U);
      disk.die_after(3);
      EXPECT_TRUE((*file)->write_at(0, "first").ok());
      EXPECT_TRUE((*file)->sync().ok());
      EXPECT_FALSE((*file)->write_at(5, "second").ok());
      EXPECT_TRUE(disk.dead());
      EXPECT_EQ((*file)->sync().error().reason(), "base.io_failed");
      EXPECT_FALSE(disk.open("g", Mode::create_or_open).ok());
      char byte = 0;
      EXPECT_FALSE((*file)->read_at(0, &byte, 1).ok());
      disk.power_cycle();
      EXPECT_FALSE((*file)->read_at(0, &byte, 1).ok()) << "opened before the power went";
    }
    EXPECT_FALSE(disk.dead());
    const std::string there = content(disk, "f");
    EXPECT_TRUE(std::string("firstsecond").starts_with(there));
    EXPECT_GE(there.size(), 5U);
    lengths.insert(there.size());
  }
  EXPECT_GT(lengths.size(), 3U);
}

TEST(FaultyDisk, FillsUpAndGivesSpaceBack) {
  FaultyDisk disk(1);
  disk.limit_bytes(1000);
  auto file = disk.open("f", Mode::create_new);
  ASSERT_TRUE((*file)->write_at(0, std::string(900, 'x')).ok());
  EXPECT_EQ(disk.free_bytes("."), 100U);
  EXPECT_EQ((*file)->write_at(900, std::string(101, 'x')).error().reason(), "base.disk_full");
  EXPECT_EQ((*file)->size().value(), 900U);
  EXPECT_TRUE((*file)->write_at(0, std::string(900, 'y')).ok()) << "nothing new is needed";
  ASSERT_TRUE(disk.remove("f").ok());
  EXPECT_EQ(disk.free_bytes("."), 1000U);
}

TEST(FaultyDisk, RepeatsItselfFromItsSeed) {
  const auto run = [](std::uint64_t seed) {
    FaultyDisk disk(seed);
    {
      auto file = disk.open("f", Mode::create_new);
      EXPECT_TRUE(disk.sync_directory(".").ok());
      for (std::uint64_t i = 0; i < 64; ++i) {
        EXPECT_TRUE((*file)->write_at(i * 512, std::string(512, static_cast<char>('0' + i))).ok());
      }
    }
    disk.power_cycle();
    return content(disk, "f");
  };
  EXPECT_EQ(run(7), run(7));
  std::set<std::string> different;
  for (std::uint64_t seed = 1; seed < 20; ++seed) different.insert(run(seed));
  EXPECT_GT(different.size(), 5U);
}

TEST(FaultyDisk, ListsFilesAndFolders) {
  FaultyDisk disk(1);
  EXPECT_EQ(disk.open("a/b/f", Mode::create_new).error().reason(), "base.file_missing");
  ASSERT_TRUE(disk.make_directory("a/b").ok());
  ASSERT_TRUE(disk.open("a/b/f", Mode::create_new).ok());
  ASSERT_TRUE(disk.open("a/g", Mode::create_new).ok());
  EXPECT_EQ(disk.open("a/g", Mode::create_new).error().reason(), "base.file_exists");
  EXPECT_EQ(disk.list("a").value(), (std::vector<std::string>{"b", "g"}));
  EXPECT_EQ(disk.list("a/b/").value(), (std::vector<std::string>{"f"}));
  EXPECT_FALSE(disk.list("c").ok());
}

}  // namespace
}  // namespace store::testing
