#include "trust/bundle/judge_bundle.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "trust/bundle/contents.h"
#include "trust/bundle/events.h"
#include "trust/bundle/reading.h"
#include "trust/bundle/testing/bundle_world.h"

namespace trust::bundle {
namespace {

using evidence::Event;
using evidence::Evidence;

const std::string kText = "văn bản";

class JudgeBundle : public ::testing::Test {
 protected:
  testing::BundleWorld world_;
};

std::string explained(const BundleReport& report) {
  return to_text(report, base::Language::english) +
         to_text(report.container, base::Language::english);
}

TEST_F(JudgeBundle, IsValidOfflineAndSaysWhy) {
  const base::Bytes bundle = world_.bundle("D1", kText, world_.story("D1", kText, {"G99", "H98"}));
  EXPECT_TRUE(is_bundle(*memory_source(bundle)));
  const BundleReport report = world_.judge(bundle);
  EXPECT_EQ(report.verdict(), Verdict::valid) << explained(report);
  EXPECT_EQ(report.container.signatures.at(0).profile, "XAdES-B-LT");
  ASSERT_EQ(report.evidences.size(), 5U);
  for (const BundledEvidence& one : report.evidences) EXPECT_EQ(one.report.steps.size(), 7U);
  const std::string vi = to_text(report, base::Language::vietnamese);
  EXPECT_NE(vi.find("2 nơi nhận, 2 đã chuyển đến, 1 đã lấy, 1 đã có kết quả"), std::string::npos)
      << vi;
  EXPECT_NE(vi.find("7 The log"), std::string::npos) << "a small bundle tells every step";
  const base::Json json = to_json(report);
  EXPECT_EQ(json["verdict"].text(), "valid");
  EXPECT_FALSE(json.has("cause"));
  EXPECT_EQ(json["evidences"].array().size(), 5U);
}

TEST_F(JudgeBundle, TheSamePartsGiveTheSamePage) {
  const auto proofs = world_.story("D1", kText, {"G99"});
  const auto page_of = [&] {
    const base::Bytes bundle = world_.bundle("D1", kText, proofs);
    const auto source = memory_source(bundle);
    const auto zip = ZipReader::open(*source);
    return zip->read_all(*zip->find(kReport), world_.demo.context(), 1 << 20).value();
  };
  EXPECT_EQ(page_of(), page_of());
}

TEST_F(JudgeBundle, AnUnknownLogKeyLeavesItUndetermined) {
  const base::Bytes bundle = world_.bundle("D1", kText, world_.story("D1", kText, {"G99"}));
  const Context context = world_.demo.context_without_revocation();
  const auto source = memory_source(bundle);
  const BundleReport none = judge_bundle(*source, context, {});
  EXPECT_EQ(none.verdict(), Verdict::undetermined);
  EXPECT_EQ(none.cause(), "evidence");
  const auto other =
      log::note_signer(log::new_note_key("exchange.example/truc", log::NoteAlgorithm::ed25519,
                                         *std::make_unique<base::SystemRandom>())
                           .value());
  const BundleReport another =
      judge_bundle(*source, context, {log::ProofPolicy{(*other)->verifier(), {}, 0}});
  EXPECT_EQ(another.verdict(), Verdict::undetermined) << explained(another);
  EXPECT_EQ(another.cause(), "evidence");
}

TEST_F(JudgeBundle, ABundleSignedBySomebodyElseIsNotTheExchanges) {
  const auto proofs = world_.story("D1", kText, {"G99"});
  const auto made =
      world_.demo.authority().issue({.name = "Người khác", .organisation = "Nơi khác"}).value();
  const auto key = key_from_pem(made.pem(), "").value();
  const auto source = memory_source(kText);
  BundleParts parts{*source};
  parts.document_id = "D1";
  parts.proofs = proofs;
  const Context context = world_.demo.context();
  base::Bytes bundle;
  ASSERT_TRUE(
      make_bundle(parts, {*key, &world_.demo.timestamps(), context}, [&](base::BytesView piece) {
        bundle += piece;
        return base::done();
      }).ok());
  const BundleReport report = world_.judge(bundle);
  EXPECT_EQ(report.verdict(), Verdict::undetermined) << explained(report);
  EXPECT_EQ(report.cause(), "signer");
}

TEST_F(JudgeBundle, ManyRecipientsFitInOneBundleAndOnOnePage) {
  std::vector<std::string> recipients;
  for (int i = 0; i < 628; ++i) recipients.push_back("H99." + std::to_string(i));
  const auto proofs = world_.story("D1", kText, recipients);
  ASSERT_EQ(proofs.size(), 631U);
  const base::Bytes bundle = world_.bundle("D1", kText, proofs);
  const BundleReport report = world_.judge(bundle);
  EXPECT_EQ(report.verdict(), Verdict::valid) << explained(report).substr(0, 2000);
  RecordProperty("bundle_bytes", static_cast<int>(bundle.size()));
}

// --- order and completeness ---------------------------------------------------------------------

class BundleEvents : public ::testing::Test {
 protected:
  // The outcome of events one after the other, for recipients 'a' and 'b'.
  static std::vector<Evidence> chain(const std::vector<std::pair<Event, std::string>>& events) {
    std::vector<Evidence> out;
    for (const auto& [event, recipient] : events) {
      Evidence one;
      one.facts.event = event;
      one.facts.recipient = recipient;
      one.facts.document_id = "d";
      one.facts.document_hash = base::sha256("d");
      one.exchange = {"Trục thử", base::sha256("certificate")};
      one.id = std::string(31, '0') + static_cast<char>('a' + out.size());
      one.at = base::from_micros(1'795'319'309'892'424);
      if (!out.empty()) one.previous = base::sha256(out.back().bytes().value());
      out.push_back(one);
    }
    return out;
  }
  static Verdict outcome(const std::vector<Evidence>& evidences) {
    const Finding found = check_events(evidences, std::chrono::minutes(5));
    EXPECT_FALSE(found.message.vi.empty());
    EXPECT_FALSE(found.message.en.empty());
    return found.outcome;
  }
};

constexpr Event kAccepted = Event::submission_acceptance, kDelivered = Event::content_consignment,
                kFetched = Event::content_handover, kTaken = Event::recalled,
                kAnswered = Event::consignment_acceptance;

TEST_F(BundleEvents, AStoryThatMakesSense) {
  EXPECT_EQ(outcome(chain({{kAccepted, ""}})), Verdict::valid);
  EXPECT_EQ(outcome(chain({{kAccepted, ""},
                           {kDelivered, "a"},
                           {kDelivered, "b"},
                           {kFetched, "b"},
                           {kAnswered, "b"},
                           {kTaken, "a"}})),
            Verdict::valid);
}

TEST_F(BundleEvents, WhatNothingLedToIsUndetermined) {
  EXPECT_EQ(outcome(chain({{kDelivered, "a"}})), Verdict::undetermined);
  EXPECT_EQ(outcome(chain({{kAccepted, ""}, {kFetched, "a"}})), Verdict::undetermined);
  EXPECT_EQ(outcome(chain({{kAccepted, ""}, {kDelivered, "b"}, {kAnswered, "a"}})),
            Verdict::undetermined);
  EXPECT_EQ(outcome(chain({{kAccepted, ""}, {kAccepted, ""}})), Verdict::undetermined);
  EXPECT_EQ(outcome(chain({{kAccepted, ""}, {kDelivered, "a"}, {kDelivered, "a"}})),
            Verdict::undetermined);
  EXPECT_EQ(outcome(chain({{kAccepted, ""}, {kDelivered, "a"}, {kTaken, "a"}, {kFetched, "a"}})),
            Verdict::undetermined);
  auto late = chain({{kAccepted, ""}});
  Evidence early = chain({{kAccepted, ""}, {kDelivered, "a"}})[1];
  early.at -= std::chrono::hours(1);
  late.push_back(early);
  EXPECT_EQ(outcome(late), Verdict::undetermined);
}

TEST_F(BundleEvents, WhatIsMissingAddedOrElsewhereIsInvalid) {
  const auto good = chain({{kAccepted, ""}, {kDelivered, "a"}, {kFetched, "a"}});
  EXPECT_EQ(outcome({}), Verdict::invalid);
  EXPECT_EQ(outcome({good[0], good[2]}), Verdict::invalid);
  EXPECT_EQ(outcome({good[1], good[2]}), Verdict::invalid);
  EXPECT_EQ(outcome({good[0], good[1], good[1], good[2]}), Verdict::invalid);
  EXPECT_EQ(outcome({good[0], good[2], good[1]}), Verdict::invalid);
  auto foreign = good;
  foreign[2].facts.document_hash = base::sha256("another");
  EXPECT_EQ(outcome(foreign), Verdict::invalid);
  EXPECT_EQ(courses_of(good).size(), 1U);
  EXPECT_TRUE(courses_of(good)[0].fetched.has_value());
}

}  // namespace
}  // namespace trust::bundle
