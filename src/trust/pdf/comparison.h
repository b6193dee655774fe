// The parts of changes.cc: what is known while two revisions are compared.
#pragma once
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "trust/pdf/changes.h"

namespace trust::pdf {

class Comparison {
 public:
  Comparison(const File& before_in, const File& after_in) : before(before_in), after(after_in) {}

  base::Result<void> prepare();

  bool changed(std::uint32_t number) const;
  bool was_there(std::uint32_t number) const { return before.place(number) != nullptr; }
  void note(Level level, bool seen, std::string en, std::string vi, std::string field = {});

  // Says that `holder` rightly refers to what `value` leads to, for a purpose that may change, and
  // follows it through every object that changed, and through `unchanged` dictionaries and lists in
  // between; stops at objects that have rules of their own. Returns whether it met one that
  // changed.
  base::Result<bool> explain(std::uint32_t holder, const Object& value, int unchanged = 0);
  // The keys in which two dictionaries differ.
  static std::vector<std::string> differing(const Dict& a, const Dict& b);
  // The dictionary of `number` in a revision; empty when it is none.
  static base::Result<Dict> dict_of(const File& file, std::uint32_t number);
  // Whether an annotation or field of the later revision does more than lead to a place: scripts,
  // programs, submitted forms.
  base::Result<bool> runs(const Dict& dict) const;
  // " on page 3", " ở trang 3" for a page or an annotation; empty when it is on none.
  base::Text on_page(std::uint32_t number) const;

  const File& before;
  const File& after;
  std::vector<std::uint32_t> numbers;  // of the objects that changed
  Changes out;
  Dict root_before, root_after;
  std::uint32_t root = 0;
  PageTree pages_before, pages_after;
  std::vector<Field> fields_before, fields_after;
  // Objects of the later revision whose content a rule compares key by key.
  std::unordered_set<std::uint32_t> ruled;
  std::unordered_map<std::uint32_t, std::size_t>
      page_of;  // object of a page or annotation → number of the page
  std::unordered_set<std::uint32_t> widgets_before, widgets;  // of fields
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t>
      explained;  // holder, target → times

 private:
  std::unordered_set<std::uint32_t> followed_;
};

// The rules, in files of their own. Each notes what changed and explains what may.
base::Result<void> compare_catalog(Comparison& c);
base::Result<void> compare_pages(Comparison& c);
base::Result<void> compare_form(Comparison& c);

}  // namespace trust::pdf
