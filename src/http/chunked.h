// The chunked transfer coding (RFC 9112 §7.1), decoded as it comes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace http {

class ChunkedDecoder {
 public:
  // Appends the content found in `bytes` to `out` and gives how many bytes were used: all of them,
  // fewer only once done() or failed(). Extensions and trailers are read over, within bounds.
  std::size_t decode(base::BytesView bytes, base::Bytes& out);
  bool done() const { return state_ == State::done; }
  bool failed() const { return state_ == State::failed; }

 private:
  enum class State : unsigned char {
    size_first,  // the first digit of a chunk's size
    size,
    extension,
    size_end,  // the LF after a size line
    data,
    data_cr,
    data_lf,
    trailer_start,  // at the beginning of a trailer line
    trailer,
    trailer_lf,
    last_lf,
    done,
    failed,
  };
  State step(char c);
  State size_digit(char c);
  State state_ = State::size_first;
  std::uint64_t left_ = 0;
  std::uint32_t digits_ = 0;
  std::uint32_t overhead_ = 0;  // bytes of extensions since the last chunk, or of trailers
};

}  // namespace http
