#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#include <algorithm>
#include <memory>
#include <mutex>

#include "base/file.h"
#include "base/text.h"
#include "page/finish.h"
#include "page/sheet.h"

namespace page {
namespace {

// Points.
constexpr double kWidth = 595.276, kHeight = 841.89;  // A4
constexpr double kSide = 45, kTop = 36, kBottom = 54;
constexpr double kText = 8.6, kQuiet = 7.6, kCode = 7.4, kHeading = 10.4, kTitle = 15;
constexpr double kGap = 5, kCell = 2;
constexpr std::size_t kTextBytesMax = 16u << 10;  // of one span
constexpr std::size_t kLineBytesMax = 400;        // more does not fit on a line

struct Colour {
  double red, green, blue;
};
constexpr Colour kInk{0.1, 0.1, 0.12}, kGrey{0.42, 0.42, 0.45}, kRule{0.8, 0.8, 0.83},
    kRed{0.72, 0.07, 0.1}, kGreen{0.05, 0.42, 0.18}, kAmber{0.62, 0.38, 0},
    kAccent{0.1, 0.24, 0.45};

struct Destroy {
  void operator()(cairo_surface_t* it) const { ::cairo_surface_destroy(it); }
  void operator()(cairo_t* it) const { ::cairo_destroy(it); }
  void operator()(FcConfig* it) const { ::FcConfigDestroy(it); }
  void operator()(PangoAttrList* it) const { ::pango_attr_list_unref(it); }
  void operator()(PangoFontDescription* it) const { ::pango_font_description_free(it); }
  void operator()(cairo_font_options_t* it) const { ::cairo_font_options_destroy(it); }
  void operator()(PangoLayout* it) const { ::g_object_unref(it); }
  void operator()(PangoContext* it) const { ::g_object_unref(it); }
  void operator()(PangoFontMap* it) const { ::g_object_unref(it); }
};
template <class T>
using Owned = std::unique_ptr<T, Destroy>;

// The fonts of fonts-liberation2 and no others, whatever the machine has.
base::Result<FcConfig*> read_fonts() {
  constexpr const char* kFiles[] = {"LiberationSans-Regular", "LiberationSans-Bold",
                                    "LiberationSans-Italic", "LiberationMono-Regular"};
  Owned<FcConfig> config(::FcConfigCreate());
  for (const char* name : kFiles) {
    bool found = false;
    for (const char* place :
         {"/usr/share/fonts/truetype/liberation2/", "/usr/share/fonts/truetype/liberation/"}) {
      const std::string path = std::string(place) + name + ".ttf";
      if (found || !base::real_files().exists(path)) continue;
      found = ::FcConfigAppFontAddFile(config.get(),
                                       reinterpret_cast<const FcChar8*>(path.c_str())) == FcTrue;
    }
    if (!found) {
      return base::Error(
          base::Code::unavailable, "page.font_missing",
          std::string("the font ") + name + " is not there; install the package fonts-liberation2",
          std::string("thiếu phông chữ ") + name + "; hãy cài gói fonts-liberation2");
    }
  }
  return config.release();
}

// Read once and kept as long as the process: Pango 1.50 does not let go of every reference to a
// configuration, so that one a sheet would grow the process with each.
base::Result<Owned<PangoFontMap>> fonts() {
  static std::mutex mutex;
  static FcConfig* known = nullptr;
  const std::lock_guard lock(mutex);
  if (known == nullptr) known = TRY(read_fonts());
  Owned<PangoFontMap> map(::pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT));
  ::pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map.get()), known);
  return map;
}

// Whether a character is there to be seen and does nothing to its neighbours.
bool is_plain(gunichar c) {
  if (c == '\n') return true;
  if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xfffd) return false;
  const bool turns = c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
                     (c >= 0x2066 && c <= 0x2069);
  return !turns;
}

std::string plain(std::string_view text, std::size_t bytes_max = kTextBytesMax) {
  text = base::cut_utf8(text, bytes_max);
  const std::unique_ptr<char, decltype(&::g_free)> valid(
      ::g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())), ::g_free);
  std::string out;
  for (const char* at = valid.get(); *at != '\0'; at = g_utf8_next_char(at)) {
    if (is_plain(::g_utf8_get_char(at))) {
      out.append(at, static_cast<std::size_t>(g_utf8_next_char(at) - at));
    } else {
      out += '?';
    }
  }
  return out;
}

Colour colour_of(Look look) {
  switch (look) {
    case Look::quiet:
      return kGrey;
    case Look::good:
      return kGreen;
    case Look::doubtful:
      return kAmber;
    case Look::bad:
      return kRed;
    case Look::plain:
    case Look::strong:
    case Look::code:
      break;
  }
  return kInk;
}

// One PDF as it grows.
class Press {
 public:
  static base::Result<Pdf> print(const Sheet& sheet);

 private:
  Press(const Sheet& sheet, PangoFontMap* map) : sheet_(sheet) {
    surface_.reset(::cairo_pdf_surface_create_for_stream(&Press::take, this, kWidth, kHeight));
    describe();
    cairo_.reset(::cairo_create(surface_.get()));
    context_.reset(::pango_font_map_create_context(map));
    const Owned<cairo_font_options_t> options(::cairo_font_options_create());
    ::cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    ::cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    ::pango_cairo_context_set_font_options(context_.get(), options.get());
    ::pango_cairo_context_set_resolution(context_.get(), 72);
    ::pango_context_set_round_glyph_positions(context_.get(), FALSE);
    ::pango_context_set_language(context_.get(), ::pango_language_from_string("vi"));
  }

  static cairo_status_t take(void* press, const unsigned char* bytes, unsigned size) {
    static_cast<Press*>(press)->bytes_.append(reinterpret_cast<const char*>(bytes), size);
    return CAIRO_STATUS_SUCCESS;
  }

  void describe() {
    const auto say = [this](cairo_pdf_metadata_t what, const std::string& text) {
      if (!text.empty())
        ::cairo_pdf_surface_set_metadata(surface_.get(), what, plain(text).c_str());
    };
    say(CAIRO_PDF_METADATA_TITLE, sheet_.title);
    say(CAIRO_PDF_METADATA_AUTHOR, sheet_.author);
    say(CAIRO_PDF_METADATA_SUBJECT, sheet_.subject);
    say(CAIRO_PDF_METADATA_CREATOR, "truc");
    const std::string at = base::iso_time_text(sheet_.made_at).substr(0, 19) + "Z";
    say(CAIRO_PDF_METADATA_CREATE_DATE, at);
    say(CAIRO_PDF_METADATA_MOD_DATE, at);
  }

  Owned<PangoLayout> layout(const Spans& spans, double size, double width, int lines_max) const;
  static double height(PangoLayout* layout) {
    PangoRectangle box;
    ::pango_layout_get_extents(layout, nullptr, &box);
    return static_cast<double>(box.height) / PANGO_SCALE;
  }
  void draw(PangoLayout* layout, double x, double y) {
    ink(kInk);
    ::cairo_move_to(cairo_.get(), x, y);
    ::pango_cairo_show_layout(cairo_.get(), layout);
  }
  void ink(Colour colour) {
    ::cairo_set_source_rgb(cairo_.get(), colour.red, colour.green, colour.blue);
  }
  void rule(double y, Colour colour, double thickness) {
    ink(colour);
    ::cairo_set_line_width(cairo_.get(), thickness);
    ::cairo_move_to(cairo_.get(), kSide, y);
    ::cairo_line_to(cairo_.get(), kWidth - kSide, y);
    ::cairo_stroke(cairo_.get());
  }

  void end_page();
  // Goes to a new page unless there is room for so much; true when it did.
  bool need(double height) {
    if (y_ + height <= kHeight - kBottom || y_ == kTop) return false;
    end_page();
    return true;
  }
  void put(const Spans& spans, double size, int lines_max, double before, double after);
  void block(const Title& title) {
    put({{title.text.vi + "\n", Look::strong}, {title.text.en, Look::quiet}}, kTitle, 4, 0, 2);
    rule(y_, kAccent, 1.2);
    y_ += kGap;
  }
  void block(const Heading& heading) {
    put(both(heading.text, Look::strong), kHeading, 2, kGap, 2);
  }
  void block(const Paragraph& paragraph) { put(paragraph.spans, kText, paragraph.lines_max, 0, 3); }
  void block(const Notice& notice);
  void block(const Table& table);
  double row(const Table& table, const std::vector<Spans>& cells, bool drawn);

  const Sheet& sheet_;
  base::Bytes bytes_;
  Owned<cairo_surface_t> surface_;
  Owned<cairo_t> cairo_;
  Owned<PangoContext> context_;
  double y_ = kTop;
  std::size_t pages_ = 0;
};

Owned<PangoLayout> Press::layout(const Spans& spans, double size, double width,
                                 int lines_max) const {
  Owned<PangoLayout> out(::pango_layout_new(context_.get()));
  const Owned<PangoAttrList> attributes(::pango_attr_list_new());
  std::string text;
  for (const Span& span : spans) {
    const auto from = static_cast<guint>(text.size());
    text += lines_max > 0 ? plain(span.text, static_cast<std::size_t>(lines_max) * kLineBytesMax)
                          : plain(span.text);
    const auto add = [&](PangoAttribute* attribute) {
      attribute->start_index = from;
      attribute->end_index = static_cast<guint>(text.size());
      ::pango_attr_list_insert(attributes.get(), attribute);
    };
    const auto part = [](double value) { return static_cast<guint16>(value * 65535); };
    const Colour colour = colour_of(span.look);
    add(::pango_attr_foreground_new(part(colour.red), part(colour.green), part(colour.blue)));
    const double smaller = size / kText;
    if (span.look == Look::quiet) {
      add(::pango_attr_style_new(PANGO_STYLE_ITALIC));
      add(::pango_attr_size_new(
          static_cast<int>(std::min(kQuiet * smaller, kHeading) * PANGO_SCALE)));
    } else if (span.look == Look::code) {
      add(::pango_attr_family_new("Liberation Mono"));
      add(::pango_attr_size_new(static_cast<int>(kCode * smaller * PANGO_SCALE)));
    } else if (span.look != Look::plain) {
      add(::pango_attr_weight_new(PANGO_WEIGHT_BOLD));
    }
  }
  const Owned<PangoFontDescription> font(::pango_font_description_new());
  ::pango_font_description_set_family(font.get(), "Liberation Sans");
  ::pango_font_description_set_size(font.get(), static_cast<gint>(size * PANGO_SCALE));
  ::pango_layout_set_font_description(out.get(), font.get());
  ::pango_layout_set_width(out.get(), static_cast<int>(width * PANGO_SCALE));
  ::pango_layout_set_wrap(out.get(), PANGO_WRAP_WORD_CHAR);
  ::pango_layout_set_auto_dir(out.get(), FALSE);
  ::pango_layout_set_text(out.get(), text.data(), static_cast<int>(text.size()));
  ::pango_layout_set_attributes(out.get(), attributes.get());
  if (lines_max > 0 && ::pango_layout_get_line_count(out.get()) > lines_max) {
    // Pango counts the lines of each paragraph by itself: line breaks would add to them.
    std::replace(text.begin(), text.end(), '\n', ' ');
    ::pango_layout_set_text(out.get(), text.data(), static_cast<int>(text.size()));
    ::pango_layout_set_height(out.get(), -lines_max);
    ::pango_layout_set_ellipsize(out.get(), PANGO_ELLIPSIZE_END);
  }
  return out;
}

void Press::put(const Spans& spans, double size, int lines_max, double before, double after) {
  const auto text = layout(spans, size, kWidth - 2 * kSide, lines_max);
  const double tall = height(text.get());
  if (!need(before + tall) && y_ != kTop) y_ += before;
  draw(text.get(), kSide, y_);
  y_ += tall + after;
}

void Press::block(const Notice& notice) {
  constexpr double kInner = 5;
  const auto text = layout({{notice.text.vi + "\n", Look::bad}, {notice.text.en, Look::quiet}},
                           kText, kWidth - 2 * (kSide + kInner), 6);
  const double tall = height(text.get()) + 2 * kInner;
  need(tall);
  ink(kRed);
  ::cairo_set_line_width(cairo_.get(), 1);
  ::cairo_rectangle(cairo_.get(), kSide, y_, kWidth - 2 * kSide, tall);
  ::cairo_stroke(cairo_.get());
  draw(text.get(), kSide + kInner, y_ + kInner);
  y_ += tall + kGap;
}

// The height that the cells take; draws them at y_.
double Press::row(const Table& table, const std::vector<Spans>& cells, bool drawn) {
  double shares = 0, x = kSide, tall = 0;
  for (const Column& column : table.columns) shares += column.share;
  for (std::size_t i = 0; i < std::min(cells.size(), table.columns.size()); ++i) {
    const double width = (kWidth - 2 * kSide) * table.columns[i].share / shares;
    const auto text = layout(cells[i], kText, width - 2 * kCell, table.lines_max);
    tall = std::max(tall, height(text.get()));
    if (drawn) draw(text.get(), x + (i == 0 ? 0 : kCell), y_ + kCell);
    x += width;
  }
  return tall + 2 * kCell;
}

void Press::block(const Table& table) {
  std::vector<Spans> heading;
  bool headed = false;
  for (const Column& column : table.columns) {
    headed = headed || !column.heading.vi.empty();
    heading.push_back(both(column.heading, Look::strong));
  }
  const auto head = [&] {
    if (!headed) return;
    y_ += row(table, heading, true);
    rule(y_, kAccent, 0.8);
  };
  double tall = headed ? row(table, heading, false) : 0;
  if (!table.rows.empty()) tall += row(table, table.rows.front(), false);
  need(tall);
  head();
  for (const std::vector<Spans>& cells : table.rows) {
    if (need(row(table, cells, false))) head();
    y_ += row(table, cells, true);
    if (table.ruled) rule(y_, kRule, 0.4);
  }
  y_ += kGap;
}

void Press::end_page() {
  ++pages_;
  const double top = kHeight - kBottom + 8;
  rule(top, kRule, 0.6);
  const auto text = layout(sheet_.footer, kQuiet, kWidth - 2 * kSide - 60, 3);
  draw(text.get(), kSide, top + 4);
  const auto number = layout({{"Trang/Page " + std::to_string(pages_), Look::quiet}}, kText, 60, 1);
  ::pango_layout_set_alignment(number.get(), PANGO_ALIGN_RIGHT);
  draw(number.get(), kWidth - kSide - 60, top + 4);
  ::cairo_show_page(cairo_.get());
  y_ = kTop;
}

base::Result<Pdf> Press::print(const Sheet& sheet) {
  const auto map = TRY(fonts());
  Press press(sheet, map.get());
  for (const Block& block : sheet.blocks) {
    std::visit([&press](const auto& one) { press.block(one); }, block);
  }
  press.end_page();
  ::cairo_surface_finish(press.surface_.get());
  const cairo_status_t status = ::cairo_surface_status(press.surface_.get());
  if (status != CAIRO_STATUS_SUCCESS) {
    return base::Error(
        base::Code::internal, "page.unwritable",
        std::string("the PDF cannot be written: ") + ::cairo_status_to_string(status),
        "không lập được tệp PDF");
  }
  base::Bytes bytes = TRY(finished(press.bytes_));
  return Pdf{std::move(bytes), press.pages_};
}

}  // namespace

Spans both(const base::Text& text, Look look) {
  Spans out{{text.vi, look}};
  if (!text.en.empty() && text.en != text.vi) {
    out.push_back({(text.vi.empty() ? "" : " / ") + text.en, Look::quiet});
  }
  return out;
}

base::Result<Pdf> render(const Sheet& sheet) { return Press::print(sheet); }

}  // namespace page
