// Tiles (c2sp.org/tlog-tiles): where they are, and proofs computed from them. What a source gives
// is believed by nobody: proofs are verified against a signed head by whoever uses them.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"
#include "trust/log/tree.h"

namespace trust::log {

inline constexpr std::uint64_t kTileWidth = 256;
inline constexpr std::size_t kEntryBytesMax = 65535;

// "tile/0/x001/067" or "tile/0/x001/067.p/5"; width 256 is full.
std::string tile_path(int level, std::uint64_t number, std::uint64_t width);
std::string entries_path(std::uint64_t number, std::uint64_t width);
// How many hashes tile `number` of a level has in a tree of that size; 0 when it is not there.
std::uint64_t tile_width(int level, std::uint64_t number, std::uint64_t size);

// Entries with their lengths, as they lie in a bundle.
void append_entry(base::Bytes& bundle, base::BytesView entry);
// trust.log_entry_malformed (invalid).
base::Result<std::vector<base::Bytes>> parse_entries(base::BytesView bundle);

// A log's files, wherever they are. One thread at a time.
class LogSource {
 public:
  virtual ~LogSource() = default;
  // trust.log_file_missing (not_found), trust.log_unavailable (unavailable).
  virtual base::Result<base::Bytes> read(const std::string& path) = 0;
};
std::unique_ptr<LogSource> directory_source(base::FileSystem& files, std::string directory);
// `url` is the log's prefix; `trust_file` as in http::Client. http.bad_url.
base::Result<std::unique_ptr<LogSource>> http_source(const std::string& url,
                                                     const std::string& trust_file = {},
                                                     int timeout_ms = 10000);

// A tree of a known size, read from tiles. Keeps the tiles that it has read, up to a limit. Errors:
// the source's, and trust.log_tile_damaged (data_loss) for a tile of a wrong length.
class TileTree {
 public:
  TileTree(LogSource& source, std::uint64_t size) : source_(source), size_(size) {}
  std::uint64_t size() const { return size_; }
  // The hash of a subtree.
  base::Result<base::Bytes> hash(std::uint64_t first, std::uint64_t end);
  base::Result<base::Bytes> root() { return hash(0, size_); }
  base::Result<Frontier> frontier();
  base::Result<Hashes> inclusion(std::uint64_t index);
  base::Result<Hashes> consistency(std::uint64_t old_size);
  // The bytes of one tile; a partial one that is gone is cut from the full one.
  base::Result<base::Bytes> tile(int level, std::uint64_t number);
  // The entries of bundle `number`.
  base::Result<std::vector<base::Bytes>> entries(std::uint64_t number);

 private:
  base::Result<base::Bytes> read(const std::string& partial, const std::string& full);

  LogSource& source_;
  std::uint64_t size_;
  std::map<std::string, base::Bytes> kept_;
};

}  // namespace trust::log
