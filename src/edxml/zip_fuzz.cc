// Any bytes as an archive: the same facts however they are cut, and no more content than allowed.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "edxml/zip.h"

namespace {

constexpr std::uint64_t kContentMax = 1u << 20;

edxml::ZipFacts scan(std::string_view bytes, std::size_t step) {
  edxml::ZipScanner scanner(kContentMax);
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    CHECK(scanner.feed(bytes.substr(at, step)).ok());
  }
  return scanner.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const edxml::ZipFacts whole = scan(bytes, std::max<std::size_t>(size, 1));
  const edxml::ZipFacts pieces = scan(bytes, 1 + (size == 0 ? 0 : data[size / 2] % 64u));
  CHECK(whole.damage == pieces.damage && whole.single == pieces.single);
  CHECK(whole.entry_name == pieces.entry_name && whole.entry_bytes == pieces.entry_bytes);
  std::uint64_t taken = 0;
  edxml::ZipScanner scanner(kContentMax, [&taken](base::BytesView piece) {
    taken += piece.size();
    return base::done();
  });
  if (scanner.feed(bytes).ok() && scanner.finish().single && scanner.verified()) {
    CHECK(taken == whole.entry_bytes);
  }
  CHECK(taken <= kContentMax);
  return 0;
}
