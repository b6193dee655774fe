#include "trust/keys/late_key.h"

#include <mutex>
#include <optional>

namespace trust::keys {
namespace {

class LateKey : public SigningKey {
 public:
  LateKey(KnownKey known, KeyOpener open) : known_(std::move(known)), open_(std::move(open)) {}
  KeyAlgorithm algorithm() const override { return known_.algorithm; }
  int bits() const override { return known_.bits; }
  const std::vector<base::Bytes>& certificates() const override { return known_.certificates; }
  base::Result<base::Bytes> public_key() const override { return known_.public_key; }
  base::Result<std::vector<base::Bytes>> sign(const std::vector<base::Bytes>& digests) override {
    // Not under the lock: the key itself is for any thread.
    SigningKey* const key = TRY(opened());
    return key->sign(digests);
  }

 private:
  base::Result<SigningKey*> opened() {
    std::lock_guard lock(mutex_);
    if (key_) return key_.get();
    if (refused_) return *refused_;
    auto made = open_();
    if (!made) {
      if (made.error().code() == base::Code::forbidden) refused_.emplace(made.error());
      return std::move(made).error();
    }
    const base::Bytes public_key = TRY((*made)->public_key());
    if (public_key != known_.public_key) {
      refused_.emplace(base::Code::invalid, "trust.key_mismatch",
                       "what is kept there now is another key than the one of this name",
                       "khóa đang có ở đó không phải là khóa mang tên này");
      return *refused_;
    }
    key_ = std::move(*made);
    return key_.get();
  }

  const KnownKey known_;
  const KeyOpener open_;
  std::mutex mutex_;
  std::unique_ptr<SigningKey> key_;
  std::optional<base::Error> refused_;
};

}  // namespace

std::unique_ptr<SigningKey> late_key(KnownKey known, KeyOpener open) {
  return std::make_unique<LateKey>(std::move(known), std::move(open));
}

}  // namespace trust::keys
