#include "trust/signing/pdf_text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/hash.h"
#include "trust/signing/image.h"

namespace trust::signing {
namespace {

constexpr double kLeading = 1.2;  // of the font size

std::string hex16(std::uint16_t value) {
  char out[8];
  std::snprintf(out, sizeof out, "%04X", static_cast<unsigned>(value));
  return out;
}

std::string utf16_hex(const std::string& utf8) {
  // newUnicodeString picks another coding where it can; glyphs stand for one or a few characters.
  std::string out;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    unsigned code = size == 1 ? lead : lead & (0xffu >> (size + 1));
    for (std::size_t k = 1; k < size && i + k < utf8.size(); ++k) {
      code = (code << 6) | (static_cast<unsigned char>(utf8[i + k]) & 0x3f);
    }
    i += size;
    if (code >= 0x10000) {
      out += hex16(static_cast<std::uint16_t>(0xd800 + ((code - 0x10000) >> 10)));
      out += hex16(static_cast<std::uint16_t>(0xdc00 + ((code - 0x10000) & 0x3ff)));
    } else {
      out += hex16(static_cast<std::uint16_t>(code));
    }
  }
  return out;
}

std::string shown_text(const Font::Run& run) {
  std::string out = "<";
  for (const std::uint16_t glyph : run.glyphs) out += hex16(glyph);
  return out + "> Tj";
}

std::string to_unicode(const std::map<std::uint16_t, std::string>& text) {
  std::string out =
      "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
      "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
      "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
      "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n";
  for (auto at = text.begin(); at != text.end();) {
    const auto left = static_cast<std::size_t>(std::distance(at, text.end()));
    const std::size_t count = std::min<std::size_t>(left, 100);
    out += std::to_string(count) + " beginbfchar\n";
    for (std::size_t i = 0; i < count; ++i, ++at) {
      out += "<" + hex16(at->first) + "> <" + utf16_hex(at->second) + ">\n";
    }
    out += "endbfchar\n";
  }
  return out + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";
}

std::string form_entries(double width, double height, int rotation, const std::string& resources) {
  return "/Type /XObject /Subtype /Form /BBox [ 0 0 " + number_text(width) + " " +
         number_text(height) + " ] " + turned(rotation) + "/Resources << " + resources + " >>";
}

QPDFObjectHandle image_object(PdfFile& file, const Image& image) {
  const std::string entries = "/Type /XObject /Subtype /Image /Width " +
                              std::to_string(image.width) + " /Height " +
                              std::to_string(image.height) + " /BitsPerComponent 8 ";
  std::string mask;
  if (!image.alpha.empty()) {
    mask =
        " /SMask " + reference(file.add_stream(entries + "/ColorSpace /DeviceGray", image.alpha));
  }
  return file.add_stream(entries + "/ColorSpace /DeviceRGB" + mask, image.rgb);
}

Box fit(const Image& image, const Box& box) {
  const double scale = std::min(box.width / image.width, box.height / image.height);
  const double width = image.width * scale, height = image.height * scale;
  return {box.x + (box.width - width) / 2, box.y + (box.height - height) / 2, width, height};
}

}  // namespace

std::string number_text(double value) {
  char out[48];
  std::snprintf(out, sizeof out, "%.3f", std::isfinite(value) ? value : 0.0);
  std::string text = out;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string turned(int rotation) {
  switch (rotation) {
    case 90:
      return "/Matrix [ 0 1 -1 0 0 0 ] ";
    case 180:
      return "/Matrix [ -1 0 0 -1 0 0 ] ";
    case 270:
      return "/Matrix [ 0 -1 1 0 0 0 ] ";
    default:
      return "";
  }
}

PageView view_of(QPDFObjectHandle page) {
  QPDFObjectHandle box, media, rotate;
  QPDFObjectHandle node = page;
  for (int depth = 0; depth < 64 && node.isDictionary(); ++depth, node = node.getKey("/Parent")) {
    const auto inherit = [&](QPDFObjectHandle& into, const char* key) {
      if (!into.isInitialized() && !node.getKey(key).isNull()) into = node.getKey(key);
    };
    inherit(box, "/CropBox");
    inherit(media, "/MediaBox");
    inherit(rotate, "/Rotate");
  }
  PageView view{0, 0, 595.276, 841.89, 0};
  const auto usable = [](const QPDFObjectHandle& it) {
    auto copy = it;
    return copy.isInitialized() && copy.isRectangle();
  };
  if (!usable(box)) box = media;
  if (usable(box)) {
    const auto r = box.getArrayAsRectangle();
    view = {r.llx, r.lly, r.urx - r.llx, r.ury - r.lly, 0};
  }
  if (rotate.isInitialized() && rotate.isInteger()) {
    view.rotation = ((rotate.getIntValueAsInt() % 360) + 360) % 360 / 90 * 90;
  }
  return view;
}

std::string PageView::rectangle(const Box& s) const {
  double x = s.x, y = s.y, w = s.width, h = s.height;
  if (rotation == 90) {
    x = width - s.y - s.height, y = s.x, w = s.height, h = s.width;
  } else if (rotation == 180) {
    x = width - s.x - s.width, y = height - s.y - s.height;
  } else if (rotation == 270) {
    x = s.y, y = height - s.x - s.width, w = s.height, h = s.width;
  }
  x += left, y += bottom;
  return "[ " + number_text(x) + " " + number_text(y) + " " + number_text(x + w) + " " +
         number_text(y + h) + " ]";
}

Box PageView::shown(QPDFObjectHandle rectangle) const {
  if (!rectangle.isRectangle()) return {};
  const auto r = rectangle.getArrayAsRectangle();
  const double x = r.llx - left, y = r.lly - bottom, w = r.urx - r.llx, h = r.ury - r.lly;
  if (rotation == 90) return {y, width - x - w, h, w};
  if (rotation == 180) return {width - x - w, height - y - h, w, h};
  if (rotation == 270) return {height - y - h, x, h, w};
  return {x, y, w, h};
}

base::Result<PdfFonts::Use> PdfFonts::use(PdfFile& file, std::string_view text, bool italic) {
  One& one = fonts_[italic];
  if (!one.font) {
    one.font = TRY(Font::load(directory_, italic));
    one.object = file.allocate();
  }
  Font::Run run = TRY(one.font->shape(text));
  Use use{std::move(run), italic ? "FI" : "FR", one.object, one.font->metrics()};
  one.text.insert(use.run.text.begin(), use.run.text.end());
  one.widths.insert(use.run.widths.begin(), use.run.widths.end());
  return use;
}

base::Result<void> PdfFonts::embed(PdfFile& file) {
  for (const auto& [italic, one] : fonts_) {
    if (!one.font) continue;
    std::vector<std::uint16_t> glyphs;
    std::string widths;
    for (const auto& [glyph, width] : one.widths) {
      glyphs.push_back(glyph);
      widths += std::to_string(glyph) + " [ " + std::to_string(width) + " ] ";
    }
    const base::Bytes program = TRY(one.font->subset(glyphs));
    const Font::Metrics& m = one.font->metrics();
    std::string name = "/";  // six letters that differ with the glyphs: ISO 32000-2 §9.9.2
    for (const char c : base::sha256(widths).substr(0, 6)) {
      name += static_cast<char>('A' + static_cast<unsigned char>(c) % 26);
    }
    name += italic ? "+LiberationSerif-Italic" : "+LiberationSerif";
    const std::string stream =
        reference(file.add_stream("/Length1 " + std::to_string(program.size()), program));
    const std::string unicode = reference(file.add_stream("", to_unicode(one.text)));
    QPDFObjectHandle descriptor = file.allocate(), descendant = file.allocate();
    std::string box;
    for (const int edge : m.box) box += std::to_string(edge) + " ";
    file.put(descriptor, "<< /Type /FontDescriptor /FontName " + name + " /Flags " +
                             (italic ? "70" : "6") + " /FontBBox [ " + box + "] /ItalicAngle " +
                             std::to_string(m.italic_angle) + " /Ascent " +
                             std::to_string(m.ascent) + " /Descent " + std::to_string(m.descent) +
                             " /CapHeight " + std::to_string(m.cap_height) +
                             " /StemV 80 /FontFile2 " + stream + " >>");
    file.put(descendant,
             "<< /Type /Font /Subtype /CIDFontType2 /BaseFont " + name +
                 " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
                 "/FontDescriptor " +
                 reference(descriptor) + " /DW 0 /W [ " + widths + "] /CIDToGIDMap /Identity >>");
    file.put(one.object, "<< /Type /Font /Subtype /Type0 /BaseFont " + name +
                             " /Encoding /Identity-H /DescendantFonts [ " + reference(descendant) +
                             " ] /ToUnicode " + unicode + " >>");
  }
  return base::done();
}

base::Result<Box> fitted(base::BytesView png, const Box& box) {
  const Image image = TRY(read_png(png));
  return fit(image, box);
}

base::Result<Box> lines_size(PdfFile& file, PdfFonts& fonts, const Appearance& appearance) {
  Box box;
  for (const std::string& line : appearance.lines) {
    const auto use = TRY(fonts.use(file, line, false));
    box.width = std::max(box.width, use.run.width * appearance.size / 1000);
    box.height += appearance.size * kLeading;
  }
  return box;
}

base::Result<QPDFObjectHandle> appearance_form(PdfFile& file, PdfFonts& fonts,
                                               const Appearance& appearance, double width,
                                               double height, int rotation) {
  std::string content, resources;
  if (!appearance.png.empty()) {
    const Image image = TRY(read_png(appearance.png));
    const Box at = fit(image, {0, 0, width, height});
    content += "q " + number_text(at.width) + " 0 0 " + number_text(at.height) + " " +
               number_text(at.x) + " " + number_text(at.y) + " cm /Im Do Q\n";
    resources += "/XObject << /Im " + reference(image_object(file, image)) + " >> ";
  }
  double y = height;
  std::string font;
  for (const std::string& line : appearance.lines) {
    const auto use = TRY(fonts.use(file, line, false));
    const double ascent = use.metrics.ascent * appearance.size / 1000;
    content += "BT 0 g /" + use.name + " " + number_text(appearance.size) + " Tf 0 " +
               number_text(y - ascent) + " Td " + shown_text(use.run) + " ET\n";
    font = "/Font << /" + use.name + " " + reference(use.font) + " >> ";
    y -= appearance.size * kLeading;
  }
  return file.add_stream(form_entries(width, height, rotation, resources + font), content);
}

base::Result<QPDFObjectHandle> text_form(PdfFile& file, PdfFonts& fonts, std::string_view text,
                                         double size, Align align, bool italic, double width,
                                         double height, int rotation) {
  const auto use = TRY(fonts.use(file, text, italic));
  if (size <= 0) size = std::clamp(height * 0.7, 4.0, 14.0);
  const double natural = use.run.width * size / 1000;
  if (natural > width && natural > 0) size *= width / natural;  // rather smaller than cut off
  const double taken = use.run.width * size / 1000;
  const double x = align == Align::left     ? 0
                   : align == Align::centre ? (width - taken) / 2
                                            : width - taken;
  const double y = (height - use.metrics.cap_height * size / 1000) / 2;
  const std::string content = "/Tx BMC\nq BT 0 g /" + use.name + " " + number_text(size) + " Tf " +
                              number_text(x) + " " + number_text(y) + " Td " + shown_text(use.run) +
                              " ET Q\nEMC\n";
  return file.add_stream(form_entries(width, height, rotation,
                                      "/Font << /" + use.name + " " + reference(use.font) + " >>"),
                         content);
}

}  // namespace trust::signing
