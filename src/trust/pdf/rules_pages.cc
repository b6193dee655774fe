// Pages and what lies on them: only annotations may come, and only where they are permitted.
#include <algorithm>

#include "trust/pdf/comparison.h"

namespace trust::pdf {
namespace {

struct Annotations {
  std::uint32_t holder = 0;  // of the list: the page, or the list's own object
  Array list;
};

class PageRules {
 public:
  explicit PageRules(Comparison& comparison) : c_(comparison) {}

  base::Result<void> run() {
    if (c_.pages_before.pages != c_.pages_after.pages ||
        c_.pages_before.nodes != c_.pages_after.nodes) {
      const std::string from = std::to_string(c_.pages_before.pages.size());
      const std::string to = std::to_string(c_.pages_after.pages.size());
      c_.note(Level::anything, true,
              "pages were added, removed or put in another order (from " + from + " to " + to + ")",
              "trang bị thêm, bớt hoặc đổi thứ tự (từ " + from + " thành " + to + " trang)");
      return base::done();
    }
    for (const std::uint32_t node : c_.pages_after.nodes) {
      if (!c_.changed(node)) continue;
      const Dict before = TRY(Comparison::dict_of(c_.before, node)),
                 after = TRY(Comparison::dict_of(c_.after, node));
      for (const std::string& key : Comparison::differing(before, after)) {
        if (key == "Kids" || key == "Count") continue;  // the pages were compared
        c_.note(Level::anything, true, "what several pages share was changed (/" + key + ")",
                "phần dùng chung của nhiều trang bị thay đổi (/" + key + ")");
      }
      // A list of kids in an object of its own leads to the same pages.
      if (const Ref* kids = at(after, "Kids").as<Ref>();
          kids != nullptr && c_.changed(kids->number)) {
        ++c_.explained[{node, kids->number}];
      }
    }
    for (const std::uint32_t page : c_.pages_after.pages) TRY(compare(page));
    return base::done();
  }

 private:
  base::Result<void> compare(std::uint32_t page) {
    const Dict after = TRY(Comparison::dict_of(c_.after, page));
    const Dict before = c_.changed(page) ? TRY(Comparison::dict_of(c_.before, page)) : after;
    const base::Text where = c_.on_page(page);
    for (const std::string& key : Comparison::differing(before, after)) {
      if (key == "Annots" || key == "Tabs") continue;
      if (key == "Metadata" || key == "LastModified" || key == "PieceInfo") {
        TRY(c_.explain(page, at(after, key)));
        c_.note(Level::long_term, true, "metadata was changed", "siêu dữ liệu bị thay đổi");
      } else if (key == "AA") {
        c_.note(Level::anything, true, "a script or action was changed" + where.en,
                "tập lệnh hoặc hành động bị thay đổi" + where.vi);
      } else {
        c_.note(Level::anything, true, "the content was changed" + where.en + " (/" + key + ")",
                "nội dung bị thay đổi" + where.vi + " (/" + key + ")");
      }
    }
    const Annotations old = TRY(annotations(c_.before, page, before));
    const Annotations now = TRY(annotations(c_.after, page, after));
    if (now.holder != page && c_.changed(now.holder)) ++c_.explained[{page, now.holder}];
    return compare(page, old, now);
  }

  static base::Result<Annotations> annotations(const File& file, std::uint32_t page,
                                               const Dict& dict) {
    const Object& value = at(dict, "Annots");
    Annotations out;
    const Ref* ref = value.as<Ref>();
    out.holder = ref != nullptr ? ref->number : page;
    const Object list = TRY(file.resolve(value));
    if (const Array* array = list.as<Array>()) out.list = *array;
    return out;
  }

  base::Result<void> compare(std::uint32_t page, const Annotations& old, const Annotations& now) {
    const base::Text where = c_.on_page(page);
    const auto in = [](const Array& list, const Object& item) {
      return std::find(list.begin(), list.end(), item) != list.end();
    };
    const bool same_list = old.list == now.list;
    if (!same_list) TRY(c_.after.budget().spend(old.list.size() * now.list.size()));
    for (const Object& item : now.list) {
      const Ref* ref = item.as<Ref>();
      if (same_list && (ref == nullptr || !c_.changed(ref->number))) continue;
      if (same_list || in(old.list, item)) {
        if (ref != nullptr && c_.changed(ref->number)) TRY(kept(now.holder, *ref, where));
      } else {
        TRY(added(now.holder, item, where));
      }
    }
    if (same_list) return base::done();

    Array left_before,
        left_after;  // those that are in both, for their order is what lies above what
    for (const Object& item : old.list) {
      if (in(now.list, item)) {
        left_before.push_back(item);
        continue;
      }
      const Ref* ref = item.as<Ref>();
      const bool field = ref != nullptr && c_.widgets_before.contains(ref->number);
      c_.note(field ? Level::anything : Level::annotations, true,
              (field ? "a form field was removed" : "an annotation was removed") + where.en,
              (field ? "một trường biểu mẫu bị gỡ bỏ" : "một chú thích bị gỡ bỏ") + where.vi);
    }
    std::copy_if(now.list.begin(), now.list.end(), std::back_inserter(left_after),
                 [&](const Object& item) { return in(old.list, item); });
    if (left_before != left_after) {
      c_.note(Level::annotations, true, "annotations were put in another order" + where.en,
              "các chú thích bị đổi thứ tự" + where.vi);
    }
    return base::done();
  }

  // An annotation that was there and whose object changed.
  base::Result<void> kept(std::uint32_t holder, Ref ref, const base::Text& where) {
    ++c_.explained[{holder, ref.number}];
    if (c_.widgets.contains(ref.number) && c_.widgets_before.contains(ref.number))
      return base::done();  // rules_form.cc
    const Dict after = TRY(Comparison::dict_of(c_.after, ref.number));
    TRY(c_.explain(ref.number, Object(after)));
    const bool runs = TRY(c_.runs(after));
    c_.note(runs ? Level::anything : Level::annotations, true,
            "an annotation was changed" + where.en, "một chú thích bị thay đổi" + where.vi);
    return base::done();
  }

  base::Result<void> added(std::uint32_t holder, const Object& item, const base::Text& where) {
    const Ref* ref = item.as<Ref>();
    if (ref != nullptr && c_.widgets.contains(ref->number) &&
        !c_.widgets_before.contains(ref->number)) {
      ++c_.explained[{holder, ref->number}];
      return base::done();  // a new field's: rules_form.cc
    }
    const Object annotation = TRY(c_.after.resolve(item));
    const Dict* dict = annotation.as<Dict>();
    TRY(c_.explain(holder, item));
    if (dict == nullptr) return base::done();
    const Name* kind = at(*dict, "Subtype").as<Name>();
    const bool widget = kind == nullptr || kind->text == "Widget";
    const bool runs = TRY(c_.runs(*dict));
    const std::string name = kind == nullptr ? "" : " (" + kind->text + ")";
    c_.note(widget || runs ? Level::anything : Level::annotations, true,
            "an annotation was added" + where.en + name,
            "một chú thích được thêm" + where.vi + name);
    if (runs) {
      c_.note(Level::anything, true, "a script or action was added" + where.en,
              "tập lệnh hoặc hành động được thêm" + where.vi);
    }
    return base::done();
  }

  Comparison& c_;
};

}  // namespace

base::Result<void> compare_pages(Comparison& c) { return PageRules(c).run(); }

}  // namespace trust::pdf
