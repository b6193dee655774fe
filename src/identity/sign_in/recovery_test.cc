#include "identity/sign_in/testing/sign_in_world.h"

namespace identity {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class RecoveryTest : public testing::SignInWorld {
 protected:
  std::string redeem(const std::string& code) {
    const auto token = sign_in_->redeem_link_code(code, from_);
    return token ? "" : std::string(token.error().reason());
  }
};

TEST_P(RecoveryTest, ALinkCodeCountsOnceAndForADay) {
  const auto code = sign_in_->issue_link_code(testing::kAn, "person:1");
  EXPECT_EQ(code->size(), 29u);
  EXPECT_EQ(redeem(*code), "");
  EXPECT_EQ(redeem(*code), "identity.link_code_refused");
  const auto late = sign_in_->issue_link_code(testing::kAn, "person:1");
  clock_.advance(hours(24));
  EXPECT_EQ(redeem(*late), "identity.link_code_refused");
  EXPECT_EQ(redeem("AAAA-AAAA"), "identity.link_code_refused");
}

TEST_P(RecoveryTest, ANewLinkCodeReplacesTheOneBefore) {
  const auto first = sign_in_->issue_link_code(testing::kAn, "person:1");
  const auto second = sign_in_->issue_link_code(testing::kAn, "person:1");
  const auto other = sign_in_->issue_link_code(testing::kBinh, "person:1");
  EXPECT_EQ(redeem(*first), "identity.link_code_refused");
  EXPECT_EQ(redeem(*second), "");
  EXPECT_EQ(redeem(*other), "");
}

TEST_P(RecoveryTest, TheJournalSaysWhoIssuedItAndNotWhatItIs) {
  const auto code = sign_in_->issue_link_code(testing::kAn, "person:1");
  ASSERT_EQ(journal(), (std::vector<std::string>{"link_code_issued"}));
  EXPECT_EQ(journal_text_, "person:7 {\"by\":\"person:1\"}\n");
}

TEST_P(RecoveryTest, NobodyGetsOneForSomebodyWhoIsNotThere) {
  EXPECT_EQ(sign_in_->issue_link_code(99, "person:1").error().reason(), "identity.person_unknown");
  const auto code = sign_in_->issue_link_code(testing::kAn, "person:1");
  people_.people[0].enabled = false;
  EXPECT_EQ(redeem(*code), "identity.link_code_refused");
}

TEST_P(RecoveryTest, AnEnrolmentHasHalfAnHourAndEndsWhenDone) {
  const auto code = sign_in_->issue_link_code(testing::kAn, "person:1");
  const auto token = sign_in_->redeem_link_code(*code, from_);
  EXPECT_EQ(sign_in_->holder(*token)->person, testing::kAn);
  ASSERT_TRUE(sign_in_->end_enrolment(*token).ok());
  EXPECT_EQ(sign_in_->holder(*token).error().reason(), "identity.ceremony_over");
  const auto again =
      sign_in_->redeem_link_code(*sign_in_->issue_link_code(testing::kAn, "person:1"), from_);
  clock_.advance(minutes(30));
  EXPECT_EQ(sign_in_->holder(*again).error().reason(), "identity.ceremony_over");
}

TEST_P(RecoveryTest, LinkCodesGuessedAreSlowedDownInThatNetworkOnly) {
  for (int i = 0; i < 6; ++i) redeem("AAAA-AAAA");
  EXPECT_EQ(redeem("AAAA-AAAA"), "identity.sign_in_delayed");
  const auto code = sign_in_->issue_link_code(testing::kAn, "person:1");
  EXPECT_TRUE(sign_in_->redeem_link_code(*code, {"192.0.2.1", ""}).ok());
}

TEST_P(RecoveryTest, AnotherPersonsAppIsNotConfirmed) {
  const auto an = enrolled(testing::kAn), binh = enrolled(testing::kBinh);
  const auto step = sign_in_->begin_totp(an);
  const std::string code = code_of(from_base32(step->secret));
  EXPECT_EQ(sign_in_->finish_totp(binh, step->ceremony, code).error().reason(),
            "identity.code_refused");
  EXPECT_TRUE(sign_in_->finish_totp(an, step->ceremony, code).ok());
  ASSERT_TRUE(sign_in_->remove_totp(an).ok());
  EXPECT_EQ(sign_in_->remove_totp(an).error().reason(), "identity.credential_unknown");
}

TEST_P(RecoveryTest, AWeakPasswordIsRefused) {
  EXPECT_EQ(sign_in_->set_password(enrolled(testing::kAn), "matkhau123456").error().reason(),
            "identity.password_common");
}

TEST_P(RecoveryTest, WithoutAProviderThereIsNone) {
  EXPECT_EQ(sign_in_->begin_oidc().error().reason(), "identity.oidc_not_offered");
  EXPECT_EQ(sign_in_->finish_oidc("x", "", from_).error().reason(), "identity.oidc_not_offered");
}

ON_BOTH_ENGINES(RecoveryTest);

}  // namespace
}  // namespace identity
