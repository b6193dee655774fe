// Takes the content of an attachment out of a file, streaming.
#pragma once
#include <cstdint>
#include <functional>

#include "base/bytes.h"
#include "base/result.h"
#include "edxml/document.h"

namespace edxml {

// Reads the file's own bytes: fills `to` with up to `size` bytes at `offset`; fewer only at the
// end.
using ReadAt =
    std::function<base::Result<std::size_t>(std::uint64_t offset, char* to, std::size_t size)>;

// Decodes base64 and, where edxml.md §6 says so, unwraps the single-entry zip; every decoded piece
// goes to `out`. Constant memory. Reason edxml.attachment_undecodable (Code::invalid); content
// beyond `content_bytes_max` is edxml.attachment_too_large.
base::Result<void> extract(const Attachment& attachment, const ReadAt& read_at,
                           std::uint64_t content_bytes_max,
                           const std::function<base::Result<void>(base::BytesView)>& out);

}  // namespace edxml
