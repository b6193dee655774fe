// What a request or an answer looks like, as values: the face checks bodies and parameters against
// it, and the API's description (OpenAPI) and its examples are made from it.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace exchange::rest {

struct Member;

struct Schema {
  enum class Type : unsigned char { object, array, text, integer, boolean, anything };
  enum class Format : unsigned char {
    plain,
    time,  // RFC 3339 with a zone: "2026-11-22T02:30:00Z"
    date,  // "2026-11-22"
  };
  Type type = Type::anything;
  std::string_view name;  // described once under this name; empty: described where it is used
  base::Text about;
  std::vector<Member> members;  // of an object
  std::vector<Schema> items;    // of an array: one
  std::int64_t least = 0;       // of a number; length of a text (code points) or an array
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  std::vector<std::string_view> values;  // when not empty, the only ones
  Format format = Format::plain;
  base::Json example;  // of what is neither an object nor an array
};

struct Member {
  std::string_view name;
  bool required = true;
  Schema schema;
  bool in_example = true;
};

// --- making them; names and values are literals -------------------------------------------------
Schema object(std::string_view name, base::Text about, std::vector<Member> members);
Schema list(Schema items, std::int64_t most, base::Text about = {});
Schema text(std::int64_t most, base::Text about, std::string_view example, std::int64_t least = 1);
Schema word(std::vector<std::string_view> values, base::Text about);
Schema integer(std::int64_t least, std::int64_t most, base::Text about, std::int64_t example);
Schema boolean(base::Text about, bool example = true);
Schema time(base::Text about, std::string_view example = "2026-11-22T02:30:00Z");
Schema date(base::Text about, std::string_view example = "2026-11-22");
// Any JSON, described elsewhere.
Schema anything(base::Text about, base::Json example);
inline Member required(std::string_view name, Schema schema) {
  return {name, true, std::move(schema)};
}
inline Member optional(std::string_view name, Schema schema) {
  return {name, false, std::move(schema)};
}
// Optional, and left out of examples.
inline Member unusual(std::string_view name, Schema schema) {
  return {name, false, std::move(schema), false};
}

// Every member that examples have, filled with its own.
base::Json example_of(const Schema& schema);

// Where a value breaks its schema.
struct Breach {
  std::string pointer;  // RFC 6901: "/to/0/code"; empty for the whole
  base::Error error;
};
// Members that the schema does not have are refused, and so are repeated ones; the first breach is
// told. Reasons, all Code::invalid: rest.member_unknown, rest.member_repeated, rest.member_missing,
// rest.wrong_type, rest.out_of_bounds, rest.value_unknown, rest.bad_time.
std::optional<Breach> breach_of(const Schema& schema, const base::Json& value);
// The same for a parameter, from its text. An integer or a boolean comes back as such.
base::Result<base::Json> read_parameter(const Schema& schema, std::string_view name,
                                        std::string_view text);

}  // namespace exchange::rest
