#include "trust/pdf/form.h"

#include <unordered_set>

namespace trust::pdf {
namespace {

constexpr int kDepthMax = 64;
constexpr std::size_t kFieldsMax = 8192, kWidgetsMax = 65'536, kNameMax = 1024;

class FieldWalk {
 public:
  explicit FieldWalk(const File& file) : file_(file) {}

  base::Result<void> list(const Object& kids, const std::string& prefix, const std::string& type,
                          int depth) {
    const Object resolved = TRY(file_.resolve(kids));
    const Array* array = resolved.as<Array>();
    if (resolved.null()) return base::done();
    if (array == nullptr)
      return malformed(0, "the list of form fields is no list",
                       "danh sách trường biểu mẫu sai dạng");
    for (const Object& item : *array) {
      const Ref* ref = item.as<Ref>();
      if (ref == nullptr)
        return malformed(0, "a form field is no object", "trường biểu mẫu không phải là đối tượng");
      TRY(field(*ref, prefix, type, depth));
    }
    return base::done();
  }

  std::vector<Field> found;

 private:
  base::Result<void> field(Ref ref, const std::string& prefix, const std::string& type, int depth) {
    if (depth > kDepthMax || found.size() >= kFieldsMax || seen_.size() >= kWidgetsMax)
      return too_many();
    Indirect object = TRY(file_.load(ref));
    const Dict* dict = object.value.as<Dict>();
    if (object.value.null()) return base::done();  // as §7.3.10 says of objects that are not there
    if (dict == nullptr || object.stream || !seen_.insert(ref.number).second) {
      return malformed(0, "a form field is damaged or there twice",
                       "trường biểu mẫu hỏng hoặc xuất hiện hai lần");
    }
    Field out;
    out.number = ref.number;
    out.generation = ref.generation;
    const Object& value = at(*dict, "V");
    out.filled = !value.null();
    if (const Ref* there = value.as<Ref>()) out.value = there->number;

    const Name* own = at(*dict, "FT").as<Name>();
    out.type = own != nullptr ? own->text : type;
    const Object title = TRY(file_.resolve(at(*dict, "T")));
    const String* partial = title.as<String>();
    out.name = prefix;
    if (partial != nullptr) out.name += (prefix.empty() ? "" : ".") + text_of(*partial);
    if (out.name.size() > kNameMax) return too_many();
    // Kids with a name are fields, the others show this one on a page.
    Array kids;
    const Object resolved = TRY(file_.resolve(at(*dict, "Kids")));
    if (const Array* array = resolved.as<Array>()) {
      for (const Object& item : *array) {
        const Ref* kid = item.as<Ref>();
        if (seen_.size() >= kWidgetsMax) return too_many();
        if (kid == nullptr)
          return malformed(0, "a form field is no object",
                           "trường biểu mẫu không phải là đối tượng");
        const Indirect loaded = TRY(file_.load(*kid));
        if (at(loaded.value, "T").null() && at(loaded.value, "Kids").null()) {
          if (!seen_.insert(kid->number).second) {
            return malformed(0, "a form field is damaged or there twice",
                             "trường biểu mẫu hỏng hoặc xuất hiện hai lần");
          }
          out.widgets.push_back(kid->number);
        } else {
          kids.push_back(item);
        }
      }
    }
    out.terminal = kids.empty();
    const std::string name = out.name, kind = out.type;
    found.push_back(std::move(out));
    return list(Object(std::move(kids)), name, kind, depth + 1);
  }

  static base::Error too_many() {
    return over_limit("the PDF has more form fields than what is looked at",
                      "tệp PDF có nhiều trường biểu mẫu hơn mức được xem xét");
  }

  const File& file_;
  std::unordered_set<std::uint32_t> seen_;
};

base::Result<void> walk_pages(const File& file, Ref ref, int depth,
                              std::unordered_set<std::uint32_t>& seen, PageTree& out) {
  if (depth > kDepthMax) {
    return over_limit("the PDF's objects are nested too deeply",
                      "các đối tượng của tệp PDF lồng nhau quá sâu");
  }
  const Indirect node = TRY(file.load(ref));
  if (node.value.as<Dict>() == nullptr || node.stream || !seen.insert(ref.number).second) {
    return malformed(0, "the page tree is damaged", "cây trang hỏng");
  }
  if (at(node.value, "Kids").null()) {
    out.pages.push_back(ref.number);
    return base::done();
  }
  out.nodes.push_back(ref.number);
  const Object kids = TRY(file.resolve(at(node.value, "Kids")));
  const Array* array = kids.as<Array>();
  if (array == nullptr) return malformed(0, "the page tree is damaged", "cây trang hỏng");
  for (const Object& kid : *array) {
    const Ref* next = kid.as<Ref>();
    if (next == nullptr) return malformed(0, "the page tree is damaged", "cây trang hỏng");
    TRY(walk_pages(file, *next, depth + 1, seen, out));
  }
  return base::done();
}

}  // namespace

base::Result<Dict> catalog(const File& file) {
  const Object root = TRY(file.resolve(at(file.trailer(), "Root")));
  const Dict* dict = root.as<Dict>();
  if (dict == nullptr) return malformed(0, "the catalog is missing", "thiếu danh mục gốc");
  return *dict;
}

base::Result<std::vector<Field>> fields_of(const File& file) {
  const Dict root = TRY(catalog(file));
  const Object form = TRY(file.resolve(at(root, "AcroForm")));
  FieldWalk walk(file);
  TRY(walk.list(at(form, "Fields"), "", "", 0));
  return std::move(walk.found);
}

base::Result<PageTree> pages_of(const File& file) {
  const Dict root = TRY(catalog(file));
  const Ref* top = at(root, "Pages").as<Ref>();
  if (top == nullptr) return malformed(0, "the page tree is damaged", "cây trang hỏng");
  PageTree out;
  std::unordered_set<std::uint32_t> seen;
  TRY(walk_pages(file, *top, 0, seen, out));
  return out;
}

}  // namespace trust::pdf
