// Writes edXML with exactly the prefixes, order and dates that national receivers need: literal
// "edXML:" inside the envelope, CRLF, two-space indent (edxml.md §1).
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "edxml/document.h"

namespace edxml {

// What to attach; the bytes are read in pieces while writing.
struct Content {
  std::string name;  // "quyet dinh.pdf"
  std::string description;
  std::uint64_t bytes = 0;
  // Fills `to` with up to `size` bytes from where the last call ended; 0 at the end.
  std::function<base::Result<std::size_t>(char* to, std::size_t size)> read;
};

using Output = std::function<base::Result<void>(base::BytesView)>;

// A new document with its attachments, streamed to `out`. Extensions outside the reference
// builder's list are wrapped in a single-entry zip (edxml.md §6); `unique` names the entries.
// Refuses what validate() would call an error (the reason is the rule).
base::Result<void> write_document(const Document& document, const std::vector<Content>& contents,
                                  const std::function<std::string()>& unique, const Output& out);

// A status message: MessageHeader and Status with equal content, the widest choice (edxml.md §7).
base::Result<std::string> write_status(const Document& status);

}  // namespace edxml
