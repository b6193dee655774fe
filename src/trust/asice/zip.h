// Reads and writes zip archives as containers of signed files use them. Strict: an archive that two
// programs could read differently is refused (docs/formats/asice.md). zlib stays behind zip.cc.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "trust/judge.h"

namespace trust {

using Sink = std::function<base::Result<void>(base::BytesView)>;

inline constexpr std::size_t kZipEntriesMax = 4096;
inline constexpr std::size_t kZipNameMax = 1024;
// Content may be this much larger than the archive, or kZipInflatedMin if that is more.
inline constexpr std::uint64_t kZipRatioMax = 200;
inline constexpr std::uint64_t kZipInflatedMin = 64u << 20;

struct ZipEntry {
  std::string name;  // UTF-8, relative, without "." and ".." steps
  bool deflated = false;
  bool streamed = false;  // its sizes stand behind its data, too
  bool extra = false;     // its local header has an extra field
  std::uint32_t crc = 0;
  std::uint64_t packed = 0, size = 0;
  std::uint64_t header = 0, data = 0;  // offsets in the archive
};

// Keeps a reference to the source. One thread at a time.
class ZipReader {
 public:
  // Errors: trust.container_malformed (invalid): damaged, ambiguous, encrypted, zip64, or a name
  // that leads elsewhere; trust.container_too_large (too_large): beyond the limits above.
  static base::Result<ZipReader> open(const Source& archive);
  // In the order of the archive, without folders.
  const std::vector<ZipEntry>& entries() const { return entries_; }
  const ZipEntry* find(std::string_view name) const;
  // Everything of one entry, in pieces; trust.container_malformed when it does not inflate to the
  // size and checksum that the directory gives, also after pieces were handed out;
  // trust.out_of_time.
  base::Result<void> read(const ZipEntry& entry, const Context& context, const Sink& sink) const;
  // trust.container_too_large when it is more than `bytes_max`.
  base::Result<base::Bytes> read_all(const ZipEntry& entry, const Context& context,
                                     std::uint64_t bytes_max) const;

 private:
  explicit ZipReader(const Source& archive) : archive_(&archive) {}
  const Source* archive_;
  std::vector<ZipEntry> entries_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
};

// Whether a container may hold a file of this name.
bool is_container_name(std::string_view name);

// Writes entries as they are, uncompressed: the same content gives the same bytes, whatever the
// version of a library, and documents are compressed already. No zip64: below 4 GiB, fewer than
// 65,535 entries; trust.container_too_large beyond.
class ZipWriter {
 public:
  explicit ZipWriter(Sink out) : out_(std::move(out)) {}
  // `crc` and the size are known: they stand in front of the content. `source` must still have
  // that content: trust.content_changed (conflict).
  base::Result<void> add(std::string_view name, const Source& source, std::uint32_t crc);
  base::Result<void> add(std::string_view name, base::BytesView content);
  base::Result<void> finish();

 private:
  base::Result<void> put(base::BytesView bytes);
  Sink out_;
  std::uint64_t written_ = 0;
  std::string directory_;
  std::size_t entries_ = 0;
};

}  // namespace trust
