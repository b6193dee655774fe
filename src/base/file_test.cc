#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/testing/temp_directory.h"

namespace base {
namespace {

using Mode = FileSystem::Mode;

class Files : public ::testing::Test {
 protected:
  testing::TempDirectory directory_;
  FileSystem& files_ = real_files();
};

TEST_F(Files, WritesAndReadsAtAnyPlace) {
  const auto file = *files_.open(directory_ / "a", Mode::create_new);
  ASSERT_TRUE(file->write_at(5, "world"));
  ASSERT_TRUE(file->write_at(0, "hello"));
  EXPECT_EQ(*file->size(), 10u);
  std::string buffer(20, '?');
  EXPECT_EQ(*file->read_at(0, buffer.data(), 20), 10u);
  EXPECT_EQ(buffer.substr(0, 10), "helloworld");
  EXPECT_EQ(*file->read_at(8, buffer.data(), 1), 1u);
  EXPECT_EQ(buffer[0], 'l');
  EXPECT_EQ(*file->read_at(10, buffer.data(), 20), 0u);
  EXPECT_EQ(*file->read_at(1000, buffer.data(), 20), 0u);
  ASSERT_TRUE(file->truncate(3));
  EXPECT_EQ(*file->size(), 3u);
  file->start_writeback(0, 3);
  EXPECT_TRUE(file->sync());
}

TEST_F(Files, ModesSayWhatMustBeThere) {
  EXPECT_EQ(files_.open(directory_ / "a", Mode::read).error().reason(), "base.file_missing");
  EXPECT_EQ(files_.open(directory_ / "a", Mode::read_write).error().code(), Code::not_found);
  EXPECT_TRUE(files_.open(directory_ / "a", Mode::create_new));
  EXPECT_EQ(files_.open(directory_ / "a", Mode::create_new).error().reason(), "base.file_exists");
  EXPECT_EQ(files_.open(directory_ / "a", Mode::create_new).error().code(), Code::conflict);
  EXPECT_TRUE(files_.open(directory_ / "a", Mode::create_or_open));
  EXPECT_TRUE(files_.open(directory_ / "b", Mode::create_or_open));
  EXPECT_TRUE(files_.exists(directory_ / "b"));
}

TEST_F(Files, AReadOnlyFileIsNotWritten) {
  ASSERT_TRUE(write_file_durably(files_, directory_ / "a", "x"));
  const auto file = *files_.open(directory_ / "a", Mode::read);
  const auto written = file->write_at(0, "y");
  EXPECT_EQ(written.error().reason(), "base.io_failed");
  EXPECT_EQ(written.error().code(), Code::unavailable);
}

TEST_F(Files, ACopyHasTheBytesAndNothingOfWhatWasThereBefore) {
  const std::string bytes((2 << 20) + 5, 'c');
  ASSERT_TRUE(write_file_durably(files_, directory_ / "from", bytes));
  ASSERT_TRUE(write_file_durably(files_, directory_ / "to", bytes + "longer"));
  ASSERT_TRUE(copy_file(files_, directory_ / "from", directory_ / "to"));
  EXPECT_EQ(*read_file(files_, directory_ / "to", 4 << 20), bytes);
  EXPECT_EQ(copy_file(files_, directory_ / "none", directory_ / "x").error().reason(),
            "base.file_missing");
  EXPECT_FALSE(files_.exists(directory_ / "x"));
}

TEST_F(Files, ADirectoryComesWithWhatIsMissingAboveIt) {
  ASSERT_TRUE(make_directory_durably(files_, directory_ / "a/b/c"));
  ASSERT_TRUE(make_directory_durably(files_, directory_ / "a/b/c"));
  EXPECT_TRUE(files_.exists(directory_ / "a/b/c"));
  ASSERT_TRUE(write_file_durably(files_, directory_ / "file", "x"));
  EXPECT_FALSE(make_directory_durably(files_, directory_ / "file/d"));
}

TEST_F(Files, AFullDiskHasAReasonOfItsOwn) {
  const auto full = files_.open("/dev/full", Mode::read_write);
  ASSERT_TRUE(full.ok());
  const auto written = (*full)->write_at(0, "x");
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().reason(), "base.disk_full");
  EXPECT_EQ(written.error().code(), Code::unavailable);
  EXPECT_NE(written.error().text().vi, "");
}

TEST_F(Files, NamesAreRenamedRemovedAndListed) {
  for (const char* name : {"c", "a", "b"})
    ASSERT_TRUE(write_file_durably(files_, directory_ / name, name));
  ASSERT_TRUE(files_.make_directory(directory_ / "d/e/f"));
  ASSERT_TRUE(files_.make_directory(directory_ / "d/e/f"));
  EXPECT_EQ(*files_.list(directory_.path()), (std::vector<std::string>{"a", "b", "c", "d"}));
  ASSERT_TRUE(files_.rename(directory_ / "a", directory_ / "b"));
  ASSERT_TRUE(files_.remove(directory_ / "c"));
  EXPECT_EQ(*files_.list(directory_.path()), (std::vector<std::string>{"b", "d"}));
  EXPECT_EQ(*read_file(files_, directory_ / "b", 100), "a");
  EXPECT_TRUE(files_.sync_directory(directory_.path()));
}

TEST_F(Files, WhatIsMissingIsSaid) {
  EXPECT_EQ(files_.remove(directory_ / "x").error().reason(), "base.file_missing");
  EXPECT_EQ(files_.rename(directory_ / "x", directory_ / "y").error().reason(),
            "base.file_missing");
  EXPECT_EQ(files_.list(directory_ / "x").error().reason(), "base.file_missing");
  EXPECT_EQ(files_.sync_directory(directory_ / "x").error().reason(), "base.file_missing");
  EXPECT_EQ(read_file(files_, directory_ / "x", 10).error().reason(), "base.file_missing");
  EXPECT_FALSE(files_.exists(directory_ / "x"));
  EXPECT_NE(read_file(files_, directory_ / "x", 10).error().detail().find(directory_ / "x"),
            std::string::npos);
}

TEST_F(Files, RemovesADirectoryOnlyWhenItIsEmpty) {
  ASSERT_TRUE(files_.make_directory(directory_ / "d"));
  ASSERT_TRUE(write_file_durably(files_, directory_ / "d/a", "x"));
  EXPECT_EQ(files_.remove(directory_ / "d").error().reason(), "base.io_failed");
  ASSERT_TRUE(files_.remove(directory_ / "d/a"));
  EXPECT_TRUE(files_.remove(directory_ / "d"));
  EXPECT_FALSE(files_.exists(directory_ / "d"));
}

TEST_F(Files, ReadFileHasALimit) {
  ASSERT_TRUE(write_file_durably(files_, directory_ / "a", "12345"));
  EXPECT_EQ(*read_file(files_, directory_ / "a", 5), "12345");
  EXPECT_EQ(read_file(files_, directory_ / "a", 4).error().reason(), "base.file_too_large");
  EXPECT_EQ(read_file(files_, directory_.path(), 1 << 20).error().reason(), "base.io_failed");
}

TEST_F(Files, DurableWritingReplacesTheWhole) {
  ASSERT_TRUE(write_file_durably(files_, directory_ / "a", "a long text"));
  ASSERT_TRUE(write_file_durably(files_, directory_ / "a", "short"));
  EXPECT_EQ(*read_file(files_, directory_ / "a", 100), "short");
  EXPECT_FALSE(files_.exists(directory_ / "a.tmp"));
  EXPECT_FALSE(write_file_durably(files_, directory_ / "none/a", "x").ok());
}

TEST_F(Files, DurableWritingOverwritesWhatACrashLeft) {
  ASSERT_TRUE(write_file_durably(files_, directory_ / "a.tmp", "half of something much longer"));
  ASSERT_TRUE(write_file_durably(files_, directory_ / "a", "x"));
  EXPECT_EQ(*read_file(files_, directory_ / "a", 100), "x");
}

TEST_F(Files, ASecretIsForItsOwnerOnlyAndNeverOverwritten) {
  ASSERT_TRUE(write_secret_file(directory_ / "key", "secret"));
  struct stat status {};
  ASSERT_EQ(::stat((directory_ / "key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(write_secret_file(directory_ / "key", "other").error().reason(), "base.file_exists");
  EXPECT_EQ(*read_file(files_, directory_ / "key", 100), "secret");
}

TEST_F(Files, FreeBytes) {
  EXPECT_GT(files_.free_bytes(directory_.path()), 0u);
  EXPECT_EQ(files_.free_bytes(directory_ / "none"), ~0ULL);
}

TEST_F(Files, ALockIsForOneAndEndsWithItsHolder) {
  auto held = files_.lock(directory_ / "lock");
  ASSERT_TRUE(held.ok());
  const auto second = files_.lock(directory_ / "lock");
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().reason(), "base.file_locked");
  held->reset();
  EXPECT_TRUE(files_.lock(directory_ / "lock").ok());
  EXPECT_FALSE(files_.lock(directory_ / "none/lock").ok());
}

TEST(DirectoryOf, IsWhatIsBeforeTheLastSlash) {
  EXPECT_EQ(directory_of("a/b/c"), "a/b");
  EXPECT_EQ(directory_of("/a"), "/");
  EXPECT_EQ(directory_of("a"), ".");
}

}  // namespace
}  // namespace base
