#include "search/text.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "base/testing/temp_directory.h"
#include "page/sheet.h"
#include "search/fold.h"
#include "search/program.h"

namespace search {
namespace {

class Text : public ::testing::Test {
 protected:
  Text() { options_.directory = directory_.path(); }
  std::string write(const std::string& name, const std::string& bytes) {
    std::ofstream(directory_ / name, std::ios::binary) << bytes;
    return directory_ / name;
  }
  static std::string page() {
    page::Sheet sheet;
    sheet.title = "Thử";
    sheet.blocks.push_back(page::Title{{"Quyết định thành lập tổ công tác", "Decision"}});
    sheet.blocks.push_back(
        page::Paragraph{page::both({"Ủy ban nhân dân tỉnh Quảng Ninh yêu cầu các đơn vị phối hợp "
                                    "phòng chống dịch bệnh trước ngày khai giảng.",
                                    "coordinate"})});
    auto pdf = page::render(sheet);
    EXPECT_TRUE(pdf.ok());
    return pdf->bytes;
  }
  // A PDF that holds nothing but a grey picture.
  static std::string picture_pdf(const std::string& pgm) {
    std::istringstream in(pgm);
    std::string magic;
    int width = 0, height = 0, most = 0;
    in >> magic >> width >> height >> most;
    const std::string pixels =
        pgm.substr(pgm.size() - static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    const std::string draw = "q 595 0 0 842 0 0 cm /I Do Q";
    const std::vector<std::string> objects = {
        "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 "
        "0 R>>>>>>",
        "<</Length " + std::to_string(draw.size()) + ">>stream\n" + draw + "\nendstream",
        "<</Type/XObject/Subtype/Image/Width " + std::to_string(width) + "/Height " +
            std::to_string(height) + "/ColorSpace/DeviceGray/BitsPerComponent 8/Length " +
            std::to_string(pixels.size()) + ">>stream\n" + pixels + "\nendstream"};
    std::string out = "%PDF-1.4\n", table;
    for (std::size_t at = 0; at < objects.size(); ++at) {
      char line[32];
      std::snprintf(line, sizeof line, "%010zu 00000 n \n", out.size());
      table += line;
      out += std::to_string(at + 1) + " 0 obj\n" + objects[at] + "\nendobj\n";
    }
    const std::size_t begin = out.size();
    return out + "xref\n0 6\n0000000000 65535 f \n" + table +
           "trailer<</Size 6/Root 1 0 R>>\nstartxref\n" + std::to_string(begin) + "\n%%EOF\n";
  }
  static bool has(const std::string& text, const std::string& words) {
    std::string bare;
    for (const Word& word : words_of(composed(text), 10000)) bare += word.bare + " ";
    std::string wanted;
    for (const Word& word : words_of(composed(words), 100)) wanted += word.bare + " ";
    return bare.find(wanted) != std::string::npos;
  }

  base::testing::TempDirectory directory_;
  TextOptions options_;
};

TEST_F(Text, OfAPdfIsRead) {
  const FileText read = text_of_file(write("a.pdf", page()), "a.pdf", options_);
  EXPECT_TRUE(has(read.text, "Ủy ban nhân dân tỉnh Quảng Ninh")) << read.text << read.note.en;
  EXPECT_EQ(read.note.en, "");
}

TEST_F(Text, OfAScanIsReadFromItsPicture) {
  const std::string pdf = write("a.pdf", page());
  ProgramLimits limits;
  limits.output_bytes = 64 << 20;
  const auto pgm = run_limited({"pdftoppm", "-r", "200", "-gray", "-l", "1", pdf}, limits);
  ASSERT_TRUE(pgm.ok()) << pgm.error().detail();
  const std::string scan = write("scan.pdf", picture_pdf(*pgm));
  const FileText read = text_of_file(scan, "scan.pdf", options_);
  EXPECT_TRUE(has(read.text, "Quyết định thành lập tổ công tác")) << read.text << read.note.en;
  EXPECT_TRUE(has(read.text, "nhân dân tỉnh Quảng Ninh")) << read.text;
  EXPECT_NE(read.text.find("thành lập"), std::string::npos) << "with its marks: " << read.text;
  options_.scanned_pages = 0;
  EXPECT_EQ(text_of_file(scan, "scan.pdf", options_).text, "");
}

TEST_F(Text, OfWordFilesIsRead) {
  std::filesystem::create_directory(directory_ / "word");
  write("word/document.xml",
        "<w:p><w:r><w:t>Kế ho</w:t></w:r><w:r><w:t>ạch &amp; dự "
        "toán</w:t></w:r></w:p><w:p>hai</w:p>");
  const std::string zip = directory_ / "a.docx";
  const auto zipped = run_limited({"python3", "-c",
                                   "import zipfile,sys; z=zipfile.ZipFile(sys.argv[1],'w'); "
                                   "z.write(sys.argv[2],'word/document.xml'); z.close()",
                                   zip, directory_ / "word/document.xml"},
                                  {});
  ASSERT_TRUE(zipped.ok());
  EXPECT_EQ(text_of_file(zip, "a.docx", options_).text, "Kế hoạch & dự toán\nhai\n");
}

TEST_F(Text, SaysWhyThereIsNone) {
  EXPECT_NE(text_of_file(write("b.pdf", "%PDF-1.7 and then nothing"), "b.pdf", options_).note.vi,
            "");
  EXPECT_NE(text_of_file(write("b.exe", "MZ"), "b.exe", options_).note.en, "");
  EXPECT_NE(text_of_file(directory_ / "nowhere", "b.txt", options_).note.en, "");
  EXPECT_NE(text_of_file(write("b.txt",
                               "C\xE9ng h\xDF"
                               "a x\xB7 h\xE9i"),
                         "b.txt", options_)
                .note.en,
            "");
  const std::string tcvn3 =
      "Céng hßa x· héi chñ nghÜa ViÖt Nam. QuyÕt ®Þnh vÒ viÖc phª duyÖt dù ¸n ®Çu t x©y dùng";
  EXPECT_NE(text_of_file(write("c.txt", tcvn3), "c.txt", options_).note.en.find("TCVN3"),
            std::string::npos);
  EXPECT_EQ(text_of_file(write("d.txt", "Kính gửi"), "d.txt", options_).text, "Kính gửi");
}

TEST_F(Text, OfHostileFilesEndsInTime) {
  ProgramLimits limits;
  limits.time = std::chrono::milliseconds(300);
  const auto slow = run_limited({"sleep", "60"}, limits);
  ASSERT_FALSE(slow.ok());
  EXPECT_EQ(slow.error().reason(), "search.program_failed");
  limits.time = std::chrono::seconds(20);
  limits.output_bytes = 1000;
  EXPECT_EQ(run_limited({"cat", "/dev/zero"}, limits)->size(), 1000U);
  limits.memory_bytes = 256 << 20;
  EXPECT_FALSE(run_limited({"python3", "-c", "x = 'a' * (1 << 30)"}, limits).ok());
  limits.file_bytes = 1 << 20;
  const std::string big = directory_ / "big";
  EXPECT_FALSE(
      run_limited({"dd", "if=/dev/zero", "of=" + big, "bs=65536", "count=1000"}, limits).ok());
  EXPECT_LE(std::filesystem::file_size(big), 1U << 20);
  EXPECT_EQ(run_limited({"no-such-program"}, limits).error().reason(), "search.program_missing");
}

}  // namespace
}  // namespace search
