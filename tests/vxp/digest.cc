#include "vxp/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdint>
#include <cstdlib>

namespace vxp_client {
namespace {

EVP_MD_CTX* as_context(void* pointer) { return static_cast<EVP_MD_CTX*>(pointer); }

const EVP_MD* fetched_sha256() {
  static const EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return md;
}

constexpr char kHex[] = "0123456789abcdef";
constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::array<signed char, 256> decode_table() {
  std::array<signed char, 256> table;
  table.fill(-1);
  for (int i = 0; i < 64; ++i) {
    table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<signed char>(i);
  }
  table[static_cast<unsigned char>('-')] = 62;
  table[static_cast<unsigned char>('_')] = 63;
  return table;
}

}  // namespace

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  if (context_ == nullptr ||
      EVP_DigestInit_ex(as_context(context_), fetched_sha256(), nullptr) != 1) {
    std::abort();
  }
}

Sha256::~Sha256() { EVP_MD_CTX_free(as_context(context_)); }

void Sha256::update(std::string_view bytes) {
  if (EVP_DigestUpdate(as_context(context_), bytes.data(), bytes.size()) != 1) {
    std::abort();
  }
}

Digest Sha256::finish() {
  Digest digest{};
  unsigned length = 0;
  if (EVP_DigestFinal_ex(as_context(context_), digest.data(), &length) != 1) {
    std::abort();
  }
  return digest;
}

Digest sha256(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

std::string hex(const Digest& digest) {
  std::string text;
  text.reserve(digest.size() * 2);
  for (const unsigned char byte : digest) {
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  return text;
}

std::string unpadded_hex(const Digest& digest) {
  std::string text;
  text.reserve(digest.size() * 2);
  for (const unsigned char byte : digest) {
    if (byte >= 16) {
      text += kHex[byte >> 4];
    }
    text += kHex[byte & 15];
  }
  return text;
}

std::string hmac_sha256_hex(std::string_view key, std::string_view message) {
  Digest digest{};
  unsigned length = 0;
  if (HMAC(fetched_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest.data(),
           &length) == nullptr) {
    std::abort();
  }
  return hex(digest);
}

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  const int written = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                      reinterpret_cast<const unsigned char*>(bytes.data()),
                                      static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(written));
  return text;
}

void Base64Decoder::decode(std::string_view text, std::string* out) {
  static const std::array<signed char, 256> table = decode_table();
  const std::size_t before = out->size();
  out->resize(before + text.size() + 3);  // a piece may complete a group begun before it
  char* to = out->data() + before;
  for (const char c : text) {
    const signed char value = table[static_cast<unsigned char>(c)];
    if (value < 0) {
      continue;
    }
    bits_ = (bits_ << 6) | static_cast<unsigned>(value);
    if (++held_ == 4) {
      *to++ = static_cast<char>(bits_ >> 16);
      *to++ = static_cast<char>(bits_ >> 8);
      *to++ = static_cast<char>(bits_);
      held_ = 0;
      bits_ = 0;
    }
  }
  // A stream that stops inside a group of four has its rest here; callers decode the last piece
  // with its padding, so the rest is given out as soon as a '=' is seen.
  if (held_ > 1 && !text.empty() && text.find('=') != std::string_view::npos) {
    if (held_ == 2) {
      *to++ = static_cast<char>(bits_ >> 4);
    } else {
      *to++ = static_cast<char>(bits_ >> 10);
      *to++ = static_cast<char>(bits_ >> 2);
    }
    held_ = 0;
    bits_ = 0;
  }
  out->resize(static_cast<std::size_t>(to - out->data()));
}

}  // namespace vxp_client
