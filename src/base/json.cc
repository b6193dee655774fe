#include "base/json.h"

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "base/text.h"

namespace base {
namespace {

constexpr std::size_t kDepthMax = 32;

// Builds our values from Boost.JSON's events.
class Builder {
 public:
  constexpr static std::size_t max_object_size = std::size_t(-1);
  constexpr static std::size_t max_array_size = std::size_t(-1);
  constexpr static std::size_t max_key_size = std::size_t(-1);
  constexpr static std::size_t max_string_size = std::size_t(-1);
  using Code = boost::json::error_code;
  using View = boost::json::string_view;

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return open(Json(Json::Object{})); }
  bool on_object_end(std::size_t, Code&) { return close(); }
  bool on_array_begin(Code&) { return open(Json(Json::Array{})); }
  bool on_array_end(std::size_t, Code&) { return close(); }
  bool on_key_part(View part, std::size_t, Code&) {
    return text_.append(part.data(), part.size()), true;
  }
  bool on_key(View part, std::size_t, Code&) {
    text_.append(part.data(), part.size());
    keys_.push_back(std::move(text_));
    text_.clear();
    return true;
  }
  bool on_string_part(View part, std::size_t, Code&) {
    return text_.append(part.data(), part.size()), true;
  }
  bool on_string(View part, std::size_t, Code&) {
    text_.append(part.data(), part.size());
    Json value(std::move(text_));
    text_.clear();
    return place(std::move(value));
  }
  bool on_number_part(View, Code&) { return true; }
  bool on_int64(std::int64_t v, View, Code&) { return place(Json(v)); }
  bool on_uint64(std::uint64_t v, View, Code&) { return place(Json(static_cast<double>(v))); }
  bool on_double(double v, View, Code&) { return place(Json(v)); }
  bool on_bool(bool v, Code&) { return place(Json(v)); }
  bool on_null(Code&) { return place(Json()); }
  bool on_comment_part(View, Code&) { return true; }
  bool on_comment(View, Code&) { return true; }

  Json take() { return std::move(root_); }

 private:
  bool open(Json value) {
    open_.push_back(std::move(value));
    return true;
  }
  bool close() {
    Json value = std::move(open_.back());
    open_.pop_back();
    return place(std::move(value));
  }
  bool place(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().is_object()) {
      open_.back().add(std::move(keys_.back()), std::move(value));
      keys_.pop_back();
    } else {
      open_.back().push(std::move(value));
    }
    return true;
  }

  Json root_;
  std::vector<Json> open_;
  std::vector<std::string> keys_;
  std::string text_;
};

const Json kNull;
const Json::Object kNoMembers;
const Json::Array kNoElements;

void append_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  std::array<char, 40> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

void append_escape(std::string& out, unsigned unit) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "\\u%04x", unit);
  out += text.data();
}

void append_value(std::string& out, const Json& value, Json::Style style, int depth) {
  const bool pretty = style == Json::Style::pretty;
  const bool ascii = style == Json::Style::ascii;
  const auto line = [&](int d) {
    if (pretty) out.append("\n").append(static_cast<std::size_t>(d) * 2, ' ');
  };
  if (value.is_object() || value.is_array()) {
    const bool object = value.is_object();
    out += object ? '{' : '[';
    bool first = true;
    const auto next = [&] {
      if (!first) out += ',';
      first = false;
      line(depth + 1);
    };
    for (const auto& [name, member] : value.object()) {
      next();
      append_json_string(out, name, ascii);
      out += pretty ? ": " : ":";
      append_value(out, member, style, depth + 1);
    }
    for (const Json& element : value.array()) {
      next();
      append_value(out, element, style, depth + 1);
    }
    if (!first) line(depth);
    out += object ? '}' : ']';
  } else if (value.is_string()) {
    append_json_string(out, value.text(), ascii);
  } else if (value.is_null()) {
    out += "null";
  } else if (!value.is_number()) {
    out += value.boolean() ? "true" : "false";
  } else if (static_cast<double>(value.integer()) == value.number()) {
    out += std::to_string(value.integer());
  } else {
    append_number(out, value.number());
  }
}

// The line and the column, in characters, of what follows `before`; as an editor shows them.
std::pair<std::string, std::string> place_of(std::string_view before) {
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::string_view last = before.substr(before.rfind('\n') + 1);
  const auto column = std::count_if(last.begin(), last.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  });
  return {std::to_string(lines + 1), std::to_string(column + 1)};
}

}  // namespace

Result<Json> Json::parse(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = kDepthMax;
  boost::json::basic_parser<Builder> parser(options);
  boost::json::error_code error;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
  if (!error && used != text.size()) error = boost::json::error::extra_data;
  if (error) {
    const auto [line, column] = place_of(text.substr(0, used));
    return Error(base::Code::invalid, "base.json_malformed",
                 "malformed JSON near line " + line + ", column " + column + ": " + error.message(),
                 "JSON sai cú pháp gần dòng " + line + ", cột " + column);
  }
  return parser.handler().take();
}

const Json::Object& Json::object() const {
  const auto* value = std::get_if<Object>(&value_);
  return value ? *value : kNoMembers;
}
const Json::Array& Json::array() const {
  const auto* value = std::get_if<Array>(&value_);
  return value ? *value : kNoElements;
}
std::string_view Json::text() const {
  const auto* value = std::get_if<std::string>(&value_);
  return value ? std::string_view(*value) : std::string_view();
}
std::int64_t Json::integer(std::int64_t otherwise) const {
  if (const auto* value = std::get_if<std::int64_t>(&value_)) return *value;
  if (const auto* value = std::get_if<double>(&value_)) {
    return std::abs(*value) < 9e15 ? static_cast<std::int64_t>(*value) : otherwise;
  }
  if (const auto* value = std::get_if<std::string>(&value_))
    return parse_int(*value).value_or(otherwise);
  return otherwise;
}
double Json::number(double otherwise) const {
  if (const auto* value = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*value);
  if (const auto* value = std::get_if<double>(&value_)) return *value;
  return otherwise;
}
bool Json::boolean(bool otherwise) const {
  const auto* value = std::get_if<bool>(&value_);
  return value ? *value : otherwise;
}
const Json& Json::operator[](std::string_view name) const {
  for (const auto& [member, value] : object()) {
    if (member == name) return value;
  }
  return kNull;
}
bool Json::has(std::string_view name) const {
  for (const auto& member : object()) {
    if (member.first == name) return true;
  }
  return false;
}
Json& Json::add(std::string name, Json value) {
  if (is_null()) {
    value_ = Object{};
    std::get<Object>(value_).reserve(8);  // most objects are small; growing moves every member
  }
  std::get<Object>(value_).emplace_back(std::move(name), std::move(value));
  return *this;
}
Json& Json::push(Json value) {
  if (is_null()) value_ = Array{};
  std::get<Array>(value_).push_back(std::move(value));
  return *this;
}

std::string Json::dump(Style style) const {
  std::string out;
  append_value(out, *this, style, 0);
  if (style == Style::pretty) out += '\n';
  return out;
}

namespace {

// Stands in a JSON string as it is.
bool is_plain(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

// The bytes of the character above ASCII that begins at `at`; 0 when that is not UTF-8.
std::size_t character_at(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  return length <= text.size() - at && is_utf8(text.substr(at, length)) ? length : 0;
}

void append_point(std::string& out, std::string_view character) {
  unsigned point = static_cast<unsigned char>(character[0]) & (0xffu >> (character.size() + 1));
  for (const char more : character.substr(1)) {
    point = point << 6 | (static_cast<unsigned char>(more) & 0x3f);
  }
  if (point >= 0x10000) {
    append_escape(out, 0xd800 + ((point - 0x10000) >> 10));
    point = 0xdc00 + ((point - 0x10000) & 0x3ff);
  }
  append_escape(out, point);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text, bool ascii) {
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    // What stands as it is goes over in one piece.
    const std::size_t from = i;
    std::size_t length = 0;
    for (; i < text.size(); i += length) {
      const bool above = static_cast<unsigned char>(text[i]) >= 0x80;
      length = above ? character_at(text, i) : is_plain(text[i]) ? 1 : 0;
      if (length == 0 || (above && ascii)) break;
    }
    out.append(text, from, i - from);
    if (i == text.size()) break;
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x80 && length == 0) {
      out += ascii ? "\\ufffd" : "\xef\xbf\xbd";
      ++i;
    } else if (c >= 0x80) {
      append_point(out, text.substr(i, length));
      i += length;
    } else {
      if (c == '"' || c == '\\') {
        out += '\\';
        out += text[i];
      } else {
        append_escape(out, c);
      }
      ++i;
    }
  }
  out += '"';
}

}  // namespace base
