#include "identity/approvals.h"

#include <gtest/gtest.h>

#include "identity/testing/on_engine.h"

namespace identity {
namespace {

class ApprovalsTest : public identity::testing::OnEngine {
 protected:
  void SetUp() override {
    OnEngine::SetUp();
    if (HasFatalFailure()) return;
    approvals_ = std::make_unique<Approvals>(*database_, clock_);
    approvals_->on(Act::system_disable,
                   {[](const Approval& one) -> base::Result<void> {
                      if (one.subject == "gone")
                        return base::Error(base::Code::not_found, "identity.system_unknown", "no");
                      return base::done();
                    },
                    [this](const Principal& by, const Approval& one) -> base::Result<base::Json> {
                      done_.push_back(by.id + " " + one.subject);
                      if (fails_) return *fails_;
                      return base::Json("done");
                    }});
    first_ = admin_of("", "first", Role::operator_);
    second_ = admin_of("", "second", Role::operator_);
  }
  base::Result<std::int64_t> propose(std::string_view subject = "00.10.G22") {
    return approvals_->propose(first_, Act::system_disable, subject, {}, "khóa bị lộ");
  }
  std::unique_ptr<Approvals> approvals_;
  std::vector<std::string> done_;
  std::optional<base::Error> fails_;
  Principal first_, second_;
};
ON_BOTH_ENGINES(ApprovalsTest);

TEST_P(ApprovalsTest, NothingIsDoneUntilAnotherApproves) {
  const auto key = propose();
  ASSERT_TRUE(key.ok());
  EXPECT_TRUE(done_.empty());
  EXPECT_EQ(approvals_->approve(first_, *key).error().reason(), "identity.own_proposal");
  EXPECT_EQ(approvals_->reject(first_, *key).error().reason(), "identity.own_proposal");
  EXPECT_TRUE(done_.empty());
  EXPECT_EQ(approvals_->list(second_, true, 10)->size(), 1u);
  ASSERT_TRUE(approvals_->approve(second_, *key).ok());
  EXPECT_EQ(done_, std::vector<std::string>{second_.id + " 00.10.G22"});
  EXPECT_EQ(approvals_->approve(second_, *key).error().reason(), "identity.approval_decided");
  EXPECT_EQ(approvals_->list(second_, true, 10)->size(), 0u);
  EXPECT_EQ(approvals_->find(*key)->value().state, ApprovalState::approved);
}

TEST_P(ApprovalsTest, RejectedWithdrawnAndLapsedOnesAreNotDone) {
  const auto rejected = propose(), withdrawn = propose(), lapsed = propose();
  EXPECT_EQ(approvals_->reject(second_, *rejected, std::string(1001, 'x')).error().reason(),
            "identity.bad_approval");
  EXPECT_TRUE(approvals_->reject(second_, *rejected, "chưa cần").ok());
  EXPECT_EQ(approvals_->find(*rejected)->value().decision_reason, "chưa cần");
  EXPECT_EQ(approvals_->withdraw(second_, *withdrawn).error().reason(), "identity.own_proposal");
  EXPECT_TRUE(approvals_->withdraw(first_, *withdrawn).ok());
  EXPECT_FALSE(approvals_->approve(second_, *rejected).ok());
  EXPECT_FALSE(approvals_->approve(second_, *withdrawn).ok());
  clock_.advance(std::chrono::hours(24 * 8));
  EXPECT_EQ(approvals_->approve(second_, *lapsed).error().reason(), "identity.approval_lapsed");
  EXPECT_TRUE(done_.empty());
}

TEST_P(ApprovalsTest, WhoMayNotDoItMayNotProposeOrSeeIt) {
  const Principal unit = admin_of("G22", "unit");
  EXPECT_EQ(approvals_->propose(unit, Act::system_disable, "x", {}, "vì sao").error().reason(),
            "identity.not_permitted");
  const auto key = propose();
  EXPECT_EQ(approvals_->approve(unit, *key).error().reason(), "identity.approval_unknown");
  EXPECT_TRUE(approvals_->list(unit, false, 10)->empty());
  EXPECT_EQ(approvals_->propose(first_, Act::system_disable, "x", {}, "").error().reason(),
            "identity.bad_approval");
  EXPECT_EQ(propose("gone").error().reason(), "identity.system_unknown");
  EXPECT_EQ(approvals_->propose(first_, Act::anchor_add, "x", {}, "vì sao").error().reason(),
            "identity.act_unknown");
}

TEST_P(ApprovalsTest, WhatCouldNotBeDoneNowIsTriedAgainAndWhatFailsSaysSo) {
  const auto later = propose(), never = propose();
  fails_ = base::Error(base::Code::unavailable, "store.locked", "locked");
  EXPECT_EQ(approvals_->approve(second_, *later).error().reason(), "store.locked");
  fails_.reset();
  EXPECT_TRUE(approvals_->approve(second_, *later).ok());
  EXPECT_EQ(done_.size(), 2u);
  fails_ = base::Error(base::Code::not_found, "identity.system_unknown", "gone meanwhile");
  EXPECT_FALSE(approvals_->approve(second_, *never).ok());
  EXPECT_EQ(approvals_->find(*never)->value().state, ApprovalState::failed);
}

}  // namespace
}  // namespace identity
