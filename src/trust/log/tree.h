// The Merkle tree of RFC 6962: hashes, proofs and their verification. Pure functions.
// docs/formats/transparency-log.md.
#pragma once
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace trust::log {

using Hashes = std::vector<base::Bytes>;  // 32 bytes each

base::Bytes leaf_hash(base::BytesView entry);
base::Bytes node_hash(base::BytesView left, base::BytesView right);
base::Bytes empty_root();

// The complete subtrees of a tree that grows at its right edge, the largest first: all that is
// needed to append and to know the root.
class Frontier {
 public:
  Frontier() = default;
  // `subtrees` must be one hash of 32 bytes for each bit of `size`; trust.log_damaged.
  static base::Result<Frontier> of(std::uint64_t size, Hashes subtrees);
  void push(base::Bytes leaf);
  std::uint64_t size() const { return size_; }
  const Hashes& subtrees() const { return subtrees_; }
  base::Bytes root() const;

 private:
  std::uint64_t size_ = 0;
  Hashes subtrees_;
};

// The hash of leaves [first, end) of some tree; asked only for ranges that are subtrees of it.
using Subtree = std::function<base::Result<base::Bytes>(std::uint64_t first, std::uint64_t end)>;
// The subtrees of a tree whose leaf hashes are all in memory.
Subtree subtrees_of(const Hashes& leaves);
base::Bytes root_of(const Hashes& leaves);
// The complete subtrees that [0, size) consists of, as in Frontier: first and end leaf.
std::vector<std::pair<std::uint64_t, std::uint64_t>> complete_subtrees(std::uint64_t size);

// PATH(index, D[size]) and PROOF(old_size, D[size]) of RFC 6962 §2.1.1 and §2.1.2. Sizes must fit:
// index < size, 0 <= old_size <= size (the proof from 0 is empty).
base::Result<Hashes> inclusion_path(std::uint64_t index, std::uint64_t size,
                                    const Subtree& subtree);
base::Result<Hashes> consistency_path(std::uint64_t old_size, std::uint64_t size,
                                      const Subtree& subtree);

// trust.log_proof_invalid (invalid).
base::Result<void> verify_inclusion(base::BytesView leaf, std::uint64_t index, std::uint64_t size,
                                    const Hashes& path, base::BytesView root);
base::Result<void> verify_consistency(std::uint64_t old_size, base::BytesView old_root,
                                      std::uint64_t size, base::BytesView root, const Hashes& path);

}  // namespace trust::log
