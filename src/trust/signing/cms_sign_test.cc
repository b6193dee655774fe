#include "trust/signing/cms_sign.h"

#include <gtest/gtest.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/hash.h"
#include "trust/certificate.h"
#include "trust/demo/authority.h"
#include "trust/signing/der.h"

namespace trust::signing {
namespace {

const base::Time kNow = *base::parse_vietnam_time("2026/11/22 09:30:00");

TEST(Der, WritesWhatX690Says) {
  EXPECT_EQ(base::hex(der::oid("1.2.840.113549.1.9.16.2.47")), "060b2a864886f70d010910022f");
  EXPECT_EQ(base::hex(der::oid("2.16.840.1.101.3.4.2.1")), "0609608648016503040201");
  EXPECT_EQ(base::hex(der::integer(0)), "020100");
  EXPECT_EQ(base::hex(der::integer(128)), "02020080");
  EXPECT_EQ(base::hex(der::element(4, base::Bytes(300, 'a'))).substr(0, 8), "0482012c");
  EXPECT_EQ(der::time(kNow),
            "\x17\x0d"
            "261122023000Z");
  EXPECT_EQ(der::time(kNow + std::chrono::hours(24 * 365 * 30)).substr(0, 6),
            "\x18\x0f"
            "2056");
  EXPECT_EQ(base::hex(der::set_of({der::integer(2), der::integer(1)})), "3106020101020102");
}

class CmsSign : public testing::Test {
 protected:
  static void SetUpTestSuite() { authority_ = demo::Authority::create({"", 2048, kNow}).value(); }
  static void TearDownTestSuite() { authority_.reset(); }

  static std::unique_ptr<SigningKey> key(KeyAlgorithm algorithm) {
    demo::Wish wish{.name = "Nguyễn Văn A", .organisation = "UBND tỉnh A"};
    wish.algorithm = algorithm;
    return key_from_pem(authority_->issue(wish).value().pem(), "").value();
  }
  static bool verifies(const base::Bytes& der, const base::Bytes& content) {
    const unsigned char* at = unsigned_of(base::BytesView(der));
    const Handle<CMS_ContentInfo> cms(
        d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(der.size())));
    const Handle<BIO> in(BIO_new_mem_buf(content.data(), static_cast<int>(content.size())));
    const Handle<X509_STORE> store(X509_STORE_new());
    X509_STORE_add_cert(store.get(), read_certificate(authority_->root()).get());
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store.get()), base::to_micros(kNow) / 1000000);
    X509_VERIFY_PARAM_set_purpose(X509_STORE_get0_param(store.get()), X509_PURPOSE_ANY);
    return cms && CMS_verify(cms.get(), nullptr, store.get(), in.get(), nullptr, CMS_BINARY) == 1;
  }
  static inline std::unique_ptr<demo::Authority> authority_;
};

TEST_F(CmsSign, OpensslAcceptsRsaAndEcdsa) {
  const base::Bytes content = "Quyết định";
  for (const auto algorithm :
       {KeyAlgorithm::rsa, KeyAlgorithm::ecdsa_p256, KeyAlgorithm::ecdsa_p384}) {
    const auto signer = key(algorithm);
    for (const auto time : {std::optional<base::Time>(), std::optional<base::Time>(kNow)}) {
      const auto der = sign_cms(*signer, base::sha256(content), time, nullptr, 0).value();
      EXPECT_TRUE(verifies(der, content)) << ERR_error_string(ERR_get_error(), nullptr);
      EXPECT_FALSE(verifies(der, content + "!"));
      EXPECT_LE(der.size(), cms_size_max(*signer, false));
      EXPECT_EQ(der.find(der::oid("1.2.840.113549.1.9.5")) != std::string::npos, time.has_value());
    }
  }
  ERR_clear_error();
}

TEST_F(CmsSign, Ed25519SignsTheAttributesOverSha512) {
  const auto signer = key(KeyAlgorithm::ed25519);
  EXPECT_EQ(content_digest(signer->algorithm()), ContentDigest::sha512);
  base::Bytes digest(64, 'd');
  auto made = CmsSignature::begin(*signer, digest, std::nullopt).value();
  EXPECT_EQ(made.to_sign()[0], 0x31);
  EXPECT_NE(made.to_sign().find(digest), std::string::npos);
  ASSERT_TRUE(made.set_signature(signer->sign_one(made.to_sign()).value()));
  EXPECT_NE(made.encode().find(der::oid("1.3.101.112")), std::string::npos);
}

TEST_F(CmsSign, AForeignSignatureIsNotTaken) {
  const auto a = key(KeyAlgorithm::rsa), b = key(KeyAlgorithm::rsa);
  auto made = CmsSignature::begin(*a, base::sha256("x"), std::nullopt).value();
  const auto refused = made.set_signature(b->sign_one(made.to_sign()).value());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason(), "trust.key_mismatch");
}

}  // namespace
}  // namespace trust::signing
