#include "identity/sign_in/password_hash.h"

#include <sodium.h>

#include <array>
#include <utility>

#include "base/check.h"
#include "base/hash.h"

namespace identity {
namespace {

base::Error busy() {
  return base::Error(base::Code::unavailable, "identity.sign_in_busy",
                     "too many people sign in at this moment; try again in a few seconds",
                     "đang có quá nhiều người đăng nhập; hãy thử lại sau vài giây");
}

base::Result<std::string> argon2id(const std::string& password, const PasswordCost& cost) {
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), cost.passes,
                            static_cast<std::size_t>(cost.memory_bytes),
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return busy();  // only for want of memory
  }
  return std::string(out.data());
}

}  // namespace

// One of the hashes that may run at the same time.
class PasswordHasher::Turn {
 public:
  explicit Turn(PasswordHasher& hasher) : hasher_(hasher) {}
  ~Turn() { hasher_.leave(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  PasswordHasher& hasher_;
};

PasswordHasher::PasswordHasher(PasswordCost cost, base::Bytes pepper)
    : cost_(cost), pepper_(std::move(pepper)) {
  CHECK(sodium_init() >= 0);
}

base::Result<void> PasswordHasher::enter() {
  std::unique_lock lock(mutex_);
  if (running_ >= cost_.at_once) {
    if (waiting_ >= cost_.waiting) return busy();
    ++waiting_;
    changed_.wait(lock, [&] { return running_ < cost_.at_once; });
    --waiting_;
  }
  ++running_;
  return base::done();
}

void PasswordHasher::leave() {
  {
    std::lock_guard lock(mutex_);
    --running_;
  }
  changed_.notify_one();
}

std::string PasswordHasher::peppered(std::string_view password) const {
  if (pepper_.empty()) return std::string(password);
  return base::hex(base::hmac_sha256(pepper_, password));
}

base::Result<std::string> PasswordHasher::hash(std::string_view password) {
  TRY(enter());
  const Turn turn(*this);
  return argon2id(peppered(password), cost_);
}

base::Result<bool> PasswordHasher::matches(std::string_view password, const std::string& kept) {
  TRY(enter());
  const Turn turn(*this);
  std::string against = kept;
  if (against.empty()) {
    {
      std::lock_guard lock(mutex_);
      against = dummy_;
    }
    if (against.empty()) {
      std::array<unsigned char, 32> random{};
      randombytes_buf(random.data(), random.size());
      against = TRY(argon2id(std::string(random.begin(), random.end()), cost_));
      std::lock_guard lock(mutex_);
      dummy_ = against;
    }
  }
  const std::string given = peppered(password);
  const bool same = crypto_pwhash_str_verify(against.c_str(), given.data(), given.size()) == 0;
  return same && !kept.empty();
}

bool PasswordHasher::outdated(const std::string& kept) const {
  return crypto_pwhash_str_needs_rehash(kept.c_str(), cost_.passes,
                                        static_cast<std::size_t>(cost_.memory_bytes)) != 0;
}

}  // namespace identity
