// JSON values. The parser (Boost.JSON) stays behind json.cc.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace base {

class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;  // in the order of the text; a repeated name is kept

  Json() = default;                                             // null
  Json(std::nullptr_t) {}                                       // NOLINT
  Json(bool value) : value_(value) {}                           // NOLINT
  Json(std::int64_t value) : value_(value) {}                   // NOLINT
  Json(int value) : value_(std::int64_t{value}) {}              // NOLINT
  Json(double value) : value_(value) {}                         // NOLINT
  Json(std::string value) : value_(std::move(value)) {}         // NOLINT
  Json(std::string_view value) : value_(std::string(value)) {}  // NOLINT
  Json(const char* value) : value_(std::string(value)) {}       // NOLINT
  Json(Array value) : value_(std::move(value)) {}               // NOLINT
  Json(Object value) : value_(std::move(value)) {}              // NOLINT

  // Strict RFC 8259, UTF-8, at most 32 levels deep. Reason base.json_malformed.
  static Result<Json> parse(std::string_view text);

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_number() const {
    return std::holds_alternative<std::int64_t>(value_) || std::holds_alternative<double>(value_);
  }
  // The content, or an empty one of that type when the value is something else.
  const Object& object() const;
  const Array& array() const;
  std::string_view text() const;
  std::int64_t integer(std::int64_t otherwise = 0) const;  // also a number written as text
  double number(double otherwise = 0) const;
  bool boolean(bool otherwise = false) const;
  // The first member of that name (exact case), or null.
  const Json& operator[](std::string_view name) const;
  bool has(std::string_view name) const;
  // Appends a member (object) or an element (array); a null becomes one first.
  Json& add(std::string name, Json value);
  Json& push(Json value);

  enum class Style : unsigned char { compact, ascii, pretty };
  // compact: raw UTF-8; ascii: everything above 0x7e as \uXXXX (vxp-protocol.md §4.1);
  // pretty: two-space indent, raw UTF-8, for people.
  std::string dump(Style style = Style::compact) const;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

// Appends `text` as a JSON string with its quotes; for writers that stream. Bytes that are not
// UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text, bool ascii);

}  // namespace base
