#include "identity/sign_in/sign_in.h"

#include <algorithm>

#include "identity/sign_in/testing/sign_in_world.h"

namespace identity {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class SignInTest : public testing::SignInWorld {
 protected:
  std::string try_password(const std::string& login, const std::string& password,
                           const std::string& address = "203.0.113.7") {
    const auto step = sign_in_->begin_password(login, password, {address, ""});
    return step ? "" : std::string(step.error().reason());
  }
};

TEST_P(SignInTest, APasswordAndACodeOpenASession) {
  const base::Bytes secret = with_password_and_app(testing::kAn);
  const auto done = by_password(secret);
  ASSERT_TRUE(done.ok()) << done.error().detail();
  EXPECT_EQ(done->session.person, testing::kAn);
  EXPECT_EQ(done->session.means, Means::password_totp);
  EXPECT_EQ(assurance(done->session), Assurance::two_factors);
  EXPECT_EQ(sign_in_->session(done->token)->person, testing::kAn);
  const auto kinds = journal();
  for (const char* kind :
       {"link_code_issued", "link_code_used", "password_set", "totp_set", "signed_in"}) {
    EXPECT_NE(std::find(kinds.begin(), kinds.end(), kind), kinds.end()) << kind;
  }
  EXPECT_EQ(journal_text_.find(testing::kPassword), std::string::npos);
  EXPECT_EQ(told_, (std::vector<std::string>{"link_code_issued", "link_code_used", "password_set",
                                             "totp_set"}));
}

TEST_P(SignInTest, ACodeCountsOnce) {
  const base::Bytes secret = with_password_and_app(testing::kAn);
  ASSERT_TRUE(by_password(secret).ok());
  EXPECT_EQ(by_password(secret).error().reason(), "identity.code_refused");
  clock_.advance(seconds(30));
  EXPECT_TRUE(by_password(secret).ok());
}

TEST_P(SignInTest, ThreeWrongCodesEndTheCeremony) {
  const base::Bytes secret = with_password_and_app(testing::kAn);
  const auto step = sign_in_->begin_password("an.nv", testing::kPassword, from_);
  ASSERT_TRUE(step.ok());
  const std::string right = code_of(secret), wrong = right == "000000" ? "000001" : "000000";
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(sign_in_->finish_with_totp(step->ceremony, wrong, from_).error().reason(),
              "identity.code_refused");
  }
  EXPECT_EQ(sign_in_->finish_with_totp(step->ceremony, right, from_).error().reason(),
            "identity.ceremony_over");
}

TEST_P(SignInTest, TheSecondStepHasFiveMinutesAndOneUse) {
  const base::Bytes secret = with_password_and_app(testing::kAn);
  const auto late = sign_in_->begin_password("an.nv", testing::kPassword, from_);
  clock_.advance(minutes(5));
  EXPECT_EQ(sign_in_->finish_with_totp(late->ceremony, code_of(secret), from_).error().reason(),
            "identity.ceremony_over");
  const auto step = sign_in_->begin_password("an.nv", testing::kPassword, from_);
  EXPECT_TRUE(sign_in_->finish_with_totp(step->ceremony, code_of(secret), from_).ok());
  clock_.advance(seconds(30));
  EXPECT_EQ(sign_in_->finish_with_totp(step->ceremony, code_of(secret), from_).error().reason(),
            "identity.ceremony_over");
}

TEST_P(SignInTest, APasswordAloneIsNotEnough) {
  ASSERT_TRUE(sign_in_->set_password(enrolled(testing::kAn), testing::kPassword).ok());
  EXPECT_EQ(try_password("an.nv", testing::kPassword), "identity.second_factor_missing");
}

TEST_P(SignInTest, NothingTellsWhoExists) {
  with_password_and_app(testing::kAn);
  const auto nobody = sign_in_->begin_password("nobody", testing::kPassword, from_);
  const auto wrong = sign_in_->begin_password("an.nv", "wrong", from_);
  const auto bare = sign_in_->begin_password("binh.tt", "", from_);
  people_.people[0].enabled = false;
  const auto disabled = sign_in_->begin_password("an.nv", testing::kPassword, from_);
  for (const auto* answer : {&nobody, &wrong, &bare, &disabled}) {
    EXPECT_EQ(answer->error().reason(), "identity.sign_in_failed");
    EXPECT_EQ(answer->error().text().vi, nobody.error().text().vi);
  }
}

TEST_P(SignInTest, RecoveryCodesCountOnce) {
  const SignIn::Holder holder = enrolled(testing::kAn);
  ASSERT_TRUE(sign_in_->set_password(holder, testing::kPassword).ok());
  const auto codes = sign_in_->make_recovery_codes(holder);
  ASSERT_EQ(codes->size(), 10u);
  const auto sign_in_with = [&](const std::string& code) -> base::Result<SignedIn> {
    const auto step = TRY(sign_in_->begin_password("an.nv", testing::kPassword, from_));
    return sign_in_->finish_with_recovery_code(step.ceremony, code, from_);
  };
  const auto done = sign_in_with((*codes)[3]);
  ASSERT_TRUE(done.ok()) << done.error().detail();
  EXPECT_EQ(done->session.means, Means::password_recovery_code);
  EXPECT_EQ(told_.back(), "recovery_code_used");
  EXPECT_EQ(sign_in_with((*codes)[3]).error().reason(), "identity.code_refused");
  EXPECT_TRUE(sign_in_with((*codes)[4]).ok());
  EXPECT_EQ(sign_in_->overview(testing::kAn)->recovery_codes, 8);
  ASSERT_TRUE(sign_in_->make_recovery_codes(holder).ok());
  EXPECT_EQ(sign_in_with((*codes)[5]).error().reason(), "identity.code_refused");
}

TEST_P(SignInTest, GuessingSlowsDownAndNeverLocks) {
  with_password_and_app(testing::kAn);
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(try_password("an.nv", "wrong", "198.51.100.9"), "identity.sign_in_failed") << i;
  }
  EXPECT_EQ(try_password("an.nv", "wrong", "198.51.100.9"), "identity.sign_in_delayed");
  open();  // a restart forgets nothing
  EXPECT_EQ(try_password("an.nv", testing::kPassword, "198.51.100.9"), "identity.sign_in_delayed");
  // The same for those who do not exist.
  for (int i = 0; i < 6; ++i) try_password("nobody", "wrong", "192.0.2.9");
  EXPECT_EQ(try_password("nobody", "wrong", "192.0.2.9"), "identity.sign_in_delayed");
  for (int i = 0; i < 100; ++i) {
    try_password("an.nv", "wrong", "198.51.100.9");
    clock_.advance(minutes(1));
  }
  clock_.advance(minutes(15));
  EXPECT_EQ(try_password("an.nv", testing::kPassword, "198.51.100.9"), "");
}

TEST_P(SignInTest, StrangersDoNotKeepSomebodyOutOfWhereTheyAre) {
  const base::Bytes secret = with_password_and_app(testing::kAn);
  ASSERT_TRUE(by_password(secret).ok());
  for (int i = 0; i < 10; ++i) try_password("an.nv", "wrong", "198.51.100.9");
  EXPECT_EQ(try_password("an.nv", testing::kPassword, "192.0.2.1"), "identity.sign_in_delayed");
  EXPECT_EQ(try_password("an.nv", testing::kPassword, "203.0.113.200"), "");
}

TEST_P(SignInTest, APasskeyIsNotSlowedDown) {
  testing::Authenticator device(testing::kOrigin);
  with_passkey(testing::kAn, device);
  for (int i = 0; i < 10; ++i) try_password("an.nv", "wrong");
  EXPECT_EQ(try_password("an.nv", "wrong"), "identity.sign_in_delayed");
  EXPECT_TRUE(by_passkey(device).ok());
}

TEST_P(SignInTest, SprayingFromOneNetworkIsSlowedDown) {
  int delayed = 0;
  for (int i = 0; i < 40; ++i) {
    const std::string address = "198.51.100." + std::to_string(i);
    delayed += try_password("login" + std::to_string(i), "Mùa xuân 2026", address) ==
               "identity.sign_in_delayed";
  }
  EXPECT_GE(delayed, 8);
  EXPECT_EQ(try_password("other", "wrong", "192.0.2.1"), "identity.sign_in_failed");
}

TEST_P(SignInTest, SprayingFromEverywhereIsSlowedDown) {
  failures_max_ = 20;
  open();
  const base::Bytes secret = with_password_and_app(testing::kAn);
  ASSERT_TRUE(by_password(secret).ok());
  int delayed = 0;
  for (int i = 0; i < 40; ++i) {
    const std::string address = "198.51." + std::to_string(i) + ".1";
    delayed +=
        try_password("login" + std::to_string(i), "wrong", address) == "identity.sign_in_delayed";
  }
  EXPECT_GE(delayed, 15);
  EXPECT_EQ(try_password("an.nv", testing::kPassword), "");  // where they have been before
}

TEST_P(SignInTest, AClockSetBackLocksNobody) {
  with_password_and_app(testing::kAn);
  for (int i = 0; i < 7; ++i) try_password("an.nv", "wrong");
  clock_.advance(-hours(48));
  EXPECT_EQ(try_password("an.nv", testing::kPassword), "");
}

TEST(Network, OfAddresses) {
  EXPECT_EQ(network_of("203.0.113.7"), "203.0.113.0/24");
  EXPECT_EQ(network_of("2001:db8:1:2:3::4"), "2001:db8:1:2::/64");
  EXPECT_EQ(network_of("::ffff:203.0.113.7"), "203.0.113.0/24");
  EXPECT_EQ(network_of("unix"), "unix");
}

ON_BOTH_ENGINES(SignInTest);

}  // namespace
}  // namespace identity
