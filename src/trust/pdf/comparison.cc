#include "trust/pdf/comparison.h"

#include <algorithm>

namespace trust::pdf {

base::Result<void> Comparison::prepare() {
  numbers = TRY(changed_objects(before, after));
  if (numbers.size() > after.budget().objects_max() / 4) {
    return over_limit("an update of the PDF changes more objects than what is looked at",
                      "một lần cập nhật tệp PDF đổi nhiều đối tượng hơn mức được xem xét");
  }
  out.survey = TRY(survey(after, numbers));
  root_before = TRY(catalog(before));
  root_after = TRY(catalog(after));
  root = at(after.trailer(), "Root").as<Ref>()->number;
  pages_before = TRY(pages_of(before));
  pages_after = TRY(pages_of(after));
  fields_before = TRY(fields_of(before));
  fields_after = TRY(fields_of(after));
  for (std::size_t i = 0; i < pages_after.pages.size(); ++i) {
    const std::uint32_t page = pages_after.pages[i];
    page_of[page] = i + 1;
    const Dict dict = TRY(dict_of(after, page));
    const Object annotations = TRY(after.resolve(at(dict, "Annots")));
    const Array* list = annotations.as<Array>();
    if (page_of.size() > after.budget().objects_max() / 2) {
      return over_limit("the PDF has more objects than what is looked at",
                        "tệp PDF có nhiều đối tượng hơn mức được xem xét");
    }
    for (std::size_t k = 0; list != nullptr && k < list->size(); ++k) {
      if (const Ref* ref = (*list)[k].as<Ref>()) page_of.emplace(ref->number, i + 1);
    }
  }
  const auto collect = [](const std::vector<Field>& fields,
                          std::unordered_set<std::uint32_t>& into) {
    for (const Field& field : fields) {
      into.insert(field.number);
      into.insert(field.widgets.begin(), field.widgets.end());
    }
  };
  collect(fields_before, widgets_before);
  collect(fields_after, widgets);
  // A number has a rule of its own only when it plays the same part in both revisions.
  std::unordered_set<std::uint32_t> pages(pages_before.pages.begin(), pages_before.pages.end());
  pages.insert(pages_before.nodes.begin(), pages_before.nodes.end());
  const auto rule = [this](std::uint32_t number, bool same_part) {
    if (same_part || !was_there(number)) ruled.insert(number);
  };
  for (const std::uint32_t page : pages_after.pages) rule(page, pages.contains(page));
  for (const std::uint32_t node : pages_after.nodes) rule(node, pages.contains(node));
  for (const std::uint32_t widget : widgets) rule(widget, widgets_before.contains(widget));
  const Ref* old_root = at(before.trailer(), "Root").as<Ref>();
  rule(root, old_root->number == root);
  const Ref* form = at(root_after, "AcroForm").as<Ref>();
  const Ref* old_form = at(root_before, "AcroForm").as<Ref>();
  if (form != nullptr) rule(form->number, old_form != nullptr && old_form->number == form->number);
  return base::done();
}

bool Comparison::changed(std::uint32_t number) const {
  return std::binary_search(numbers.begin(), numbers.end(), number);
}

void Comparison::note(Level level, bool seen, std::string en, std::string vi, std::string field) {
  constexpr std::size_t kListed = 200;
  for (Change& change : out.list) {
    if (change.text.en != en || change.field != field) continue;
    change.level = std::max(change.level, level);
    change.seen = change.seen || seen;
    return;
  }
  if (out.list.size() >= kListed) {  // the worst still counts
    Change& last = out.list.back();
    last.level = std::max(last.level, level);
    last.seen = last.seen || seen;
    last.text = {"nhiều thay đổi khác", "many other changes"};
    return;
  }
  out.list.push_back({level, seen, {std::move(vi), std::move(en)}, std::move(field)});
}

base::Result<bool> Comparison::explain(std::uint32_t holder, const Object& value, int unchanged) {
  struct Work {
    Ref ref;
    int unchanged;
  };
  bool met = false;
  std::vector<Work> work;
  std::unordered_set<std::uint32_t> through;
  const auto look = [&](std::uint32_t from, const Object& at_hand, int left) {
    each_ref(at_hand, [&](Ref ref) {
      const bool is_changed = changed(ref.number);
      if (is_changed) {
        met = true;
        ++explained[{from, ref.number}];
      }
      if (ruled.contains(ref.number) || (!is_changed && left == 0)) return;
      if (!(is_changed ? followed_ : through).insert(ref.number).second) return;
      if (after.place(ref.number) != nullptr) work.push_back({ref, is_changed ? left : left - 1});
    });
  };
  look(holder, value, unchanged);
  while (!work.empty()) {
    const Work item = work.back();
    work.pop_back();
    const Indirect next = TRY(after.load(item.ref));
    if (changed(item.ref.number) || !next.stream) look(item.ref.number, next.value, item.unchanged);
  }
  return met;
}

std::vector<std::string> Comparison::differing(const Dict& a, const Dict& b) {
  std::vector<std::string> out;
  for (const Entry& entry : a.entries) {
    if (!(at(b, entry.key) == entry.value)) out.push_back(entry.key);
  }
  for (const Entry& entry : b.entries) {
    if (a.find(entry.key) == nullptr) out.push_back(entry.key);
  }
  return out;
}

base::Result<Dict> Comparison::dict_of(const File& file, std::uint32_t number) {
  const Place* place = file.place(number);
  if (place == nullptr) return Dict{};
  const Indirect object = TRY(file.load(*place));
  const Dict* dict = object.value.as<Dict>();
  return dict == nullptr ? Dict{} : *dict;
}

base::Result<bool> Comparison::runs(const Dict& dict) const {
  if (!at(dict, "AA").null()) return true;
  Object action = TRY(after.resolve(at(dict, "A")));
  if (action.null()) return false;
  const Object kind = TRY(after.resolve(at(action, "S")));
  const bool leads =
      kind.is_name("URI") || kind.is_name("GoTo") || kind.is_name("GoToR") || kind.is_name("Named");
  return !leads || !at(action, "Next").null();
}

base::Text Comparison::on_page(std::uint32_t number) const {
  const auto it = page_of.find(number);
  if (it == page_of.end()) return {};
  const std::string page = std::to_string(it->second);
  return {" ở trang " + page, " on page " + page};
}

}  // namespace trust::pdf
