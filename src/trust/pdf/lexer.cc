#include "trust/pdf/lexer.h"

#include <algorithm>
#include <charconv>

namespace trust::pdf {
namespace {

bool is_delimiter(int c) {
  return c == '(' || c == ')' || c == '<' || c == '>' || c == '[' || c == ']' || c == '{' ||
         c == '}' || c == '/' || c == '%';
}
constexpr bool is_digit(int c) { return c >= '0' && c <= '9'; }
constexpr int hex_value(int c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr signed char kBlank = -2;
// What a character is worth in a hexadecimal text; -1 where it may not stand.
constexpr std::array<signed char, 256> kHexadecimal = [] {
  std::array<signed char, 256> out{};
  for (std::size_t c = 0; c < out.size(); ++c) {
    out[c] = is_space(static_cast<int>(c))
                 ? kBlank
                 : static_cast<signed char>(hex_value(static_cast<int>(c)));
  }
  return out;
}();

class Reader {
 public:
  Reader(Lexer& lexer, const ObjectBounds& bounds, bool in_file)
      : lexer_(lexer), left_(bounds.bytes), depth_max_(bounds.depth), in_file_(in_file) {}

  base::Result<Object> read() { return value(lexer_.next(), 0); }

 private:
  base::Error wrong(std::string_view en, std::string_view vi) const {
    return malformed(lexer_.begin(), en, vi);
  }

  base::Result<Object> value(Token token, int depth) {
    const std::size_t cost = sizeof(Entry) + lexer_.text().size();
    if (cost > left_) {
      return over_limit("an object of the PDF is larger than what is looked at",
                        "một đối tượng của tệp PDF lớn hơn mức được xem xét");
    }
    left_ -= cost;
    switch (token) {
      case Token::integer:
        return integer();
      case Token::real:
        return Object(lexer_.real());
      case Token::name:
        if (!lexer_.whole()) break;
        return Object(Name{lexer_.text()});
      case Token::string:
        if (!lexer_.whole()) {
          return over_limit("a text of the PDF is longer than what is looked at",
                            "một chuỗi của tệp PDF dài hơn mức được xem xét");
        }
        return Object(String{lexer_.text(), lexer_.hex(), in_file_, lexer_.begin(), lexer_.at()});
      case Token::array_open:
        return array(depth);
      case Token::dict_open:
        return dict(depth);
      case Token::keyword:
        if (lexer_.text() == "null") return Object();
        if (lexer_.text() == "true") return Object(true);
        if (lexer_.text() == "false") return Object(false);
        break;
      default:
        break;
    }
    return wrong("no object stands there", "ở đó không phải là một đối tượng");
  }

  // An integer, or a reference: two integers and R.
  base::Result<Object> integer() {
    const std::int64_t number = lexer_.integer();
    const std::uint64_t after = lexer_.at();
    if (number > 0 && number <= 0x7fffffff && lexer_.next() == Token::integer) {
      const std::int64_t generation = lexer_.integer();
      if (generation >= 0 && generation <= 65535 && lexer_.next() == Token::keyword &&
          lexer_.text() == "R") {
        return Object(
            Ref{static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(generation)});
      }
    }
    lexer_.seek(after);
    return Object(number);
  }

  base::Result<Object> array(int depth) {
    if (depth >= depth_max_) return too_deep();
    Array out;
    while (true) {
      const Token token = lexer_.next();
      if (token == Token::array_close) return Object(std::move(out));
      out.push_back(TRY(value(token, depth + 1)));
    }
  }

  base::Result<Object> dict(int depth) {
    if (depth >= depth_max_) return too_deep();
    Dict out;
    while (true) {
      const Token token = lexer_.next();
      if (token == Token::dict_close) break;
      if (token != Token::name || !lexer_.whole()) {
        return wrong("a dictionary has something else than a key",
                     "từ điển có thứ không phải là khóa");
      }
      std::string key = lexer_.text();
      Object item = TRY(value(lexer_.next(), depth + 1));
      out.entries.push_back({std::move(key), std::move(item)});
    }
    std::sort(out.entries.begin(), out.entries.end(),
              [](const Entry& a, const Entry& b) { return a.key < b.key; });
    // Readers differ in which of two equal keys counts, so neither may.
    for (std::size_t i = 1; i < out.entries.size(); ++i) {
      if (out.entries[i].key == out.entries[i - 1].key) {
        return wrong("a dictionary has the same key twice", "từ điển có một khóa hai lần");
      }
    }
    std::erase_if(out.entries, [](const Entry& entry) { return entry.value.null(); });
    return Object(std::move(out));
  }

  static base::Error too_deep() {
    return over_limit("the PDF's objects are nested too deeply",
                      "các đối tượng của tệp PDF lồng nhau quá sâu");
  }

  Lexer& lexer_;
  std::size_t left_;
  const int depth_max_;
  const bool in_file_;
};

}  // namespace

base::Error malformed(std::uint64_t at, std::string_view en, std::string_view vi) {
  const std::string place = std::to_string(at);
  return base::Error(base::Code::invalid, "trust.pdf_malformed",
                     "the PDF is damaged at byte " + place + ": " + std::string(en),
                     "tệp PDF hỏng ở byte " + place + ": " + std::string(vi));
}

base::Error over_limit(std::string_view en, std::string_view vi) {
  return base::Error(base::Code::too_large, "trust.pdf_limit", std::string(en), std::string(vi));
}

base::Result<std::size_t> Prefix::read_at(std::uint64_t offset, char* to, std::size_t size) const {
  if (offset >= end_) return std::size_t{0};
  return source_.read_at(offset, to,
                         static_cast<std::size_t>(std::min<std::uint64_t>(size, end_ - offset)));
}

Lexer::Lexer(const Source& source, std::uint64_t at, std::size_t text_max)
    : source_(source), text_max_(text_max), at_(at) {}

bool Lexer::fill() {
  const auto read = source_.read_at(at_, window_.data(), wanted_);
  wanted_ = kWindowBytes;
  window_at_ = at_;
  window_size_ = read.ok() ? *read : 0;
  return window_size_ > 0;
}

int Lexer::peek_outside() { return fill() ? static_cast<unsigned char>(window_[0]) : -1; }

void Lexer::keep(int c) {
  if (text_.size() < text_max_) {
    text_ += static_cast<char>(c);
  } else {
    whole_ = false;
  }
}

void Lexer::keep(std::string_view bytes) {
  const std::size_t room = text_max_ - text_.size();
  text_.append(bytes.substr(0, room));
  whole_ = whole_ && bytes.size() <= room;
}

Token Lexer::next() {
  text_.clear();
  whole_ = true;
  int c = peek();
  while (is_space(c) || c == '%') {
    if (c == '%') {
      while (c >= 0 && c != '\n' && c != '\r') ++at_, c = peek();
    } else {
      ++at_, c = peek();
    }
  }
  begin_ = at_;
  if (c < 0) return Token::end;
  ++at_;
  switch (c) {
    case '/':
      return name();
    case '(':
      return literal();
    case '[':
      return Token::array_open;
    case ']':
      return Token::array_close;
    case '<':
      if (peek() != '<') return hexadecimal();
      return ++at_, Token::dict_open;
    case '>':
      if (peek() != '>') return Token::bad;
      return ++at_, Token::dict_close;
    case ')':
    case '{':
    case '}':
      return Token::bad;
    default:
      break;
  }
  if (is_digit(c) || c == '+' || c == '-' || c == '.') return number(c);
  keep(c);
  for (c = peek(); c >= 0 && !is_space(c) && !is_delimiter(c); c = peek()) keep(take());
  return Token::keyword;
}

Token Lexer::number(int first) {
  std::array<char, 32> digits;
  std::size_t size = 0;
  bool fraction = first == '.';
  if (first != '+') digits[size++] = static_cast<char>(first);
  for (int c = peek(); c >= 0 && !is_space(c) && !is_delimiter(c); c = peek()) {
    if ((!is_digit(c) && c != '.') || (c == '.' && fraction) || size == digits.size())
      return Token::bad;
    fraction |= c == '.';
    digits[size++] = static_cast<char>(take());
  }
  const char* const end = digits.data() + size;
  if (fraction) {
    if (size == 1 || (size == 2 && digits[0] == '-')) return Token::bad;
    const auto [stop, error] = std::from_chars(digits.data(), end, real_, std::chars_format::fixed);
    return error == std::errc() && stop == end ? Token::real : Token::bad;
  }
  const auto [stop, error] = std::from_chars(digits.data(), end, integer_);
  return error == std::errc() && stop == end ? Token::integer : Token::bad;
}

Token Lexer::name() {
  for (int c = peek(); c >= 0 && !is_space(c) && !is_delimiter(c); c = peek()) {
    ++at_;
    if (c == '#') {
      const int high = hex_value(take()), low = hex_value(take());
      if (high < 0 || low < 0) return Token::bad;
      c = high << 4 | low;
    }
    keep(c);
  }
  return Token::name;
}

Token Lexer::literal() {
  hex_ = false;
  for (int depth = 1; depth > 0;) {
    int c = take();
    if (c < 0) return Token::bad;
    if (c == '(') ++depth;
    if (c == ')' && --depth == 0) break;
    if (c == '\r') {  // any end of a line is one line feed
      if (peek() == '\n') ++at_;
      c = '\n';
    } else if (c == '\\') {
      c = take();
      if (c >= '0' && c <= '7') {
        int code = c - '0';
        for (int i = 0; i < 2 && peek() >= '0' && peek() <= '7'; ++i)
          code = code * 8 + take() - '0';
        c = code & 0xff;
      } else if (c == '\r' || c == '\n') {
        if (c == '\r' && peek() == '\n') ++at_;
        continue;
      } else {
        constexpr std::string_view kEscapes = "nrtbf", kMeant = "\n\r\t\b\f";
        const std::size_t which =
            c < 0 ? std::string_view::npos : kEscapes.find(static_cast<char>(c));
        if (which != std::string_view::npos) c = kMeant[which];
      }
      if (c < 0) return Token::bad;
    }
    keep(c);
  }
  return Token::string;
}

Token Lexer::hexadecimal() {
  hex_ = true;
  int high = -1;
  // A window at a time: a signature's /Contents is tens of thousands of digits, read several times.
  while (peek() >= 0) {
    const auto from = static_cast<std::size_t>(at_ - window_at_);
    std::array<char, kWindowBytes / 2 + 1> bytes;
    std::size_t size = 0, to = from;
    for (; to < window_size_; ++to) {
      if (high < 0 && to + 1 < window_size_) {  // nearly always: two digits
        const int first = kHexadecimal[static_cast<unsigned char>(window_[to])];
        const int second = kHexadecimal[static_cast<unsigned char>(window_[to + 1])];
        if ((first | second) >= 0) {
          bytes[size++] = static_cast<char>(first << 4 | second);
          ++to;
          continue;
        }
      }
      const int value = kHexadecimal[static_cast<unsigned char>(window_[to])];
      if (value == kBlank) continue;
      if (value < 0) break;
      if (high < 0) {
        high = value;
      } else {
        bytes[size++] = static_cast<char>(high << 4 | value);
        high = -1;
      }
    }
    keep(std::string_view(bytes.data(), size));
    at_ += to - from;
    if (to == window_size_) continue;
    if (take() != '>') return Token::bad;
    if (high >= 0) keep(high << 4);
    return Token::string;
  }
  return Token::bad;
}

base::Result<Object> read_object(Lexer& lexer, const ObjectBounds& bounds, bool in_file) {
  return Reader(lexer, bounds, in_file).read();
}

}  // namespace trust::pdf
