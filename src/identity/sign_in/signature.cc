#include "identity/sign_in/signature.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "identity/sign_in/encoding.h"

namespace identity {
namespace {

constexpr int kRsaBitsMin = 2048, kRsaBitsMax = 8192;
constexpr std::size_t kRsaBytesMax = kRsaBitsMax / 8, kP256Bytes = 32, kEd25519Bytes = 32;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* value) const {
    Free(value);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Built = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;

const unsigned char* raw(base::BytesView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

base::Error unusable() {
  return base::Error(base::Code::unavailable, "identity.oidc_key_unusable",
                     "the sign-in provider's key does not fit the algorithm of its token",
                     "khóa của dịch vụ đăng nhập không hợp với thuật toán ghi trong mã xác nhận");
}

base::Error refused() {
  return base::Error(base::Code::unauthenticated, "identity.oidc_token_refused",
                     "the signature of the sign-in provider's token is wrong; sign in again",
                     "chữ ký trên mã xác nhận của dịch vụ đăng nhập không đúng; hãy đăng nhập lại");
}

Number number(const base::Bytes& bytes) {
  return Number(BN_bin2bn(raw(bytes), static_cast<int>(bytes.size()), nullptr));
}

Key key_of(const char* kind, OSSL_PARAM* params) {
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params) != 1) {
    return nullptr;
  }
  return Key(key);
}

Key rsa_key(const base::Json& jwk) {
  const auto n = from_base64url(jwk["n"].text()), e = from_base64url(jwk["e"].text());
  if (!n || !e || n->size() > kRsaBytesMax || e->empty() || e->size() > 4) return nullptr;
  const Number modulus = number(*n), exponent = number(*e);
  const int bits = modulus ? BN_num_bits(modulus.get()) : 0;
  if (bits < kRsaBitsMin || bits > kRsaBitsMax || !exponent) return nullptr;
  if (!BN_is_odd(exponent.get()) || BN_is_one(exponent.get())) return nullptr;
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
  const Built params(OSSL_PARAM_BLD_to_param(builder.get()));
  return key_of("RSA", params.get());
}

Key p256_key(const base::Json& jwk) {
  const auto x = from_base64url(jwk["x"].text()), y = from_base64url(jwk["y"].text());
  if (jwk["crv"].text() != "P-256" || !x || !y) return nullptr;
  if (x->size() != kP256Bytes || y->size() != kP256Bytes) return nullptr;
  const base::Bytes point = "\x04" + *x + *y;
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  const Built params(OSSL_PARAM_BLD_to_param(builder.get()));
  return key_of("EC", params.get());
}

Key ed25519_key(const base::Json& jwk) {
  const auto x = from_base64url(jwk["x"].text());
  if (jwk["crv"].text() != "Ed25519" || !x || x->size() != kEd25519Bytes) return nullptr;
  return Key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(*x), x->size()));
}

// JWS writes r and s side by side, OpenSSL wants DER.
std::optional<base::Bytes> der_of(base::BytesView signature) {
  if (signature.size() != 2 * kP256Bytes) return std::nullopt;
  ECDSA_SIG* const pair = ECDSA_SIG_new();
  ECDSA_SIG_set0(pair, BN_bin2bn(raw(signature), kP256Bytes, nullptr),
                 BN_bin2bn(raw(signature) + kP256Bytes, kP256Bytes, nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair, &der);
  ECDSA_SIG_free(pair);
  if (size <= 0) return std::nullopt;
  base::Bytes bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

bool verified(EVP_PKEY* key, bool pss, bool hashed, base::BytesView signed_bytes,
              base::BytesView signature) {
  const Digest context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;
  if (EVP_DigestVerifyInit(context.get(), &options, hashed ? EVP_sha256() : nullptr, nullptr,
                           key) != 1) {
    return false;
  }
  if (pss && (EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) != 1 ||
              EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return false;
  }
  return EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(signed_bytes),
                          signed_bytes.size()) == 1;
}

}  // namespace

base::Bytes hmac_sha1(base::BytesView key, base::BytesView message) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), raw(message), message.size(),
       out.data(), &size);
  return base::Bytes(reinterpret_cast<const char*>(out.data()), size);
}

base::Result<void> check_jws(std::string_view algorithm, const base::Json& jwk,
                             base::BytesView signed_bytes, base::BytesView signature) {
  const std::string_view kind = jwk["kty"].text();
  const bool rsa = algorithm == "RS256" || algorithm == "PS256";
  const bool ecdsa = algorithm == "ES256", eddsa = algorithm == "EdDSA";
  Key key;
  if (rsa && kind == "RSA") key = rsa_key(jwk);
  if (ecdsa && kind == "EC") key = p256_key(jwk);
  if (eddsa && kind == "OKP") key = ed25519_key(jwk);
  if (!key) return unusable();
  base::Bytes given(signature);
  if (ecdsa) {
    auto der = der_of(signature);
    if (!der) return refused();
    given = std::move(*der);
  }
  if (!verified(key.get(), algorithm == "PS256", !eddsa, signed_bytes, given)) return refused();
  return base::done();
}

}  // namespace identity
