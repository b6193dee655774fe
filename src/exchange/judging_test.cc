#include "exchange/judging.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "edxml/reader.h"
#include "exchange/late_judging.h"
#include "exchange/testing/test_exchange.h"
#include "trust/demo/authority.h"
#include "trust/testing/clamd_server.h"
#include "trust/testing/demo_world.h"
#include "trust/testing/signed_pdf.h"
#include "trust/testing/xml_signer.h"

namespace exchange {
namespace {

using testing::kReceiver;
using testing::kSender;
using testing::Letter;
using testing::TestExchange;

// Made once: keys take time.
struct Signers {
  base::Time now = base::SystemClock().now();
  std::unique_ptr<trust::demo::Authority> authority =
      trust::demo::Authority::create({"", 2048, now}).value();
  trust::demo::Credential person = issue("Nguyễn Văn An", "UBND tỉnh Quảng Ninh");
  trust::demo::Credential seal = issue("UBND tỉnh Quảng Ninh", "UBND tỉnh Quảng Ninh");

  trust::demo::Credential issue(const std::string& name, const std::string& organisation) const {
    trust::demo::Wish wish;
    wish.name = name;
    wish.organisation = organisation;
    return authority->issue(wish).value();
  }
  static const Signers& get() {
    static const Signers made;
    return made;
  }
};

// An exchange that judges by the demonstration's root.
class JudgingTest : public ::testing::Test {
 protected:
  void open(const std::string& clamd = {}, base::Duration budget = std::chrono::seconds(20)) {
    exchange_.clock.set(Signers::get().now);
    exchange_.add_usual_systems();
    trust::Anchors anchors;
    trust::Anchor root;
    root.certificate = Signers::get().authority->root();
    root.name = "demonstration";
    root.demonstration = true;
    ASSERT_TRUE(anchors.add(root));
    Judging::Parts parts{exchange_.database(), exchange_.blobs(), exchange_.clock,
                         exchange_.metrics, std::move(anchors)};
    parts.policy.require_revocation = false;
    parts.intake.spool_directory = exchange_.directory_path();
    parts.budget = budget;
    if (!clamd.empty()) parts.scanner = trust::clamd_scanner(clamd);
    judging_ = std::make_unique<Judging>(std::move(parts));
    exchange_.judge_with(judging_.get());
  }
  // A letter with that attachment.
  static Letter letter(const std::string& attachment, const std::string& number = "15") {
    Letter letter;
    letter.number = number;
    letter.attachment = attachment;
    return letter;
  }
  static std::string pdf(std::initializer_list<const trust::demo::Credential*> signers) {
    return trust::testing::signed_pdf({signers.begin(), signers.end()}, Signers::get().now);
  }
  std::string word(const Accepted& accepted) {
    const auto found = exchange_.exchange().judgement(exchange_.key_of(kSender), accepted.id);
    return found.ok() && *found ? std::string(word_of(**found)) : "none";
  }

  TestExchange exchange_;
  std::unique_ptr<Judging> judging_;
};

TEST_F(JudgingTest, LabelsEveryDocumentBeforeItIsSeen) {
  open();
  const auto& signers = Signers::get();
  const Accepted valid = exchange_.send(letter(pdf({&signers.person, &signers.seal}), "1"));
  EXPECT_EQ(word(valid), "valid");
  std::string altered = pdf({&signers.person});
  altered[altered.find("BT") + 20] ^= 1;  // within the page's text
  EXPECT_EQ(word(exchange_.send(letter(altered, "2"))), "invalid");
  EXPECT_EQ(word(exchange_.send(letter("just text", "3"))), "unsigned");
  std::vector<std::string> seen;
  for (const auto& item : exchange_.pending(kReceiver)) seen.emplace_back(item.signatures);
  EXPECT_EQ(seen, (std::vector<std::string>{"valid", "invalid", "unsigned"}));
  EXPECT_EQ(exchange_.sent(kSender, valid.id).front().signatures, "valid");
  EXPECT_EQ(exchange_.findings(), "");
}

TEST_F(JudgingTest, ShowsAJudgementToNobodyElse) {
  open();
  const Accepted sent = exchange_.send(letter("just text"));
  EXPECT_TRUE(exchange_.exchange().judgement(exchange_.key_of(kReceiver), sent.id).ok());
  ASSERT_TRUE(exchange_.directory().put_system("00.97.W00", "a-third-secret-1234", {"K97"}).ok());
  EXPECT_FALSE(exchange_.exchange().judgement(exchange_.key_of("00.97.W00"), sent.id).ok());
}

TEST_F(JudgingTest, AppliesWhatARecipientAsksOfSignatures) {
  open();
  const auto& signers = Signers::get();
  ASSERT_TRUE(judging_->set_rule({"G99", "*", SignatureRule::require_both}));
  Letter both = letter(pdf({&signers.person, &signers.seal}), "1");
  EXPECT_TRUE(exchange_.hand_in(kSender, file_of(both)).ok());
  const auto refused = exchange_.hand_in(kSender, file_of(letter(pdf({&signers.person}), "2")));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().reason(), "exchange.signatures_refused");
  // Others take it; who does not is named.
  Letter two = letter(pdf({&signers.person}), "3");
  two.to = {"G99", "H98"};
  const auto accepted = exchange_.hand_in(kSender, file_of(two));
  ASSERT_TRUE(accepted.ok());
  EXPECT_EQ(accepted->deliveries, 1);
  ASSERT_EQ(accepted->objections.size(), 1u);
  EXPECT_EQ(accepted->objections[0].first, "G99");
  ASSERT_TRUE(judging_->remove_rule("G99", "*"));
  EXPECT_TRUE(exchange_.hand_in(kSender, file_of(letter("text", "4"))).ok());
  EXPECT_EQ(exchange_.findings(), "");
}

TEST_F(JudgingTest, TheNarrowestRuleDecides) {
  open();
  ASSERT_TRUE(judging_->set_rule({"*", "*", SignatureRule::require_both}));
  EXPECT_FALSE(exchange_.hand_in(kSender, file_of(letter("text", "1"))).ok());
  ASSERT_TRUE(judging_->set_rule({"G99", "*", SignatureRule::label}));
  EXPECT_TRUE(exchange_.hand_in(kSender, file_of(letter("text", "2"))).ok());
  const auto missing = judging_->remove_rule("G99", "7");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().reason(), "exchange.no_such_rule");
}

// The edXML's own signature is judged and shown, and decides nothing.
TEST_F(JudgingTest, JudgesTheEnvelopesOwnSignature) {
  open();
  ASSERT_TRUE(judging_->set_rule({"*", "*", SignatureRule::refuse_invalid}));
  const auto envelope = [&](const std::string& file) {
    const auto accepted = exchange_.hand_in(kSender, file);
    EXPECT_TRUE(accepted.ok());
    const auto found = exchange_.exchange().judgement(exchange_.key_of(kSender), accepted->id);
    const base::Json report = base::Json::parse((*found)->report).value();
    EXPECT_EQ(report["verdict"].text(), "unsigned");
    EXPECT_EQ(word(*accepted), "unsigned");
    return report["envelope"];
  };
  EXPECT_TRUE(envelope(file_of(letter("text", "1"))).is_null());
  const std::string end = "</edXML:edXMLHeader>";
  const std::string signed_file = trust::testing::sign_xml(
      testing::replaced(file_of(letter("text", "2")), end, "@SIGNATURE@" + end),
      trust::testing::DemoWorld::get().key("rsa"));
  const base::Json good = envelope(signed_file);
  ASSERT_EQ(good["signatures"].array().size(), 1u) << good.dump();
  EXPECT_EQ(good["verdict"].text(), "undetermined") << good.dump();  // nobody's anchor
  EXPECT_TRUE(good["signatures"].array()[0]["covers_whole"].boolean());
  const base::Json altered =
      envelope(testing::replaced(signed_file, "V/v thử trục", "V/v thay trục"));
  EXPECT_EQ(altered["verdict"].text(), "invalid") << altered.dump();
}

TEST_F(JudgingTest, MalwareIsRefusedAndJournalled) {
  trust::testing::ClamdServer clamd(exchange_.directory_path() + "/clamd", "malicious-marker",
                                    "Test.Malware");
  ASSERT_TRUE(clamd.running());
  open(clamd.socket());
  const auto refused =
      exchange_.hand_in(kSender, file_of(letter("a malicious-marker inside", "1")));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().reason(), "exchange.malware");
  EXPECT_TRUE(exchange_.pending(kReceiver).empty());
  // The recipient is told, once, however often the client tries.
  EXPECT_FALSE(exchange_.hand_in(kSender, file_of(letter("a malicious-marker inside", "1"))).ok());
  const auto told = exchange_.pending(kReceiver, edxml::Kind::status);
  ASSERT_EQ(told.size(), 1u);
  const auto notice = edxml::read(exchange_.fetch(kReceiver, told[0].id).value());
  ASSERT_TRUE(notice.ok());
  EXPECT_EQ(notice->from.id, "H99.01");
  EXPECT_EQ(notice->status_code, "02");
  ASSERT_EQ(notice->response_for.size(), 1u);
  EXPECT_EQ(notice->response_for[0].organisation, "G99");
  EXPECT_EQ(notice->response_for[0].code, "1/SGD-VP");
  for (const char* part : {"1/SGD-VP", "H99.01", "V/v thử trục liên thông", "Test.Malware"}) {
    EXPECT_NE(notice->status_description.find(part), std::string::npos)
        << part << " in " << notice->status_description;
  }
  exchange_.clock.advance(std::chrono::hours(25));
  EXPECT_FALSE(exchange_.hand_in(kSender, file_of(letter("a malicious-marker inside", "1"))).ok());
  EXPECT_EQ(exchange_.pending(kReceiver, edxml::Kind::status).size(), 2u);
  EXPECT_TRUE(exchange_.hand_in(kSender, file_of(letter("harmless", "2"))).ok());
  EXPECT_EQ(exchange_.findings(), "");
}

TEST_F(JudgingTest, WhatTheBudgetCutsOffIsDeliveredAsBeingCheckedAndJudgedLater) {
  open({}, base::Duration(0));
  const auto& signers = Signers::get();
  const Accepted sent = exchange_.send(letter(pdf({&signers.person})));
  EXPECT_EQ(word(sent), "checking");
  ASSERT_EQ(exchange_.pending(kReceiver).size(), 1u);
  EXPECT_EQ(exchange_.pending(kReceiver)[0].signatures, "checking");
  EXPECT_EQ(judge_remaining(exchange_.exchange(), *judging_, 10).value(), 1);
  EXPECT_EQ(word(sent), "valid");
  EXPECT_EQ(judge_remaining(exchange_.exchange(), *judging_, 10).value(), 0);
  EXPECT_EQ(exchange_.findings(), "");
}

TEST_F(JudgingTest, MalwareFoundLateIsWithdrawnAndBothSidesAreTold) {
  trust::testing::ClamdServer clamd(exchange_.directory_path() + "/clamd", "malicious-marker",
                                    "Test.Malware");
  ASSERT_TRUE(clamd.running());
  open(clamd.socket(), base::Duration(0));
  Letter bad = letter("a malicious-marker inside");
  bad.to = {"G99", "H98"};
  const Accepted sent = exchange_.send(bad);
  const auto items = exchange_.pending(kReceiver);
  ASSERT_EQ(items.size(), 2u);
  ASSERT_TRUE(exchange_.fetch(kReceiver, items[0].id).ok());
  EXPECT_EQ(judge_remaining(exchange_.exchange(), *judging_, 10).value(), 1);
  EXPECT_TRUE(exchange_.pending(kReceiver).empty());
  EXPECT_FALSE(exchange_.fetch(kReceiver, items[1].id).ok());
  EXPECT_EQ(exchange_.pending(kSender, edxml::Kind::status).size(), 2u);  // a 02 for each recipient
  const auto told = exchange_.pending(kReceiver, edxml::Kind::status);
  ASSERT_EQ(told.size(), 2u);  // a 13 to who had it, and a notice to who had not
  std::vector<std::string> codes;
  for (const auto& item : told)
    codes.push_back(edxml::read(exchange_.fetch(kReceiver, item.id).value()).value().status_code);
  std::sort(codes.begin(), codes.end());
  EXPECT_EQ(codes, (std::vector<std::string>{"02", "13"}));
  EXPECT_EQ(exchange_.findings(), "");
}

}  // namespace
}  // namespace exchange
