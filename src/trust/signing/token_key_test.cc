// With SoftHSM2, in a token directory of the test's own.
#include "trust/signing/token_key.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <thread>

#include "base/file.h"
#include "base/hash.h"
#include "base/testing/temp_directory.h"
#include "trust/demo/authority.h"
#include "trust/signing/public_key.h"
#include "trust/signing/request.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

namespace trust::signing {
namespace {

// SoftHSM 2.6 leaks the curve's name with every Ed25519 signature.
struct ForeignLeaks {
#ifdef __SANITIZE_ADDRESS__
  ForeignLeaks() { __lsan_disable(); }
  ~ForeignLeaks() { __lsan_enable(); }
#else
  ForeignLeaks() {}
#endif
  ForeignLeaks(const ForeignLeaks&) = delete;
  ForeignLeaks& operator=(const ForeignLeaks&) = delete;
};

const char* module_path() {
  for (const char* path :
       {"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"}) {
    if (std::filesystem::exists(path)) return path;
  }
  return "/usr/lib/softhsm/libsofthsm2.so";
}

class TokenKeyTest : public testing::Test {
 protected:
  TokenKeyTest() {
    std::filesystem::create_directory(directory_ / "tokens");
    const std::string configuration = directory_ / "softhsm2.conf";
    EXPECT_TRUE(base::write_file_durably(base::real_files(), configuration,
                                         "directories.tokendir = " + directory_ / "tokens" +
                                             "\nobjectstore.backend = file\nlog.level = ERROR\n")
                    .ok());
    ::setenv("SOFTHSM2_CONF", configuration.c_str(), 1);
    EXPECT_EQ(std::system("softhsm2-util --init-token --free --label truc --so-pin 12345678 "
                          "--pin 8765 >/dev/null"),
              0);
  }
  ~TokenKeyTest() override { ::unsetenv("SOFTHSM2_CONF"); }

  static TokenKey where(const std::string& pin = "8765") {
    return {module_path(), "truc", "seal", pin, 4};
  }
  void take_away() { std::filesystem::rename(directory_ / "tokens", directory_ / "away"); }
  void bring_back() { std::filesystem::rename(directory_ / "away", directory_ / "tokens"); }
  static bool good(SigningKey& key, const std::vector<base::Bytes>& digests,
                   const base::Result<std::vector<base::Bytes>>& made) {
    if (!made.ok() || made->size() != digests.size()) return false;
    for (std::size_t i = 0; i < digests.size(); ++i) {
      if (!verifies(key.public_key().value(), digests[i], (*made)[i])) return false;
    }
    return true;
  }
  base::testing::TempDirectory directory_;
  const std::vector<base::Bytes> digests_ = {base::sha256("a"), base::sha256("b")};
};

TEST_F(TokenKeyTest, SignsWithEveryKindOfKey) {
  for (const auto& [algorithm, bits] : {std::pair{KeyAlgorithm::rsa, 2048},
                                        {KeyAlgorithm::ecdsa_p256, 256},
                                        {KeyAlgorithm::ecdsa_p384, 384},
                                        {KeyAlgorithm::ed25519, 256}}) {
    std::optional<ForeignLeaks> leaks;
    if (algorithm == KeyAlgorithm::ed25519) leaks.emplace();
    TokenKey place = where();
    place.label = "key " + std::to_string(static_cast<int>(algorithm));
    const auto made = create_token_key(place, algorithm, bits);
    ASSERT_TRUE(made.ok()) << made.error().detail();
    const auto key = key_from_token(place, {});
    ASSERT_TRUE(key.ok()) << key.error().detail();
    EXPECT_EQ((*key)->algorithm(), algorithm);
    EXPECT_TRUE((*key)->certificates().empty());
    const auto signatures = (*key)->sign(digests_);
    EXPECT_TRUE(good(**key, digests_, signatures))
        << (signatures.ok() ? "wrong" : signatures.error().detail());
    EXPECT_EQ(create_token_key(place, algorithm, bits).error().reason(), "trust.key_exists");
  }
}

TEST_F(TokenKeyTest, BringsTheCertificateThatWasStored) {
  ASSERT_TRUE(create_token_key(where(), KeyAlgorithm::rsa, 2048).ok());
  const auto authority = demo::Authority::create({"", 2048, base::SystemClock().now()}).value();
  demo::Wish wish{.name = "UBND tỉnh A", .organisation = "UBND tỉnh A"};
  base::Bytes certificate;
  {
    const auto bare = key_from_token(where(), {}).value();
    const auto request = certificate_request(*bare, {.name = "UBND tỉnh A"}).value();
    certificate = authority->certify(request, wish).value();
  }
  ASSERT_TRUE(store_token_certificate(where(), certificate).ok());
  ASSERT_TRUE(store_token_certificate(where(), certificate).ok());  // in place of the first
  const auto key = key_from_token(where(), {}).value();
  ASSERT_EQ(key->certificates(), std::vector<base::Bytes>{certificate});
  EXPECT_TRUE(check_key(*key).ok());

  const auto other = authority->issue(wish).value();
  EXPECT_EQ(store_token_certificate(where(), other.certificates[0]).error().reason(),
            "trust.key_mismatch");
  EXPECT_EQ(store_token_certificate(where(), "x").error().reason(), "trust.certificate_malformed");
  const auto foreign = key_from_token(where(), other.certificates).value();
  EXPECT_EQ(check_key(*foreign).error().reason(), "trust.key_mismatch");
}

TEST_F(TokenKeyTest, AWrongPinIsTriedOnceOnly) {
  ASSERT_TRUE(create_token_key(where(), KeyAlgorithm::ecdsa_p256, 256).ok());
  const auto authority = demo::Authority::create({"", 2048, base::SystemClock().now()}).value();
  demo::Wish wish{.name = "A", .organisation = "A"};
  wish.algorithm = KeyAlgorithm::ecdsa_p256;
  const auto credential = authority->issue(wish).value();
  const auto wrong = key_from_token(where("0000"), {credential.certificates[0]}).value();
  auto refused = wrong->sign(digests_);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().reason(), "trust.key_refused");
  EXPECT_EQ(refused.error().code(), base::Code::forbidden);
  take_away();  // whoever asked the token now would say that it is away
  EXPECT_EQ(wrong->sign(digests_).error().reason(), "trust.key_refused");
  bring_back();
  // With another's login in this process too.
  const auto right = key_from_token(where(), {}).value();
  EXPECT_TRUE(good(*right, digests_, right->sign(digests_)));
  EXPECT_EQ(wrong->sign(digests_).error().reason(), "trust.key_refused");
}

TEST_F(TokenKeyTest, ATokenThatComesBackIsUsedAgain) {
  ASSERT_TRUE(create_token_key(where(), KeyAlgorithm::ecdsa_p256, 256).ok());
  const auto key = key_from_token(where(), {}).value();
  EXPECT_TRUE(good(*key, digests_, key->sign(digests_)));
  for (int round = 0; round < 2; ++round) {
    take_away();
    const auto gone = key->sign(digests_);
    ASSERT_FALSE(gone.ok());
    EXPECT_EQ(gone.error().reason(), "trust.key_unavailable") << gone.error().detail();
    bring_back();
    bool signs = false;
    for (int i = 0; i < 30 && !signs; ++i) {
      signs = good(*key, digests_, key->sign(digests_));
      if (!signs) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    EXPECT_TRUE(signs);
  }
}

TEST_F(TokenKeyTest, ManyThreadsShareFewSessions) {
  ASSERT_TRUE(create_token_key(where(), KeyAlgorithm::ecdsa_p256, 256).ok());
  const auto key = key_from_token(where(), {}).value();
  const std::vector<base::Bytes> many(20, base::sha256("x"));
  std::atomic<int> fine = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { fine += good(*key, many, key->sign(many)) ? 1 : 0; });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(fine, 8);
}

TEST_F(TokenKeyTest, WhatIsNotThereIsSaid) {
  TokenKey place = where();
  place.module = "/nowhere.so";
  EXPECT_EQ(key_from_token(place, {}).error().reason(), "trust.token_module");
  place = where();
  place.token = "another";
  EXPECT_EQ(key_from_token(place, {}).error().reason(), "trust.key_unavailable");
  EXPECT_EQ(key_from_token(where(), {}).error().reason(), "trust.key_unavailable");  // no such key
}

}  // namespace
}  // namespace trust::signing
