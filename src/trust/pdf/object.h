// The objects of a PDF (ISO 32000-1 §7.3) as they are written: references are not followed.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace trust::pdf {

struct Ref {
  std::uint32_t number = 0;
  std::uint32_t generation = 0;
  bool operator==(const Ref&) const = default;
};

struct Name {
  std::string text;  // without the slash, escapes decoded
  bool operator==(const Name&) const = default;
};

struct String {
  std::string bytes;    // decoded; not decrypted
  bool hex = false;     // written as <…>
  bool in_file = true;  // false: inside an object stream, where the places below mean nothing
  std::uint64_t begin = 0, end = 0;  // from its opening to after its closing bracket
  bool operator==(const String& other) const { return bytes == other.bytes; }
};

class Object;
struct Entry;
using Array = std::vector<Object>;

// Sorted by key; a key with the value null is as good as absent and is not kept.
struct Dict {
  std::vector<Entry> entries;
  const Object* find(std::string_view key) const;
  bool operator==(const Dict& other) const;
};

class Object {
 public:
  using Value =
      std::variant<std::monostate, bool, std::int64_t, double, Name, String, Ref, Array, Dict>;
  Object() = default;
  template <class T>
  explicit Object(T value) : value_(std::move(value)) {}

  bool null() const { return value_.index() == 0; }
  template <class T>
  const T* as() const {
    return std::get_if<T>(&value_);
  }
  bool is_name(std::string_view text) const {
    const Name* name = as<Name>();
    return name != nullptr && name->text == text;
  }
  double number_or(double otherwise) const;
  // Equal as written, whatever the white space and the order of keys: references are equal when
  // they name the same object.
  bool operator==(const Object& other) const = default;

 private:
  Value value_;
};

struct Entry {
  std::string key;
  Object value;
  bool operator==(const Entry&) const = default;
};

// The value of `key` when `object` is a dictionary that has it; else null.
const Object& at(const Object& object, std::string_view key);
const Object& at(const Dict& dict, std::string_view key);
// The text of a text string (PDFDocEncoding or UTF-16, §7.9.2) as UTF-8, for people.
std::string text_of(const String& string);

}  // namespace trust::pdf
