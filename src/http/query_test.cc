#include "http/query.h"

#include <gtest/gtest.h>

namespace http {
namespace {

TEST(Query, GivesDecodedPairs) {
  const auto query = Query::parse("q=c%C3%B4ng+v%C4%83n&tag=a&tag=b%26c&&flag&empty=&x=1%2B1=2");
  ASSERT_TRUE(query.ok());
  EXPECT_EQ((*query)["q"], "công văn");
  EXPECT_EQ((*query)["tag"], "a");
  EXPECT_EQ(query->all("tag"), (std::vector<std::string_view>{"a", "b&c"}));
  EXPECT_EQ((*query)["flag"], "");
  EXPECT_EQ((*query)["empty"], "");
  EXPECT_EQ((*query)["x"], "1+1=2");
  EXPECT_FALSE((*query)["Q"].has_value());
  EXPECT_TRUE(query->all("nothing").empty());
  EXPECT_EQ(query->pairs().size(), 6u);
  EXPECT_TRUE(Query::parse("")->pairs().empty());
}

TEST(Query, RefusesWhatIsNoText) {
  for (const char* text : {"a=%", "a=%4", "a=%zz", "a=%00", "a=%ff%fe", "%c3=1", "a=1&b=%C3"}) {
    const auto query = Query::parse(text);
    ASSERT_FALSE(query.ok()) << text;
    EXPECT_EQ(query.error().reason(), "http.query_malformed") << text;
  }
}

TEST(Query, HasALimit) {
  std::string text = "p=0";
  for (std::size_t i = 1; i < kQueryPairsMax; ++i) text += "&p=" + std::to_string(i);
  ASSERT_TRUE(Query::parse(text).ok());
  const auto over = Query::parse(text + "&p=one+too+many");
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().reason(), "http.query_too_large");
}

}  // namespace
}  // namespace http
