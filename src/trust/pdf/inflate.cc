#include "trust/pdf/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace trust::pdf {
namespace {

constexpr std::size_t kPieceBytes = 64u << 10;

base::Error too_large() {
  return over_limit("a stream of the PDF's structure unpacks to more than what is looked at",
                    "một luồng cấu trúc của tệp PDF giải nén ra lớn hơn mức được xem xét");
}

base::Error unknown_filter() {
  return base::Error(base::Code::invalid, "trust.pdf_filter_unknown",
                     "the PDF's structure is packed in a way that is not used for it",
                     "cấu trúc của tệp PDF được nén theo cách không dùng cho việc này");
}

base::Result<base::Bytes> copy(const Source& source, std::uint64_t begin, std::uint64_t size,
                               std::uint64_t max) {
  if (size > max) return too_large();
  base::Bytes out(static_cast<std::size_t>(size), '\0');
  if (TRY(source.read_at(begin, out.data(), out.size())) != out.size()) {
    return malformed(begin, "a stream is cut off", "một luồng bị cắt cụt");
  }
  return out;
}

base::Result<base::Bytes> inflate_stream(const Source& source, std::uint64_t begin,
                                         std::uint64_t size, std::uint64_t max) {
  struct Stream : z_stream {
    Stream() : z_stream{} {}
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    ~Stream() { inflateEnd(this); }
  } stream;
  if (inflateInit(&stream) != Z_OK) return too_large();
  base::Bytes out, in(kPieceBytes, '\0'), piece(kPieceBytes, '\0');
  int state = Z_OK;
  for (std::uint64_t at = begin; at < begin + size && state != Z_STREAM_END;) {
    const auto wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(in.size(), begin + size - at));
    const std::size_t got = TRY(source.read_at(at, in.data(), wanted));
    if (got == 0) break;
    at += got;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(got);
    while (state != Z_STREAM_END) {
      stream.next_out = reinterpret_cast<Bytef*>(piece.data());
      stream.avail_out = static_cast<uInt>(piece.size());
      state = ::inflate(&stream, Z_NO_FLUSH);
      if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR) {
        return malformed(begin, "a packed stream cannot be unpacked",
                         "không giải nén được một luồng");
      }
      const std::size_t made = piece.size() - stream.avail_out;
      if (out.size() + made > max) return too_large();
      out.append(piece, 0, made);
      if (made < piece.size()) break;  // wants more input
    }
  }
  if (state != Z_STREAM_END)
    return malformed(begin, "a packed stream is cut off", "một luồng nén bị cắt cụt");
  return out;
}

int paeth(int a, int b, int c) {
  const int p = a + b - c, pa = std::abs(p - a), pb = std::abs(p - b), pc = std::abs(p - c);
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

// The PNG predictors (§7.4.4.4); each row says which.
base::Result<base::Bytes> undo_png(const base::Bytes& in, std::size_t columns, std::uint64_t at) {
  if (in.size() % (columns + 1) != 0) {
    return malformed(at, "a predicted stream ends within a row",
                     "luồng có bộ dự đoán kết thúc giữa hàng");
  }
  base::Bytes out, before(columns, '\0');
  out.reserve(in.size());
  for (std::size_t row = 0; row < in.size(); row += columns + 1) {
    const char kind = in[row];
    base::Bytes line = in.substr(row + 1, columns);
    for (std::size_t i = 0; i < columns; ++i) {
      const auto byte = [](const base::Bytes& bytes, std::size_t k) {
        return int{static_cast<unsigned char>(bytes[k])};
      };
      const int left = i > 0 ? byte(line, i - 1) : 0, up = byte(before, i),
                corner = i > 0 ? byte(before, i - 1) : 0;
      const std::array<int, 5> predicted = {0, left, up, (left + up) / 2, paeth(left, up, corner)};
      if (kind < 0 || kind > 4) return malformed(at, "an unknown predictor", "bộ dự đoán không rõ");
      line[i] = static_cast<char>(byte(line, i) + predicted[static_cast<std::size_t>(kind)]);
    }
    out += line;
    before = std::move(line);
  }
  return out;
}

}  // namespace

base::Result<base::Bytes> decode(const Source& source, std::uint64_t begin, std::uint64_t size,
                                 const Dict& dict, std::uint64_t max) {
  const Object* filter = &at(dict, "Filter");
  const Object* parameters = &at(dict, "DecodeParms");
  if (const Array* filters = filter->as<Array>()) {
    if (filters->size() > 1) return unknown_filter();
    static const Object kNone;
    filter = filters->empty() ? &kNone : &filters->front();
    const Array* lists = parameters->as<Array>();
    if (lists != nullptr) parameters = lists->empty() ? &kNone : &lists->front();
  }
  if (filter->null()) return copy(source, begin, size, max);
  if (!filter->is_name("FlateDecode") || parameters->as<Ref>() != nullptr) return unknown_filter();
  base::Bytes out = TRY(inflate_stream(source, begin, size, max));
  const double predictor = at(*parameters, "Predictor").number_or(1);
  if (predictor == 1) return out;
  const double columns = at(*parameters, "Columns").number_or(1);
  if (predictor < 10 || predictor > 15 || at(*parameters, "Colors").number_or(1) != 1 ||
      at(*parameters, "BitsPerComponent").number_or(8) != 8 || columns < 1 || columns > 4096) {
    return unknown_filter();
  }
  return undo_png(out, static_cast<std::size_t>(columns), begin);
}

}  // namespace trust::pdf
