#include "exchange/kept_document.h"

#include <string>

#include "edxml/reader.h"

namespace exchange {

base::Result<edxml::Document> read_kept(store::BlobReader& content) {
  edxml::Reader reader;
  std::string piece(64 * 1024, '\0');
  for (std::uint64_t at = 0;;) {
    const std::size_t got = TRY(content.read_at(at, piece.data(), piece.size()));
    if (got == 0) return reader.finish();
    TRY(reader.feed({piece.data(), got}));
    at += got;
  }
}

}  // namespace exchange
