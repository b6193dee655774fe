#include "trust/intake/spool.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/hash.h"

namespace trust {
namespace {

const std::string kDirectory = std::filesystem::temp_directory_path().string();

std::string all_of(const Source& source) {
  std::string text(static_cast<std::size_t>(source.size()) + 10, '\0');
  text.resize(source.read_at(0, text.data(), text.size()).value());
  return text;
}

TEST(Spool, GivesBackWhatWasWrittenFromMemoryAndFromAFile) {
  for (const std::uint64_t memory :
       {std::uint64_t{1} << 20, std::uint64_t{100}, std::uint64_t{0}}) {
    Spool spool(kDirectory, memory);
    std::string expected;
    for (int i = 0; i < 50; ++i) {
      const std::string piece = "piece " + std::to_string(i) + ";";
      ASSERT_TRUE(spool.write(piece));
      expected += piece;
    }
    EXPECT_EQ(spool.size(), expected.size());
    EXPECT_EQ(all_of(spool), expected);
    char part[5];
    EXPECT_EQ(spool.read_at(expected.size() - 3, part, 5).value(), 3u);
    EXPECT_EQ(spool.read_at(expected.size(), part, 5).value(), 0u);
    EXPECT_EQ(spool.finish_hash(), base::sha256(expected));
  }
}

TEST(Spool, SaysThatItHasNoRoom) {
  Spool spool("/nowhere/at/all", 10);
  ASSERT_TRUE(spool.write("short"));
  const auto written = spool.write("more than ten bytes");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().reason(), "trust.spool_failed");
}

TEST(Spool, LeavesNoFileBehind) {
  std::string directory = kDirectory + "/truc-spool-XXXXXX";
  ASSERT_NE(::mkdtemp(directory.data()), nullptr);
  {
    Spool spool(directory, 0);
    ASSERT_TRUE(spool.write("text"));
    EXPECT_TRUE(std::filesystem::is_empty(directory));
  }
  std::filesystem::remove(directory);
}

}  // namespace
}  // namespace trust
