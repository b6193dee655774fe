#include "base/toml.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.h"

namespace base::toml {
namespace {

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

void append_utf8(std::string& out, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) return put(point);
  if (point < 0x800) {
    put(0xc0 | point >> 6);
  } else {
    if (point < 0x10000) {
      put(0xe0 | point >> 12);
    } else {
      put(0xf0 | point >> 18);
      put(0x80 | (point >> 12 & 0x3f));
    }
    put(0x80 | (point >> 6 & 0x3f));
  }
  put(0x80 | (point & 0x3f));
}

// 1_000 but neither 1__0 nor 010.
std::optional<std::int64_t> whole_number(std::string_view text) {
  const bool minus = text.starts_with('-');
  if (minus || text.starts_with('+')) text.remove_prefix(1);
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  std::string digits = minus ? "-" : "";
  bool after_digit = false;
  for (const char c : text) {
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit && (c != '_' || !after_digit)) return std::nullopt;
    if (is_digit) digits += c;
    after_digit = is_digit;
  }
  if (!after_digit) return std::nullopt;
  return parse_int(digits);
}

class Reader {
 public:
  explicit Reader(const std::string& name) : name_(name) {}

  Result<void> read_line(std::string_view line) {
    ++line_;
    rest_ = line;
    if (rest_.ends_with('\r')) rest_.remove_suffix(1);
    TRY(check_characters());
    skip_space();
    if (at_end()) return done();
    return rest_.front() == '[' ? read_table() : read_setting();
  }
  std::vector<Entry> take() { return std::move(entries_); }

 private:
  Error wrong(const std::string& en, const std::string& vi) const {
    const std::string where = place(name_, line_) + ": ";
    return Error(Code::invalid, "base.config_malformed", where + en, where + vi);
  }

  Result<void> check_characters() const {
    if (!is_utf8(rest_)) {
      return wrong("the line is not UTF-8; save the file as UTF-8",
                   "dòng này không phải UTF-8; hãy lưu tệp với bảng mã UTF-8");
    }
    if (std::any_of(rest_.begin(), rest_.end(), is_control)) {
      return wrong("the line has a control character; delete it and type the line again",
                   "dòng có ký tự điều khiển; hãy xóa và gõ lại dòng");
    }
    return done();
  }

  void skip_space() {
    while (rest_.starts_with(' ') || rest_.starts_with('\t')) rest_.remove_prefix(1);
  }
  bool at_end() const { return rest_.empty() || rest_.front() == '#'; }

  // For what stands where only ASCII may.
  Error unexpected() const {
    std::size_t size = 1;
    while (size < rest_.size() && (static_cast<unsigned char>(rest_[size]) & 0xc0) == 0x80) ++size;
    const std::string what = "\"" + std::string(rest_.substr(0, size)) + "\"";
    if (!is_ascii(rest_.front())) {
      return wrong(what + " stands outside quotes; put text in \"…\", a comment after #",
                   what + " nằm ngoài dấu nháy; hãy đặt chuỗi trong \"…\", chú thích sau #");
    }
    return wrong(what + " is out of place; a line is [table] or key = value",
                 what + " không đúng chỗ; mỗi dòng là [bảng] hoặc khóa = giá trị");
  }

  Result<void> expect_end() {
    skip_space();
    if (!at_end()) return unexpected();
    return done();
  }

  // Bare keys with dots between them.
  Result<std::string> read_key() {
    const char* begin = rest_.data();
    do {
      if (rest_.starts_with('.')) rest_.remove_prefix(1);
      if (rest_.empty() || !is_bare(rest_.front())) return key_missing();
      while (!rest_.empty() && is_bare(rest_.front())) rest_.remove_prefix(1);
    } while (rest_.starts_with('.'));
    return std::string(begin, rest_.data());
  }
  Error key_missing() const {
    if (!rest_.empty() && !is_ascii(rest_.front())) return unexpected();
    return wrong("a name has the letters a to z, digits, _ and -, without quotes",
                 "tên chỉ gồm chữ cái a đến z, chữ số, _ và -, không có dấu nháy");
  }

  Result<void> read_table() {
    rest_.remove_prefix(1);
    skip_space();
    table_ = TRY(read_key());
    skip_space();
    if (rest_.empty()) {
      return wrong("] is missing at the end of the table's name", "thiếu ] sau tên bảng");
    }
    if (rest_.front() != ']') return unexpected();
    rest_.remove_prefix(1);
    TRY(expect_end());
    return note("[" + table_ + "]");
  }

  Result<void> read_setting() {
    std::string key = TRY(read_key());
    skip_space();
    if (rest_.empty()) return wrong("= is missing after " + key, "thiếu = sau " + key);
    if (rest_.front() != '=') return unexpected();
    rest_.remove_prefix(1);
    skip_space();
    if (at_end()) return wrong("the value after = is missing", "thiếu giá trị sau =");
    Entry entry{table_.empty() ? key : table_ + "." + key, line_, {}};
    if (rest_.front() == '"') {
      entry.value = TRY(read_text());
    } else if (rest_.front() == '\'') {
      entry.value = TRY(read_literal());
    } else {
      entry.value = TRY(read_bare_value());
    }
    TRY(note(entry.name));
    entries_.push_back(std::move(entry));
    return done();
  }

  // Nothing may be said twice.
  Result<void> note(const std::string& what) {
    const auto [found, is_new] = lines_.emplace(what, line_);
    if (is_new) return done();
    const std::string before = std::to_string(found->second);
    return wrong(what + " stands in line " + before + " already; keep one of the two",
                 what + " đã có ở dòng " + before + "; hãy giữ một trong hai");
  }

  Result<std::variant<Unusable, std::string, std::int64_t, bool>> read_bare_value() {
    std::string_view token = trim(rest_.substr(0, rest_.find('#')));
    const auto foreign = std::find_if_not(token.begin(), token.end(), is_ascii);
    if (foreign != token.end()) {
      rest_.remove_prefix(static_cast<std::size_t>(foreign - token.begin()));
      return unexpected();
    }
    if (token == "true" || token == "false") return {token == "true"};
    if (const auto number = whole_number(token)) return {*number};
    return {Unusable{}};
  }

  Error not_closed() const {
    return wrong("the quotes are not closed; a text ends in the line where it begins",
                 "thiếu dấu nháy đóng; chuỗi phải kết thúc trên cùng một dòng");
  }

  Result<std::string> read_literal() {
    const std::size_t end = rest_.find('\'', 1);
    if (end == std::string_view::npos || rest_.starts_with("'''")) return not_closed();
    std::string text(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    TRY(expect_end());
    return text;
  }

  Result<std::string> read_text() {
    if (rest_.starts_with("\"\"\"")) return not_closed();
    rest_.remove_prefix(1);
    std::string text;
    for (;;) {
      if (rest_.empty()) return not_closed();
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') break;
      if (c == '\\') {
        TRY(read_escape(text));
      } else {
        text += c;
      }
    }
    TRY(expect_end());
    return text;
  }

  Result<void> read_escape(std::string& text) {
    static constexpr std::string_view kNames = "\"\\bfnrt", kMeanings = "\"\\\b\f\n\r\t";
    const char c = rest_.empty() ? '\0' : rest_.front();
    if (const std::size_t which = kNames.find(c); which != std::string_view::npos) {
      rest_.remove_prefix(1);
      text += kMeanings[which];
      return done();
    }
    const std::size_t size = c == 'u' ? 4 : c == 'U' ? 8 : 0;
    std::uint32_t point = 0;
    std::size_t digits = 0;
    while (digits < size && digits + 1 < rest_.size()) {
      const std::size_t digit =
          std::string_view("0123456789abcdef").find(lower_ascii(rest_.substr(digits + 1, 1)));
      if (digit == std::string_view::npos) break;
      point = point << 4 | static_cast<std::uint32_t>(digit);
      ++digits;
    }
    // NUL would end a path early.
    const bool is_character = point != 0 && point < 0x110000 && (point < 0xd800 || point > 0xdfff);
    if (size == 0 || digits != size || !is_character) {
      return wrong(
          R"(\ begins no character that a text may have; write \\, or put the text in '…')",
          R"(\ không bắt đầu ký tự hợp lệ nào; hãy viết \\, hoặc đặt chuỗi trong '…')");
    }
    rest_.remove_prefix(1 + size);
    append_utf8(text, point);
    return done();
  }

  const std::string& name_;
  std::uint32_t line_ = 0;
  std::string_view rest_;  // of the line
  std::string table_;
  std::map<std::string, std::uint32_t> lines_;  // where everything is
  std::vector<Entry> entries_;
};

}  // namespace

std::string place(const std::string& name, std::uint32_t line) {
  return name + ":" + std::to_string(line);
}

Result<std::vector<Entry>> read(std::string_view text, const std::string& name) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Reader reader(name);
  for (const std::string_view line : split(text, '\n')) TRY(reader.read_line(line));
  return reader.take();
}

}  // namespace base::toml
