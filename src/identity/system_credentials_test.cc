#include "identity/system_credentials.h"

#include <gtest/gtest.h>

#include "identity/testing/on_engine.h"

namespace identity {
namespace {

using enum Permission;

class SystemCredentialsTest : public identity::testing::OnEngine {
 protected:
  void SetUp() override {
    OnEngine::SetUp();
    if (HasFatalFailure()) return;
    ASSERT_TRUE(organisations_->put_system("00.10.G22", "the vxp secret", {"G22"}).ok());
    ASSERT_TRUE(organisations_->put_system("00.10.H49", "the vxp secret", {"H49"}).ok());
    credentials_ = std::make_unique<SystemCredentials>(*database_, *organisations_, clock_, random_,
                                                       secrets_key_);
  }
  SystemCredentials::Wanted wanted(CredentialKind kind) {
    SystemCredentials::Wanted made;
    made.kind = kind;
    made.name = "phần mềm văn bản";
    made.permissions = {documents_send, documents_read};
    return made;
  }
  SystemCredentials::Issued issued(CredentialKind kind, std::string_view system = "00.10.G22") {
    return credentials_->issue(console(), system, wanted(kind), true).value();
  }
  std::unique_ptr<SystemCredentials> credentials_;
};
ON_BOTH_ENGINES(SystemCredentialsTest);

TEST_P(SystemCredentialsTest, AKeyIsGoodForTheOrganisationsThatTheSystemServes) {
  const auto key = issued(CredentialKind::api_key);
  const auto who = credentials_->of_bearer(key.secret);
  ASSERT_TRUE(who.ok()) << who.error().detail();
  EXPECT_EQ(who->id, "system:00.10.G22");
  EXPECT_TRUE(may(*who, documents_send, org("G22")));
  EXPECT_FALSE(may(*who, documents_send, org("H49")));
  EXPECT_FALSE(may(*who, documents_recall, org("G22")));
  EXPECT_FALSE(may(*who, documents_send, kPlatform));
  ASSERT_TRUE(organisations_->put_system("00.10.G22", {}, {"G22.01"}).ok());
  EXPECT_TRUE(may(*credentials_->of_bearer(key.secret), documents_send, org("G22.01")));
}

TEST_P(SystemCredentialsTest, WhatIsRevokedExpiredOrShutOutIsNotGoodAnyMore) {
  const auto key = issued(CredentialKind::api_key);
  ASSERT_TRUE(credentials_->revoke(console(), key.key).ok());
  EXPECT_EQ(credentials_->of_bearer(key.secret).error().reason(), "identity.bad_token");
  SystemCredentials::Wanted brief = wanted(CredentialKind::api_key);
  brief.expires_at = clock_.now() + std::chrono::hours(1);
  const auto second = credentials_->issue(console(), "00.10.G22", brief, true);
  EXPECT_TRUE(credentials_->of_bearer(second->secret).ok());
  clock_.advance(std::chrono::hours(1));
  EXPECT_FALSE(credentials_->of_bearer(second->secret).ok());
  const auto third = issued(CredentialKind::api_key);
  EXPECT_TRUE(credentials_->of_bearer(third.secret).ok());
  ASSERT_TRUE(organisations_->enable_system("00.10.G22", false).ok());
  EXPECT_FALSE(credentials_->of_bearer(third.secret).ok());
}

TEST_P(SystemCredentialsTest, AnAlteredKeyOrTokenIsRefusedWhereverItIsAltered) {
  const auto key = issued(CredentialKind::api_key);
  const auto secret = issued(CredentialKind::client_secret);
  const auto token = credentials_->token("00.10.G22", secret.secret, "");
  ASSERT_TRUE(token.ok());
  for (const std::string& good : {key.secret, token->text}) {
    ASSERT_TRUE(credentials_->of_bearer(good).ok());
    for (std::size_t i = 0; i < good.size(); ++i) {
      std::string bad = good;
      bad[i] = bad[i] == 'A' ? 'B' : 'A';
      EXPECT_FALSE(credentials_->of_bearer(bad).ok()) << i;
      EXPECT_FALSE(credentials_->of_bearer(good.substr(0, i)).ok());
    }
    EXPECT_FALSE(credentials_->of_bearer(good + "A").ok());
  }
  // A client secret is not a bearer token.
  EXPECT_FALSE(credentials_->of_bearer(secret.secret).ok());
  EXPECT_FALSE(credentials_->of_bearer("").ok());
}

TEST_P(SystemCredentialsTest, ATokenLivesAnHourHasItsScopeAndDiesWithItsCredential) {
  const auto secret = issued(CredentialKind::client_secret);
  EXPECT_EQ(credentials_->token("00.10.H49", secret.secret, "").error().reason(),
            "identity.bad_client");
  EXPECT_EQ(credentials_->token("00.10.G22", secret.secret, "documents.recall").error().reason(),
            "identity.bad_scope");
  const auto token = credentials_->token("00.10.G22", secret.secret, "documents.read");
  ASSERT_TRUE(token.ok());
  EXPECT_TRUE(may(*credentials_->of_bearer(token->text), documents_read, org("G22")));
  EXPECT_FALSE(may(*credentials_->of_bearer(token->text), documents_send, org("G22")));
  clock_.advance(-std::chrono::minutes(3));  // the clock was put back
  EXPECT_FALSE(credentials_->of_bearer(token->text).ok());
  clock_.advance(std::chrono::minutes(3));
  EXPECT_TRUE(credentials_->of_bearer(token->text).ok());
  const auto second = credentials_->token("00.10.G22", secret.secret, "");
  clock_.advance(std::chrono::hours(1));
  EXPECT_FALSE(credentials_->of_bearer(token->text).ok());
  const auto third = credentials_->token("00.10.G22", secret.secret, "");
  EXPECT_TRUE(credentials_->of_bearer(third->text).ok());
  ASSERT_TRUE(credentials_->revoke(console(), secret.key).ok());
  EXPECT_FALSE(credentials_->of_bearer(third->text).ok());
}

TEST_P(SystemCredentialsTest, ACertificateSignsInByItsFingerprint) {
  SystemCredentials::Wanted one = wanted(CredentialKind::certificate);
  EXPECT_EQ(credentials_->issue(console(), "00.10.G22", one).error().reason(),
            "identity.bad_credential");
  one.fingerprint = std::string(64, 'a');
  ASSERT_TRUE(credentials_->issue(console(), "00.10.G22", one).ok());
  EXPECT_TRUE(credentials_->of_certificate(std::string(64, 'A')).ok());
  EXPECT_FALSE(credentials_->of_certificate(std::string(64, 'b')).ok());
  EXPECT_EQ(credentials_->issue(console(), "00.10.H49", one, true).error().reason(),
            "identity.bad_credential");
}

TEST_P(SystemCredentialsTest, ThePlatformGivesTheFirstAloneAndAFurtherOneOnlyWithASecond) {
  const Principal op = admin_of("", "operator", Role::operator_);
  const Principal own = admin_of("G22", "own", Role::integrator);
  const Principal other = admin_of("H49", "other", Role::integrator);
  EXPECT_EQ(
      credentials_->issue(other, "00.10.G22", wanted(CredentialKind::api_key)).error().reason(),
      "identity.not_permitted");
  const auto first = credentials_->issue(op, "00.10.G22", wanted(CredentialKind::api_key));
  EXPECT_TRUE(first.ok());
  EXPECT_EQ(credentials_->issue(op, "00.10.G22", wanted(CredentialKind::api_key)).error().reason(),
            "identity.needs_approval");
  EXPECT_TRUE(credentials_->issue(own, "00.10.G22", wanted(CredentialKind::api_key)).ok());
  EXPECT_EQ(credentials_->revoke(other, first->key).error().reason(),
            "identity.credential_unknown");
  EXPECT_TRUE(credentials_->revoke(own, first->key).ok());
  EXPECT_EQ(credentials_->list("00.10.G22")->size(), 2u);
}

TEST_P(SystemCredentialsTest, AnotherProcessSeesARevocation) {
  const auto key = issued(CredentialKind::api_key);
  Directory elsewhere(
      *database_, clock_, random_, secrets_key_,
      [](store::Connection&, OrganisationKey, SystemKey, SystemKey) { return base::done(); });
  ASSERT_TRUE(elsewhere.refresh().ok());
  SystemCredentials theirs(*database_, elsewhere, clock_, random_, secrets_key_);
  EXPECT_TRUE(theirs.of_bearer(key.secret).ok());
  ASSERT_TRUE(credentials_->revoke(console(), key.key).ok());
  ASSERT_TRUE(elsewhere.refresh().ok());
  EXPECT_FALSE(theirs.of_bearer(key.secret).ok());
}

}  // namespace
}  // namespace identity
