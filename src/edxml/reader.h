// Reads edXML as it streams by: memory does not grow with the size of the file. Lenient where real
// files differ, strict where a stranger could do harm. expat stays behind reader.cc.
#pragma once
#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "base/result.h"
#include "edxml/document.h"

namespace edxml {

struct ReadLimits {
  std::uint64_t header_bytes = 8u << 20;  // everything but the text of attachments
  std::uint64_t value_bytes = 1u << 20;   // one element's text
  std::uint32_t depth = 64;
  std::uint32_t recipients = 10000;
  std::uint32_t attachments = 1000;
  // A single-entry zip is inflated on the way to check its CRC up to this much content; beyond it
  // only its structure is checked.
  std::uint64_t inflate_bytes = 64u << 20;
};

// One file. Feed it in pieces of any size, then finish. One thread at a time.
// Errors, all Code::invalid, each naming the place (line, column, element) in both languages:
// edxml.not_well_formed, edxml.doctype, edxml.entity, edxml.too_deep, edxml.too_large,
// edxml.not_utf8, edxml.no_envelope, edxml.empty.
// What is merely missing or odd in a readable file is not an error here but a finding of
// validate().
class Reader {
 public:
  explicit Reader(ReadLimits limits = {});
  ~Reader();
  // After an error every further call gives the same error.
  base::Result<void> feed(base::BytesView bytes);
  base::Result<Document> finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The whole of a file in memory.
base::Result<Document> read(base::BytesView bytes, ReadLimits limits = {});

}  // namespace edxml
