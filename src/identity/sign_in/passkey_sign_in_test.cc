#include "identity/sign_in/testing/sign_in_world.h"

namespace identity {
namespace {

using std::chrono::minutes;

class PasskeyTest : public testing::SignInWorld {
 protected:
  std::string why(base::Result<SignedIn> done) {
    return done ? "" : std::string(done.error().reason());
  }
  testing::Authenticator device_{testing::kOrigin};
};

TEST_P(PasskeyTest, SaysWhoItIsAndSignsIn) {
  with_passkey(testing::kAn, device_);
  const auto done = by_passkey(device_);
  ASSERT_TRUE(done.ok()) << done.error().detail();
  EXPECT_EQ(done->session.person, testing::kAn);
  EXPECT_EQ(assurance(done->session), Assurance::user_verified);
  const auto has = sign_in_->overview(testing::kAn);
  ASSERT_EQ(has->passkeys.size(), 1u);
  EXPECT_EQ(has->passkeys[0].name, "máy bàn");
  EXPECT_EQ(has->passkeys[0].used_at, clock_.now());
}

TEST_P(PasskeyTest, AnAnswerCountsOnceAndForFiveMinutes) {
  with_passkey(testing::kAn, device_);
  const auto step = sign_in_->begin_passkey();
  const auto answer = device_.get(step->options);
  EXPECT_EQ(why(sign_in_->finish_passkey(step->ceremony, answer, from_)), "");
  EXPECT_EQ(why(sign_in_->finish_passkey(step->ceremony, answer, from_)), "identity.ceremony_over");
  // Nor in another ceremony, whose challenge is another.
  const auto next = sign_in_->begin_passkey();
  EXPECT_EQ(why(sign_in_->finish_passkey(next->ceremony, answer, from_)),
            "identity.passkey_refused");
  const auto late = sign_in_->begin_passkey();
  const auto late_answer = device_.get(late->options);
  clock_.advance(minutes(5));
  EXPECT_EQ(why(sign_in_->finish_passkey(late->ceremony, late_answer, from_)),
            "identity.ceremony_over");
}

TEST_P(PasskeyTest, AWrongAnswerEndsTheCeremonyToo) {
  with_passkey(testing::kAn, device_);
  const auto step = sign_in_->begin_passkey();
  device_.origin = "https://truc.example.gov.vn.evil.example";
  EXPECT_EQ(why(sign_in_->finish_passkey(step->ceremony, device_.get(step->options), from_)),
            "identity.passkey_refused");
  device_.origin = testing::kOrigin;
  EXPECT_EQ(why(sign_in_->finish_passkey(step->ceremony, device_.get(step->options), from_)),
            "identity.ceremony_over");
}

TEST_P(PasskeyTest, TheUserMustBeVerifiedAndPresent) {
  with_passkey(testing::kAn, device_);
  for (const unsigned flags : {0x00u, 0x01u, 0x04u, 0x15u, 0x0Du}) {
    device_.flags = flags;
    EXPECT_EQ(why(by_passkey(device_)), "identity.passkey_refused") << flags;
  }
}

TEST_P(PasskeyTest, ACounterThatDoesNotGrowIsACopy) {
  with_passkey(testing::kAn, device_);
  device_.counter = 10;
  ASSERT_TRUE(by_passkey(device_).ok());
  for (const std::uint32_t counter : {10u, 9u, 0u}) {
    device_.counter = counter;
    EXPECT_EQ(why(by_passkey(device_)), "identity.passkey_copied") << counter;
  }
  EXPECT_EQ(told_.back(), "passkey_copied");
  device_.counter = 11;
  EXPECT_TRUE(by_passkey(device_).ok());
}

TEST_P(PasskeyTest, WithoutACounterEachUseIsFine) {
  device_.counter = 0;
  with_passkey(testing::kAn, device_);
  for (int i = 0; i < 3; ++i) {
    device_.counter = 0;
    EXPECT_TRUE(by_passkey(device_).ok());
  }
}

TEST_P(PasskeyTest, WhoIsNotNamedMustBeToldByTheDevice) {
  with_passkey(testing::kAn, device_);
  device_.says_user = false;
  EXPECT_EQ(why(by_passkey(device_)), "identity.passkey_refused");
}

TEST_P(PasskeyTest, ADeviceNobodyRegisteredIsRefused) {
  EXPECT_EQ(why(by_passkey(device_)), "identity.passkey_refused");
}

TEST_P(PasskeyTest, SeveralAreNamedListedAndRemoved) {
  testing::Authenticator phone(testing::kOrigin);
  with_passkey(testing::kAn, device_, "máy bàn");
  clock_.advance(minutes(1));
  with_passkey(testing::kAn, phone, "  điện thoại ");
  const auto has = sign_in_->overview(testing::kAn);
  ASSERT_EQ(has->passkeys.size(), 2u);
  EXPECT_EQ(has->passkeys[1].name, "điện thoại");
  const auto holder = enrolled(testing::kAn);
  ASSERT_TRUE(sign_in_->remove_passkey(holder, has->passkeys[0].key).ok());
  EXPECT_EQ(sign_in_->remove_passkey(holder, has->passkeys[0].key).error().reason(),
            "identity.credential_unknown");
  EXPECT_EQ(
      sign_in_->remove_passkey(enrolled(testing::kBinh), has->passkeys[1].key).error().reason(),
      "identity.credential_unknown");
  EXPECT_EQ(why(by_passkey(device_)), "identity.passkey_refused");
  EXPECT_EQ(why(by_passkey(phone)), "");
}

TEST_P(PasskeyTest, OneIsRegisteredOnceWhoeverHasIt) {
  with_passkey(testing::kAn, device_);
  const auto holder = enrolled(testing::kBinh);
  const auto step = sign_in_->begin_registration(holder);
  EXPECT_EQ(
      sign_in_->finish_registration(holder, step->ceremony, device_.create(step->options), "x")
          .error()
          .reason(),
      "identity.passkey_known");
}

TEST_P(PasskeyTest, ARegistrationIsOfWhoBeganIt) {
  const auto an = enrolled(testing::kAn), binh = enrolled(testing::kBinh);
  const auto step = sign_in_->begin_registration(an);
  EXPECT_EQ(sign_in_->finish_registration(binh, step->ceremony, device_.create(step->options), "x")
                .error()
                .reason(),
            "identity.passkey_refused");
  const auto other = sign_in_->begin_passkey();
  EXPECT_EQ(sign_in_->finish_registration(an, other->ceremony, device_.create(step->options), "x")
                .error()
                .reason(),
            "identity.ceremony_over");
  for (const std::string& name : {std::string(), std::string("  "), std::string(300, 'x')}) {
    EXPECT_EQ(
        sign_in_->finish_registration(an, step->ceremony, base::Json(), name).error().reason(),
        "identity.bad_passkey_name");
  }
}

TEST_P(PasskeyTest, ChangingCredentialsNeedsAFreshPasskey) {
  with_passkey(testing::kAn, device_);
  const auto done = by_passkey(device_);
  EXPECT_TRUE(sign_in_->holder(done->session).ok());
  clock_.advance(minutes(6));
  EXPECT_EQ(sign_in_->holder(done->session).error().reason(), "identity.verification_needed");
}

ON_BOTH_ENGINES(PasskeyTest);

}  // namespace
}  // namespace identity
