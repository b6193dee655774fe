// Reads objects of a PDF from bytes with random access, strictly: what the grammar does not allow
// is malformed, never guessed. Memory and depth are bounded.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "trust/judge.h"
#include "trust/pdf/object.h"

namespace trust::pdf {

// The first `end` bytes of another source, which outlives it.
class Prefix : public Source {
 public:
  Prefix(const Source& source, std::uint64_t end) : source_(source), end_(end) {}
  std::uint64_t size() const override { return end_; }
  base::Result<std::size_t> read_at(std::uint64_t offset, char* to,
                                    std::size_t size) const override;

 private:
  const Source& source_;
  const std::uint64_t end_;
};

// trust.pdf_malformed: what is wrong at which byte.
base::Error malformed(std::uint64_t at, std::string_view en, std::string_view vi);
// trust.pdf_limit: larger than what is looked at.
base::Error over_limit(std::string_view en, std::string_view vi);

constexpr bool is_space(int c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0;
}

enum class Token : unsigned char {
  end,
  bad,  // not a token, or the source failed
  integer,
  real,
  name,
  string,
  array_open,
  array_close,
  dict_open,
  dict_close,
  keyword,
};

class Lexer {
 public:
  // Of texts longer than `text_max` only the first bytes are kept.
  Lexer(const Source& source, std::uint64_t at, std::size_t text_max = 256);

  Token next();
  const std::string& text() const { return text_; }
  std::int64_t integer() const { return integer_; }
  double real() const { return real_; }
  bool hex() const { return hex_; }
  bool whole() const { return whole_; }  // the text was kept whole
  std::uint64_t begin() const { return begin_; }
  std::uint64_t at() const { return at_; }  // after the last token
  void seek(std::uint64_t at) { at_ = at; }

  // The next byte as it is, -1 at the end.
  int peek() {
    const std::uint64_t place = at_ - window_at_;  // enormous before the window
    if (place >= window_size_) return peek_outside();
    return static_cast<unsigned char>(window_[static_cast<std::size_t>(place)]);
  }
  int take() {
    const int c = peek();
    if (c >= 0) ++at_;
    return c;
  }

  bool keyword(std::string_view word) { return next() == Token::keyword && text_ == word; }

 private:
  bool fill();
  int peek_outside();
  void keep(int c);
  void keep(std::string_view bytes);
  Token number(int first);
  Token name();
  Token literal();
  Token hexadecimal();

  const Source& source_;
  const std::size_t text_max_;
  std::uint64_t at_;
  static constexpr std::size_t kWindowBytes = 4096;
  std::size_t wanted_ = 512;  // of the next window: most objects are short
  std::array<char, kWindowBytes> window_;
  std::uint64_t window_at_ = 0;
  std::size_t window_size_ = 0;
  std::string text_;
  std::int64_t integer_ = 0;
  double real_ = 0;
  bool hex_ = false, whole_ = true;
  std::uint64_t begin_ = 0;
};

// What one object may take in memory.
struct ObjectBounds {
  std::size_t bytes = 16u << 20;
  int depth = 64;
};

// The object at the lexer's place. trust.pdf_malformed, trust.pdf_limit.
base::Result<Object> read_object(Lexer& lexer, const ObjectBounds& bounds, bool in_file);

}  // namespace trust::pdf
