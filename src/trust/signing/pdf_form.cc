#include "trust/signing/pdf_form.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/text.h"

namespace trust::signing {
namespace {

constexpr int kDepthMax = 32;
constexpr std::size_t kFieldsMax = 20'000;
constexpr double kSideMax = 14'400;  // points, ISO 32000 Annex C

std::string quoted(std::string_view name) {
  return "\"" + std::string(base::cut_utf8(name, 80)) + "\"";
}

base::Error locked(const std::string& en, const std::string& vi) {
  return {base::Code::conflict, "trust.pdf_locked",
          "An earlier signature does not allow this change: " + en,
          "Chữ ký trước đó không cho phép thay đổi này: " + vi};
}

base::Error bad(const std::string& en, const std::string& vi) {
  return {base::Code::invalid, "trust.field_bad", "The field cannot be used: " + en,
          "Không dùng được trường này: " + vi};
}

bool usable(const Box& box) {
  const bool finite = std::isfinite(box.x) && std::isfinite(box.y) && std::abs(box.x) < kSideMax &&
                      std::abs(box.y) < kSideMax;
  return finite && box.width > 0 && box.height > 0 && box.width < kSideMax && box.height < kSideMax;
}

std::string text_of(QPDFObjectHandle string) {
  return string.isString() ? string.getUTF8Value() : std::string();
}

// Calls `visit` with every field that has a name of its own, and that name in full, until false.
void walk(QPDFObjectHandle fields,
          const std::function<bool(QPDFObjectHandle, const std::string&)>& visit) {
  struct Step {
    QPDFObjectHandle field;
    std::string prefix;
    int depth;
  };
  std::vector<Step> waiting;
  const auto push = [&](QPDFObjectHandle array, const std::string& prefix, int depth) {
    if (!array.isArray() || depth > kDepthMax) return;
    for (int i = array.getArrayNItems() - 1; i >= 0; --i) {
      waiting.push_back({array.getArrayItem(i), prefix, depth});
    }
  };
  push(fields, "", 0);
  for (std::size_t seen = 0; !waiting.empty() && seen < kFieldsMax; ++seen) {
    const Step step = waiting.back();
    waiting.pop_back();
    QPDFObjectHandle field = step.field;
    if (!field.isIndirect() || !field.isDictionary() || !field.hasKey("/T")) continue;
    const std::string own = text_of(field.getKey("/T"));
    const std::string name = step.prefix.empty() ? own : step.prefix + "." + own;
    if (!visit(field, name)) return;
    push(field.getKey("/Kids"), name, step.depth + 1);
  }
}

}  // namespace

int rotation_of(QPDFObjectHandle widget) {
  QPDFObjectHandle mk = widget.getKey("/MK");
  if (!mk.isDictionary() || !mk.getKey("/R").isInteger()) return 0;
  return ((mk.getKey("/R").getIntValueAsInt() % 360) + 360) % 360 / 90 * 90;
}

PdfForm::Node PdfForm::child(const Node& parent, const std::string& key,
                             QPDFObjectHandle if_missing) {
  QPDFObjectHandle dictionary = parent.object;
  QPDFObjectHandle found = dictionary.getKey(key);
  const bool same = if_missing.isArray() ? found.isArray() : found.isDictionary();
  if (!same) {
    dictionary.replaceKey(key, if_missing);
    file_.touch(parent.object, parent.holder);
    found = dictionary.getKey(key);
  }
  return {found, found.isIndirect() ? found : parent.holder};
}

PdfForm::Node PdfForm::form() {
  return child({file_.root(), file_.root()}, "/AcroForm", QPDFObjectHandle::newDictionary());
}

std::optional<QPDFObjectHandle> PdfForm::find(std::string_view name) {
  QPDFObjectHandle acro = file_.root().getKey("/AcroForm");
  if (!acro.isDictionary()) return std::nullopt;
  std::optional<QPDFObjectHandle> found;
  walk(acro.getKey("/Fields"), [&](QPDFObjectHandle field, const std::string& full) {
    if (full != name) return true;
    found = field;
    return false;
  });
  return found;
}

std::vector<QPDFObjectHandle> PdfForm::widgets(QPDFObjectHandle field) {
  std::vector<QPDFObjectHandle> found;
  QPDFObjectHandle kids = field.getKey("/Kids");
  if (!kids.isArray()) return {field};
  for (int i = 0; i < kids.getArrayNItems(); ++i) {
    QPDFObjectHandle kid = kids.getArrayItem(i);
    if (kid.isIndirect() && kid.isDictionary() && !kid.hasKey("/T")) found.push_back(kid);
  }
  return found;
}

QPDFObjectHandle PdfForm::inherited(QPDFObjectHandle field, const std::string& key) {
  for (int depth = 0; depth < kDepthMax && field.isDictionary(); ++depth) {
    if (!field.getKey(key).isNull()) return field.getKey(key);
    field = field.getKey("/Parent");
  }
  QPDFObjectHandle acro = file_.root().getKey("/AcroForm");
  return acro.isDictionary() ? acro.getKey(key) : QPDFObjectHandle::newNull();
}

std::vector<QPDFObjectHandle> PdfForm::signatures() {
  std::vector<QPDFObjectHandle> found;
  QPDFObjectHandle acro = file_.root().getKey("/AcroForm");
  if (!acro.isDictionary()) return found;
  walk(acro.getKey("/Fields"), [&](QPDFObjectHandle field, const std::string&) {
    QPDFObjectHandle type = inherited(field, "/FT"), value = field.getKey("/V");
    if (type.isNameAndEquals("/Sig") && value.isDictionary()) found.push_back(value);
    return true;
  });
  return found;
}

int PdfForm::permission() {
  QPDFObjectHandle perms = file_.root().getKey("/Perms");
  if (!perms.isDictionary() || !perms.getKey("/DocMDP").isDictionary()) return 3;
  QPDFObjectHandle references = perms.getKey("/DocMDP").getKey("/Reference");
  for (int i = 0; references.isArray() && i < references.getArrayNItems(); ++i) {
    QPDFObjectHandle one = references.getArrayItem(i);
    if (!one.isDictionary() || !one.getKey("/TransformMethod").isNameAndEquals("/DocMDP")) continue;
    QPDFObjectHandle parameters = one.getKey("/TransformParams");
    if (parameters.isDictionary() && parameters.getKey("/P").isInteger()) {
      return parameters.getKey("/P").getIntValueAsInt();
    }
  }
  return 2;
}

base::Result<void> PdfForm::check_unlocked(std::string_view field) {
  if (permission() < 2) {
    return locked("the document was certified against every change.",
                  "văn bản đã được chứng nhận, không cho thay đổi.");
  }
  for (QPDFObjectHandle signature : signatures()) {
    QPDFObjectHandle references = signature.getKey("/Reference");
    for (int i = 0; references.isArray() && i < references.getArrayNItems(); ++i) {
      QPDFObjectHandle one = references.getArrayItem(i);
      if (!one.isDictionary() || !one.getKey("/TransformMethod").isNameAndEquals("/FieldMDP")) {
        continue;
      }
      QPDFObjectHandle parameters = one.getKey("/TransformParams");
      if (!parameters.isDictionary()) continue;
      QPDFObjectHandle names = parameters.getKey("/Fields");
      bool named = false;
      for (int k = 0; names.isArray() && k < names.getArrayNItems(); ++k) {
        named = named || text_of(names.getArrayItem(k)) == field;
      }
      QPDFObjectHandle action = parameters.getKey("/Action");
      if (action.isNameAndEquals("/All") || (action.isNameAndEquals("/Include") && named) ||
          (action.isNameAndEquals("/Exclude") && !named)) {
        return locked("the field " + quoted(field) + " is locked.",
                      "trường " + quoted(field) + " đã bị khóa.");
      }
    }
  }
  return base::done();
}

base::Result<void> PdfForm::check_addable(const std::string& name) {
  if (permission() < 3) {
    return locked("the document was certified; sign and fill only fields that are there.",
                  "văn bản đã được chứng nhận; chỉ được ký, điền vào các trường có sẵn.");
  }
  if (name.empty() || name.size() > 120 || !base::is_utf8(name) ||
      name.find('.') != std::string::npos) {
    return bad("its name must have 1 to 120 bytes and no dot.",
               "tên trường phải có từ 1 đến 120 byte, không có dấu chấm.");
  }
  if (find(name)) {
    return base::Error(base::Code::conflict, "trust.field_exists",
                       "The PDF already has a field " + quoted(name) + "; choose another name.",
                       "Tệp PDF đã có trường " + quoted(name) + "; hãy chọn tên khác.");
  }
  return base::done();
}

void PdfForm::attach(QPDFObjectHandle field, QPDFObjectHandle page) {
  const Node fields = child(form(), "/Fields", QPDFObjectHandle::newArray());
  QPDFObjectHandle(fields.object).appendItem(field);
  file_.touch(fields.object, fields.holder);
  const Node annotations = child({page, page}, "/Annots", QPDFObjectHandle::newArray());
  QPDFObjectHandle(annotations.object).appendItem(field);
  file_.touch(annotations.object, annotations.holder);
}

void PdfForm::need_font(const std::string& name, const std::string& base_font) {
  const Node fonts = child(child(form(), "/DR", QPDFObjectHandle::newDictionary()), "/Font",
                           QPDFObjectHandle::newDictionary());
  QPDFObjectHandle dictionary = fonts.object;
  if (dictionary.hasKey(name)) return;
  dictionary.replaceKey(
      name, QPDFObjectHandle::parse("<< /Type /Font /Subtype /Type1 /BaseFont " + base_font +
                                    " /Encoding /WinAnsiEncoding >>"));
  file_.touch(fonts.object, fonts.holder);
}

base::Result<void> PdfForm::add_text_field(const TextField& wish) {
  TRY(check_addable(wish.name));
  if (!usable(wish.box) || !(wish.size >= 0 && wish.size < 200)) {
    return bad("its box must have a size within the page.",
               "khung của trường phải có kích thước nằm trong trang.");
  }
  QPDFObjectHandle page = TRY(file_.page(wish.page));
  const PageView view = view_of(page);
  // What a program that fills the field by itself may use; ours embeds a font.
  const std::string font = wish.italic ? "/TiIt" : "/TiRo";
  need_font(font, wish.italic ? "/Times-Italic" : "/Times-Roman");
  const std::string turn =
      view.rotation == 0 ? "" : " /MK << /R " + std::to_string(view.rotation) + " >>";
  attach(file_.add_dictionary("<< /Type /Annot /Subtype /Widget /FT /Tx /F 4 /T " +
                              text_string(wish.name) + " /Rect " + view.rectangle(wish.box) +
                              " /P " + reference(page) + " /DA (" + font + " " +
                              number_text(wish.size) + " Tf 0 g) /Q " +
                              std::to_string(static_cast<int>(wish.align)) + turn + " >>"),
         page);
  return base::done();
}

base::Result<QPDFObjectHandle> PdfForm::add_signature_field(const std::string& name, int page,
                                                            const std::optional<Box>& box) {
  TRY(check_addable(name));
  if (box && !usable(*box)) {
    return bad("its box must have a size within the page.",
               "khung của trường phải có kích thước nằm trong trang.");
  }
  QPDFObjectHandle on = TRY(file_.page(page));
  return make_signature_field(name, on, box);
}

base::Result<QPDFObjectHandle> PdfForm::add_timestamp_field(const std::string& name) {
  QPDFObjectHandle on = TRY(file_.page(1));
  return make_signature_field(name, on, std::nullopt);
}

QPDFObjectHandle PdfForm::make_signature_field(const std::string& name, QPDFObjectHandle page,
                                               const std::optional<Box>& box) {
  const PageView view = view_of(page);
  const std::string turn =
      view.rotation == 0 ? "" : " /MK << /R " + std::to_string(view.rotation) + " >>";
  // /F: printed, and not to be moved by hand.
  QPDFObjectHandle field = file_.add_dictionary(
      "<< /Type /Annot /Subtype /Widget /FT /Sig /F 132 /T " + text_string(name) + " /Rect " +
      (box ? view.rectangle(*box) : "[ 0 0 0 0 ]") + " /P " + reference(page) + turn + " >>");
  attach(field, page);
  return field;
}

void PdfForm::mark_signed() {
  const Node node = form();
  QPDFObjectHandle dictionary = node.object;
  QPDFObjectHandle flags = dictionary.getKey("/SigFlags");
  if (flags.isInteger() && flags.getIntValueAsInt() == 3) return;
  dictionary.replaceKey("/SigFlags", QPDFObjectHandle::newInteger(3));
  file_.touch(node.object, node.holder);
}

base::Result<void> PdfForm::fill(const Filling& filling) {
  const auto found = find(filling.field);
  if (!found) {
    return base::Error(base::Code::not_found, "trust.field_missing",
                       "The PDF has no field " + quoted(filling.field) + ".",
                       "Tệp PDF không có trường " + quoted(filling.field) + ".");
  }
  QPDFObjectHandle field = *found;
  if (!inherited(field, "/FT").isNameAndEquals("/Tx")) {
    return bad("it takes no text.", "trường này không phải trường văn bản.");
  }
  if (!text_of(inherited(field, "/V")).empty()) {
    return base::Error(base::Code::conflict, "trust.field_filled",
                       "The field " + quoted(filling.field) + " is filled already.",
                       "Trường " + quoted(filling.field) + " đã được điền.");
  }
  TRY(check_unlocked(filling.field));

  // "/TiRo 13 Tf 0 g"
  double size = 0;
  bool italic = false;
  const std::string style = text_of(inherited(field, "/DA"));
  std::vector<std::string_view> words = base::split(style, ' ');
  std::erase(words, std::string_view());
  const auto operation = std::find(words.begin(), words.end(), "Tf");
  if (operation - words.begin() >= 2 && operation != words.end()) {
    size = std::strtod(std::string(*(operation - 1)).c_str(), nullptr);
    QPDFObjectHandle resources = inherited(field, "/DR");
    QPDFObjectHandle fonts =
        resources.isDictionary() ? resources.getKey("/Font") : QPDFObjectHandle::newNull();
    const std::string name(*(operation - 2));
    QPDFObjectHandle font = fonts.isDictionary() ? fonts.getKey(name) : QPDFObjectHandle::newNull();
    QPDFObjectHandle base_font =
        font.isDictionary() ? font.getKey("/BaseFont") : QPDFObjectHandle::newNull();
    italic = base_font.isName() && base_font.getName().find("Italic") != std::string::npos;
  }
  if (!(size >= 0 && size < 200)) size = 0;
  QPDFObjectHandle q = inherited(field, "/Q");
  const int align = q.isInteger() ? std::clamp(q.getIntValueAsInt(), 0, 2) : 0;

  for (QPDFObjectHandle widget : widgets(field)) {
    QPDFObjectHandle rectangle = widget.getKey("/Rect");
    if (!rectangle.isRectangle()) return bad("it has no place.", "trường này không có vị trí.");
    const auto r = rectangle.getArrayAsRectangle();
    const int rotation = rotation_of(widget);
    double width = r.urx - r.llx, height = r.ury - r.lly;
    if (rotation % 180 != 0) std::swap(width, height);
    QPDFObjectHandle shape =
        TRY(text_form(file_, fonts_, filling.text, size, static_cast<Align>(align), italic, width,
                      height, rotation));
    QPDFObjectHandle appearance = QPDFObjectHandle::newDictionary();
    appearance.replaceKey("/N", shape);
    widget.replaceKey("/AP", appearance);
    file_.touch(widget, widget);
  }
  field.replaceKey("/V", QPDFObjectHandle::newUnicodeString(filling.text));
  file_.touch(field, field);
  return base::done();
}

}  // namespace trust::signing
