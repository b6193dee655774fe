#include "trust/evidence/rolling_signer.h"

#include "base/check.h"
#include "trust/evidence/key_signer.h"

namespace trust::evidence {

base::Result<base::Bytes> RollingSigner::add(std::shared_ptr<SigningKey> key) {
  base::Bytes certificate = TRY(key_signer(*key))->certificate();
  std::lock_guard lock(mutex_);
  keys_[certificate] = std::move(key);
  return certificate;
}

void RollingSigner::speak_as(const base::Bytes& certificate) {
  std::lock_guard lock(mutex_);
  CHECK(keys_.contains(certificate));
  current_ = certificate;
}

void RollingSigner::retain(const std::set<base::Bytes>& certificates) {
  std::lock_guard lock(mutex_);
  std::erase_if(keys_, [&](const auto& one) { return !certificates.contains(one.first); });
}

base::Bytes RollingSigner::certificate() const {
  std::lock_guard lock(mutex_);
  return current_;
}

std::shared_ptr<SigningKey> RollingSigner::key(const base::Bytes& certificate) const {
  std::lock_guard lock(mutex_);
  const auto found = keys_.find(certificate);
  return found == keys_.end() ? nullptr : found->second;
}

base::Result<base::Bytes> RollingSigner::sign(base::BytesView content, base::Time at,
                                              base::BytesView certificate) {
  const auto with = key(base::Bytes(certificate));
  if (!with) {
    return base::Error(base::Code::unavailable, "trust.key_unavailable",
                       "the key of the certificate that these evidences name is not here",
                       "không có khóa của chứng thư nêu trong các bằng chứng này");
  }
  // Not under the lock: a key may take seconds.
  return TRY(key_signer(*with))->sign(content, at, certificate);
}

}  // namespace trust::evidence
