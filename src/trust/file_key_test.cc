#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/hash.h"
#include "trust/certificate.h"
#include "trust/demo/authority.h"
#include "trust/key.h"

namespace trust {
namespace {

class FileKeyTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    authority_ = demo::Authority::create({"", 2048, base::SystemClock().now()}).value();
  }
  static void TearDownTestSuite() { authority_.reset(); }
  static demo::Credential issue(KeyAlgorithm algorithm) {
    demo::Wish wish{.name = "Nguyễn Văn A", .organisation = "UBND tỉnh A"};
    wish.algorithm = algorithm;
    return authority_->issue(wish).value();
  }
  static inline std::unique_ptr<demo::Authority> authority_;
};

bool verifies(const base::Bytes& certificate, base::BytesView message, base::BytesView signature) {
  const auto parsed = read_certificate(certificate);
  EVP_PKEY* key = X509_get0_pubkey(parsed.get());
  const bool plain = EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519;
  Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, plain ? nullptr : EVP_sha256(), nullptr,
                              key) == 1 &&
         EVP_DigestVerify(context.get(), unsigned_of(signature), signature.size(),
                          unsigned_of(message), message.size()) == 1;
}

TEST_F(FileKeyTest, SignsWithEveryAlgorithm) {
  for (const auto algorithm : {KeyAlgorithm::rsa, KeyAlgorithm::ecdsa_p256,
                               KeyAlgorithm::ecdsa_p384, KeyAlgorithm::ed25519}) {
    const auto credential = issue(algorithm);
    const auto key = key_from_pem(credential.pem(), "").value();
    EXPECT_EQ(key->algorithm(), algorithm);
    EXPECT_EQ(key->certificates(), credential.certificates);
    const base::Bytes digest = base::sha256("content");
    const auto signature = key->sign_one(digest).value();
    const base::BytesView signed_bytes =
        algorithm == KeyAlgorithm::ed25519 ? base::BytesView(digest) : base::BytesView("content");
    EXPECT_TRUE(verifies(credential.certificates[0], signed_bytes, signature));
    EXPECT_EQ(key->sign({digest, digest, digest}).value().size(), 3u);
  }
}

TEST_F(FileKeyTest, RefusesWhatIsNoDigest) {
  const auto key = key_from_pem(issue(KeyAlgorithm::rsa).pem(), "").value();
  EXPECT_EQ(key->sign_one("short").error().reason(), "trust.not_signed");
}

TEST_F(FileKeyTest, PutsTheSigningCertificateFirst) {
  auto credential = issue(KeyAlgorithm::ecdsa_p256);
  std::swap(credential.certificates[0], credential.certificates[2]);
  const auto key = key_from_pem(credential.pem(), "").value();
  EXPECT_EQ(key->certificates()[0], credential.certificates[2]);
  credential.certificates.clear();
  EXPECT_TRUE(key_from_pem(credential.pem(), "").value()->certificates().empty());
  credential.certificates = {authority_->root()};
  EXPECT_EQ(key_from_pem(credential.pem(), "").error().reason(), "trust.key_mismatch");
}

TEST_F(FileKeyTest, OpensPkcs12WithItsPassword) {
  const auto credential = issue(KeyAlgorithm::rsa);
  for (const char* password : {"mật khẩu", ""}) {
    const auto file = credential.pkcs12(password);
    const auto key = key_from_pkcs12(file, password).value();
    EXPECT_EQ(key->certificates().size(), 3u);
    EXPECT_EQ(key->certificates()[0], credential.certificates[0]);
    EXPECT_EQ(key_from_pkcs12(file, "wrong").error().reason(), "trust.key_password");
  }
}

TEST_F(FileKeyTest, AsksForThePasswordOfAnEncryptedKey) {
  const auto credential = issue(KeyAlgorithm::ecdsa_p256);
  Handle<BIO> in(BIO_new_mem_buf(credential.key_pem.data(), -1));
  Handle<EVP_PKEY> key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
  Handle<BIO> out(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), EVP_aes_256_cbc(), "secret", 6, nullptr,
                                nullptr);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  const base::BytesView pem(data, static_cast<std::size_t>(size));
  EXPECT_TRUE(key_from_pem(pem, "secret"));
  EXPECT_EQ(key_from_pem(pem, "wrong").error().reason(), "trust.key_password");
  EXPECT_EQ(key_from_pem(pem, "").error().reason(), "trust.key_password");
}

TEST_F(FileKeyTest, RefusesOtherFiles) {
  EXPECT_EQ(key_from_pem("hello", "").error().reason(), "trust.key_malformed");
  EXPECT_EQ(key_from_pkcs12("hello", "").error().reason(), "trust.key_malformed");
  EXPECT_EQ(key_from_pkcs12("", "").error().reason(), "trust.key_malformed");
  Handle<EVP_PKEY> key(EVP_EC_gen("secp256k1"));
  Handle<BIO> out(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  EXPECT_EQ(key_from_pem({data, static_cast<std::size_t>(size)}, "").error().reason(),
            "trust.key_malformed");
}

}  // namespace
}  // namespace trust
