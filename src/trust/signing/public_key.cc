#include "trust/signing/public_key.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <optional>

#include "trust/certificate.h"

namespace trust {
namespace signing {
namespace {

Handle<EVP_PKEY> parsed(base::BytesView public_key) {
  const unsigned char* at = unsigned_of(public_key);
  return Handle<EVP_PKEY>(d2i_PUBKEY(nullptr, &at, static_cast<long>(public_key.size())));
}

std::optional<KeyAlgorithm> algorithm_of(const EVP_PKEY* key) {
  const int kind = EVP_PKEY_get_base_id(key);
  if (kind == EVP_PKEY_RSA) return KeyAlgorithm::rsa;
  if (kind == EVP_PKEY_ED25519) return KeyAlgorithm::ed25519;
  char group[64] = {};
  if (kind != EVP_PKEY_EC || EVP_PKEY_get_group_name(key, group, sizeof group, nullptr) != 1) {
    return std::nullopt;
  }
  const int nid = OBJ_txt2nid(group);
  if (nid == NID_X9_62_prime256v1) return KeyAlgorithm::ecdsa_p256;
  if (nid == NID_secp384r1) return KeyAlgorithm::ecdsa_p384;
  return std::nullopt;
}

}  // namespace

base::Result<PublicKey> PublicKey::read(base::BytesView der) {
  const ErrorQueue errors;
  Handle<EVP_PKEY> key = parsed(der);
  const auto algorithm = key ? algorithm_of(key.get()) : std::nullopt;
  if (!algorithm) {
    return base::Error(base::Code::invalid, "trust.key_malformed",
                       "The public key is not RSA, P-256, P-384 or Ed25519.",
                       "Khóa công khai không thuộc loại RSA, P-256, P-384 hay Ed25519.");
  }
  const int bits = EVP_PKEY_get_bits(key.get());
  return PublicKey(std::move(key), {*algorithm, bits});
}

bool PublicKey::verifies(base::BytesView to_sign, base::BytesView signature) const {
  const ErrorQueue errors;
  if (kind_.algorithm == KeyAlgorithm::ed25519) {
    const Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
    return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
           EVP_DigestVerify(context.get(), unsigned_of(signature), signature.size(),
                            unsigned_of(to_sign), to_sign.size()) == 1;
  }
  const Handle<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(key_.get(), nullptr));
  if (EVP_PKEY_verify_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) != 1) {
    return false;
  }
  if (kind_.algorithm == KeyAlgorithm::rsa &&
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1) {
    return false;
  }
  return EVP_PKEY_verify(context.get(), unsigned_of(signature), signature.size(),
                         unsigned_of(to_sign), to_sign.size()) == 1;
}

base::Result<KeyKind> kind_of(base::BytesView public_key) {
  const PublicKey key = TRY(PublicKey::read(public_key));
  return key.kind();
}

bool verifies(base::BytesView public_key, base::BytesView to_sign, base::BytesView signature) {
  const auto key = PublicKey::read(public_key);
  return key.ok() && key->verifies(to_sign, signature);
}

base::Bytes ecdsa_der(base::BytesView raw) {
  const std::size_t half = raw.size() / 2;
  const Handle<BIGNUM> r(BN_bin2bn(unsigned_of(raw), static_cast<int>(half), nullptr));
  const Handle<BIGNUM> s(BN_bin2bn(unsigned_of(raw) + half, static_cast<int>(half), nullptr));
  ECDSA_SIG* pair = ECDSA_SIG_new();
  ECDSA_SIG_set0(pair, BN_dup(r.get()), BN_dup(s.get()));
  base::Bytes der(static_cast<std::size_t>(i2d_ECDSA_SIG(pair, nullptr)), '\0');
  unsigned char* to = unsigned_of(der);
  i2d_ECDSA_SIG(pair, &to);
  ECDSA_SIG_free(pair);
  return der;
}

}  // namespace signing

base::Result<base::Bytes> SigningKey::public_key() const {
  if (certificates().empty()) {
    return base::Error(base::Code::invalid, "trust.no_certificate",
                       "There is no certificate to take the public key from.",
                       "Không có chứng thư số để lấy khóa công khai.");
  }
  const Handle<X509> certificate = read_certificate(certificates().front());
  if (!certificate) {
    return base::Error(base::Code::invalid, "trust.certificate_malformed",
                       "The certificate cannot be read.", "Không đọc được chứng thư số.");
  }
  const X509_PUBKEY* key = X509_get_X509_PUBKEY(certificate.get());
  base::Bytes out(static_cast<std::size_t>(i2d_X509_PUBKEY(key, nullptr)), '\0');
  unsigned char* to = unsigned_of(out);
  i2d_X509_PUBKEY(key, &to);
  return out;
}

}  // namespace trust
