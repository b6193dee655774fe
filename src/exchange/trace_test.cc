#include "exchange/trace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "base/hash.h"
#include "exchange/desk.h"
#include "exchange/expiry.h"
#include "exchange/testing/engines.h"
#include "exchange/testing/staff.h"

namespace exchange {
namespace {

using namespace std::chrono_literals;
using testing::kReceiver;
using testing::kSender;
using testing::Letter;
using Kinds = std::vector<std::string>;

class TraceTest : public testing::OnEngine {
 protected:
  identity::Reach of(const std::vector<std::string>& codes) {
    identity::Reach reach;
    for (const auto& code : codes) reach.organisations.push_back(site.directory().find(code)->key);
    std::sort(reach.organisations.begin(), reach.organisations.end());
    return reach;
  }
  Trace seen_by(const std::string& code, std::string_view id) {
    return trace(site.exchange(), of({code}), id).value();
  }
  static Kinds kinds(const std::vector<Hop>& hops) {
    Kinds out;
    for (const Hop& hop : hops) out.emplace_back(hop.kind);
    return out;
  }
};
ON_BOTH_ENGINES(TraceTest);

TEST_P(TraceTest, ShowsEachHopAndWhatItWaitsFor) {
  const Accepted sent = site.send(Letter{});
  site.clock.advance(2min);
  Trace now = seen_by("H99.01", sent.id);
  EXPECT_EQ(now.sender, "H99.01");
  EXPECT_EQ(now.addressees, std::vector<std::string>{"G99"});
  EXPECT_EQ(kinds(now.hops), Kinds{"received"});
  ASSERT_EQ(now.deliveries.size(), 1u);
  EXPECT_EQ(kinds(now.deliveries[0].hops), Kinds{"available"});
  EXPECT_EQ(now.deliveries[0].holder, Holder::exchange);
  ASSERT_TRUE(now.deliveries[0].waiting.has_value());
  EXPECT_EQ(now.deliveries[0].waiting->why, "not_fetched");
  EXPECT_EQ(now.deliveries[0].waiting->organisation, "G99");
  EXPECT_EQ(now.deliveries[0].waiting->system, kReceiver);
  EXPECT_EQ(now.deliveries[0].waiting->until, now.deliveries[0].receipt.due);
  EXPECT_NE(now.deliveries[0].waiting->text.en.find("has not been seen calling"), std::string::npos)
      << now.deliveries[0].waiting->text.en;

  site.exchange().calls().note(site.key_of(kReceiver), CallProtocol::vxp, "10.0.0.7");
  const std::string delivery = site.pending(kReceiver).at(0).id;
  ASSERT_TRUE(site.fetch(kReceiver, delivery).ok());
  site.clock.advance(2min);
  now = seen_by("H99.01", delivery);
  EXPECT_EQ(now.deliveries.at(0).waiting->why, "not_acknowledged");
  EXPECT_EQ(now.deliveries[0].holder, Holder::recipient);
  EXPECT_NE(now.deliveries[0].waiting->text.vi.find("vẫn đang gọi"), std::string::npos)
      << now.deliveries[0].waiting->text.vi;
  // Each language writes times its own way.
  EXPECT_TRUE(std::regex_search(now.deliveries[0].waiting->text.vi,
                                std::regex("từ [0-9]{2}:[0-9]{2} [0-9]{2}/[0-9]{2}/[0-9]{4},")));
  EXPECT_TRUE(std::regex_search(now.deliveries[0].waiting->text.en,
                                std::regex("since [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2},")));

  ASSERT_TRUE(site.acknowledge(kReceiver, delivery, "done").ok());
  site.clock.advance(2h);
  now = seen_by("H99.01", sent.id);
  EXPECT_EQ(now.deliveries[0].waiting->why, "not_accepted");
  EXPECT_NE(now.deliveries[0].waiting->text.en.find("has not called since"), std::string::npos)
      << now.deliveries[0].waiting->text.en;
  ASSERT_TRUE(site.send(kReceiver, testing::report_on(Letter{}, "G99", "03")).ok());
  site.clock.advance(1s);
  ASSERT_TRUE(site.send(kSender, testing::recall_of(Letter{}, "G99")).ok());
  now = seen_by("H99.01", sent.id);
  EXPECT_EQ(now.deliveries[0].waiting->why, "recall_not_answered");
  site.clock.advance(1s);
  ASSERT_TRUE(site.send(kReceiver, testing::report_on(Letter{}, "G99", "15")).ok());
  now = seen_by("H99.01", sent.id);
  EXPECT_EQ(kinds(now.deliveries[0].hops), (Kinds{"available", "fetched", "acknowledged", "status",
                                                  "recall_requested", "recall_answered"}));
  EXPECT_EQ(now.deliveries[0].holder, Holder::sender);
  EXPECT_FALSE(now.deliveries[0].waiting.has_value());
  for (const Hop& hop : now.deliveries[0].hops) {
    EXPECT_FALSE(hop.text.vi.empty()) << hop.kind;
    EXPECT_FALSE(hop.text.en.empty()) << hop.kind;
  }
}

TEST_P(TraceTest, ARecipientSeesItsOwnAndOthersNothing) {
  Letter letter;
  letter.to = {"G99", "H98", "K97", "X00"};
  const Accepted sent = site.send(letter);
  EXPECT_EQ(seen_by("H99.01", sent.id).deliveries.size(), 3u);
  const Trace own = seen_by("H98", sent.id);
  EXPECT_FALSE(own.whole);
  ASSERT_EQ(own.deliveries.size(), 1u);
  EXPECT_EQ(own.deliveries[0].recipient, "H98");
  EXPECT_EQ(own.deliveries_total, 1);
  EXPECT_EQ(own.addressees, (std::vector<std::string>{"G99", "H98", "K97"}));
  EXPECT_EQ(own.unknown, std::vector<std::string>{"X00"});
  const Trace all = seen_by("H99.01", sent.id);
  EXPECT_EQ(all.deliveries[2].waiting->why, "not_connected");
  EXPECT_TRUE(all.deliveries[2].receipt.paused);
  for (const auto& id : {sent.id, all.deliveries[0].id}) {
    const auto other = trace(site.exchange(), of({"H99.02"}), id);
    ASSERT_FALSE(other.ok());
    EXPECT_EQ(other.error().reason(), "exchange.unknown_document");
  }
  // Another recipient's delivery is not there for one of them.
  EXPECT_FALSE(trace(site.exchange(), of({"H98"}), all.deliveries[0].id).ok());
  EXPECT_FALSE(trace(site.exchange(), of({"G99"}), "nothing").ok());
  identity::Reach everywhere;
  everywhere.everywhere = true;
  EXPECT_EQ(trace(site.exchange(), everywhere, sent.id)->deliveries.size(), 3u);
  TraceOptions page;
  page.first = 1;
  page.deliveries_max = 1;
  const Trace part = trace(site.exchange(), of({"H99.01"}), sent.id, page).value();
  ASSERT_EQ(part.deliveries.size(), 1u);
  EXPECT_EQ(part.deliveries[0].recipient, "H98");
  EXPECT_EQ(part.deliveries_total, 3);
}

// It was traced as not connected with a clock that never ran, though its clerk read and answered.
TEST_P(TraceTest, WhoWorksByHandIsWaitedForLikeOthers) {
  Letter letter;
  letter.to = {"K97"};
  const Accepted sent = site.send(letter);
  EXPECT_EQ(seen_by("H99.01", sent.id).deliveries[0].waiting->why, "not_connected");
  site.clock.advance(1h);
  const base::Time came = site.clock.now();
  testing::employ(site, "Lan", "K97", identity::Role::clerk);
  site.clock.advance(72h);
  const auto look = [&] { return seen_by("H99.01", sent.id).deliveries[0]; };
  EXPECT_EQ(look().waiting->why, "not_fetched");
  EXPECT_EQ(look().waiting->since, came);
  EXPECT_EQ(look().waiting->system, "");
  EXPECT_NE(look().waiting->text.en.find("people of K97"), std::string::npos);
  EXPECT_FALSE(look().receipt.paused);
  EXPECT_EQ(look().receipt.resumed, came);
  EXPECT_TRUE(look().receipt.late(site.clock.now()));
  EXPECT_EQ(kinds(look().hops), Kinds{"available"});
  // The same wherever the delivery is shown.
  Desk desk(site.exchange());
  EXPECT_FALSE(desk.inbox(of({"K97"}), {}, {}, 10)->at(0).receipt.paused);
  EXPECT_FALSE(site.sent(kSender)[0].receipt.paused);
  const LateList late = site.exchange().late(10).value();
  ASSERT_EQ(late.items.size(), 1u);
  EXPECT_EQ(late.items[0].delivery_id, look().id);
  EXPECT_EQ(late.items[0].clock.due, look().receipt.due);
  const auto delivery = look().id;
  ASSERT_TRUE(site.exchange().acknowledge(of({"K97"}), delivery, "done", "").ok());
  EXPECT_EQ(look().waiting->why, "not_accepted");
  EXPECT_NE(look().waiting->text.en.find("people of K97"), std::string::npos);
  EXPECT_EQ(site.exchange().late(10)->total, 0);
}

TEST_P(TraceTest, FindsByNumberAndSender) {
  const Accepted first = site.send(Letter{});
  Letter other;
  other.number = "16";
  site.send(other);
  const auto found = trace_by_code(site.exchange(), of({"G99"}), "15/SGD-VP", "H99.01");
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->id, first.id);
  EXPECT_FALSE(trace_by_code(site.exchange(), of({"H99.02"}), "15/SGD-VP", "H99.01").ok());
  EXPECT_FALSE(trace_by_code(site.exchange(), of({"G99"}), "15/SGD-VP", "H99.02").ok());
}

TEST_P(TraceTest, HasTheProofsOfEachDelivery) {
  trust::evidence::EvidenceBook book({"thu.truc", base::sha256("certificate")}, site.random);
  site.give_evidence(&book);
  Letter letter;
  letter.to = {"G99", "H98", "X00"};
  const Accepted sent = site.send(letter);
  ASSERT_TRUE(site.fetch(kReceiver, site.pending(kReceiver).at(0).id).ok());
  Deadlines deadlines;
  deadlines.answer = *Deadline::parse("48h");
  site.clock.advance(49h);
  ASSERT_EQ(expire(site.exchange(), deadlines, 10).value(), 2);
  const Trace all = seen_by("H99.01", sent.id);
  ASSERT_EQ(all.proofs.size(), 2u);
  EXPECT_EQ(all.proofs[0].event, "SubmissionAcceptance");
  EXPECT_EQ(all.proofs[1].event, "ContentConsignmentFailure");
  ASSERT_EQ(all.deliveries[0].proofs.size(), 3u);
  EXPECT_EQ(all.deliveries[0].proofs[1].event, "ContentHandover");
  EXPECT_EQ(kinds(all.deliveries[1].hops), (Kinds{"available", "overdue"}));
  EXPECT_EQ(seen_by("G99", sent.id).proofs.size(), 1u);  // who else was meant is the sender's
  static const store::Query kBatch{
      "test.batch",
      "insert into evidence_batch (number, first_seq, last_seq, opened_at, note, log_from, "
      "signature, log_index, degraded) values (1, 1, 3, 0, '', 0, $1, 100, '')"};
  ASSERT_TRUE(site.database().write([&](store::Connection& connection) -> base::Result<void> {
    TRY(connection.run(kBatch, {store::Blob{"signature"}}));
    return base::done();
  }));
  const Trace logged = seen_by("H99.01", sent.id);
  EXPECT_EQ(logged.proofs[0].log_index, 100);
  EXPECT_TRUE(logged.proofs[0].is_signed);
  EXPECT_EQ(logged.deliveries[1].proofs[0].log_index, 102);
  EXPECT_FALSE(logged.deliveries[0].proofs[1].log_index.has_value());
  site.give_evidence(nullptr);
}

TEST_P(TraceTest, NamesWhatASuccessorTookOver) {
  Organisation old;
  old.code = "G99";
  old.effective_to = site.clock.now() - 1h;
  old.successor = "H98";
  ASSERT_TRUE(site.directory().put({old}, "test").ok());
  const Accepted sent = site.send(Letter{});
  const Trace now = seen_by("H99.01", sent.id);
  ASSERT_EQ(now.deliveries.size(), 1u);
  EXPECT_EQ(now.deliveries[0].recipient, "H98");
  EXPECT_EQ(kinds(now.deliveries[0].hops), (Kinds{"available", "forwarded"}));
  EXPECT_EQ(now.deliveries[0].hops[1].detail, "G99");
}

TEST_P(TraceTest, JsonHasNoSubjectForThoseWhoMayNotReadIt) {
  const Accepted sent = site.send(Letter{});
  const Trace now = seen_by("H99.01", sent.id);
  const std::string thin = to_json(site.exchange(), now, false).dump();
  EXPECT_EQ(thin.find("V/v thử"), std::string::npos);
  const base::Json json = to_json(site.exchange(), now, true);
  EXPECT_EQ(json["subject"].text(), "V/v thử trục liên thông");
  EXPECT_EQ(json["deliveries"].array().at(0)["waiting"]["why"].text(), "not_fetched");
  EXPECT_EQ(json["deliveries"].array().at(0)["clocks"].array().at(0)["rule"].text(), "receipt");
}

}  // namespace
}  // namespace exchange
