#include "trust/chain_cache.h"

#include "trust/remembered.h"

namespace trust {
namespace {

// Larger ones are read anew each time: they are rare, and the memory is bounded.
constexpr std::size_t kCertificateBytesMax = 8 * 1024;

}  // namespace

ChainCache::ChainCache(std::size_t entries_max) : impl_(std::make_unique<Impl>(entries_max)) {}
ChainCache::~ChainCache() = default;

CertificatePtr certificate_of(base::BytesView der, ChainCache* cache) {
  if (cache == nullptr || der.size() > kCertificateBytesMax) return make_certificate(der);
  if (auto known = cache->impl().certificates.find(der)) return *known;
  auto made = make_certificate(der);
  if (made) cache->impl().certificates.keep(base::Bytes(der), made);
  return made;
}

}  // namespace trust
