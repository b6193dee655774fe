// Text in a PDF with an embedded font: shaping and subsetting by HarfBuzz, which stays in font.cc.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace trust::signing {

// Liberation Serif, which has the widths of Times New Roman. Any thread.
class Font {
 public:
  // `directory` empty: where Debian puts it. trust.font_missing.
  static base::Result<std::shared_ptr<const Font>> load(const std::string& directory, bool italic);
  virtual ~Font() = default;

  struct Run {
    std::vector<std::uint16_t> glyphs;
    std::map<std::uint16_t, std::string> text;  // what each glyph stands for, UTF-8
    std::map<std::uint16_t, int> widths;        // of each, in thousandths of the font size
    int width = 0;                              // of the whole
  };
  // trust.text_unwritable: not UTF-8, or characters that the font has not.
  virtual base::Result<Run> shape(std::string_view utf8) const = 0;
  // TrueType with these glyphs under their old numbers.
  virtual base::Result<base::Bytes> subset(const std::vector<std::uint16_t>& glyphs) const = 0;

  // Thousandths of the font size.
  struct Metrics {
    int ascent, descent, cap_height;
    int box[4];
    int italic_angle;
  };
  virtual const Metrics& metrics() const = 0;
  virtual bool italic() const = 0;
};

}  // namespace trust::signing
