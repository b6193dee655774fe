#include "exchange/uploads/upload_file.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "store/testing/faulty_disk.h"

namespace exchange::uploads {
namespace {

using store::testing::FaultyDisk;

constexpr const char* kPath = "/up/a";

std::unique_ptr<UploadFile> open(FaultyDisk& disk, const std::string& boot) {
  auto file = UploadFile::open(disk, kPath, boot);
  EXPECT_TRUE(file.ok()) << file.error().detail();
  return file.ok() ? std::move(file).value() : nullptr;
}

std::string content(FaultyDisk& disk) {
  auto bytes = base::read_file(disk, kPath, 1 << 20);
  return bytes.ok() ? *bytes : std::string(bytes.error().reason());
}

TEST(UploadFile, MarksAreReadBackAndDamageIsSeen) {
  const std::string text = encode({7, 123456, "b-1"});
  ASSERT_EQ(text.size(), kMarkBytes);
  const auto mark = parse_mark(text);
  ASSERT_TRUE(mark);
  EXPECT_EQ(mark->sequence, 7U);
  EXPECT_EQ(mark->offset, 123456U);
  EXPECT_EQ(mark->boot, "b-1");
  EXPECT_EQ(parse_mark(encode({1, 0, ""}))->boot, "");
  for (std::size_t i = 0; i < text.find('\n'); ++i) {
    std::string other = text;
    other[i] = static_cast<char>(other[i] ^ 1);
    EXPECT_FALSE(parse_mark(other)) << i;
  }
  EXPECT_FALSE(parse_mark(""));
}

TEST(UploadFile, WhatWasWrittenOutlivesTheProcessInTheSameRunOfTheMachine) {
  FaultyDisk disk(1);
  ASSERT_TRUE(disk.make_directory("/up").ok());
  ASSERT_TRUE(open(disk, "boot-1")->write("never synced", true).ok());
  EXPECT_EQ(open(disk, "boot-1")->offset(), 12U);
  EXPECT_EQ(open(disk, "boot-2")->offset(), 0U) << "the power was gone in between";
  EXPECT_EQ(content(disk), "");
}

TEST(UploadFile, WhatDoesNotCountYetIsGoneAfterARestart) {
  FaultyDisk disk(1);
  ASSERT_TRUE(disk.make_directory("/up").ok());
  {
    auto file = open(disk, "b");
    ASSERT_TRUE(file->write("counts,", true).ok());
    ASSERT_TRUE(file->sync().ok());
    ASSERT_TRUE(file->write("does not", false).ok());
    EXPECT_EQ(file->offset(), 7U);
  }
  {
    auto file = open(disk, "b");
    EXPECT_EQ(file->offset(), 7U);
    EXPECT_EQ(content(disk), "counts,");
    ASSERT_TRUE(file->write(" and again", false).ok());
    ASSERT_TRUE(file->cut().ok());
    ASSERT_TRUE(file->write(" more", false).ok());
    file->accept();
    ASSERT_TRUE(file->sync().ok());
  }
  EXPECT_EQ(open(disk, "b")->offset(), 12U);
  EXPECT_EQ(content(disk), "counts, more");
}

TEST(UploadFile, TakesTheTailOnlyAfterCountingBytesFollowedTheCut) {
  FaultyDisk disk(1);
  ASSERT_TRUE(disk.make_directory("/up").ok());
  {
    auto file = open(disk, "b");
    ASSERT_TRUE(file->write("x", false).ok());
    ASSERT_TRUE(file->cut().ok());
    ASSERT_TRUE(file->write("abc", true).ok());
  }
  EXPECT_EQ(open(disk, "b")->offset(), 3U);
}

TEST(UploadFile, AFullDiskLeavesWhatWasThere) {
  FaultyDisk disk(1);
  ASSERT_TRUE(disk.make_directory("/up").ok());
  auto file = open(disk, "b");
  ASSERT_TRUE(file->write(std::string(1000, 'a'), true).ok());
  disk.limit_bytes(3000);
  EXPECT_EQ(file->write(std::string(5000, 'b'), true).error().reason(), "base.disk_full");
  EXPECT_EQ(file->offset(), 1000U);
  ASSERT_TRUE(file->sync().ok());
  disk.limit_bytes(0);
  ASSERT_TRUE(file->write("end", true).ok());
  ASSERT_TRUE(file->sync().ok());
  EXPECT_EQ(content(disk), std::string(1000, 'a') + "end");
}

TEST(UploadFile, SaysSoWhenTheDiskLostWhatWasSynced) {
  FaultyDisk disk(1);
  ASSERT_TRUE(disk.make_directory("/up").ok());
  {
    auto file = open(disk, "b");
    ASSERT_TRUE(file->write("ten bytes!", true).ok());
    ASSERT_TRUE(file->sync().ok());
  }
  ASSERT_TRUE(disk.open(kPath, base::FileSystem::Mode::read_write).value()->truncate(4).ok());
  EXPECT_EQ(UploadFile::open(disk, kPath, "b").error().reason(), "exchange.upload_damaged");
}

// Writes with syncs in between until the disk dies; gives the last offset that a sync gave.
std::uint64_t live(FaultyDisk& disk, const std::string& whole, const std::string& boot,
                   std::uint64_t seed) {
  base::SeededRandom random(seed);
  auto opened = UploadFile::open(disk, kPath, boot);
  if (!opened.ok()) return 0;
  auto& file = **opened;
  std::uint64_t told = file.sync().ok() ? file.offset() : 0;
  while (file.offset() < whole.size()) {
    const std::uint64_t size =
        std::min<std::uint64_t>(1 + random.below(3000), whole.size() - file.offset());
    const std::string piece = whole.substr(file.offset(), size);
    const bool counts = random.chance(0.7);
    if (!file.write(piece, counts).ok()) return told;
    if (!counts && random.chance(0.5)) {
      if (!file.cut().ok()) return told;
      continue;
    }
    file.accept();
    if (random.chance(0.4)) {
      if (!file.sync().ok()) return told;
      told = file.offset();
    }
  }
  return told;
}

TEST(UploadFile, KeepsEveryOffsetThatWasToldWhereverThePowerGoes) {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE(seed);
    const std::string whole = base::SeededRandom(seed).bytes(30'000);
    FaultyDisk disk(seed);
    ASSERT_TRUE(disk.make_directory("/up").ok());
    ASSERT_TRUE(disk.sync_directory("/").ok());
    for (std::uint64_t run = 1; run <= 3; ++run) {
      disk.die_after(2 + (seed * 7 + run * 13) % 60);
      const std::uint64_t told = live(disk, whole, "run-" + std::to_string(run), seed * 3 + run);
      disk.power_cycle();
      disk.die_after(0);
      auto after = UploadFile::open(disk, kPath, "run-" + std::to_string(run + 1));
      ASSERT_TRUE(after.ok()) << after.error().detail();
      EXPECT_GE((*after)->offset(), told);
      const std::string there = content(disk);
      if (disk.exists(kPath)) {
        EXPECT_EQ(there, whole.substr(0, (*after)->offset()));
      }
    }
    if (::testing::Test::HasFailure()) break;
  }
}

}  // namespace
}  // namespace exchange::uploads
