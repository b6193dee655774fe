// Keys from files: PEM and PKCS#12.
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/hash.h"
#include "trust/certificate.h"
#include "trust/key.h"
#include "trust/signing/key_pem.h"

namespace trust {
namespace {

constexpr std::size_t kFileBytesMax = 1u << 20;
constexpr std::size_t kCertificatesMax = 64;

base::Error malformed() {
  return {base::Code::invalid, "trust.key_malformed",
          "this file holds no RSA, P-256, P-384 or Ed25519 key that can be read",
          "tệp này không có khóa RSA, P-256, P-384 hay Ed25519 nào đọc được"};
}
base::Error wrong_password() {
  return {base::Code::forbidden, "trust.key_password",
          "the password does not open this key file; type it again",
          "mật khẩu không mở được tệp khóa này; hãy nhập lại"};
}
base::Error mismatch() {
  return {base::Code::invalid, "trust.key_mismatch",
          "none of the certificates in this file belongs to its key",
          "không chứng thư số nào trong tệp này thuộc về khóa của nó"};
}

std::optional<KeyAlgorithm> algorithm_of(const EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      return KeyAlgorithm::rsa;
    case EVP_PKEY_ED25519:
      return KeyAlgorithm::ed25519;
    case EVP_PKEY_EC:
      break;
    default:
      return std::nullopt;
  }
  char group[64] = {};
  if (EVP_PKEY_get_group_name(key, group, sizeof group, nullptr) != 1) return std::nullopt;
  const int nid = OBJ_txt2nid(group);
  if (nid == NID_X9_62_prime256v1) return KeyAlgorithm::ecdsa_p256;
  if (nid == NID_secp384r1) return KeyAlgorithm::ecdsa_p384;
  return std::nullopt;
}

class FileKey : public SigningKey {
 public:
  FileKey(Handle<EVP_PKEY> key, KeyAlgorithm algorithm, std::vector<base::Bytes> certificates)
      : key_(std::move(key)), algorithm_(algorithm), certificates_(std::move(certificates)) {}
  KeyAlgorithm algorithm() const override { return algorithm_; }
  int bits() const override { return EVP_PKEY_get_bits(key_.get()); }
  const std::vector<base::Bytes>& certificates() const override { return certificates_; }
  base::Result<base::Bytes> public_key() const override {
    base::Bytes out(static_cast<std::size_t>(i2d_PUBKEY(key_.get(), nullptr)), '\0');
    unsigned char* to = unsigned_of(out);
    i2d_PUBKEY(key_.get(), &to);
    return out;
  }

  base::Result<std::vector<base::Bytes>> sign(const std::vector<base::Bytes>& digests) override {
    const ErrorQueue errors;
    std::vector<base::Bytes> out;
    out.reserve(digests.size());
    const Handle<EVP_PKEY_CTX> context = for_digests();
    for (const base::Bytes& digest : digests) {
      base::Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
      std::size_t size = signature.size();
      if (!(algorithm_ == KeyAlgorithm::ed25519
                ? sign_bytes(digest, signature, size)
                : sign_digest(context.get(), digest, signature, size))) {
        return base::Error(base::Code::invalid, "trust.not_signed",
                           "the key cannot sign this; it takes SHA-256 digests of 32 bytes",
                           "khóa không ký được nội dung này; cần giá trị băm SHA-256 dài 32 byte");
      }
      signature.resize(size);
      out.push_back(std::move(signature));
    }
    return out;
  }

 private:
  bool sign_bytes(const base::Bytes& bytes, base::Bytes& to, std::size_t& size) const {
    Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
    return context &&
           EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
           EVP_DigestSign(context.get(), unsigned_of(to), &size,
                          unsigned_of(base::BytesView(bytes)), bytes.size()) == 1;
  }
  // Made ready once for many digests; null for Ed25519.
  Handle<EVP_PKEY_CTX> for_digests() const {
    Handle<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(key_.get(), nullptr));
    const bool rsa = algorithm_ == KeyAlgorithm::rsa;
    const bool ready =
        algorithm_ != KeyAlgorithm::ed25519 && context && EVP_PKEY_sign_init(context.get()) == 1 &&
        (!rsa || EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1) &&
        EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) == 1;
    return ready ? std::move(context) : nullptr;
  }
  static bool sign_digest(EVP_PKEY_CTX* context, const base::Bytes& digest, base::Bytes& to,
                          std::size_t& size) {
    return digest.size() == base::kSha256Bytes && context != nullptr &&
           EVP_PKEY_sign(context, unsigned_of(to), &size, unsigned_of(base::BytesView(digest)),
                         digest.size()) == 1;
  }

  const Handle<EVP_PKEY> key_;
  const KeyAlgorithm algorithm_;
  const std::vector<base::Bytes> certificates_;
};

base::Result<std::unique_ptr<SigningKey>> assemble(Handle<EVP_PKEY> key,
                                                   std::vector<Handle<X509>> certificates) {
  const auto algorithm = algorithm_of(key.get());
  if (!algorithm) return malformed();
  const auto own = std::find_if(certificates.begin(), certificates.end(), [&](const auto& one) {
    return X509_check_private_key(one.get(), key.get()) == 1;
  });
  if (own == certificates.end() && !certificates.empty()) return mismatch();
  if (!certificates.empty()) std::rotate(certificates.begin(), own, own + 1);
  std::vector<base::Bytes> ders;
  ders.reserve(certificates.size());
  for (const auto& one : certificates) ders.push_back(der_of(one.get()));
  return std::unique_ptr<SigningKey>(
      std::make_unique<FileKey>(std::move(key), *algorithm, std::move(ders)));
}

int give_password(char* to, int size, int, void* data) {
  const auto& password = *static_cast<const std::string*>(data);
  if (password.size() > static_cast<std::size_t>(size)) return -1;
  std::memcpy(to, password.data(), password.size());
  return static_cast<int>(password.size());
}

struct FileParts {
  Handle<EVP_PKEY> key;
  std::vector<Handle<X509>> certificates;
};

base::Result<FileParts> read_pem(base::BytesView pem, std::string_view password) {
  if (pem.size() > kFileBytesMax) return malformed();
  std::string secret(password);
  Handle<BIO> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  FileParts parts;
  parts.key.reset(PEM_read_bio_PrivateKey(in.get(), nullptr, give_password, &secret));
  OPENSSL_cleanse(secret.data(), secret.size());
  if (!parts.key) {
    return pem.find("ENCRYPTED") != base::BytesView::npos ? wrong_password() : malformed();
  }
  in.reset(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  while (parts.certificates.size() < kCertificatesMax) {
    Handle<X509> one(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    if (!one) break;
    parts.certificates.push_back(std::move(one));
  }
  return parts;
}

base::Result<FileParts> read_pkcs12(base::BytesView p12, std::string_view password) {
  const unsigned char* at = unsigned_of(p12);
  if (p12.size() > kFileBytesMax) return malformed();
  Handle<PKCS12> file(d2i_PKCS12(nullptr, &at, static_cast<long>(p12.size())));
  if (!file) return malformed();
  std::string secret(password);
  EVP_PKEY* key = nullptr;
  X509* own = nullptr;
  stack_st_X509* chain = nullptr;
  const bool opened =
      PKCS12_verify_mac(file.get(), secret.c_str(), static_cast<int>(secret.size())) == 1 ||
      (secret.empty() && PKCS12_verify_mac(file.get(), nullptr, 0) == 1);
  const bool parsed = opened && PKCS12_parse(file.get(), secret.c_str(), &key, &own, &chain) == 1;
  OPENSSL_cleanse(secret.data(), secret.size());
  if (!opened) return wrong_password();
  FileParts parts;
  parts.key.reset(key);
  const Handle<stack_st_X509> held_chain(chain);
  if (own != nullptr) parts.certificates.emplace_back(own);
  if (!parsed || !parts.key) return malformed();
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    X509* one = sk_X509_value(chain, i);
    X509_up_ref(one);
    parts.certificates.emplace_back(one);
  }
  return parts;
}

}  // namespace

base::Result<base::Bytes> SigningKey::sign_one(base::BytesView digest) {
  auto signatures = TRY(sign({base::Bytes(digest)}));
  return std::move(signatures.at(0));
}

base::Result<std::unique_ptr<SigningKey>> key_from_pem(base::BytesView pem,
                                                       std::string_view password) {
  const ErrorQueue errors;
  FileParts parts = TRY(read_pem(pem, password));
  return assemble(std::move(parts.key), std::move(parts.certificates));
}

base::Result<std::unique_ptr<SigningKey>> key_from_pkcs12(base::BytesView p12,
                                                          std::string_view password) {
  const ErrorQueue errors;
  FileParts parts = TRY(read_pkcs12(p12, password));
  return assemble(std::move(parts.key), std::move(parts.certificates));
}

namespace signing {

base::Result<base::Bytes> write_key_pem(evp_pkey_st* key, std::string_view password, int rounds) {
  const ErrorQueue errors;
  std::unique_ptr<PKCS8_PRIV_KEY_INFO, decltype(&PKCS8_PRIV_KEY_INFO_free)> plain(
      EVP_PKEY2PKCS8(key), PKCS8_PRIV_KEY_INFO_free);
  const Handle<BIO> out(BIO_new(BIO_s_secmem()));
  bool written = false;
  if (plain && password.empty()) {
    written = PEM_write_bio_PKCS8_PRIV_KEY_INFO(out.get(), plain.get()) == 1;
  } else if (plain) {
    std::unique_ptr<X509_SIG, decltype(&X509_SIG_free)> sealed(
        PKCS8_encrypt(-1, EVP_aes_256_cbc(), password.data(), static_cast<int>(password.size()),
                      nullptr, 0, rounds, plain.get()),
        X509_SIG_free);
    written = sealed && PEM_write_bio_PKCS8(out.get(), sealed.get()) == 1;
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  if (!written || size <= 0) {
    return base::Error(base::Code::internal, "trust.key_malformed", "The key cannot be written.",
                       "Không ghi được khóa.");
  }
  return base::Bytes(data, static_cast<std::size_t>(size));
}

base::Result<base::Bytes> protect_key(base::BytesView file, std::string_view password,
                                      std::string_view new_password, int rounds) {
  const ErrorQueue errors;
  const bool pem = file.find("-----BEGIN") != base::BytesView::npos;
  const FileParts parts = TRY(pem ? read_pem(file, password) : read_pkcs12(file, password));
  return write_key_pem(parts.key.get(), new_password, rounds);
}

}  // namespace signing
}  // namespace trust
