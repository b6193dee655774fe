#include "identity/sign_in/testing/token_signer.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <vector>

#include "identity/sign_in/encoding.h"

namespace identity::testing {
namespace {

base::Bytes side_by_side(const std::vector<unsigned char>& der) {
  const unsigned char* at = der.data();
  ECDSA_SIG* const pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  std::vector<unsigned char> out(64);
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), out.data(), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), out.data() + 32, 32);
  ECDSA_SIG_free(pair);
  return base::Bytes(out.begin(), out.end());
}

}  // namespace

struct TokenSigner::Key {
  EVP_PKEY* pkey = nullptr;
  ~Key() { EVP_PKEY_free(pkey); }
};

TokenSigner::TokenSigner(const std::string& algorithm, unsigned rsa_bits)
    : algorithm_(algorithm), key_(std::make_unique<Key>()) {
  if (algorithm == "ES256") {
    key_->pkey = EVP_EC_gen("P-256");
  } else if (algorithm == "EdDSA") {
    key_->pkey = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  } else {
    key_->pkey = EVP_RSA_gen(rsa_bits);
  }
}
TokenSigner::~TokenSigner() = default;

base::Bytes TokenSigner::number(const char* name) const {
  BIGNUM* value = nullptr;
  EVP_PKEY_get_bn_param(key_->pkey, name, &value);
  std::vector<unsigned char> out(static_cast<std::size_t>(BN_num_bytes(value)));
  BN_bn2bin(value, out.data());
  BN_free(value);
  return base::Bytes(out.begin(), out.end());
}

base::Json TokenSigner::jwk() const {
  base::Json jwk;
  if (algorithm_ == "ES256") {
    std::vector<unsigned char> point(65);
    std::size_t size = 0;
    EVP_PKEY_get_octet_string_param(key_->pkey, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(),
                                    &size);
    const base::Bytes bytes(point.begin(), point.end());
    return jwk.add("kty", "EC")
        .add("crv", "P-256")
        .add("x", base64url(bytes.substr(1, 32)))
        .add("y", base64url(bytes.substr(33)));
  }
  if (algorithm_ == "EdDSA") {
    std::vector<unsigned char> raw(32);
    std::size_t size = raw.size();
    EVP_PKEY_get_raw_public_key(key_->pkey, raw.data(), &size);
    return jwk.add("kty", "OKP")
        .add("crv", "Ed25519")
        .add("x", base64url(base::Bytes(raw.begin(), raw.end())));
  }
  return jwk.add("kty", "RSA")
      .add("n", base64url(number(OSSL_PKEY_PARAM_RSA_N)))
      .add("e", base64url(number(OSSL_PKEY_PARAM_RSA_E)));
}

base::Bytes TokenSigner::signature(const base::Bytes& bytes) const {
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* options = nullptr;
  EVP_DigestSignInit(context, &options, algorithm_ == "EdDSA" ? nullptr : EVP_sha256(), nullptr,
                     key_->pkey);
  if (algorithm_ == "PS256") {
    EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
  }
  std::vector<unsigned char> out(1024);
  std::size_t size = out.size();
  EVP_DigestSign(context, out.data(), &size, reinterpret_cast<const unsigned char*>(bytes.data()),
                 bytes.size());
  EVP_MD_CTX_free(context);
  out.resize(size);
  return algorithm_ == "ES256" ? side_by_side(out) : base::Bytes(out.begin(), out.end());
}

std::string TokenSigner::sign(const base::Json& header, const base::Json& claims) const {
  const std::string bytes = base64url(header.dump()) + "." + base64url(claims.dump());
  return bytes + "." + base64url(signature(bytes));
}

}  // namespace identity::testing
