// The zip around a single file that edXML uses for most kinds of attachment (edxml.md §6), read and
// written as a stream. zlib stays behind zip.cc.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace edxml {

using Sink = std::function<base::Result<void>(base::BytesView)>;

inline constexpr std::string_view kZipStart = "PK\x03\x04";

// What an archive turned out to be once its last byte was seen.
struct ZipFacts {
  enum class Damage : unsigned char {
    none,
    no_end,     // no end-of-central-directory record at the end: cut off
    directory,  // the directory points outside the archive, or to something else
    data,       // the entry does not inflate, or ends early
    mismatch,   // sizes or checksum differ from what the directory says
  };
  Damage damage = Damage::none;
  // Exactly one entry, stored or deflated, not encrypted: its content can be taken out.
  bool single = false;
  std::string entry_name;
  std::uint64_t entry_bytes = 0;
};

// Reads an archive from its first byte (which must be kZipStart) to its last. Keeps the tail where
// the directory lies and inflates the first entry on the way, so it needs a fixed amount of memory;
// inflated bytes are counted and checked, never kept.
class ZipScanner {
 public:
  // Beyond `inflate_max` bytes of content the scanner stops inflating and checks structure only;
  // with a sink that is an error instead (edxml.attachment_too_large).
  explicit ZipScanner(std::uint64_t inflate_max, Sink sink = nullptr);
  ~ZipScanner();
  // The content of a stored entry written without its size; known to those who saw the directory.
  void expect_content(std::uint64_t bytes);
  // Fails only with an error of the sink or edxml.attachment_too_large.
  base::Result<void> feed(base::BytesView bytes);
  ZipFacts finish();
  // Every byte of the entry went through the sink and its checksum was verified by finish().
  bool verified() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Writes an archive with one entry in streaming mode: flags 0x0808, sizes in a data descriptor. The
// same content gives the same bytes (the time stamp is fixed). Content below 4 GiB.
class ZipWriter {
 public:
  ZipWriter(std::string entry_name, Sink out);
  ~ZipWriter();
  base::Result<void> write(base::BytesView bytes);
  base::Result<void> finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace edxml
