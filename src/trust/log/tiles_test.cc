#include "trust/log/tiles.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace trust::log {
namespace {

TEST(LogTiles, HaveTheSpecifiedPaths) {
  EXPECT_EQ(tile_path(0, 1234067, 256), "tile/0/x001/x234/067");
  EXPECT_EQ(tile_path(2, 0, 256), "tile/2/000");
  EXPECT_EQ(tile_path(1, 1000, 3), "tile/1/x001/000.p/3");
  EXPECT_EQ(entries_path(273, 112), "tile/entries/273.p/112");
}

// The example of the specification: a tree of 70,000.
TEST(LogTiles, HaveTheSpecifiedWidths) {
  EXPECT_EQ(tile_width(0, 272, 70000), 256U);
  EXPECT_EQ(tile_width(0, 273, 70000), 112U);
  EXPECT_EQ(tile_width(0, 274, 70000), 0U);
  EXPECT_EQ(tile_width(1, 0, 70000), 256U);
  EXPECT_EQ(tile_width(1, 1, 70000), 17U);
  EXPECT_EQ(tile_width(2, 0, 70000), 1U);
  EXPECT_EQ(tile_width(3, 0, 70000), 0U);
  EXPECT_EQ(tile_width(0, 0, 256), 256U);
  EXPECT_EQ(tile_width(0, 1, 256), 0U);
  EXPECT_EQ(tile_width(1, 0, 256), 1U);
  EXPECT_EQ(tile_width(63, 0, 256), 0U);
}

TEST(LogTiles, BundlesAreReadStrictly) {
  base::Bytes bundle;
  append_entry(bundle, "one");
  append_entry(bundle, "");
  append_entry(bundle, std::string(kEntryBytesMax, 'x'));
  EXPECT_EQ(bundle.substr(0, 5), base::Bytes("\0\3one", 5));
  const auto entries = parse_entries(bundle);
  ASSERT_TRUE(entries.ok());
  ASSERT_EQ(entries->size(), 3U);
  EXPECT_EQ((*entries)[2].size(), kEntryBytesMax);
  bundle.pop_back();
  EXPECT_EQ(parse_entries(bundle).error().reason(), "trust.log_entry_malformed");
  EXPECT_FALSE(parse_entries(base::BytesView("\0", 1)).ok());
  base::Bytes many;
  for (int i = 0; i < 257; ++i) append_entry(many, "e");
  EXPECT_FALSE(parse_entries(many).ok());
}

}  // namespace
}  // namespace trust::log
