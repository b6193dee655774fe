#include "page/sheet.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/file.h"
#include "base/testing/temp_directory.h"

namespace page {
namespace {

Sheet sample() {
  Sheet sheet;
  sheet.title = "Báo cáo thử";
  sheet.author = "truc";
  sheet.made_at = *base::parse_vietnam_time("2026/11/22 09:30:00");
  sheet.blocks.push_back(Title{{"Báo cáo thử nghiệm", "A report"}});
  sheet.blocks.push_back(Notice{{"Trình diễn", "Demonstration"}});
  sheet.blocks.push_back(Heading{{"Văn bản được gửi", "The document"}});
  sheet.blocks.push_back(Paragraph{both({"Nguyễn Thị Hoàng Ường", "somebody"})});
  sheet.footer = {{"Chân trang", Look::quiet}};
  return sheet;
}

Table rows(int count, const std::string& text) {
  Table table{{{{"Nơi nhận", "Recipient"}, 3}, {{"Lúc", "Time"}, 1}}, {}, 3};
  for (int i = 0; i < count; ++i) {
    table.rows.push_back({{{text + std::to_string(i)}}, {{"09:30"}}});
  }
  return table;
}

class PageSheet : public ::testing::Test {
 protected:
  // What a program of poppler or qpdf says of it.
  std::string said(const std::string& command, const Pdf& pdf) {
    const std::string path = directory_ / "a.pdf", out = directory_ / "out.txt";
    EXPECT_TRUE(base::write_file_durably(base::real_files(), path, pdf.bytes).ok());
    EXPECT_EQ(std::system((command + " " + path + " > " + out + " 2>&1").c_str()), 0) << command;
    return base::read_file(base::real_files(), out, 1 << 20).value();
  }
  const base::testing::TempDirectory directory_;
};

TEST_F(PageSheet, IsAPdfThatOthersReadInVietnamese) {
  const auto pdf = render(sample());
  ASSERT_TRUE(pdf.ok()) << pdf.error().detail();
  EXPECT_EQ(pdf->pages, 1U);
  EXPECT_NE(said("qpdf --check", *pdf).find("No syntax or stream encoding errors"),
            std::string::npos);
  said("pdftotext", *pdf);
  const std::string text =
      base::read_file(base::real_files(), directory_ / "a.txt", 1 << 20).value();
  EXPECT_NE(text.find("Nguyễn Thị Hoàng Ường"), std::string::npos) << text;
  const std::string info = said("pdfinfo", *pdf);
  EXPECT_NE(info.find("Báo cáo thử"), std::string::npos) << info;
  EXPECT_NE(info.find("A4"), std::string::npos) << info;
  const std::string fonts = said("pdffonts", *pdf);
  EXPECT_NE(fonts.find("LiberationSans"), std::string::npos) << fonts;
  EXPECT_EQ(fonts.find(" no  yes"), std::string::npos) << "every font is embedded\n" << fonts;
  EXPECT_NE(said("qpdf --json", *pdf).find("vi-VN"), std::string::npos);
}

TEST_F(PageSheet, TheSameSheetGivesTheSameBytes) {
  const base::Bytes first = render(sample()).value().bytes;
  EXPECT_EQ(first, render(sample()).value().bytes);
  Sheet later = sample();
  later.made_at += std::chrono::hours(1);
  EXPECT_NE(first, render(later).value().bytes);
}

TEST_F(PageSheet, ATableGoesOnOnTheNextPage) {
  Sheet sheet = sample();
  sheet.blocks.push_back(rows(100, "Ủy ban nhân dân xã "));
  const Pdf pdf = render(sheet).value();
  EXPECT_EQ(pdf.pages, 2U);
  said("pdftotext -layout", pdf);
  const std::string text =
      base::read_file(base::real_files(), directory_ / "a.txt", 1 << 20).value();
  EXPECT_NE(text.find("Ủy ban nhân dân xã 99"), std::string::npos);
  std::size_t headings = 0;
  for (auto at = text.find("Recipient"); at != text.npos; at = text.find("Recipient", at + 1))
    ++headings;
  EXPECT_EQ(headings, 2U);
}

TEST_F(PageSheet, LongTextIsCutWhereTheCallerSaysSo) {
  Sheet sheet = sample();
  sheet.blocks.push_back(rows(5, std::string(40'000, 'x') + " dài\n\n\n\n\n\n\n\n\n\n"));
  sheet.blocks.push_back(Paragraph{{{std::string(40'000, 'y')}}, 2});
  EXPECT_EQ(render(sheet).value().pages, 1U);
}

TEST_F(PageSheet, StrangersTextDoesNothingButStandThere) {
  Sheet sheet = sample();
  sheet.blocks.push_back(
      Paragraph{{{"a\xE2\x80\xAE"
                  "b\x01\xff<b>&amp;</b>"}}});
  const Pdf pdf = render(sheet).value();
  said("pdftotext", pdf);
  const std::string text =
      base::read_file(base::real_files(), directory_ / "a.txt", 1 << 20).value();
  EXPECT_NE(text.find("a?b?"
                      "?<b>&amp;</b>"),
            std::string::npos)
      << text;
}

}  // namespace
}  // namespace page
