#include "edxml/document.h"

#include <gtest/gtest.h>

namespace edxml {
namespace {

std::string mark_of_subject(const std::string& subject) {
  Document d;
  d.subject = subject;
  return d.secret_mark();
}

TEST(Document, CodeIsNumberAndNotation) {
  Document d;
  EXPECT_EQ(d.code(), "");
  d.code_notation = "VP";
  EXPECT_EQ(d.code(), "VP");
  d.code_number = "15";
  EXPECT_EQ(d.code(), "15/VP");
  d.code_notation.clear();
  EXPECT_EQ(d.code(), "15");
}

TEST(Document, UrgencyIsNormalUnlessItSaysOtherwise) {
  for (const auto& [written, level] : {std::pair{"0", 0},
                                       {"1", 1},
                                       {"4", 4},
                                       {"5", 0},
                                       {"", 0},
                                       {"abc", 0},
                                       {"-1", 0},
                                       {"99999999999", 0}}) {
    Document d;
    d.priority = written;
    EXPECT_EQ(d.urgency(), level) << written;
  }
}

TEST(Document, FindsTheSecrecyMark) {
  for (const auto* subject :
       {"[MẬT] Kế hoạch", "Kế hoạch [Mật]", "MẬT", " Mật ", "(mật)", "MẬT - Kế hoạch",
        "Mật: kế hoạch", "Độ mật: Mật", "Mức độ mật: MẬT", "MA\xCC\xA3\xCC\x82T - x",
        "M\xC3\x82\xCC\xA3T: x", "m\xE1\xBA\xA1\xCC\x82t", "Mật – kế hoạch"}) {
    EXPECT_EQ(mark_of_subject(subject), "Mật") << subject;
  }
  for (const auto* subject : {"TỐI MẬT - Kế hoạch", "Kế hoạch (Tối mật)", "Độ mật: Tối mật",
                              "[Độ mật: TỐI MẬT] x", "TO\xCC\x82\xCC\x81I MA\xCC\x82\xCC\xA3T"}) {
    EXPECT_EQ(mark_of_subject(subject), "Tối mật") << subject;
  }
  EXPECT_EQ(mark_of_subject("Báo cáo (Tuyệt mật)"), "Tuyệt mật");
  EXPECT_EQ(mark_of_subject("TUYE\xCC\xA3\xCC\x82T MA\xCC\xA3\xCC\x82T: x"), "Tuyệt mật");
  for (const auto field : {&Document::priority, &Document::type, &Document::type_name,
                           &Document::typer_notation, &Document::sphere, &Document::content}) {
    Document d;
    d.*field = "Tối Mật";
    EXPECT_EQ(d.secret_mark(), "Tối mật");
  }
}

TEST(Document, TheWordWithinASentenceIsNoMark) {
  for (const auto* subject :
       {"Công nghệ thông tin và bảo mật", "Mật độ dân số", "MẬT ĐỘ XÂY DỰNG - khu A", "bí mật",
        "Bảo vệ bí mật nhà nước", "Về mật ong", "Mật ong rừng: giá cả", "mát - x", "Mặt: x",
        "Độ mật: Không", "Độ mật của văn bản", "(bảo mật)", "[An toàn, bảo mật]",
        "Quy định tối mật, tuyệt mật và mật", "Tối mật, tuyệt mật: cách phân loại", "MAT - x",
        "Công văn (bí mật kinh doanh)", ""}) {
    EXPECT_EQ(mark_of_subject(subject), "") << subject;
  }
}

}  // namespace
}  // namespace edxml
