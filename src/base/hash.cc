#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <zlib.h>

#include <array>
#include <cstring>
#include <vector>

#include "base/check.h"

namespace base {
namespace {

const unsigned char* unsigned_of(BytesView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* unsigned_of(Bytes& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

EVP_MD_CTX* context_of(void* context) { return static_cast<EVP_MD_CTX*>(context); }

// Fetched once: EVP_sha256() looks the implementation up at every digest.
const EVP_MD* fetched_sha256() {
  static EVP_MD* const digest = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return digest;
}

constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kNonceBytes = 12;
constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::array<signed char, 256> base64_values() {
  std::array<signed char, 256> values{};
  values.fill(-1);
  for (int i = 0; i < 64; ++i) {
    values[static_cast<unsigned char>(kBase64[i])] = static_cast<signed char>(i);
  }
  return values;
}

std::vector<std::array<char, 2>> base64_pairs() {
  std::vector<std::array<char, 2>> pairs(4096);
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {kBase64[i >> 6], kBase64[i & 63]};
  return pairs;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::array<signed char, 256> hex_values() {
  std::array<signed char, 256> values;
  for (std::size_t c = 0; c < values.size(); ++c) {
    values[c] = static_cast<signed char>(hex_value(static_cast<char>(c)));
  }
  return values;
}

}  // namespace

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  CHECK(EVP_DigestInit_ex2(context_of(context_), fetched_sha256(), nullptr) == 1);
}
Sha256::Sha256(const Sha256& other) : context_(EVP_MD_CTX_new()) {
  CHECK(EVP_MD_CTX_copy_ex(context_of(context_), context_of(other.context_)) == 1);
}
Sha256::~Sha256() { EVP_MD_CTX_free(context_of(context_)); }
void Sha256::update(BytesView bytes) {
  CHECK(EVP_DigestUpdate(context_of(context_), bytes.data(), bytes.size()) == 1);
}
Bytes Sha256::finish() {
  Bytes digest(kSha256Bytes, '\0');
  CHECK(EVP_DigestFinal_ex(context_of(context_), unsigned_of(digest), nullptr) == 1);
  return digest;
}

Sha1::Sha1() : context_(EVP_MD_CTX_new()) {
  CHECK(EVP_DigestInit_ex2(context_of(context_), EVP_sha1(), nullptr) == 1);
}
Sha1::~Sha1() { EVP_MD_CTX_free(context_of(context_)); }
void Sha1::update(BytesView bytes) {
  CHECK(EVP_DigestUpdate(context_of(context_), bytes.data(), bytes.size()) == 1);
}
Bytes Sha1::finish() {
  Bytes digest(20, '\0');
  CHECK(EVP_DigestFinal_ex(context_of(context_), unsigned_of(digest), nullptr) == 1);
  return digest;
}

Bytes sha256(BytesView bytes) {
  Sha256 sum;
  sum.update(bytes);
  return sum.finish();
}

Bytes hmac_sha256(BytesView key, BytesView message) {
  // RFC 2104, over the fetched digest: OpenSSL's HMAC() fetches its parts anew at every call.
  Bytes block(64, '\0');
  const Bytes short_key = key.size() > block.size() ? sha256(key) : Bytes(key);
  block.replace(0, short_key.size(), short_key);
  Bytes inner_pad = block, outer_pad = block;
  for (std::size_t i = 0; i < block.size(); ++i) {
    inner_pad[i] = static_cast<char>(inner_pad[i] ^ 0x36);
    outer_pad[i] = static_cast<char>(outer_pad[i] ^ 0x5c);
  }
  Sha256 inner;
  inner.update(inner_pad);
  inner.update(message);
  Sha256 outer;
  outer.update(outer_pad);
  outer.update(inner.finish());
  return outer.finish();
}

bool equal_constant_time(BytesView a, BytesView b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::uint32_t crc32(std::uint32_t crc, BytesView bytes) {
  if (bytes.empty()) return crc;  // zlib takes a null pointer for "begin anew"
  return static_cast<std::uint32_t>(::crc32_z(crc, unsigned_of(bytes), bytes.size()));
}

std::string hex(BytesView bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  static const auto values = hex_values();
  Bytes out(text.size() / 2, '\0');
  int all = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = values[static_cast<unsigned char>(text[2 * i])];
    const int low = values[static_cast<unsigned char>(text[2 * i + 1])];
    all |= high | low;
    out[i] = static_cast<char>(high << 4 | low);
  }
  if (all < 0) return std::nullopt;
  return out;
}

std::string base64(BytesView bytes) {
  // Twelve bits at a time: two characters a look-up.
  static const auto pairs = base64_pairs();
  std::string out;
  out.resize((bytes.size() + 2) / 3 * 4);
  const unsigned char* in = unsigned_of(bytes);
  char* to = out.data();
  std::size_t i = 0;
  for (; i + 2 < bytes.size(); i += 3, to += 4) {
    const unsigned triple = static_cast<unsigned>(in[i] << 16 | in[i + 1] << 8 | in[i + 2]);
    std::memcpy(to, pairs[triple >> 12].data(), 2);
    std::memcpy(to + 2, pairs[triple & 4095].data(), 2);
  }
  if (i < bytes.size()) {
    const bool two = i + 1 < bytes.size();
    const unsigned triple = static_cast<unsigned>(in[i] << 16 | (two ? in[i + 1] << 8 : 0));
    to[0] = kBase64[triple >> 18];
    to[1] = kBase64[(triple >> 12) & 63];
    to[2] = two ? kBase64[(triple >> 6) & 63] : '=';
    to[3] = '=';
  }
  return out;
}

std::optional<Bytes> from_base64(std::string_view text) {
  static const auto values = base64_values();
  Bytes out;
  out.reserve(text.size() / 4 * 3);
  unsigned bits = 0;
  int count = 0, padding = 0;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
    if (c == '=') {
      if (++padding > 2) return std::nullopt;
      continue;
    }
    const int value = values[static_cast<unsigned char>(c)];
    if (value < 0 || padding > 0) return std::nullopt;
    bits = bits << 6 | static_cast<unsigned>(value);
    if (++count == 4) {
      out.push_back(static_cast<char>(bits >> 16 & 0xff));
      out.push_back(static_cast<char>(bits >> 8 & 0xff));
      out.push_back(static_cast<char>(bits & 0xff));
      bits = 0;
      count = 0;
    }
  }
  if ((count + padding) % 4 != 0 || count == 1) return std::nullopt;
  if (count >= 2) out.push_back(static_cast<char>(bits >> (count == 2 ? 4 : 10) & 0xff));
  if (count == 3) out.push_back(static_cast<char>(bits >> 2 & 0xff));
  return out;
}

Bytes seal(BytesView key, BytesView context, BytesView plain, BytesView nonce12) {
  CHECK(key.size() == 32 && nonce12.size() == kNonceBytes);
  Bytes out(kNonceBytes + plain.size() + kTagBytes, '\0');
  out.replace(0, kNonceBytes, nonce12);
  EVP_CIPHER_CTX* cipher = EVP_CIPHER_CTX_new();
  int size = 0;
  unsigned char* const body = unsigned_of(out) + kNonceBytes;
  CHECK(EVP_EncryptInit_ex(cipher, EVP_aes_256_gcm(), nullptr, unsigned_of(key),
                           unsigned_of(nonce12)) == 1);
  CHECK(EVP_EncryptUpdate(cipher, nullptr, &size, unsigned_of(context),
                          static_cast<int>(context.size())) == 1);
  CHECK(EVP_EncryptUpdate(cipher, body, &size, unsigned_of(plain),
                          static_cast<int>(plain.size())) == 1);
  CHECK(EVP_EncryptFinal_ex(cipher, body + size, &size) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, kTagBytes, body + plain.size()) == 1);
  EVP_CIPHER_CTX_free(cipher);
  return out;
}

std::optional<Bytes> unseal(BytesView key, BytesView context, BytesView sealed) {
  if (key.size() != 32 || sealed.size() < kNonceBytes + kTagBytes) return std::nullopt;
  const std::size_t plain_bytes = sealed.size() - kNonceBytes - kTagBytes;
  Bytes out(plain_bytes, '\0');
  Bytes tag(sealed.substr(kNonceBytes + plain_bytes));
  EVP_CIPHER_CTX* cipher = EVP_CIPHER_CTX_new();
  int size = 0;
  const bool good =
      EVP_DecryptInit_ex(cipher, EVP_aes_256_gcm(), nullptr, unsigned_of(key),
                         unsigned_of(sealed)) == 1 &&
      EVP_DecryptUpdate(cipher, nullptr, &size, unsigned_of(context),
                        static_cast<int>(context.size())) == 1 &&
      EVP_DecryptUpdate(cipher, unsigned_of(out), &size, unsigned_of(sealed) + kNonceBytes,
                        static_cast<int>(plain_bytes)) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher, unsigned_of(out) + size, &size) == 1;
  EVP_CIPHER_CTX_free(cipher);
  if (!good) return std::nullopt;
  return out;
}

}  // namespace base
