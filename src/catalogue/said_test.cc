#include "catalogue/said.h"

#include <gtest/gtest.h>

namespace catalogue {
namespace {

TEST(Said, IsWhatTheScreensSay) {
  const base::Text text = said("board.recipient");
  EXPECT_EQ(text.vi, "Nơi nhận");
  EXPECT_EQ(text.en, "Recipient");
}

TEST(Said, PutsValuesInTheirPlacesAsTheyAre) {
  const base::Text text = said("paper.moreSignatures", {{"count", "{count}"}});
  EXPECT_EQ(text.vi, "… và {count} chữ ký nữa: xem signatures.json.");
  EXPECT_EQ(text.en, "… and {count} more: see signatures.json.");
}

TEST(Said, KeysAreSortedForTheSearchByHalves) {
  EXPECT_TRUE(std::ranges::is_sorted(kMessages, {}, &Message::key));
  EXPECT_GT(std::size(kMessages), 500U);
}

}  // namespace
}  // namespace catalogue
