// The right edge of the tree, where it grows: the tiles and the bundle that are not full yet.
#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"
#include "trust/log/tiles.h"
#include "trust/log/tree.h"

namespace trust::log {

struct TileFile {
  std::string path;
  base::Bytes bytes;
};

// A value: copied, grown, and kept once what it gave is on disk.
class Edge {
 public:
  // Reads the edge of a tree of that size, and checks that its entries have its hashes.
  // trust.log_damaged, or what the source says.
  static base::Result<Edge> read(LogSource& source, std::uint64_t size);

  std::uint64_t size() const { return frontier_.size(); }
  base::Bytes root() const { return frontier_.root(); }
  // Adds an entry; a tile or bundle that becomes full goes to `full`.
  void push(base::BytesView entry, std::vector<TileFile>& full);
  // The partial files that a tree of this size has and one of `published` entries had not.
  std::vector<TileFile> partial_since(std::uint64_t published) const;

 private:
  void push_hash(std::size_t level, const base::Bytes& hash, std::vector<TileFile>& full);

  Frontier frontier_;
  std::vector<base::Bytes> tiles_;  // by level, hashes one after another
  base::Bytes bundle_;
};

// Writes files below `directory` and syncs them and their names. Fails with trust.log_stopped when
// a sync failed. `known`: directories whose own names this process has synced.
base::Result<void> write_tiles(base::FileSystem& files, const std::string& directory,
                               const std::vector<TileFile>& tiles, std::set<std::string>& known);
// Removes files of groups that were never published: whatever a tree of that size has not.
void remove_unpublished(base::FileSystem& files, const std::string& directory, std::uint64_t size);
// Removes partial files whose full one the tree has by now, and had not at `before` entries.
void remove_superseded(base::FileSystem& files, const std::string& directory, std::uint64_t before,
                       std::uint64_t size);

base::Error stopped(const base::Error& cause);

}  // namespace trust::log
