#include "trust/pdf/changes.h"

#include <algorithm>

#include "trust/pdf/comparison.h"

namespace trust::pdf {
namespace {

void note_catalog_key(Comparison& c, const std::string& key) {
  if (key == "OpenAction" || key == "AA" || key == "Names" || key == "JavaScript") {
    c.note(Level::anything, true,
           "the document's scripts, actions or attached files were changed (/" + key + ")",
           "tập lệnh, hành động hoặc tệp đính kèm của tài liệu bị thay đổi (/" + key + ")");
  } else if (key == "OCProperties") {
    c.note(Level::anything, true, "layers of the content were shown or hidden",
           "các lớp nội dung bị hiện ra hoặc ẩn đi");
  } else if (key == "Pages") {
    c.note(Level::anything, true, "the pages were replaced", "các trang bị thay thế");
  } else {
    c.note(Level::anything, false, "an entry of the catalog was changed (/" + key + ")",
           "một mục của danh mục gốc bị thay đổi (/" + key + ")");
  }
}

// What the overridden object `number` is to a person, found by who holds it.
void note_overridden(Comparison& c, std::uint32_t holder, std::uint32_t number) {
  if (holder == c.root) {
    for (const Entry& entry : c.root_after.entries) {
      const Ref* ref = entry.value.as<Ref>();
      if (ref != nullptr && ref->number == number) return note_catalog_key(c, entry.key);
    }
  }
  const base::Text where = c.on_page(holder);
  const bool on_page = !where.en.empty() && !c.widgets.contains(holder);
  Object old;
  if (const Place* place = c.before.place(number)) {
    const base::Result<Indirect> loaded = c.before.load(*place);
    if (loaded.ok()) old = loaded->value;
  }
  const Object& type = at(old, "Type");
  const Object& subtype = at(old, "Subtype");
  const bool font = type.is_name("Font") || type.is_name("FontDescriptor");
  const bool picture = subtype.is_name("Image") || subtype.is_name("Form");
  const bool script = at(old, "S").is_name("JavaScript") || type.is_name("Action");
  const bool layer = type.is_name("OCG") || type.is_name("OCMD");
  const std::string place_en = on_page ? where.en : "", place_vi = on_page ? where.vi : "";
  if (font) {
    c.note(Level::anything, true, "a font was replaced" + place_en,
           "một phông chữ bị thay thế" + place_vi);
  } else if (picture) {
    c.note(Level::anything, true, "a picture or drawing was replaced" + place_en,
           "một hình ảnh hoặc hình vẽ bị thay thế" + place_vi);
  } else if (script) {
    c.note(Level::anything, true, "a script or action was replaced",
           "một tập lệnh hoặc hành động bị thay thế");
  } else if (layer) {
    c.note(Level::anything, true, "layers of the content were shown or hidden",
           "các lớp nội dung bị hiện ra hoặc ẩn đi");
  } else if (on_page) {
    c.note(Level::anything, true, "the content was replaced" + place_en,
           "nội dung bị thay thế" + place_vi);
  } else {
    const std::string n = std::to_string(number);
    c.note(Level::anything, true, "object " + n + ", which was signed, was replaced",
           "đối tượng " + n + " đã được ký bị thay thế");
  }
}

base::Result<void> compare_trailer(Comparison& c) {
  const Dict &a = c.before.trailer(), &b = c.after.trailer();
  for (const std::string& key : Comparison::differing(a, b)) {
    static constexpr std::string_view kOwn[] = {"Size",        "Prev",   "XRefStm", "ID",
                                                "Info",        "W",      "Index",   "Length",
                                                "DecodeParms", "Filter", "DL",      "Type"};
    if (std::find(std::begin(kOwn), std::end(kOwn), key) != std::end(kOwn)) continue;
    if (key == "Root") {
      c.note(Level::anything, true, "the catalog was replaced", "danh mục gốc bị thay thế");
    } else {
      c.note(Level::anything, false, "the end of the file was changed (/" + key + ")",
             "phần cuối tệp bị thay đổi (/" + key + ")");
    }
  }
  const bool info = TRY(c.explain(0, at(b, "Info")));
  if (info || !(at(a, "Info") == at(b, "Info"))) {
    c.note(Level::long_term, true, "metadata was changed", "siêu dữ liệu bị thay đổi");
  }
  return base::done();
}

// An object that was referred to but missing comes to light, or one that was signed is overridden.
void compare_rest(Comparison& c) {
  std::vector<Edge>& edges = c.out.survey.edges;
  std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) {
    return a.holder != b.holder ? a.holder < b.holder : a.target < b.target;
  });
  for (std::size_t i = 0, times = 0; i < edges.size(); i += times) {
    const auto [holder, number] = edges[i];
    times = 1;
    while (i + times < edges.size() && edges[i + times].holder == holder &&
           edges[i + times].target == number)
      ++times;
    if (!c.was_there(number)) {
      if (holder != 0 && !c.changed(holder)) {
        c.note(Level::anything, true,
               "something that the signed part refers to but did not have was added",
               "phần đã ký tham chiếu tới một đối tượng chưa có, nay được thêm vào");
      }
      continue;
    }
    if (c.ruled.contains(number)) {
      const base::Result<Indirect> now = c.after.place(number) == nullptr
                                             ? base::Result<Indirect>(Indirect{})
                                             : c.after.load(*c.after.place(number));
      if (now.ok() && !now->stream && now->value.as<Dict>() != nullptr) continue;
    }
    const auto allowed = c.explained.find({holder, number});
    if (allowed == c.explained.end() || allowed->second < times) note_overridden(c, holder, number);
  }
}

}  // namespace

base::Result<void> compare_catalog(Comparison& c) {
  TRY(compare_trailer(c));
  for (const std::string& key : Comparison::differing(c.root_before, c.root_after)) {
    if (key == "AcroForm" || key == "DSS" || key == "Metadata") continue;
    if (key == "Extensions" || key == "Version") {
      TRY(c.explain(c.root, at(c.root_after, key)));
      continue;
    }
    note_catalog_key(c, key);
  }
  const auto differs = [&c](std::string_view key) {
    return !(at(c.root_before, key) == at(c.root_after, key));
  };
  if (TRY(c.explain(c.root, at(c.root_after, "DSS"), 8)) || differs("DSS")) {
    c.note(Level::long_term, true, "validation data was added (DSS)",
           "dữ liệu kiểm tra chữ ký được thêm (DSS)");
  }
  if (TRY(c.explain(c.root, at(c.root_after, "Metadata"))) || differs("Metadata")) {
    c.note(Level::long_term, true, "metadata was changed", "siêu dữ liệu bị thay đổi");
  }
  return base::done();
}

base::Result<Changes> changes_between(const File& before, const File& after) {
  Comparison c(before, after);
  TRY(c.prepare());
  TRY(compare_form(c));
  TRY(compare_pages(c));
  TRY(compare_catalog(c));
  compare_rest(c);
  return std::move(c.out);
}

}  // namespace trust::pdf
