// Digests, base64, and sealing of secrets at rest. OpenSSL stays behind hash.cc.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace base {

inline constexpr std::size_t kSha256Bytes = 32;

// SHA-256 fed in pieces. One thread at a time.
class Sha256 {
 public:
  Sha256();
  Sha256(const Sha256& other);  // copies the running state
  Sha256& operator=(const Sha256& other) = delete;
  ~Sha256();
  void update(BytesView bytes);
  // The 32-byte digest of everything so far; may be called once.
  Bytes finish();

 private:
  void* context_;
};

// SHA-1, only for checks that a protocol prescribes; never for what must not be forged.
class Sha1 {
 public:
  Sha1();
  Sha1(const Sha1&) = delete;
  Sha1& operator=(const Sha1&) = delete;
  ~Sha1();
  void update(BytesView bytes);
  // The 20-byte digest; may be called once.
  Bytes finish();

 private:
  void* context_;
};

Bytes sha256(BytesView bytes);
Bytes hmac_sha256(BytesView key, BytesView message);
// Takes the same time whatever the contents; false at once if the lengths differ.
bool equal_constant_time(BytesView a, BytesView b);

std::uint32_t crc32(std::uint32_t crc, BytesView bytes);

std::string hex(BytesView bytes);                      // lower case
std::optional<Bytes> from_hex(std::string_view text);  // either case; nothing when malformed

std::string base64(BytesView bytes);
// Standard alphabet, white space skipped, padding required when the length asks for it.
std::optional<Bytes> from_base64(std::string_view text);

// AES-256-GCM. `key` is 32 bytes; `context` is authenticated, not kept (the name of what is
// sealed, so that sealed values cannot be exchanged for one another).
Bytes seal(BytesView key, BytesView context, BytesView plain, BytesView nonce12);
// Nothing when the key, the context or a byte is wrong.
std::optional<Bytes> unseal(BytesView key, BytesView context, BytesView sealed);

}  // namespace base
