#include "exchange/rest/schema.h"

#include <algorithm>

#include "base/text.h"
#include "exchange/rest/instant.h"

namespace exchange::rest {
namespace {

using Type = Schema::Type;
using Format = Schema::Format;

constexpr std::size_t kShown = 60;  // bytes of a caller's text in a message

std::string shown(std::string_view text) { return std::string(base::cut_utf8(text, kShown)); }

std::string escaped(std::string_view name) {  // RFC 6901 §3
  std::string out;
  for (const char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string below(const std::string& pointer, std::string_view name) {
  return pointer + "/" + escaped(shown(name));
}

std::int64_t code_points(std::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

bool is_integer(const base::Json& value) {
  constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::min();
  return value.is_number() && value.integer(kNone) != kNone &&
         static_cast<double>(value.integer()) == value.number();
}

bool is_boolean(const base::Json& value) { return value.boolean(true) == value.boolean(false); }

base::Text word_for(Type type) {
  switch (type) {
    case Type::object:
      return {"một đối tượng", "an object"};
    case Type::array:
      return {"một danh sách", "a list"};
    case Type::text:
      return {"một chuỗi", "a text"};
    case Type::integer:
      return {"một số nguyên", "an integer"};
    case Type::boolean:
      return {"true hoặc false", "true or false"};
    case Type::anything:
      break;
  }
  return {"một giá trị", "a value"};
}

bool is_of(Type type, const base::Json& value) {
  switch (type) {
    case Type::object:
      return value.is_object();
    case Type::array:
      return value.is_array();
    case Type::text:
      return value.is_string();
    case Type::integer:
      return is_integer(value);
    case Type::boolean:
      return is_boolean(value);
    case Type::anything:
      break;
  }
  return true;
}

// Names the place for people: the pointer, or the whole body.
base::Text place_of(const std::string& pointer) {
  if (pointer.empty()) return {"Nội dung yêu cầu", "the body"};
  return {pointer, pointer};
}

Breach wrong_type(const Schema& schema, const std::string& pointer) {
  const base::Text place = place_of(pointer), wanted = word_for(schema.type);
  return {pointer,
          base::Error(base::Code::invalid, "rest.wrong_type", place.en + " must be " + wanted.en,
                      place.vi + " phải là " + wanted.vi)};
}

// "1 to 200 characters"
base::Text bounds_text(const Schema& schema, const base::Text& unit) {
  const std::string least = std::to_string(schema.least);
  if (schema.most == std::numeric_limits<std::int64_t>::max())
    return {"ít nhất " + least + unit.vi, "at least " + least + unit.en};
  const std::string most = std::to_string(schema.most);
  return {"từ " + least + " đến " + most + unit.vi, least + " to " + most + unit.en};
}

std::optional<Breach> out_of_bounds(const Schema& schema, std::int64_t size, const base::Text& unit,
                                    const std::string& pointer) {
  if (size >= schema.least && size <= schema.most) return std::nullopt;
  const base::Text place = place_of(pointer), bounds = bounds_text(schema, unit);
  return Breach{pointer, base::Error(base::Code::invalid, "rest.out_of_bounds",
                                     place.en + " must have " + bounds.en,
                                     place.vi + " phải có " + bounds.vi)};
}

std::optional<Breach> breach_of_text(const Schema& schema, std::string_view value,
                                     const std::string& pointer) {
  const base::Text place = place_of(pointer);
  if (!schema.values.empty()) {
    if (std::find(schema.values.begin(), schema.values.end(), value) != schema.values.end())
      return std::nullopt;
    std::string all;
    for (const auto one : schema.values) all += (all.empty() ? "" : ", ") + std::string(one);
    return Breach{
        pointer,
        base::Error(base::Code::invalid, "rest.value_unknown",
                    place.en + " must be one of " + all + ", not " + shown(value),
                    place.vi + " phải là một trong: " + all + ", không phải " + shown(value))};
  }
  if (schema.format == Format::time && !parse_instant(value)) {
    return Breach{
        pointer,
        base::Error(base::Code::invalid, "rest.bad_time",
                    place.en + " must be a time with its zone, like 2026-11-22T02:30:00Z",
                    place.vi + " phải là thời điểm có múi giờ, ví dụ 2026-11-22T09:30:00+07:00")};
  }
  if (schema.format == Format::date && !parse_day(value)) {
    return Breach{pointer, base::Error(base::Code::invalid, "rest.bad_time",
                                       place.en + " must be a date like 2026-11-22",
                                       place.vi + " phải là ngày dạng 2026-11-22")};
  }
  return out_of_bounds(schema, code_points(value), {" ký tự", " characters"}, pointer);
}

std::optional<Breach> breach_at(const Schema& schema, const base::Json& value,
                                const std::string& pointer);

std::optional<Breach> breach_of_object(const Schema& schema, const base::Json& value,
                                       const std::string& pointer) {
  std::vector<bool> seen(schema.members.size());
  for (const auto& [name, content] : value.object()) {
    const auto known = std::find_if(schema.members.begin(), schema.members.end(),
                                    [&](const Member& member) { return member.name == name; });
    const std::string here = below(pointer, name);
    if (known == schema.members.end()) {
      return Breach{here, base::Error(base::Code::invalid, "rest.member_unknown",
                                      "there is no member " + shown(name) + " here; remove it",
                                      "Ở đây không có mục " + shown(name) + "; hãy bỏ mục này")};
    }
    const auto place = static_cast<std::size_t>(known - schema.members.begin());
    if (seen[place]) {
      return Breach{here, base::Error(base::Code::invalid, "rest.member_repeated",
                                      "the member " + shown(name) + " is there twice",
                                      "Mục " + shown(name) + " bị lặp lại")};
    }
    seen[place] = true;
    if (auto breach = breach_at(known->schema, content, here)) return breach;
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const Member& member = schema.members[i];
    if (seen[i] || !member.required) continue;
    return Breach{below(pointer, member.name),
                  base::Error(base::Code::invalid, "rest.member_missing",
                              "the member " + std::string(member.name) + " is missing",
                              "Thiếu mục " + std::string(member.name))};
  }
  return std::nullopt;
}

std::optional<Breach> breach_at(const Schema& schema, const base::Json& value,
                                const std::string& pointer) {
  if (!is_of(schema.type, value)) return wrong_type(schema, pointer);
  if (schema.type == Type::object) return breach_of_object(schema, value, pointer);
  if (schema.type == Type::text) return breach_of_text(schema, value.text(), pointer);
  if (schema.type == Type::integer &&
      (value.integer() < schema.least || value.integer() > schema.most)) {
    const base::Text place = place_of(pointer), bounds = bounds_text(schema, {});
    return Breach{pointer,
                  base::Error(base::Code::invalid, "rest.out_of_bounds",
                              place.en + " must be " + bounds.en, place.vi + " phải " + bounds.vi)};
  }
  if (schema.type != Type::array) return std::nullopt;
  const auto& elements = value.array();
  const auto size = static_cast<std::int64_t>(elements.size());
  if (auto breach = out_of_bounds(schema, size, {" phần tử", " elements"}, pointer)) return breach;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (auto breach = breach_at(schema.items.at(0), elements[i], below(pointer, std::to_string(i))))
      return breach;
  }
  return std::nullopt;
}

Schema leaf(Type type, base::Text about, base::Json example) {
  Schema made;
  made.type = type;
  made.about = std::move(about);
  made.example = std::move(example);
  return made;
}

}  // namespace

Schema object(std::string_view name, base::Text about, std::vector<Member> members) {
  Schema made = leaf(Type::object, std::move(about), {});
  made.name = name;
  made.members = std::move(members);
  return made;
}

Schema list(Schema items, std::int64_t most, base::Text about) {
  Schema made = leaf(Type::array, std::move(about), {});
  made.items.push_back(std::move(items));
  made.most = most;
  return made;
}

Schema text(std::int64_t most, base::Text about, std::string_view example, std::int64_t least) {
  Schema made = leaf(Type::text, std::move(about), example);
  made.least = least;
  made.most = most;
  return made;
}

Schema word(std::vector<std::string_view> values, base::Text about) {
  Schema made = leaf(Type::text, std::move(about), values.at(0));
  made.values = std::move(values);
  return made;
}

Schema integer(std::int64_t least, std::int64_t most, base::Text about, std::int64_t example) {
  Schema made = leaf(Type::integer, std::move(about), example);
  made.least = least;
  made.most = most;
  return made;
}

Schema boolean(base::Text about, bool example) {
  return leaf(Type::boolean, std::move(about), example);
}

Schema time(base::Text about, std::string_view example) {
  Schema made = leaf(Type::text, std::move(about), example);
  made.format = Format::time;
  return made;
}

Schema date(base::Text about, std::string_view example) {
  Schema made = leaf(Type::text, std::move(about), example);
  made.format = Format::date;
  return made;
}

Schema anything(base::Text about, base::Json example) {
  return leaf(Type::anything, std::move(about), std::move(example));
}

base::Json example_of(const Schema& schema) {
  if (schema.type == Type::object) {
    base::Json made{base::Json::Object{}};
    for (const Member& member : schema.members) {
      if (member.in_example) made.add(std::string(member.name), example_of(member.schema));
    }
    return made;
  }
  if (schema.type == Type::array)
    return base::Json(base::Json::Array{example_of(schema.items.at(0))});
  return schema.example;
}

std::optional<Breach> breach_of(const Schema& schema, const base::Json& value) {
  return breach_at(schema, value, {});
}

base::Result<base::Json> read_parameter(const Schema& schema, std::string_view name,
                                        std::string_view text) {
  base::Json value(text);
  if (schema.type == Type::integer) {
    const auto number = base::parse_int(text);
    if (number) value = base::Json(*number);
  } else if (schema.type == Type::boolean && (text == "true" || text == "false")) {
    value = base::Json(text == "true");
  }
  if (auto breach = breach_at(schema, value, std::string(name))) return std::move(breach->error);
  return value;
}

}  // namespace exchange::rest
