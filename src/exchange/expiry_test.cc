#include "exchange/expiry.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "exchange/testing/engines.h"

namespace exchange {
namespace {

using namespace std::chrono_literals;
using testing::kReceiver;
using testing::kSender;
using testing::Letter;
using Names = std::vector<std::string>;

const store::Query kClocks{"test.clocks",
                           "select count(*) from delivery where unfetched_since is not null or "
                           "unanswered_since is not null"};
const store::Query kExpired{"test.expired", "select count(*) from journal where kind = 'expired'"};

Letter letter(const std::string& number, const std::vector<std::string>& to = {"G99"}) {
  Letter letter;
  letter.number = number;
  letter.to = to;
  return letter;
}

class Expiry : public testing::OnEngine {
 protected:
  Expiry() {
    site.give_evidence(&book_);
    deadlines_.fetch = *Deadline::parse("24h");
    deadlines_.answer = *Deadline::parse("48h");
  }
  std::int64_t round(std::int64_t most = 100) {
    return expire(site.exchange(), deadlines_, most).value();
  }
  // What there is about a document besides its acceptance and delivery.
  Names since(const Accepted& sent, std::size_t recipients = 1) {
    Names names = site.evidences(sent.id);
    EXPECT_GE(names.size(), 1 + recipients);
    names.erase(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(1 + recipients));
    return names;
  }
  void reopen() {
    site.close();
    ASSERT_TRUE(site.open());
  }

  base::SystemRandom random_;
  trust::evidence::EvidenceBook book_{{"thu.truc", base::sha256("certificate")}, random_};
  Deadlines deadlines_;
};
ON_BOTH_ENGINES(Expiry);

TEST_P(Expiry, AnUnfetchedDeliveryGetsItsEvidencesOnceAndCanStillBeFetched) {
  const Accepted sent = site.send(Letter{});
  EXPECT_EQ(round(), 0);
  site.clock.advance(24h);
  EXPECT_EQ(round(), 0);  // not before the deadline has passed
  site.clock.advance(1s);
  EXPECT_EQ(round(), 1);
  EXPECT_EQ(round(), 0);
  EXPECT_EQ(since(sent), Names{"Expiry"});
  site.clock.advance(24h);
  EXPECT_EQ(round(), 1);
  EXPECT_EQ(since(sent), (Names{"Expiry", "AcceptanceRejectionExpiry"}));
  const auto items = site.pending(kReceiver);
  ASSERT_EQ(items.size(), 1u);
  EXPECT_TRUE(site.fetch(kReceiver, items[0].id).ok());
  ASSERT_TRUE(site.send(kReceiver, testing::report_on(Letter{}, "G99", "03")).ok());
  EXPECT_EQ(since(sent), (Names{"Expiry", "AcceptanceRejectionExpiry", "ContentHandover",
                                "ConsignmentAcceptance"}));
  site.clock.advance(100h);
  EXPECT_EQ(round(), 0);
  EXPECT_EQ(site.number(kExpired), 2);
  EXPECT_EQ(site.findings(), "");
}

TEST_P(Expiry, WhatHappenedInTimeHasNone) {
  const Accepted sent = site.send(Letter{});
  ASSERT_TRUE(site.fetch(kReceiver, site.pending(kReceiver)[0].id).ok());
  ASSERT_TRUE(site.send(kReceiver, testing::report_on(Letter{}, "G99", "01")).ok());
  site.clock.advance(30h);
  EXPECT_EQ(round(), 0);  // fetched; 01 says that it arrived, not that it is accepted
  ASSERT_TRUE(site.send(kReceiver, testing::report_on(Letter{}, "G99", "02")).ok());
  site.clock.advance(30h);
  EXPECT_EQ(round(), 0);
  EXPECT_EQ(since(sent), (Names{"ContentHandover", "ConsignmentRejection"}));
  EXPECT_EQ(site.number(kClocks), 0);
}

TEST_P(Expiry, WhatIsTakenBackOrCannotBeTakenHasNone) {
  site.send(letter("1"));
  site.send(letter("2"));
  ASSERT_TRUE(site.send(kSender, testing::recall_of(letter("1"), "G99")).ok());
  const auto items = site.pending(kReceiver);
  ASSERT_EQ(items.size(), 1u);
  ASSERT_TRUE(site.acknowledge(kReceiver, items[0].id, "fail").ok());
  site.clock.advance(100h);
  EXPECT_EQ(round(), 0);
  EXPECT_EQ(site.number(kClocks), 0);
}

TEST_P(Expiry, RestartsAndJumpsOfTheClockRepeatNothing) {
  const Accepted sent = site.send(Letter{});
  reopen();
  site.clock.advance(-1000h);
  EXPECT_EQ(round(), 0);
  site.clock.advance(1025h);
  EXPECT_EQ(round(), 1);
  reopen();
  EXPECT_EQ(round(), 0);
  site.clock.advance(-1000h);
  EXPECT_EQ(round(), 0);
  site.clock.advance(1000h);
  EXPECT_EQ(round(), 0);
  EXPECT_EQ(since(sent), Names{"Expiry"});
}

TEST_P(Expiry, ARoundIsCappedAndTheOldestComesFirst) {
  std::vector<Accepted> sent;
  for (int i = 0; i < 5; ++i) {
    sent.push_back(site.send(letter(std::to_string(i), {"G99", "H98"})));
    site.clock.advance(1s);
  }
  deadlines_.answer.reset();
  site.clock.advance(24h);
  EXPECT_EQ(round(4), 4);
  EXPECT_EQ(since(sent[0], 2), (Names{"Expiry", "Expiry"}));
  EXPECT_EQ(since(sent[1], 2), (Names{"Expiry", "Expiry"}));
  EXPECT_EQ(since(sent[2], 2), Names{});
  EXPECT_EQ(round(4), 4);
  EXPECT_EQ(round(4), 2);
  EXPECT_EQ(round(4), 0);
}

TEST_P(Expiry, NoClockRunsWhereNoEvidenceIsGivenOrForStatusMessages) {
  site.give_evidence(nullptr);
  site.send(Letter{});
  EXPECT_EQ(site.number(kClocks), 0);
  site.clock.advance(100h);
  EXPECT_EQ(round(), 0);
  site.give_evidence(&book_);
  ASSERT_TRUE(site.send(kReceiver, testing::report_on(Letter{}, "G99", "03")).ok());
  EXPECT_EQ(site.number(kClocks), 0);
}

// Each recipient that a document does not reach has its evidence, though the others get it.
TEST_P(Expiry, NonDeliveryIsSaidAtOnce) {
  const Accepted sent = site.send(letter("1", {"G99", "X77"}));
  EXPECT_EQ(sent.unknown, Names{"X77"});
  EXPECT_EQ(site.evidences(sent.id),
            (Names{"SubmissionAcceptance", "ContentConsignment", "ContentConsignmentFailure"}));
}

// What waits is found by an index, however much was delivered before.
TEST(ExpiryIndex, FindsWhatIsDue) {
  testing::TestExchange site;
  std::string plan;
  static const store::Query kPlan{"test.plan",
                                  "explain query plan select id, recipient from delivery where "
                                  "unfetched_since < $1 order by unfetched_since limit $2"};
  ASSERT_TRUE(site.database().read([&](store::Connection& connection) {
    return connection.each(kPlan, {1, 1}, [&](const store::Row& row) {
      plan += row.string(3) + "\n";
      return true;
    });
  }));
  EXPECT_NE(plan.find("delivery_unfetched"), plan.npos) << plan;
  EXPECT_EQ(plan.find("TEMP B-TREE"), plan.npos) << plan;
}

}  // namespace
}  // namespace exchange
