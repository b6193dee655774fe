#include "http/compression.h"

#include <zlib.h>

#include <limits>

#include "base/text.h"

namespace http {
namespace {

constexpr int kLevel = 5;
constexpr int kGzipWindow = 15 + 16;  // zlib's way to say gzip
constexpr int kMemory = 8;

// Empty when zlib cannot.
std::string gzip(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipWindow, kMemory, Z_DEFAULT_STRATEGY) != Z_OK) {
    return {};
  }
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(whole ? stream.total_out : 0);
  deflateEnd(&stream);
  return out;
}

bool is_text(std::string_view type) {
  const std::string name = base::lower_ascii(base::trim(type.substr(0, type.find(';'))));
  return name.starts_with("text/") || name == "application/json" || name == "application/xml" ||
         name.ends_with("+json") || name.ends_with("+xml");
}

// Of "gzip;q=0.5": whether q is more than 0.
bool is_wanted(std::string_view item) {
  const std::size_t mark = item.find(';');
  if (mark == std::string_view::npos) return true;
  const std::string weight = base::lower_ascii(base::trim(item.substr(mark + 1)));
  return !weight.starts_with("q=") || weight.find_first_of("123456789") != std::string::npos;
}

}  // namespace

bool takes_gzip(std::string_view accept_encoding) {
  bool others = false;
  for (const std::string_view item : base::split(accept_encoding, ',')) {
    const auto name = base::trim(item.substr(0, item.find(';')));
    if (base::equal_ignoring_case(name, "gzip") || base::equal_ignoring_case(name, "x-gzip")) {
      return is_wanted(item);
    }
    if (name == "*") others = is_wanted(item);
  }
  return others;
}

bool takes_brotli(std::string_view accept_encoding) {
  for (const std::string_view item : base::split(accept_encoding, ',')) {
    const auto name = base::trim(item.substr(0, item.find(';')));
    if (base::equal_ignoring_case(name, "br")) return is_wanted(item);
  }
  return false;
}

void compress(Response& response, const Head& request) {
  if (!response.compressible) return;
  response.headers.add("Vary", "Accept-Encoding");
  const bool fits = response.body.size() > kCompressedFrom &&
                    response.body.size() <= std::numeric_limits<uInt>::max() / 2 &&
                    is_text(response.headers["Content-Type"]) &&
                    !response.headers.has("Content-Encoding") &&
                    takes_gzip(request.headers["Accept-Encoding"]);
  if (!fits) return;
  std::string smaller = gzip(response.body);
  if (smaller.empty() || smaller.size() >= response.body.size()) return;
  smaller.shrink_to_fit();
  response.body = std::move(smaller);
  response.headers.set("Content-Encoding", "gzip");
  const std::string tag(response.headers["ETag"]);
  if (tag.starts_with('"')) response.headers.set("ETag", "W/" + tag);
}

}  // namespace http
