#include "search/fold.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace search {
namespace {

TEST(Fold, HasThreeForms) {
  const Folded word = fold("Đường");
  EXPECT_EQ(word.exact, "đường");
  EXPECT_EQ(word.toneless, "đương");
  EXPECT_EQ(word.bare, "duong");
  EXPECT_EQ(fold("\u00D0ường").exact, word.exact) << "the look-alike of old fonts";
}

TEST(Fold, PutsTheToneInOnePlace) {
  for (const auto& [old_way, new_way] :
       std::vector<std::pair<const char*, const char*>>{{"hòa", "hoà"},
                                                        {"khỏe", "khoẻ"},
                                                        {"thúy", "thuý"},
                                                        {"ủy", "uỷ"},
                                                        {"lọa", "loạ"},
                                                        {"HÓA", "HOÁ"}}) {
    EXPECT_EQ(fold(old_way).exact, fold(new_way).exact) << old_way;
    EXPECT_EQ(fold(old_way).variant, fold(new_way).variant) << old_way;
  }
  for (const char* word : {"quý", "giả", "nghĩa", "toán", "tuyển", "người", "của", "mùi", "ngoại",
                           "giữa", "quốc", "chuyển", "hoàn", "gì", "khuỷu", "thoại", "bảo"}) {
    if (std::string(word) == "quý") continue;  // the class of i and y
    EXPECT_EQ(fold(word).exact, word) << "correct as it is";
  }
}

TEST(Fold, TakesIAndYForOneWhereTheyAre) {
  EXPECT_EQ(fold("kỹ").exact, fold("kĩ").exact);
  EXPECT_EQ(fold("Lý").exact, fold("lí").exact);
  EXPECT_EQ(fold("quý").exact, fold("quí").exact);
  EXPECT_NE(fold("thúy").exact, fold("thúi").exact);
  EXPECT_NE(fold("tay").exact, fold("tai").exact);
}

TEST(Fold, ComposesFirst) {
  EXPECT_EQ(fold("ho\u0300a").exact, fold("hòa").exact);
  EXPECT_EQ(fold("Tie\u0302\u0301ng").exact, "tiếng");
  EXPECT_EQ(composed("Vie\u0302\u0323t\tNam"), "Việt Nam");
}

TEST(Fold, SaysHowNearTwoWordsAre) {
  const auto near = [](const char* a, const char* b) {
    return compare(fold(a).variant, fold(b).variant);
  };
  EXPECT_EQ(near("hòa", "hoà"), Match::exact);
  EXPECT_EQ(near("hòa", "hóa"), Match::toneless);
  EXPECT_EQ(near("đương", "đường"), Match::toneless);
  EXPECT_EQ(near("duong", "đường"), Match::bare);
  EXPECT_EQ(near("của", "cửa"), Match::bare);
}

// Every syllable of a few thousand that look Vietnamese: the forms are stable, and each coarser
// form depends on the finer one alone.
TEST(Fold, IsStableForEverySyllable) {
  const std::vector<std::string> onsets = {"",  "b",  "c",  "đ",  "gi", "h",  "k",  "l",
                                           "m", "ng", "nh", "ph", "qu", "th", "tr", "x"};
  const std::vector<std::string> nuclei = {
      "a",  "ă",  "â",  "e",  "ê",  "i",  "o",   "ô",  "ơ",  "u",  "ư",  "y",  "ia",  "iê",
      "oa", "oe", "ua", "uâ", "uô", "uy", "uyê", "ươ", "ưa", "ai", "ay", "ôi", "ươi", "oai"};
  const std::vector<std::string> marks = {"", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"};
  const std::vector<std::string> codas = {"", "n", "ng", "t"};
  for (const auto& onset : onsets) {
    for (const auto& nucleus : nuclei) {
      for (const auto& coda : codas) {
        const Folded without = fold(onset + nucleus + coda);
        for (const auto& mark : marks) {
          const std::string word = onset + nucleus + mark + coda;
          const Folded folded = fold(word);
          EXPECT_EQ(fold(folded.exact).exact, folded.exact) << word;
          EXPECT_EQ(fold(folded.exact).variant, folded.variant) << word;
          EXPECT_EQ(folded.toneless, without.toneless) << word;
          EXPECT_EQ(fold(folded.toneless).bare, folded.bare) << word;
          EXPECT_EQ(fold(folded.bare).bare, folded.bare) << word;
          EXPECT_EQ(compare(folded.variant, without.variant),
                    mark.empty() ? Match::exact : Match::toneless)
              << word;
          for (const char c : folded.bare) EXPECT_TRUE(c >= 'a' && c <= 'z') << word;
        }
      }
    }
  }
}

TEST(Fold, TakesAnyBytes) {
  base::SeededRandom random(29);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(40, '\0');
    for (char& c : bytes) c = static_cast<char>(random.below(256));
    const std::string text = composed(bytes);
    EXPECT_EQ(composed(text), text);
    for (const Word& word : words_of(text, 100)) {
      ASSERT_LT(word.begin, word.end);
      ASSERT_LE(word.end, text.size());
      EXPECT_LE(word.bare.size(), 64U);
    }
  }
}

TEST(Fold, FindsWordsWithTheirPlaces) {
  const std::string text = "Số 05, Hà Nội";
  const auto words = words_of(text, 10);
  ASSERT_EQ(words.size(), 4U);
  EXPECT_EQ(words[1].bare, "5");
  EXPECT_TRUE(words[1].digits);
  EXPECT_EQ(text.substr(words[3].begin, words[3].end - words[3].begin), "Nội");
  EXPECT_EQ(words_of(text, 2).size(), 2U);
}

}  // namespace
}  // namespace search
