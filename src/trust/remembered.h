// What a ChainCache holds.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "trust/certificate.h"
#include "trust/chain_cache.h"
#include "trust/revocation_answer.h"

namespace trust {

// Two generations: what was not asked for while half of the entries came anew is forgotten. Any
// thread.
template <class Value>
class Remembered {
 public:
  explicit Remembered(std::size_t entries_max) : half_(entries_max / 2 + 1) {}

  std::optional<Value> find(std::string_view key) {
    std::lock_guard lock(mutex_);
    if (const auto found = young_.find(key); found != young_.end()) return found->second;
    const auto found = old_.find(key);
    if (found == old_.end()) return std::nullopt;
    auto node = old_.extract(found);
    Value value = node.mapped();
    make_room();
    young_.insert(std::move(node));
    return value;
  }

  void keep(std::string key, Value value) {
    std::lock_guard lock(mutex_);
    make_room();
    young_.insert_or_assign(std::move(key), std::move(value));
  }

  std::size_t size() {
    std::lock_guard lock(mutex_);
    return young_.size() + old_.size();
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const {
      return std::hash<std::string_view>()(key);
    }
  };
  using Map = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;

  void make_room() {
    if (young_.size() < half_) return;
    old_ = std::move(young_);
    young_ = Map();
  }

  const std::size_t half_;
  std::mutex mutex_;
  Map young_, old_;
};

struct ChainCache::Impl {
  explicit Impl(std::size_t entries_max)
      : certificates(entries_max),
        paths(entries_max),
        answers(entries_max),
        requests(entries_max) {}
  Remembered<CertificatePtr> certificates;  // by DER
  Remembered<std::shared_ptr<const std::vector<CertificatePtr>>> paths;
  Remembered<std::optional<RevocationAnswer>> answers;
  Remembered<base::Bytes> requests;  // for OCSP, by certificate and issuer
};

// As make_certificate, from the cache if there is one.
CertificatePtr certificate_of(base::BytesView der, ChainCache* cache);

}  // namespace trust
