#include "search/encoding.h"

#include <gtest/gtest.h>

namespace search {
namespace {

TEST(Encoding, KnowsTcvn3) {
  EXPECT_EQ(
      encoding_of(
          "Céng hßa x· héi chñ nghÜa ViÖt Nam §éc lËp - Tù do - H¹nh phóc. QuyÕt ®Þnh vÒ viÖc "
          "phª duyÖt dù ¸n ®Çu t x©y dùng"),
      Encoding::tcvn3);
}

TEST(Encoding, KnowsVni) {
  EXPECT_EQ(
      encoding_of(
          "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam, Ñoäc laäp - Töï do - Haïnh phuùc. Quyeát ñònh "
          "veà vieäc pheâ duyeät"),
      Encoding::vni);
}

TEST(Encoding, LeavesOthersAlone) {
  EXPECT_EQ(encoding_of("Cộng hòa xã hội chủ nghĩa Việt Nam, Độc lập - Tự do - Hạnh phúc. Kính "
                        "gửi: Ủy ban nhân dân"),
            Encoding::unicode);
  EXPECT_EQ(encoding_of("Vie\u0302\u0323t Nam co\u0323\u0302ng ho\u0300a xa\u0303 ho\u0302\u0323i"),
            Encoding::unicode);
  EXPECT_EQ(encoding_of("The quick brown fox jumps over the lazy dog again and again"),
            Encoding::unicode);
  EXPECT_EQ(encoding_of("Große Übung für schöne Mädchen: Straße, Füße, Größe und Äpfel in München"),
            Encoding::unicode);
  EXPECT_EQ(encoding_of(
                "Où êtes-vous allé cet été? Élève à l'école française, très âgée, théâtre, forêt"),
            Encoding::unicode);
  EXPECT_EQ(encoding_of(""), Encoding::unicode);
  EXPECT_EQ(encoding_of("\xFF\xFE\xC3"), Encoding::unicode);
}

}  // namespace
}  // namespace search
