// Text and images as form XObjects of one update. Private to signing.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "trust/signing/font.h"
#include "trust/signing/pdf_file.h"
#include "trust/signing/pdf_sign.h"

namespace trust::signing {

// The fonts that one update embeds, each once, with the glyphs that were used.
class PdfFonts {
 public:
  explicit PdfFonts(std::string directory) : directory_(std::move(directory)) {}
  struct Use {
    Font::Run run;
    std::string name;  // "F1": the resource
    QPDFObjectHandle font;
    Font::Metrics metrics;
  };
  base::Result<Use> use(PdfFile& file, std::string_view text, bool italic);
  // Writes the font objects; once, after the last use().
  base::Result<void> embed(PdfFile& file);

 private:
  struct One {
    std::shared_ptr<const Font> font;
    QPDFObjectHandle object;
    std::map<std::uint16_t, std::string> text;
    std::map<std::uint16_t, int> widths;
  };
  std::string directory_;
  std::map<bool, One> fonts_;
};

// How a page is shown: user space against what people see.
struct PageView {
  double left = 0, bottom = 0, width = 0, height = 0;  // of the crop box, in user space
  int rotation = 0;                                    // 0, 90, 180, 270, clockwise
  double shown_width() const { return rotation % 180 == 0 ? width : height; }
  double shown_height() const { return rotation % 180 == 0 ? height : width; }
  std::string rectangle(const Box& shown) const;  // "[ x1 y1 x2 y2 ]" in user space
  Box shown(QPDFObjectHandle rectangle) const;
};
PageView view_of(QPDFObjectHandle page);

std::string number_text(double value);  // at most three decimals, never an exponent
std::string turned(int rotation);       // "/Matrix [...]" that keeps a form upright; may be empty

// Form XObjects, `width` by `height` points.
base::Result<QPDFObjectHandle> appearance_form(PdfFile& file, PdfFonts& fonts,
                                               const Appearance& appearance, double width,
                                               double height, int rotation);
base::Result<QPDFObjectHandle> text_form(PdfFile& file, PdfFonts& fonts, std::string_view text,
                                         double size, Align align, bool italic, double width,
                                         double height, int rotation);
// The box that the image of `png` fills when fitted into `box`.
base::Result<Box> fitted(base::BytesView png, const Box& box);
// How large the lines are.
base::Result<Box> lines_size(PdfFile& file, PdfFonts& fonts, const Appearance& appearance);

}  // namespace trust::signing
