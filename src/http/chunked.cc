#include "http/chunked.h"

#include <algorithm>

namespace http {
namespace {

constexpr std::uint32_t kOverheadMax = 8 * 1024;
constexpr std::uint32_t kDigitsMax = 12;

bool is_text(char c) { return c == '\t' || static_cast<unsigned char>(c) >= 0x20; }

}  // namespace

std::size_t ChunkedDecoder::decode(base::BytesView bytes, base::Bytes& out) {
  std::size_t i = 0;
  while (i < bytes.size() && !done() && !failed()) {
    if (state_ == State::data) {
      const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - i));
      out.append(bytes.substr(i, n));
      left_ -= n;
      i += n;
      if (left_ == 0) state_ = State::data_cr;
    } else {
      state_ = step(bytes[i++]);
    }
  }
  return i;
}

ChunkedDecoder::State ChunkedDecoder::size_digit(char c) {
  int digit = -1;
  if (c >= '0' && c <= '9') digit = c - '0';
  if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
  if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
  if (digit >= 0) {
    if (++digits_ > kDigitsMax) return State::failed;
    left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
    return State::size;
  }
  if (state_ == State::size_first) return State::failed;
  if (c == '\r') return State::size_end;
  if (c == ';' || c == ' ' || c == '\t') return State::extension;
  return State::failed;
}

ChunkedDecoder::State ChunkedDecoder::step(char c) {
  switch (state_) {
    case State::size_first:
      left_ = 0;
      digits_ = 0;
      overhead_ = 0;
      return size_digit(c);
    case State::size:
      return size_digit(c);
    case State::extension:
      if (c == '\r') return State::size_end;
      if (!is_text(c) || ++overhead_ > kOverheadMax) return State::failed;
      return State::extension;
    case State::size_end:
      if (c != '\n') return State::failed;
      return left_ > 0 ? State::data : State::trailer_start;
    case State::data_cr:
      return c == '\r' ? State::data_lf : State::failed;
    case State::data_lf:
      return c == '\n' ? State::size_first : State::failed;
    case State::trailer_start:
      if (c == '\r') return State::last_lf;
      [[fallthrough]];
    case State::trailer:
      if (c == '\r') return State::trailer_lf;
      if (!is_text(c) || ++overhead_ > kOverheadMax) return State::failed;
      return State::trailer;
    case State::trailer_lf:
      return c == '\n' ? State::trailer_start : State::failed;
    case State::last_lf:
      return c == '\n' ? State::done : State::failed;
    case State::data:
    case State::done:
    case State::failed:
      break;
  }
  return State::failed;
}

}  // namespace http
