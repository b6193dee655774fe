#include "trust/signing/font.h"

#include <hb-ot.h>
#include <hb-subset.h>
#include <hb.h>

#include "base/file.h"
#include "base/text.h"

namespace trust::signing {
namespace {

constexpr std::uint64_t kFontBytesMax = 8u << 20;
constexpr std::size_t kTextBytesMax = 4096;

struct Destroy {
  void operator()(hb_blob_t* it) const { hb_blob_destroy(it); }
  void operator()(hb_face_t* it) const { hb_face_destroy(it); }
  void operator()(hb_font_t* it) const { hb_font_destroy(it); }
  void operator()(hb_buffer_t* it) const { hb_buffer_destroy(it); }
  void operator()(hb_subset_input_t* it) const { hb_subset_input_destroy(it); }
};
template <class T>
using Owned = std::unique_ptr<T, Destroy>;

base::Error unwritable(std::string_view text) {
  return {base::Code::invalid, "trust.text_unwritable",
          "The font has no characters for the text \"" + std::string(base::cut_utf8(text, 80)) +
              "\"; use Latin letters, digits and usual signs.",
          "Phông chữ không có ký tự để viết \"" + std::string(base::cut_utf8(text, 80)) +
              "\"; hãy dùng chữ cái, chữ số và dấu thông thường."};
}

class HarfbuzzFont : public Font {
 public:
  HarfbuzzFont(base::Bytes file, bool italic) : file_(std::move(file)), italic_(italic) {
    const Owned<hb_blob_t> blob(hb_blob_create(file_.data(), static_cast<unsigned>(file_.size()),
                                               HB_MEMORY_MODE_READONLY, nullptr, nullptr));
    face_.reset(hb_face_create(blob.get(), 0));
    em_ = static_cast<int>(hb_face_get_upem(face_.get()));
    font_.reset(hb_font_create(face_.get()));
    read_metrics();
    hb_font_make_immutable(font_.get());
  }

  base::Result<Run> shape(std::string_view utf8) const override {
    if (utf8.size() > kTextBytesMax || !base::is_utf8(utf8)) return unwritable("");
    const Owned<hb_buffer_t> buffer(hb_buffer_create());
    hb_buffer_add_utf8(buffer.get(), utf8.data(), static_cast<int>(utf8.size()), 0, -1);
    hb_buffer_set_direction(buffer.get(), HB_DIRECTION_LTR);
    hb_buffer_set_script(buffer.get(), HB_SCRIPT_LATIN);
    // Every glyph keeps its own width, as /W will say, and stands for its own characters.
    const hb_feature_t off[] = {
        {HB_TAG('k', 'e', 'r', 'n'), 0, 0, HB_FEATURE_GLOBAL_END},
        {HB_TAG('l', 'i', 'g', 'a'), 0, 0, HB_FEATURE_GLOBAL_END},
        {HB_TAG('c', 'l', 'i', 'g'), 0, 0, HB_FEATURE_GLOBAL_END},
    };
    hb_shape(font_.get(), buffer.get(), off, 3);
    unsigned count = 0;
    const hb_glyph_info_t* infos = hb_buffer_get_glyph_infos(buffer.get(), &count);
    Run run;
    for (unsigned i = 0; i < count; ++i) {
      const auto glyph = static_cast<std::uint16_t>(infos[i].codepoint);
      if (infos[i].codepoint == 0 || infos[i].codepoint > 0xffff) return unwritable(utf8);
      const std::size_t end = i + 1 < count ? infos[i + 1].cluster : utf8.size();
      const int width = thousandths(hb_font_get_glyph_h_advance(font_.get(), glyph));
      run.glyphs.push_back(glyph);
      run.text.emplace(glyph, utf8.substr(infos[i].cluster, end - infos[i].cluster));
      run.widths[glyph] = width;
      run.width += width;
    }
    return run;
  }

  base::Result<base::Bytes> subset(const std::vector<std::uint16_t>& glyphs) const override {
    const Owned<hb_subset_input_t> input(hb_subset_input_create_or_fail());
    if (!input) return failed();
    hb_subset_input_set_flags(input.get(),
                              HB_SUBSET_FLAGS_RETAIN_GIDS | HB_SUBSET_FLAGS_NO_HINTING);
    for (const std::uint16_t glyph : glyphs) {
      hb_set_add(hb_subset_input_glyph_set(input.get()), glyph);
    }
    // What a PDF does not read.
    for (const char* tag : {"GSUB", "GPOS", "GDEF", "name", "post", "OS/2", "cmap", "FFTM"}) {
      hb_set_add(hb_subset_input_set(input.get(), HB_SUBSET_SETS_DROP_TABLE_TAG),
                 hb_tag_from_string(tag, -1));
    }
    const Owned<hb_face_t> small(hb_subset_or_fail(face_.get(), input.get()));
    if (!small) return failed();
    const Owned<hb_blob_t> blob(hb_face_reference_blob(small.get()));
    unsigned size = 0;
    const char* data = hb_blob_get_data(blob.get(), &size);
    return base::Bytes(data, size);
  }

  const Metrics& metrics() const override { return metrics_; }
  bool italic() const override { return italic_; }

 private:
  static base::Error failed() {
    return {base::Code::internal, "trust.font_missing", "The font cannot be embedded.",
            "Không nhúng được phông chữ."};
  }
  int thousandths(int units) const { return units * 1000 / em_; }
  void read_metrics() {
    hb_font_extents_t extents{};
    hb_font_get_h_extents(font_.get(), &extents);
    metrics_.ascent = thousandths(extents.ascender);
    metrics_.descent = thousandths(extents.descender);
    hb_position_t cap = 0;
    hb_ot_metrics_get_position_with_fallback(font_.get(), HB_OT_METRICS_TAG_CAP_HEIGHT, &cap);
    metrics_.cap_height = thousandths(cap);
    metrics_.italic_angle = italic_ ? -16 : 0;
    const Owned<hb_blob_t> head(hb_face_reference_table(face_.get(), HB_TAG('h', 'e', 'a', 'd')));
    unsigned size = 0;
    const char* data = hb_blob_get_data(head.get(), &size);
    for (unsigned i = 0; i < 4; ++i) {
      const unsigned at = 36 + i * 2;  // xMin, yMin, xMax, yMax
      if (at + 2 > size) break;
      const auto value = static_cast<std::int16_t>((static_cast<unsigned char>(data[at]) << 8) |
                                                   static_cast<unsigned char>(data[at + 1]));
      metrics_.box[i] = thousandths(value);
    }
  }

  const base::Bytes file_;
  const bool italic_;
  Owned<hb_face_t> face_;
  Owned<hb_font_t> font_;
  int em_ = 1000;
  Metrics metrics_{};
};

}  // namespace

base::Result<std::shared_ptr<const Font>> Font::load(const std::string& directory, bool italic) {
  const std::string name = italic ? "/LiberationSerif-Italic.ttf" : "/LiberationSerif-Regular.ttf";
  std::vector<std::string> places{directory};
  if (directory.empty()) {
    places = {"/usr/share/fonts/truetype/liberation2", "/usr/share/fonts/truetype/liberation"};
  }
  for (const std::string& place : places) {
    auto file = base::read_file(base::real_files(), place + name, kFontBytesMax);
    if (!file.ok()) continue;
    auto font = std::make_shared<HarfbuzzFont>(std::move(file).value(), italic);
    if (font->metrics().ascent <= 0) continue;
    return std::shared_ptr<const Font>(font);
  }
  return base::Error(base::Code::unavailable, "trust.font_missing",
                     "The font Liberation Serif is not in " + places[0] +
                         "; install the package fonts-liberation2.",
                     "Không thấy phông chữ Liberation Serif trong " + places[0] +
                         "; hãy cài gói fonts-liberation2.");
}

}  // namespace trust::signing
