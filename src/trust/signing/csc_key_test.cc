#include "trust/signing/csc_key.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "trust/demo/authority.h"
#include "trust/signing/public_key.h"
#include "trust/signing/request.h"
#include "trust/testing/csc_server.h"

namespace trust::signing {
namespace {

class CscKeyTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    authority_ = demo::Authority::create({"", 2048, base::SystemClock().now()}).value();
    seal_ = issue(KeyAlgorithm::rsa);
  }
  static void TearDownTestSuite() {
    authority_.reset();
    seal_.reset();
  }
  static std::unique_ptr<SigningKey> issue(KeyAlgorithm algorithm) {
    demo::Wish wish{.name = "UBND tỉnh A", .organisation = "UBND tỉnh A"};
    wish.algorithm = algorithm;
    return key_from_pem(authority_->issue(wish).value().pem(), "").value();
  }
  static CscOptions options(const trust::testing::CscServer& server) {
    CscOptions out;
    out.url = server.url();
    out.credential = "cred-1";
    out.user = "van-thu";
    out.password = "mật khẩu";
    out.pin = "2468";
    out.timeout_ms = 3000;
    return out;
  }
  static inline std::unique_ptr<demo::Authority> authority_;
  static inline std::unique_ptr<SigningKey> seal_;
  const std::vector<base::Bytes> digests_ = {base::sha256("a"), base::sha256("b"),
                                             base::sha256("c")};
};

TEST_F(CscKeyTest, SignsManyUnderOneAuthorisation) {
  trust::testing::CscServer server(*seal_);
  const auto key = key_from_csc(options(server)).value();
  EXPECT_EQ(key->algorithm(), KeyAlgorithm::rsa);
  EXPECT_EQ(key->bits(), 2048);
  EXPECT_EQ(key->certificates(), seal_->certificates());
  const auto made = key->sign(digests_).value();
  ASSERT_EQ(made.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(verifies(seal_->public_key().value(), digests_[i], made[i]));
  }
  EXPECT_EQ(server.authorisations, 1);
  EXPECT_EQ(server.logins, 1);
  server.multisign = 2;
  const auto fewer = key_from_csc(options(server)).value();
  EXPECT_EQ(fewer->sign(digests_).value().size(), 3u);
  EXPECT_EQ(server.authorisations, 3);
}

TEST_F(CscKeyTest, TokensAreRenewedAndClientsKnown) {
  trust::testing::CscServer server(*seal_);
  CscOptions by_client = options(server);
  by_client.user.clear();
  by_client.client_id = server.client_id;
  by_client.client_secret = server.client_secret;
  for (const CscOptions& how : {options(server), by_client}) {
    const auto key = key_from_csc(how).value();
    server.forget_tokens();
    EXPECT_TRUE(key->sign(digests_).ok());
  }
  CscOptions by_bearer = options(server);
  by_bearer.user.clear();
  by_bearer.bearer = "token-unknown";
  EXPECT_EQ(key_from_csc(by_bearer).error().reason(), "trust.key_refused");
  CscOptions wrong = options(server);
  wrong.password = "sai";
  EXPECT_EQ(key_from_csc(wrong).error().reason(), "trust.key_refused");
  wrong = options(server);
  wrong.credential = "another";
  EXPECT_EQ(key_from_csc(wrong).error().reason(), "trust.key_refused");
}

TEST_F(CscKeyTest, AWrongPinIsSentOnce) {
  trust::testing::CscServer server(*seal_);
  CscOptions wrong = options(server);
  wrong.pin = "0000";
  const auto key = key_from_csc(wrong).value();
  for (int i = 0; i < 3; ++i) {
    const auto refused = key->sign(digests_);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().reason(), "trust.key_refused");
    EXPECT_NE(refused.error().detail().find("invalid_pin"), std::string::npos);
  }
  EXPECT_EQ(server.authorisations, 1);
}

TEST_F(CscKeyTest, WhatIsDownComesBackAndLiesAreSeen) {
  trust::testing::CscServer server(*seal_);
  const auto key = key_from_csc(options(server)).value();
  server.down = true;
  EXPECT_EQ(key->sign(digests_).error().reason(), "trust.key_unavailable");
  server.down = false;
  EXPECT_TRUE(key->sign(digests_).ok());
  server.lies = true;
  EXPECT_EQ(key->sign(digests_).error().reason(), "trust.key_unavailable");
  CscOptions nowhere = options(server);
  nowhere.url = "http://127.0.0.1:1/csc/v2";
  EXPECT_EQ(key_from_csc(nowhere).error().reason(), "trust.key_unavailable");
}

TEST_F(CscKeyTest, EcdsaInEitherForm) {
  for (const auto algorithm : {KeyAlgorithm::ecdsa_p256, KeyAlgorithm::ecdsa_p384}) {
    const auto behind = issue(algorithm);
    trust::testing::CscServer server(*behind);
    const auto key = key_from_csc(options(server)).value();
    EXPECT_TRUE(check_key(*key).ok());
    server.raw_ecdsa = true;
    EXPECT_TRUE(check_key(*key).ok());
  }
}

}  // namespace
}  // namespace trust::signing
