// Takes the content of an attachment out of a file, streaming.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>

#include "base/bytes.h"
#include "base/result.h"
#include "edxml/document.h"

namespace edxml {

// Reads the file's own bytes: fills `to` with up to `size` bytes at `offset`; fewer only at the
// end.
using ReadAt =
    std::function<base::Result<std::size_t>(std::uint64_t offset, char* to, std::size_t size)>;

// The content of one attachment, piece by piece. One thread at a time. The attachment outlives it.
// Constant memory: a piece is at most a few MiB, of zips that swell a thousandfold too.
class Extractor {
 public:
  // Reasons as extract().
  static base::Result<std::unique_ptr<Extractor>> open(const Attachment& attachment, ReadAt read_at,
                                                       std::uint64_t content_bytes_max);
  virtual ~Extractor() = default;
  // Puts the next piece, which may be empty, in the place of `piece`; false after the last, when
  // all of it has been verified.
  virtual base::Result<bool> next(base::Bytes& piece) = 0;
  // Goes on with the byte at `offset` of the content, which is not before where it is. Quick where
  // the text has no line breaks; else what lies between is decoded.
  virtual base::Result<void> skip_to(std::uint64_t offset) = 0;
};

// Decodes base64 and, where edxml.md §6 says so, unwraps the single-entry zip; every decoded piece
// goes to `out`. Constant memory. Reason edxml.attachment_undecodable (Code::invalid); content
// beyond `content_bytes_max` is edxml.attachment_too_large.
base::Result<void> extract(const Attachment& attachment, const ReadAt& read_at,
                           std::uint64_t content_bytes_max,
                           const std::function<base::Result<void>(base::BytesView)>& out);

}  // namespace edxml
