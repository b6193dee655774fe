#include <gtest/gtest.h>

#include "identity/identity.h"
#include "identity/testing/on_engine.h"

namespace identity {
namespace {

class ApprovedActs : public identity::testing::OnEngine {
 protected:
  void SetUp() override {
    OnEngine::SetUp();
    if (HasFatalFailure()) return;
    ASSERT_TRUE(organisations_->put_system("00.10.G22", "the vxp secret", {"G22"}).ok());
    SignInOptions options;
    options.party = {"localhost", {"http://localhost:8080"}};
    options.password_cost = {1, 8192, 2, 4};
    identity_ = std::make_unique<Identity>(Identity::Parts{
        *database_, *organisations_, clock_, random_, secrets_key_, options, false, nullptr});
    first_ = admin_of("", "first", Role::operator_);
    second_ = admin_of("", "second", Role::operator_);
  }
  base::Result<base::Json> agreed(Act act, std::string_view subject, const base::Json& body = {}) {
    const auto key = identity_->approvals.propose(first_, act, subject, body, "vì cần");
    if (!key) return key.error();
    return identity_->approvals.approve(second_, *key);
  }
  std::unique_ptr<Identity> identity_;
  Principal first_, second_;
};
ON_BOTH_ENGINES(ApprovedActs);

TEST_P(ApprovedActs, ASystemIsShutOutAndLetInByTwo) {
  ASSERT_TRUE(agreed(Act::system_disable, "00.10.G22").ok());
  EXPECT_FALSE(organisations_->system("00.10.G22")->enabled);
  ASSERT_TRUE(agreed(Act::system_enable, "00.10.G22").ok());
  EXPECT_TRUE(organisations_->system("00.10.G22")->enabled);
  EXPECT_EQ(agreed(Act::system_disable, "00.00.G00").error().reason(), "identity.system_unknown");
}

TEST_P(ApprovedActs, AFurtherCredentialIsGivenByTwoAndSeenByTheSecond) {
  base::Json body;
  body.add("kind", "api_key").add("name", "thêm").add("permissions", "documents.read");
  ASSERT_TRUE(agreed(Act::credential_issue, "00.10.G22", body).ok());
  const auto outcome = agreed(Act::credential_issue, "00.10.G22", body);
  ASSERT_TRUE(outcome.ok()) << outcome.error().detail();
  EXPECT_TRUE(identity_->credentials.of_bearer((*outcome)["secret"].text()).ok());
  EXPECT_EQ(agreed(Act::credential_issue, "00.10.G22", {}).error().reason(),
            "identity.bad_approval");
}

TEST_P(ApprovedActs, AnOrganisationIsRemovedByTwo) {
  ASSERT_TRUE(agreed(Act::organisation_remove, "H49").ok());
  EXPECT_TRUE(organisations_->find("H49")->deleted);
  EXPECT_EQ(agreed(Act::organisation_remove, "H49").error().reason(),
            "identity.organisation_unknown");
}

TEST_P(ApprovedActs, TwoOfOneAccountAreNotTwo) {
  const auto key =
      identity_->approvals.propose(first_, Act::system_disable, "00.10.G22", {}, "abc");
  Principal again = as(first_.person);  // signed in anew
  EXPECT_EQ(identity_->approvals.approve(again, *key).error().reason(), "identity.own_proposal");
  EXPECT_TRUE(organisations_->system("00.10.G22")->enabled);
}

}  // namespace
}  // namespace identity
