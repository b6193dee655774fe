// What is said to people on paper, from the one catalogue of the project (web/messages), so that
// papers and screens use the same words. A key that the catalogue does not have does not compile.
#pragma once
#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace catalogue {

struct Message {
  std::string_view key, vi, en;
};
inline constexpr Message kMessages[] = {
#include "catalogue/messages.inc"
};

// Of a message in both languages; made when the program is compiled.
class Key {
 public:
  consteval Key(const char* key) {  // NOLINT(google-explicit-constructor): stands for the message
    const auto* const found =
        std::ranges::lower_bound(kMessages, std::string_view(key), {}, &Message::key);
    if (found == std::end(kMessages) || found->key != key)
      throw "no such message, or one with a choice in it";
    vi_ = found->vi;
    en_ = found->en;
  }
  std::string_view vi() const { return vi_; }
  std::string_view en() const { return en_; }

 private:
  std::string_view vi_, en_;
};

// Stands where the text has `{name}`, as it is; it may be written otherwise in each language.
struct Value {
  Value(std::string_view of, const std::string& both) : name(of), text{both, both} {}
  Value(std::string_view of, base::Text each) : name(of), text(std::move(each)) {}
  std::string_view name;
  base::Text text;
};
// Both languages, with the values in their places.
base::Text said(Key key, std::initializer_list<Value> values = {});

}  // namespace catalogue
