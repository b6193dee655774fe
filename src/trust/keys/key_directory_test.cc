#include "trust/keys/key_directory.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "base/testing/fake_clock.h"
#include "base/testing/temp_directory.h"
#include "trust/demo/authority.h"
#include "trust/keys/chain.h"
#include "trust/keys/key_record.h"
#include "trust/keys/late_key.h"
#include "trust/signing/request.h"

namespace trust::keys {
namespace {

using base::Bytes;

demo::Authority& authority() {
  static const auto made =
      demo::Authority::create({.url = "", .bits = 2048, .now = base::SystemClock().now()}).value();
  return *made;
}

class KeyDirectoryTest : public testing::Test {
 protected:
  KeyDirectory directory() const { return {place_ / "keys", Bytes(32, 'k'), clock_}; }
  void write(const std::string& name, const Bytes& bytes) const {
    ASSERT_TRUE(base::write_file_durably(base::real_files(), place_ / name, bytes).ok());
  }
  Bytes read(const std::string& name) const {
    return base::read_file(base::real_files(), place_ / name, 1 << 20).value();
  }
  // What an authority issues for the request that was made with the key, with those above it.
  std::vector<Bytes> issued(const KeyEntry& entry, const demo::Wish& wish = {}) const {
    const auto key = directory().open(entry, nullptr).value();
    const Bytes request = signing::certificate_request(*key, {.name = "Trục thử"}).value();
    return {authority().certify(request, wish).value(), authority().issuing(), authority().root()};
  }
  const base::testing::TempDirectory place_;
  base::testing::FakeClock clock_{base::SystemClock().now()};
};

TEST_F(KeyDirectoryTest, AKeyIsMadeProtectedAndNeverOverwritten) {
  auto keys = directory();
  const KeyEntry made = keys.create("seal", KeyAlgorithm::ecdsa_p256, 256, "").value();
  struct stat status {};
  ASSERT_EQ(::stat((place_ / "keys/seal.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  const Bytes pem = read("keys/seal.key");
  EXPECT_NE(pem.find("ENCRYPTED"), Bytes::npos);
  EXPECT_EQ(keys.create("seal", KeyAlgorithm::ecdsa_p256, 256, "").error().reason(),
            "trust.key_exists");
  EXPECT_EQ(read("keys/seal.key"), pem);
  const auto key = keys.open(keys.find("seal").value(), nullptr).value();
  EXPECT_TRUE(signing::check_key(*key).ok());
  EXPECT_EQ(key->public_key().value(), made.public_key);
  EXPECT_TRUE(keys.check(made).ok());
  // Neither another site's key nor another key's name opens it.
  const KeyDirectory other(place_ / "keys", Bytes(32, 'x'), clock_);
  EXPECT_EQ(other.check(made).error().reason(), "trust.key_password");
  for (const char* bad : {"", "Seal", "a.b", "../a", "-a", "uses"}) {
    EXPECT_EQ(keys.create(bad, KeyAlgorithm::ed25519, 256, "").error().reason(),
              "trust.key_name_malformed")
        << bad;
  }
}

TEST_F(KeyDirectoryTest, APassphraseOpensItInPlaceOfTheSitesKey) {
  auto keys = directory();
  write("empty", "\n");
  EXPECT_EQ(keys.create("seal", KeyAlgorithm::ed25519, 256, place_ / "empty").error().reason(),
            "trust.key_password");
  write("passphrase", "một mật khẩu\n");
  const auto made = keys.create("seal", KeyAlgorithm::ed25519, 256, place_ / "passphrase").value();
  EXPECT_TRUE(key_from_pem(read("keys/seal.key"), "một mật khẩu").ok());
  EXPECT_TRUE(keys.check(made).ok());
  write("passphrase", "another");
  EXPECT_EQ(keys.check(made).error().reason(), "trust.key_password");
}

TEST_F(KeyDirectoryTest, WhatAnInterruptedCreationLeftIsNeitherTakenNorOverwritten) {
  auto keys = directory();
  ASSERT_TRUE(keys.create("first", KeyAlgorithm::ed25519, 256, "").ok());
  write("keys/half.key", "-----BEGIN ENC");
  write("keys/half.json.tmp", "{");
  const auto again = keys.create("half", KeyAlgorithm::ed25519, 256, "");
  EXPECT_EQ(again.error().reason(), "trust.key_exists");
  EXPECT_NE(again.error().detail().find("half.key"), std::string::npos);
  EXPECT_EQ(read("keys/half.key"), "-----BEGIN ENC");
  EXPECT_EQ(keys.all().value().size(), 1U);
  write("keys/first.json", "{}");
  EXPECT_EQ(keys.find("first").error().reason(), "trust.key_record_damaged");
}

TEST_F(KeyDirectoryTest, FilesAreTakenWithTheirCertificates) {
  auto keys = directory();
  const auto credential = authority().issue({.name = "Trục thử"}).value();
  write("a.pem", credential.pem());
  write("a.p12", credential.pkcs12("mở ra"));
  write("password", "mở ra\n");
  const auto name = [&](const char* file) { return parse_key_name(place_ / file).value(); };
  ASSERT_TRUE(keys.import("a", name("a.pem"), "", "").ok());
  EXPECT_EQ(keys.import("b", name("a.p12"), "", "").error().reason(), "trust.key_password");
  const KeyEntry made = keys.import("b", name("a.p12"), place_ / "password", "").value();
  ASSERT_EQ(made.chains.size(), 1U);
  EXPECT_EQ(made.chains[0].certificates, credential.certificates);
  EXPECT_EQ(read("keys/b.key").find("BEGIN PRIVATE"), Bytes::npos);
  const auto key = keys.open(made, made.chain_at(clock_.now())).value();
  EXPECT_TRUE(signing::check_key(*key).ok());
  EXPECT_EQ(key->certificates(), credential.certificates);
}

TEST_F(KeyDirectoryTest, CertificatesAreCheckedAndPutInOrder) {
  auto keys = directory();
  const KeyEntry seal = keys.create("seal", KeyAlgorithm::ecdsa_p256, 256, "").value();
  const KeyEntry other = keys.create("other", KeyAlgorithm::ecdsa_p256, 256, "").value();
  const auto good = issued(seal);
  const auto reason = [&](const std::vector<Bytes>& certificates) {
    const auto added = keys.add_certificates("seal", certificates);
    return added ? std::string("added") : std::string(added.error().reason());
  };
  EXPECT_EQ(reason(issued(other)), "trust.certificate_of_another_key");
  EXPECT_EQ(reason({good[0], good[2]}), "trust.certificate_chain") << "what is between is missing";
  EXPECT_EQ(reason(issued(seal, {.can_sign = false})), "trust.certificate_usage");
  EXPECT_EQ(reason(issued(seal, {.authority = true})), "trust.certificate_usage");
  EXPECT_EQ(reason(issued(seal, {.timestamping = true})), "trust.certificate_usage");
  const auto day = std::chrono::hours(24);
  EXPECT_EQ(reason(issued(seal, {.not_after = clock_.now() - std::chrono::hours(1)})),
            "trust.certificate_expired");
  EXPECT_EQ(reason({"not a certificate"}), "trust.certificate_malformed");
  EXPECT_EQ(reason({good[2], good[1], good[0], good[1]}), "added");
  EXPECT_EQ(keys.find("seal").value().chains[0].certificates, good);
  EXPECT_EQ(reason(good), "trust.certificate_known");
  // A renewed one for the same key takes over when it begins.
  const auto renewed = issued(seal, {.not_before = clock_.now() + 5 * day});
  EXPECT_EQ(reason(renewed), "added");
  const KeyEntry both = keys.find("seal").value();
  EXPECT_EQ(both.chain_at(clock_.now())->certificates, good);
  EXPECT_EQ(both.chain_at(clock_.now() + 6 * day)->certificates, renewed);
}

TEST_F(KeyDirectoryTest, OneKeyTakesOverFromAnotherAtAStatedTime) {
  auto keys = directory();
  const KeyEntry first = keys.create("first", KeyAlgorithm::ed25519, 256, "").value();
  const KeyEntry second = keys.create("second", KeyAlgorithm::ed25519, 256, "").value();
  EXPECT_EQ(keys.use("first", kEvidence, {}).error().reason(), "trust.no_certificate");
  ASSERT_TRUE(keys.add_certificates("first", issued(first)).ok());
  ASSERT_TRUE(keys.add_certificates("second", issued(second)).ok());
  EXPECT_EQ(keys.use("first", "tls", {}).error().reason(), "trust.key_unused_name");
  EXPECT_EQ(keys.use("first", kEvidence, clock_.now() - std::chrono::seconds(1)).error().reason(),
            "trust.key_use_past");
  const Bytes before = keys.state().value();
  ASSERT_TRUE(keys.use("first", kEvidence, {}).ok());
  EXPECT_NE(keys.state().value(), before);
  const base::Time later = clock_.now() + std::chrono::hours(48);
  ASSERT_TRUE(keys.use("second", kEvidence, later + std::chrono::hours(1)).ok());
  ASSERT_TRUE(keys.use("second", kEvidence, later).ok());  // in place of what was planned
  auto uses = keys.uses().value();
  ASSERT_EQ(uses.size(), 2U);
  EXPECT_EQ(use_at(uses, kEvidence, clock_.now())->key, "first");
  EXPECT_EQ(use_at(uses, kEvidence, clock_.now() - std::chrono::seconds(1)), nullptr);
  EXPECT_EQ(use_after(uses, kEvidence, clock_.now())->key, "second");
  EXPECT_EQ(use_at(uses, kEvidence, later)->key, "second");
  EXPECT_EQ(keys.remove("first").error().reason(), "trust.key_in_use");
  EXPECT_EQ(keys.remove("second").error().reason(), "trust.key_in_use");
  clock_.set(later);
  EXPECT_EQ(keys.remove("second").error().reason(), "trust.key_in_use");
  ASSERT_TRUE(keys.remove("first").ok());
  EXPECT_FALSE(base::real_files().exists(place_ / "keys/first.key"));
  EXPECT_EQ(keys.find("first").value().chains.size(), 1U) << "evidences name its certificate";
  EXPECT_EQ(keys.remove("first").error().reason(), "trust.key_unknown");
  EXPECT_EQ(keys.create("first", KeyAlgorithm::ed25519, 256, "").error().reason(),
            "trust.key_exists");
}

// A key that is away, comes, and a PIN that is wrong.
TEST(LateKey, IsOpenedAgainUntilItIsThereAndNeverAfterARefusal) {
  const Bytes pem = signing::create_key_pem(KeyAlgorithm::ed25519, 256, "").value();
  const Bytes public_key = key_from_pem(pem, "").value()->public_key().value();
  const KnownKey known{KeyAlgorithm::ed25519, 256, public_key, {}};
  int calls = 0;
  bool away = true;
  const auto coming = late_key(known, [&]() -> base::Result<std::unique_ptr<SigningKey>> {
    ++calls;
    if (away) return base::Error(base::Code::unavailable, "trust.key_unavailable", "away", "vắng");
    return key_from_pem(pem, "");
  });
  EXPECT_EQ(coming->sign_one("x").error().reason(), "trust.key_unavailable");
  away = false;
  EXPECT_TRUE(coming->sign_one("x").ok());
  EXPECT_TRUE(coming->sign_one("y").ok());
  EXPECT_EQ(calls, 2);
  const auto refusing = late_key(known, [&]() -> base::Result<std::unique_ptr<SigningKey>> {
    ++calls;
    return base::Error(base::Code::forbidden, "trust.key_refused", "PIN", "PIN");
  });
  EXPECT_FALSE(refusing->sign_one("x").ok());
  EXPECT_EQ(refusing->sign_one("x").error().reason(), "trust.key_refused");
  EXPECT_EQ(calls, 3);
  const Bytes another = signing::create_key_pem(KeyAlgorithm::ed25519, 256, "").value();
  const auto exchanged = late_key(known, [&] { return key_from_pem(another, ""); });
  EXPECT_EQ(exchanged->sign_one("x").error().reason(), "trust.key_mismatch");
}

TEST(KeyName, SaysWhereAKeyIs) {
  EXPECT_EQ(parse_key_name("seal-2026").value().kind, KeyName::Kind::own);
  EXPECT_EQ(parse_key_name("./seal").value().path, "./seal");
  EXPECT_EQ(parse_key_name("file:seal").value().path, "seal");
  EXPECT_EQ(parse_key_name("seal.p12").value().kind, KeyName::Kind::file);
  const KeyName token =
      parse_key_name(
          "pkcs11:token=My%20token;object=seal;type=private?module-path=/m.so&pin-source=file:/pin")
          .value();
  EXPECT_EQ(token.token.token, "My token");
  EXPECT_EQ(token.token.label, "seal");
  EXPECT_EQ(token.token.module, "/m.so");
  EXPECT_EQ(token.pin_file, "/pin");
  const KeyName service =
      parse_key_name("csc+https://sign.example/csc/v2?credential=A%2f1&pin-file=/p").value();
  EXPECT_EQ(service.url, "https://sign.example/csc/v2");
  EXPECT_EQ(service.credential, "A/1");
  for (const char* bad :
       {"", "Seal 1", "file:", "pkcs11:token=a",
        "pkcs11:token=a;object=b?module-path=/m&pin-value=1",
        "pkcs11:token=a;object=%zz?module-path=/m", "csc+https://host/x", "csc+http", "Ấn"}) {
    EXPECT_EQ(parse_key_name(bad).error().reason(), "trust.key_name_malformed") << bad;
  }
}

TEST(Subject, IsReadFromOneLine) {
  const auto subject = signing::parse_subject("CN=UBND tỉnh A\\, cơ quan, O=A=B,UID=MST:1,C=VN");
  ASSERT_TRUE(subject.ok());
  EXPECT_EQ(subject->name, "UBND tỉnh A, cơ quan");
  EXPECT_EQ(subject->organisation, "A=B");
  EXPECT_EQ(subject->id, "MST:1");
  for (const char* bad : {"", "O=A", "CN", "CN=A,X=B", "CN=A,,"}) {
    EXPECT_EQ(signing::parse_subject(bad).error().reason(), "trust.subject_malformed") << bad;
  }
}

}  // namespace
}  // namespace trust::keys
