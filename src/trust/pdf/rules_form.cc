// Form fields: they may be signed and filled, and signature fields may come; nothing else.
#include <algorithm>
#include <array>
#include <cmath>

#include "trust/pdf/comparison.h"

namespace trust::pdf {
namespace {

std::string quoted(const std::string& name) { return "“" + name + "”"; }

bool is_one_of(std::string_view key, std::initializer_list<std::string_view> keys) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

double area(const Object& rectangle) {
  const Array* list = rectangle.as<Array>();
  if (list == nullptr || list->size() != 4) return 0;
  std::array<double, 4> n{};
  for (std::size_t i = 0; i < 4; ++i) n[i] = (*list)[i].number_or(0);
  return std::abs((n[2] - n[0]) * (n[3] - n[1]));
}

class FormRules {
 public:
  explicit FormRules(Comparison& comparison) : c_(comparison) {}

  base::Result<void> run() {
    TRY(compare_dictionary());
    std::map<std::string, const Field*> before, after;
    for (const Field& field : c_.fields_before) before.emplace(field.name, &field);
    for (const Field& field : c_.fields_after) {
      if (!after.emplace(field.name, &field).second && !before.contains(field.name)) {
        c_.note(Level::anything, true, "two form fields have the name " + quoted(field.name),
                "hai trường biểu mẫu cùng tên " + quoted(field.name));
      }
    }
    for (const auto& [name, field] : before) {
      const auto now = after.find(name);
      if (now == after.end() || now->second->number != field->number) {
        c_.note(Level::anything, true,
                "the form field " + quoted(name) + " was removed or replaced",
                "trường biểu mẫu " + quoted(name) + " bị gỡ bỏ hoặc thay thế");
      }
    }
    for (const Field& field : c_.fields_after) {
      const auto old = before.find(field.name);
      if (old == before.end()) {
        TRY(added(field));
      } else if (old->second->number == field.number) {
        TRY(kept(*old->second, field));
      }
    }
    return base::done();
  }

 private:
  base::Result<void> compare_dictionary() {
    const Object old = TRY(c_.before.resolve(at(c_.root_before, "AcroForm")));
    const Object now = TRY(c_.after.resolve(at(c_.root_after, "AcroForm")));
    const Ref* ref = at(c_.root_after, "AcroForm").as<Ref>();
    const std::uint32_t holder = ref != nullptr ? ref->number : c_.root;
    const Dict none, *a = old.as<Dict>() != nullptr ? old.as<Dict>() : &none,
                     *b = now.as<Dict>() != nullptr ? now.as<Dict>() : &none;
    if (ref != nullptr && c_.changed(ref->number)) ++c_.explained[{c_.root, ref->number}];
    if (const Ref* list = at(*b, "Fields").as<Ref>()) {  // the fields are compared one by one
      if (c_.changed(list->number)) ++c_.explained[{holder, list->number}];
    }
    if (TRY(only_more(at(*a, "DR"), at(*b, "DR")))) explain_resources(holder, at(*b, "DR"));
    for (const std::string& key : Comparison::differing(*a, *b)) {
      if (is_one_of(key, {"Fields", "SigFlags"})) continue;
      if (key == "NeedAppearances") {
        // Readers would draw every field again from its value, which may not be what was shown.
        const bool* needed = at(*b, key).as<bool>();
        if (needed == nullptr || !*needed) continue;
        c_.note(Level::anything, false, "readers are asked to draw the form fields anew",
                "yêu cầu phần mềm vẽ lại các trường biểu mẫu");
        continue;
      }
      if (old.null() && !is_one_of(key, {"XFA", "CO"})) continue;  // no field used it before
      if (key == "DR" && TRY(only_more(at(*a, key), at(*b, key)))) continue;
      if (key == "DA" && a->find(key) == nullptr) continue;
      c_.note(Level::anything, key != "XFA" && key != "CO",
              "the form as a whole was changed (/" + key + ")",
              "toàn bộ biểu mẫu bị thay đổi (/" + key + ")");
    }
    return base::done();
  }

  // Whether `now` has all that `old` has: resources for new appearances come, none is replaced.
  base::Result<bool> only_more(const Object& old, const Object& now) {
    const Object a = TRY(c_.before.resolve(old)), b = TRY(c_.after.resolve(now));
    if (a.null()) return true;
    const Dict* left = a.as<Dict>();
    if (left == nullptr || b.as<Dict>() == nullptr) return a == b;
    for (const Entry& entry : left->entries) {
      const Object x = TRY(c_.before.resolve(entry.value)),
                   y = TRY(c_.after.resolve(at(b, entry.key)));
      if (x == y) continue;
      const Dict* kinds = x.as<Dict>();
      if (kinds == nullptr || y.as<Dict>() == nullptr) return false;
      for (const Entry& resource : kinds->entries) {
        if (!(at(y, resource.key) == resource.value)) return false;
      }
    }
    return true;
  }

  // The dictionaries of resources may be written anew with more in them; the resources may not.
  void explain_resources(std::uint32_t holder, const Object& resources) {
    const auto mark = [this](std::uint32_t from, const Object& value) {
      const Ref* ref = value.as<Ref>();
      if (ref == nullptr) return from;
      if (c_.changed(ref->number)) ++c_.explained[{from, ref->number}];
      return ref->number;
    };
    const std::uint32_t from = mark(holder, resources);
    const base::Result<Object> dict = c_.after.resolve(resources);
    const Dict* kinds = dict.ok() ? dict->as<Dict>() : nullptr;
    if (kinds == nullptr) return;
    for (const Entry& kind : kinds->entries) mark(from, kind.value);
  }

  base::Result<base::Text> place_of(const Field& field) {
    for (const std::uint32_t widget : widgets_of(field)) {
      const Dict dict = TRY(Comparison::dict_of(c_.after, widget));
      if (area(at(dict, "Rect")) > 0) {
        const base::Text where = c_.on_page(widget);
        if (!where.en.empty()) return where;
      }
    }
    return base::Text{};
  }

  // The field itself is one of them when it shows.
  static std::vector<std::uint32_t> widgets_of(const Field& field) {
    std::vector<std::uint32_t> out = field.widgets;
    out.push_back(field.number);
    return out;
  }

  base::Result<void> note_signed(const Field& field, bool added) {
    const Dict own = TRY(Comparison::dict_of(c_.after, field.number));
    const Object signature = TRY(c_.after.resolve(at(own, "V")));
    const base::Text where = TRY(place_of(field));
    const Level level = added && !where.en.empty() ? Level::signing : Level::form;
    if (at(signature, "SubFilter").is_name("ETSI.RFC3161")) {
      c_.note(where.en.empty() ? Level::long_term : level, true,
              "a document timestamp was added (" + quoted(field.name) + ")",
              "dấu thời gian của tài liệu được thêm (" + quoted(field.name) + ")", field.name);
    } else {
      c_.note(level, true,
              "a later signature was added in the field " + quoted(field.name) + where.en,
              "chữ ký sau được thêm vào trường " + quoted(field.name) + where.vi, field.name);
    }
    return base::done();
  }

  base::Result<void> added(const Field& field) {
    if (!field.terminal && field.type.empty() && !field.filled) {
      // A name above others: its kids are looked at themselves.
      return base::done();
    }
    if (field.type != "Sig") {
      c_.note(Level::anything, true, "the form field " + quoted(field.name) + " was added",
              "trường biểu mẫu " + quoted(field.name) + " được thêm");
      return base::done();
    }
    for (const std::uint32_t widget : widgets_of(field)) {
      const Dict dict = TRY(Comparison::dict_of(c_.after, widget));
      TRY(c_.explain(widget, Object(dict)));
      if (!at(dict, "AA").null() || !at(dict, "A").null()) {
        c_.note(Level::anything, true,
                "a script or action was added in the field " + quoted(field.name),
                "tập lệnh hoặc hành động được thêm vào trường " + quoted(field.name));
      }
      TRY(check_size(field, dict, widget));
    }
    if (!field.filled) {
      c_.note(Level::signing, true,
              "the empty signature field " + quoted(field.name) + " was added",
              "trường chữ ký trống " + quoted(field.name) + " được thêm", field.name);
      return base::done();
    }
    return note_signed(field, true);
  }

  // A new signature's picture must not hide the page below it.
  base::Result<void> check_size(const Field& field, const Dict& widget, std::uint32_t number) {
    const auto it = c_.page_of.find(number);
    if (it == c_.page_of.end()) return base::done();
    Object node = TRY(c_.after.resolve(Object(Ref{c_.pages_after.pages[it->second - 1], 0})));
    Object box = TRY(c_.after.resolve(at(node, "MediaBox")));
    for (int i = 0; i < 32 && box.null() && !node.null(); ++i) {
      node = TRY(c_.after.resolve(at(node, "Parent")));
      box = TRY(c_.after.resolve(at(node, "MediaBox")));
    }
    const double page = area(box);
    if (page > 0 && area(at(widget, "Rect")) <= page / 2) return base::done();
    if (area(at(widget, "Rect")) == 0) return base::done();
    const base::Text where = c_.on_page(number);
    c_.note(Level::anything, true,
            "the picture of the signature " + quoted(field.name) + " covers the page" + where.en,
            "hình của chữ ký " + quoted(field.name) + " che trang" + where.vi);
    return base::done();
  }

  base::Result<void> kept(const Field& old, const Field& now) {
    const bool signature = now.type == "Sig";
    const bool was_signed = signature && old.filled;
    const bool is_signed = signature && now.filled;
    const Dict own = TRY(Comparison::dict_of(c_.after, now.number));
    const Dict own_before =
        c_.changed(now.number) ? TRY(Comparison::dict_of(c_.before, now.number)) : own;
    bool filled = TRY(compare(own_before, own, now, now.number, is_signed && !was_signed));
    if (old.widgets != now.widgets || old.type != now.type) {
      c_.note(Level::anything, true, "the form field " + quoted(now.name) + " was changed",
              "trường biểu mẫu " + quoted(now.name) + " bị thay đổi");
    }
    if (const Ref* kids = at(own, "Kids").as<Ref>(); kids != nullptr && c_.changed(kids->number)) {
      ++c_.explained[{now.number, kids->number}];
    }
    for (const std::uint32_t widget : now.widgets) {
      const Dict after = TRY(Comparison::dict_of(c_.after, widget));
      const Dict before = c_.changed(widget) ? TRY(Comparison::dict_of(c_.before, widget)) : after;
      filled = TRY(compare(before, after, now, widget, is_signed && !was_signed)) || filled;
      if (c_.changed(widget)) ++c_.explained[{now.number, widget}];
    }
    if (!filled) return base::done();
    if (was_signed) {
      c_.note(Level::anything, true,
              "the earlier signature in the field " + quoted(now.name) + " was replaced or hidden",
              "chữ ký trước ở trường " + quoted(now.name) + " bị thay thế hoặc che đi");
      return base::done();
    }
    if (is_signed) return note_signed(now, false);
    c_.note(Level::form, true, "the form field " + quoted(now.name) + " was filled",
            "trường biểu mẫu " + quoted(now.name) + " được điền", now.name);
    return base::done();
  }

  // Compares a field or one of its widgets; true when its value or its appearance changed.
  base::Result<bool> compare(const Dict& old, const Dict& now, const Field& field,
                             std::uint32_t number, bool signing) {
    bool filled = false;
    for (const std::string& key : Comparison::differing(old, now)) {
      if (is_one_of(key, {"V", "AP", "AS"})) {
        filled = true;
      } else if (key == "Kids" || key == "M") {
        continue;  // kids were compared as fields and widgets
      } else if (signing && is_one_of(key, {"F", "Lock", "P", "Type", "DR", "DA", "MK"})) {
        continue;
      } else if (key == "Ff" && read_only_now(at(old, key), at(now, key))) {
        continue;  // a signature locks fields
      } else {
        c_.note(Level::anything, true,
                "the form field " + quoted(field.name) + " was changed (/" + key + ")",
                "trường biểu mẫu " + quoted(field.name) + " bị thay đổi (/" + key + ")");
      }
    }
    filled = TRY(c_.explain(number, at(now, "V"))) || filled;
    filled = TRY(c_.explain(number, at(now, "AP"), 2)) || filled;
    for (const std::string_view key : {"Lock", "MK", "DR"}) {
      if (signing) TRY(c_.explain(number, at(now, key)));
    }
    return filled;
  }

  static bool read_only_now(const Object& old, const Object& now) {
    const auto bits = [](const Object& flags) {
      const auto* n = flags.as<std::int64_t>();
      return n == nullptr ? std::int64_t{0} : *n;
    };
    return (bits(old) | 1) == bits(now);
  }

  Comparison& c_;
};

}  // namespace

base::Result<void> compare_form(Comparison& c) { return FormRules(c).run(); }

}  // namespace trust::pdf
