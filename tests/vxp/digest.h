// SHA-256, HMAC and base64 as the national protocol writes them.
#pragma once
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace vxp_client {

using Digest = std::array<unsigned char, 32>;

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void update(std::string_view bytes);
  Digest finish();

 private:
  void* context_;
};

Digest sha256(std::string_view bytes);
std::string hex(const Digest& digest);
// Every byte without its leading zero: the SDK's form of hash-file.
std::string unpadded_hex(const Digest& digest);
std::string hmac_sha256_hex(std::string_view key, std::string_view message);

std::string base64(std::string_view bytes);

// Decodes a stream of base64 in pieces of any size; characters outside the alphabet are skipped.
class Base64Decoder {
 public:
  void decode(std::string_view text, std::string* out);

 private:
  unsigned bits_ = 0;
  int held_ = 0;
};

}  // namespace vxp_client
