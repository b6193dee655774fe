// Base64 as it streams by, fast enough that an exchange can check every attachment on the way in.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace edxml {

// Checks and decodes the standard alphabet; white space is skipped, padding is required where the
// length asks for it, nothing may follow it.
class Base64Decoder {
 public:
  // Room that decode() needs for `text_bytes` characters: the vector code writes past the end.
  static constexpr std::size_t room(std::size_t text_bytes) { return text_bytes / 4 * 3 + 16; }

  // Takes text up to the first byte that is neither alphabet, padding nor white space, and says how
  // many bytes it took. Decoded bytes go to `out`, their number to `written`.
  std::size_t decode(std::string_view text, char* out, std::size_t& written);
  // The same without the decoded bytes, faster.
  std::size_t skim(std::string_view text);
  // Something that is not base64 stood in the text.
  void spoil() { bad_ = true; }
  bool bad() const { return bad_; }
  // Everything so far is whole base64.
  bool complete() const { return !bad_ && filled_ == 0 && (padding_ == 0 || closed_); }
  // Of the whole quads so far, padding taken off.
  std::uint64_t decoded_bytes() const { return decoded_; }

  // For messages that name a place: line ends passed, and bytes since the last one.
  std::uint64_t lines() const { return lines_; }
  std::uint64_t column() const { return column_; }
  void restart_place() { lines_ = column_ = 0; }

 private:
  template <bool kWrite>
  std::size_t run(std::string_view text, char* out, std::size_t& written);
  template <bool kWrite>
  void finish_quad(char*& out);
  template <bool kWrite>
  void take_padding(char*& out);
  void take_space(char c);

  std::uint32_t quad_ = 0;  // the digits of an unfinished quad
  unsigned filled_ = 0;     // how many
  unsigned padding_ = 0;
  bool closed_ = false;  // the padding is complete
  bool bad_ = false;
  bool after_cr_ = false;
  std::uint64_t decoded_ = 0;
  std::uint64_t lines_ = 0, column_ = 0;
};

// Appends the base64 of `bytes`, padded.
void append_base64(std::string& out, base::BytesView bytes);

// For tests: off makes the portable code run on any machine. Returns what was set before.
bool set_vector_code(bool on);

}  // namespace edxml
