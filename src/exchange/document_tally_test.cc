#include "exchange/document_tally.h"

#include "exchange/testing/engines.h"

namespace exchange {
namespace {

using DocumentTallyTest = testing::OnEngine;
ON_BOTH_ENGINES(DocumentTallyTest);

TEST_P(DocumentTallyTest, CountsEachDocumentOnce) {
  DocumentTally tally(site.database());
  EXPECT_FALSE(tally.known());
  ASSERT_TRUE(tally.count());
  EXPECT_TRUE(tally.known());
  EXPECT_EQ(tally.documents(), 0);
  std::int64_t bytes = 0;
  for (int i = 0; i < 3; ++i) {
    testing::Letter letter;
    letter.number = std::to_string(i);
    site.send(letter);
    bytes += static_cast<std::int64_t>(testing::file_of(letter).size());
    ASSERT_TRUE(tally.count());
    EXPECT_EQ(tally.documents(), i + 1);
    EXPECT_EQ(tally.bytes(), bytes);
  }
  ASSERT_TRUE(tally.count());
  EXPECT_EQ(tally.documents(), 3);
}

}  // namespace
}  // namespace exchange
