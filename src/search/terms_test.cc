#include "search/terms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "search/abbreviations.h"

namespace search {
namespace {

std::set<std::string> all(std::string_view text) {
  std::set<std::string> out;
  for (const Term& term : terms_of(composed(text), 1000)) out.insert(term.text);
  return out;
}

TEST(Terms, TakeANotationAsOne) {
  for (const char* way : {"28/2018/QĐ-TTg", "28/2018/qd-ttg", "28/2018/QĐTTg", "028/2018/QD-TTG"}) {
    EXPECT_TRUE(all(way).count("#282018qdttg")) << way;
    EXPECT_TRUE(all(way).count("#28qdttg")) << way;
    EXPECT_TRUE(all(way).count("qdttg")) << way;
  }
  EXPECT_TRUE(all("Căn cứ Quyết định số 28/2018/QĐ-TTg, ngày").count("#282018qdttg"));
  EXPECT_FALSE(all("kinh tế-xã hội").count("#texa"));
}

TEST(Terms, KnowAbbreviationsBothWays) {
  const auto by_short = all("UBND tỉnh");
  for (const char* word : {"uy", "ban", "nhan", "dan", "ubnd", "tinh"})
    EXPECT_TRUE(by_short.count(word)) << word;
  EXPECT_TRUE(all("Ủy ban nhân dân tỉnh").count("ubnd"));
  EXPECT_TRUE(all("Uỷ ban Nhân dân").count("ubnd"));
  EXPECT_TRUE(all("V/v thử").count("viec"));
  EXPECT_TRUE(all("về việc thử").count("vv"));
  EXPECT_FALSE(all("15/QĐ-UBND").count("nhan")) << "not inside of a notation";
}

TEST(Terms, KnowEveryAbbreviationOfTheTable) {
  for (const Abbreviation& one : abbreviations()) {
    const std::string bare = fold(one.abbreviation).bare;
    EXPECT_TRUE(abbreviates(bare)) << one.abbreviation;
    EXPECT_TRUE(all(one.words).count(bare)) << one.words;
    for (const Word& word : words_of(composed(one.words), 20))
      EXPECT_TRUE(all(one.abbreviation).count(word.bare)) << one.abbreviation << " " << word.bare;
  }
}

TEST(Terms, StayWithinBounds) {
  std::string long_notation = "1";
  for (int i = 0; i < 5000; ++i) long_notation += "/QD";
  for (const Term& term : terms_of(composed(long_notation), 10000))
    EXPECT_LE(term.text.size(), 64U);
  EXPECT_LE(terms_of(composed(long_notation), 100).size(), 200U);
}

}  // namespace
}  // namespace search
