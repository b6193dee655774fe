#include "trust/log/tree.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace trust::log {
namespace {

// The inputs and roots of certificate-transparency's reference test (merkle tree of RFC 6962).
Hashes known_leaves() {
  const char* const entries[] = {
      "",
      "00",
      "10",
      "2021",
      "3031",
      "40414243",
      "5051525354555657",
      "606162636465666768696a6b6c6d6e6f",
  };
  Hashes leaves;
  for (const char* entry : entries) leaves.push_back(leaf_hash(*base::from_hex(entry)));
  return leaves;
}

constexpr const char* kKnownRoots[] = {
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

Hashes leaves_of(std::size_t count) {
  Hashes leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(leaf_hash("entry " + std::to_string(i)));
  return leaves;
}

TEST(LogTree, HasTheKnownRoots) {
  EXPECT_EQ(base::hex(empty_root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const Hashes leaves = known_leaves();
  Frontier frontier;
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    frontier.push(leaves[size - 1]);
    const Hashes part(leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(base::hex(root_of(part)), kKnownRoots[size - 1]);
    EXPECT_EQ(base::hex(frontier.root()), kKnownRoots[size - 1]);
  }
}

TEST(LogTree, HasTheKnownPaths) {
  const Hashes leaves = known_leaves();
  const Hashes path = inclusion_path(5, 8, subtrees_of(leaves)).value();
  ASSERT_EQ(path.size(), 3U);
  EXPECT_EQ(base::hex(path[0]), "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
  EXPECT_EQ(base::hex(path[1]), "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0");
  EXPECT_EQ(base::hex(path[2]), "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
  const Hashes step = consistency_path(6, 8, subtrees_of(leaves)).value();
  ASSERT_EQ(step.size(), 3U);
  EXPECT_EQ(base::hex(step[0]), "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a");
  EXPECT_EQ(base::hex(step[1]), "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0");
  EXPECT_EQ(base::hex(step[2]), "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
}

TEST(LogTree, EveryInclusionVerifiesAndNoChangedOneDoes) {
  for (std::size_t size = 1; size <= 40; ++size) {
    const Hashes leaves = leaves_of(size);
    const base::Bytes root = root_of(leaves);
    for (std::size_t index = 0; index < size; ++index) {
      Hashes path = inclusion_path(index, size, subtrees_of(leaves)).value();
      EXPECT_TRUE(verify_inclusion(leaves[index], index, size, path, root).ok());
      for (std::size_t other = 0; other < size; ++other) {
        if (other == index) continue;
        EXPECT_FALSE(verify_inclusion(leaves[index], other, size, path, root).ok());
        EXPECT_FALSE(verify_inclusion(leaves[other], index, size, path, root).ok());
      }
      EXPECT_FALSE(verify_inclusion(leaves[index], index, size, path, leaf_hash("x")).ok());
      EXPECT_FALSE(verify_inclusion(leaves[index], size, size, path, root).ok());
      for (base::Bytes& hash : path) {
        hash[7] = static_cast<char>(hash[7] ^ 1);
        EXPECT_FALSE(verify_inclusion(leaves[index], index, size, path, root).ok());
        hash[7] = static_cast<char>(hash[7] ^ 1);
      }
      path.push_back(root);
      EXPECT_FALSE(verify_inclusion(leaves[index], index, size, path, root).ok());
      path.pop_back();
      if (path.empty()) continue;
      path.pop_back();
      EXPECT_FALSE(verify_inclusion(leaves[index], index, size, path, root).ok());
    }
  }
}

TEST(LogTree, EveryConsistencyVerifiesAndNoChangedOneDoes) {
  for (std::size_t size = 1; size <= 40; ++size) {
    const Hashes leaves = leaves_of(size);
    const base::Bytes root = root_of(leaves);
    for (std::size_t old_size = 0; old_size <= size; ++old_size) {
      const Hashes old(leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(old_size));
      const base::Bytes old_root = root_of(old);
      Hashes path = consistency_path(old_size, size, subtrees_of(leaves)).value();
      EXPECT_TRUE(verify_consistency(old_size, old_root, size, root, path).ok());
      EXPECT_FALSE(verify_consistency(old_size, leaf_hash("x"), size, root, path).ok());
      if (old_size > 0) {
        EXPECT_FALSE(verify_consistency(old_size, old_root, size, leaf_hash("x"), path).ok());
      }
      for (base::Bytes& hash : path) {
        hash[31] = static_cast<char>(hash[31] ^ 0x80);
        EXPECT_FALSE(verify_consistency(old_size, old_root, size, root, path).ok());
        hash[31] = static_cast<char>(hash[31] ^ 0x80);
      }
      path.push_back(root);
      EXPECT_FALSE(verify_consistency(old_size, old_root, size, root, path).ok());
      path.pop_back();
      if (path.empty()) continue;
      path.pop_back();
      EXPECT_FALSE(verify_consistency(old_size, old_root, size, root, path).ok());
    }
    EXPECT_FALSE(verify_consistency(size + 1, root, size, root, {}).ok());
  }
}

TEST(LogTree, AFrontierIsTakenUpAgain) {
  const Hashes leaves = leaves_of(100);
  Frontier whole;
  for (const base::Bytes& leaf : leaves) {
    auto again = Frontier::of(whole.size(), whole.subtrees());
    ASSERT_TRUE(again.ok());
    whole = *again;
    whole.push(leaf);
  }
  EXPECT_EQ(whole.root(), root_of(leaves));
  EXPECT_EQ(complete_subtrees(100).size(), whole.subtrees().size());
  EXPECT_EQ(Frontier::of(99, whole.subtrees()).error().reason(), "trust.log_damaged");
}

}  // namespace
}  // namespace trust::log
