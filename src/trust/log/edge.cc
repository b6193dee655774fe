#include "trust/log/edge.h"

#include "base/hash.h"
#include "trust/log/checkpoint.h"
#include "trust/log/log.h"

namespace trust::log {

using base::Bytes;
using base::Result;

namespace {

constexpr int kLevelsMax = 8;  // 2^62 entries
constexpr std::uint64_t kGroupTilesMax = kGroupEntriesMax / kTileWidth + 2;

Hashes hashes_of(base::BytesView tile) {
  Hashes hashes;
  for (std::size_t at = 0; at < tile.size(); at += base::kSha256Bytes) {
    hashes.emplace_back(tile.substr(at, base::kSha256Bytes));
  }
  return hashes;
}

std::string directory_name(const std::string& full_path) { return full_path + ".p"; }

// The path of a full tile or bundle; level -1 is that of the entries.
std::string full_path(int level, std::uint64_t number) {
  return level < 0 ? entries_path(number, kTileWidth) : tile_path(level, number, kTileWidth);
}

// What cannot be removed now is removed at the next start, or overwritten.
void remove_partials(base::FileSystem& files, const std::string& directory,
                     std::uint64_t wider_than) {
  const auto names = files.list(directory);
  if (!names) return;
  bool all = true;
  for (const std::string& name : *names) {
    const auto width = parse_size(name);
    if (!width || *width <= wider_than || !files.remove(directory + "/" + name)) all = false;
  }
  if (all) static_cast<void>(files.remove(directory));
}

}  // namespace

base::Error stopped(const base::Error& cause) {
  return base::Error(base::Code::unavailable, "trust.log_stopped",
                     "the disk could not make the log durable; the log takes nothing until the "
                     "program is restarted: " +
                         cause.text().en,
                     "Đĩa không ghi chắc được nhật ký; nhật ký dừng đến khi khởi động lại chương "
                     "trình: " +
                         cause.text().vi);
}

Result<Edge> Edge::read(LogSource& source, std::uint64_t size) {
  Edge edge;
  TileTree tree(source, size);
  edge.frontier_ = TRY(tree.frontier());
  for (int level = 0; level < kLevelsMax && size >> (level * 8) > 0; ++level) {
    const std::uint64_t hashes = size >> (level * 8);
    edge.tiles_.emplace_back();
    if (hashes % kTileWidth > 0) edge.tiles_.back() = TRY(tree.tile(level, hashes / kTileWidth));
  }
  if (size % kTileWidth == 0) return edge;
  const Hashes leaves = hashes_of(edge.tiles_[0]);
  const auto entries = TRY(tree.entries(size / kTileWidth));
  bool same = entries.size() == leaves.size();
  for (std::size_t i = 0; same && i < entries.size(); ++i) {
    same = leaf_hash(entries[i]) == leaves[i];
    append_entry(edge.bundle_, entries[i]);
  }
  if (!same) {
    return base::Error(base::Code::data_loss, "trust.log_damaged",
                       "the newest entries of the log are not those of its tiles",
                       "Các mục mới nhất của nhật ký không khớp với mảnh cây");
  }
  return edge;
}

void Edge::push(base::BytesView entry, std::vector<TileFile>& full) {
  append_entry(bundle_, entry);
  const Bytes leaf = leaf_hash(entry);
  const std::uint64_t number = frontier_.size() / kTileWidth;
  frontier_.push(leaf);
  if (frontier_.size() % kTileWidth == 0) {
    full.push_back({entries_path(number, kTileWidth), std::move(bundle_)});
    bundle_.clear();
  }
  push_hash(0, leaf, full);
}

// Called after the frontier has grown.
void Edge::push_hash(std::size_t level, const Bytes& hash, std::vector<TileFile>& full) {
  if (tiles_.size() <= level) tiles_.resize(level + 1);
  tiles_[level] += hash;
  if (tiles_[level].size() < kTileWidth * base::kSha256Bytes) return;
  const Bytes tile = std::move(tiles_[level]);
  tiles_[level].clear();
  const std::uint64_t number = (frontier_.size() >> (level * 8)) / kTileWidth - 1;
  push_hash(level + 1, root_of(hashes_of(tile)), full);
  full.push_back({tile_path(static_cast<int>(level), number, kTileWidth), tile});
}

std::vector<TileFile> Edge::partial_since(std::uint64_t published) const {
  std::vector<TileFile> out;
  const std::uint64_t size = frontier_.size();
  if (!bundle_.empty() && size != published) {
    out.push_back({entries_path(size / kTileWidth, size % kTileWidth), bundle_});
  }
  for (std::size_t level = 0; level < tiles_.size(); ++level) {
    const std::uint64_t hashes = size >> (level * 8);
    if (tiles_[level].empty() || hashes == published >> (level * 8)) continue;
    out.push_back({tile_path(static_cast<int>(level), hashes / kTileWidth, hashes % kTileWidth),
                   tiles_[level]});
  }
  return out;
}

Result<void> write_tiles(base::FileSystem& files, const std::string& directory,
                         const std::vector<TileFile>& tiles, std::set<std::string>& known) {
  constexpr std::size_t kKnownMax = 4096;
  if (known.size() > kKnownMax) known.clear();
  std::vector<std::unique_ptr<base::File>> open;
  std::set<std::string> changed;  // directories that have new names in them
  for (const TileFile& tile : tiles) {
    const std::string path = directory + "/" + tile.path;
    const std::string parent = base::directory_of(path);
    if (changed.insert(parent).second && !known.contains(parent)) {
      TRY(files.make_directory(parent));
      for (std::string at = parent; at.size() > directory.size() && !known.contains(at);) {
        at = base::directory_of(at);
        changed.insert(at);
      }
    }
    auto file = TRY(files.open(path, base::FileSystem::Mode::create_or_open));
    TRY(file->truncate(0));
    TRY(file->write_at(0, tile.bytes));
    file->start_writeback(0, tile.bytes.size());
    open.push_back(std::move(file));
  }
  for (const auto& file : open) {
    if (auto synced = file->sync(); !synced) return stopped(synced.error());
  }
  for (const std::string& name : changed) {
    if (auto synced = files.sync_directory(name); !synced) return stopped(synced.error());
  }
  known.merge(changed);
  return base::done();
}

void remove_unpublished(base::FileSystem& files, const std::string& directory, std::uint64_t size) {
  for (int level = -1; level < kLevelsMax; ++level) {
    const std::uint64_t hashes = level < 0 ? size : size >> (level * 8);
    const std::uint64_t first = hashes / kTileWidth;
    const std::uint64_t count = level <= 0 ? kGroupTilesMax : 2;
    for (std::uint64_t number = first; number < first + count; ++number) {
      const std::string full = directory + "/" + full_path(level, number);
      if (files.exists(full)) static_cast<void>(files.remove(full));
      remove_partials(files, directory_name(full), number == first ? hashes % kTileWidth : 0);
    }
  }
}

void remove_superseded(base::FileSystem& files, const std::string& directory, std::uint64_t before,
                       std::uint64_t size) {
  for (int level = -1; level < kLevelsMax; ++level) {
    const int shift = level < 0 ? 8 : (level + 1) * 8;
    if (shift >= 64) break;  // no 64-bit number of entries fills a tile of this level
    for (std::uint64_t number = before >> shift; number < size >> shift; ++number) {
      remove_partials(files, directory_name(directory + "/" + full_path(level, number)), 0);
    }
  }
}

}  // namespace trust::log
