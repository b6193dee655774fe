#include "trust/log/tree.h"

#include <bit>

#include "base/check.h"
#include "base/hash.h"

namespace trust::log {

using base::Bytes;
using base::BytesView;
using base::Result;

namespace {

base::Error invalid(const char* vi, const char* en) {
  return base::Error(base::Code::invalid, "trust.log_proof_invalid",
                     std::string("the proof does not verify: ") + en,
                     std::string("Bằng chứng không khớp: ") + vi);
}

// The largest power of two below `size`, which is at least 2.
std::uint64_t split_of(std::uint64_t size) { return std::bit_floor(size - 1); }

// The path of leaf `index` of [first, end), deepest first.
Result<void> path_into(Hashes& path, std::uint64_t index, std::uint64_t first, std::uint64_t end,
                       const Subtree& subtree) {
  if (end - first <= 1) return base::done();
  const std::uint64_t middle = first + split_of(end - first);
  if (index < middle) {
    TRY(path_into(path, index, first, middle, subtree));
    path.push_back(TRY(subtree(middle, end)));
  } else {
    TRY(path_into(path, index, middle, end, subtree));
    path.push_back(TRY(subtree(first, middle)));
  }
  return base::done();
}

// SUBPROOF(old_size, D[first:end), whole) of RFC 6962, §2.1.2.
Result<void> consistency_into(Hashes& path, std::uint64_t old_size, std::uint64_t first,
                              std::uint64_t end, bool whole, const Subtree& subtree) {
  if (old_size == end) {
    if (!whole) path.push_back(TRY(subtree(first, end)));
    return base::done();
  }
  const std::uint64_t middle = first + split_of(end - first);
  if (old_size <= middle) {
    TRY(consistency_into(path, old_size, first, middle, whole, subtree));
    path.push_back(TRY(subtree(middle, end)));
  } else {
    TRY(consistency_into(path, old_size, middle, end, false, subtree));
    path.push_back(TRY(subtree(first, middle)));
  }
  return base::done();
}

bool hashes_are_whole(const Hashes& hashes) {
  for (const Bytes& hash : hashes) {
    if (hash.size() != base::kSha256Bytes) return false;
  }
  return true;
}

Bytes range_hash(const Hashes& leaves, std::size_t first, std::size_t end) {
  if (end == first) return empty_root();
  if (end - first == 1) return leaves[first];
  const std::size_t middle = first + static_cast<std::size_t>(split_of(end - first));
  return node_hash(range_hash(leaves, first, middle), range_hash(leaves, middle, end));
}

}  // namespace

Bytes leaf_hash(BytesView entry) {
  base::Sha256 sum;
  sum.update(BytesView("\0", 1));
  sum.update(entry);
  return sum.finish();
}

Bytes node_hash(BytesView left, BytesView right) {
  Bytes content;
  content.reserve(1 + 2 * base::kSha256Bytes);
  content += '\1';
  content += left;
  content += right;
  return base::sha256(content);
}

Bytes empty_root() { return base::sha256({}); }

Result<Frontier> Frontier::of(std::uint64_t size, Hashes subtrees) {
  if (subtrees.size() != static_cast<std::size_t>(std::popcount(size)) ||
      !hashes_are_whole(subtrees)) {
    return base::Error(base::Code::data_loss, "trust.log_damaged",
                       "the subtrees do not belong to a tree of that size",
                       "Các cây con không thuộc về cây có kích thước đó");
  }
  Frontier frontier;
  frontier.size_ = size;
  frontier.subtrees_ = std::move(subtrees);
  return frontier;
}

void Frontier::push(Bytes leaf) {
  for (std::uint64_t bits = size_; (bits & 1) != 0; bits >>= 1) {
    leaf = node_hash(subtrees_.back(), leaf);
    subtrees_.pop_back();
  }
  subtrees_.push_back(std::move(leaf));
  ++size_;
}

Bytes Frontier::root() const {
  if (subtrees_.empty()) return empty_root();
  Bytes root = subtrees_.back();
  for (std::size_t i = subtrees_.size() - 1; i-- > 0;) root = node_hash(subtrees_[i], root);
  return root;
}

Subtree subtrees_of(const Hashes& leaves) {
  return [&leaves](std::uint64_t first, std::uint64_t end) -> Result<Bytes> {
    CHECK(first <= end && end <= leaves.size());
    return range_hash(leaves, static_cast<std::size_t>(first), static_cast<std::size_t>(end));
  };
}

Bytes root_of(const Hashes& leaves) { return range_hash(leaves, 0, leaves.size()); }

std::vector<std::pair<std::uint64_t, std::uint64_t>> complete_subtrees(std::uint64_t size) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> out;
  for (std::uint64_t first = 0; first < size;) {
    const std::uint64_t end = first + std::bit_floor(size - first);
    out.emplace_back(first, end);
    first = end;
  }
  return out;
}

Result<Hashes> inclusion_path(std::uint64_t index, std::uint64_t size, const Subtree& subtree) {
  CHECK(index < size);
  Hashes path;
  TRY(path_into(path, index, 0, size, subtree));
  return path;
}

Result<Hashes> consistency_path(std::uint64_t old_size, std::uint64_t size,
                                const Subtree& subtree) {
  CHECK(old_size <= size);
  Hashes path;
  if (old_size == 0 || old_size == size) return path;
  TRY(consistency_into(path, old_size, 0, size, true, subtree));
  return path;
}

// RFC 9162 §2.1.3.2.
Result<void> verify_inclusion(BytesView leaf, std::uint64_t index, std::uint64_t size,
                              const Hashes& path, BytesView root) {
  if (index >= size) return invalid("vị trí nằm ngoài cây", "the index is outside of the tree");
  if (!hashes_are_whole(path)) return invalid("mã băm bị cắt", "a hash is cut short");
  std::uint64_t at = index, last = size - 1;
  Bytes hash(leaf);
  for (const Bytes& sibling : path) {
    if (last == 0) return invalid("đường đi quá dài", "the path is too long");
    if ((at & 1) != 0 || at == last) {
      hash = node_hash(sibling, hash);
      while ((at & 1) == 0 && at != 0) at >>= 1, last >>= 1;
    } else {
      hash = node_hash(hash, sibling);
    }
    at >>= 1, last >>= 1;
  }
  if (last != 0) return invalid("đường đi quá ngắn", "the path is too short");
  if (hash != root) return invalid("gốc cây khác", "it leads to another root");
  return base::done();
}

// RFC 9162 §2.1.4.2.
Result<void> verify_consistency(std::uint64_t old_size, BytesView old_root, std::uint64_t size,
                                BytesView root, const Hashes& path) {
  if (old_size > size) return invalid("cây đã ngắn đi", "the tree has become smaller");
  if (!hashes_are_whole(path)) return invalid("mã băm bị cắt", "a hash is cut short");
  if (old_size == 0 || old_size == size) {
    if (!path.empty()) return invalid("đường đi quá dài", "the path is too long");
    const Bytes empty = empty_root();
    const bool same = old_size == 0 ? old_root == empty : old_root == root;
    if (!same || (size == 0 && root != empty)) return invalid("gốc cây khác", "the roots differ");
    return base::done();
  }
  std::uint64_t at = old_size - 1, last = size - 1;
  while ((at & 1) != 0) at >>= 1, last >>= 1;
  std::size_t next = 0;
  if (at != 0 && path.empty()) return invalid("đường đi quá ngắn", "the path is too short");
  Bytes old_hash(at == 0 ? old_root : BytesView(path[next++]));
  Bytes hash = old_hash;
  for (; next < path.size(); ++next) {
    if (last == 0) return invalid("đường đi quá dài", "the path is too long");
    if ((at & 1) != 0 || at == last) {
      old_hash = node_hash(path[next], old_hash);
      hash = node_hash(path[next], hash);
      while ((at & 1) == 0 && at != 0) at >>= 1, last >>= 1;
    } else {
      hash = node_hash(hash, path[next]);
    }
    at >>= 1, last >>= 1;
  }
  if (last != 0) return invalid("đường đi quá ngắn", "the path is too short");
  if (old_hash != old_root || hash != root) return invalid("gốc cây khác", "the roots differ");
  return base::done();
}

}  // namespace trust::log
