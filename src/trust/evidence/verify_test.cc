#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/json.h"
#include "trust/demo/authority.h"
#include "trust/evidence/batch.h"
#include "trust/evidence/key_signer.h"
#include "trust/evidence/proof.h"
#include "trust/log/testing/small_log.h"

namespace trust::evidence {
namespace {

using base::Bytes;
using base::BytesView;

// A proof of the second of three evidences, and a judge whose word can be set.
class EvidenceVerify : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(small_.open().ok());
    std::vector<Bytes> hashes, entries;
    for (int i = 0; i < 3; ++i) {
      Evidence evidence;
      evidence.facts.document_id = "d" + std::to_string(i);
      evidence.facts.document_hash = base::sha256(evidence.facts.document_id);
      evidence.exchange = {"Trục thử", base::sha256("certificate")};
      evidence.id = std::string(32, static_cast<char>('a' + i));
      evidence.at = at_;
      const Bytes bytes = evidence.bytes().value();
      if (i == 1) proof_.evidence = bytes;
      hashes.push_back(base::sha256(bytes));
      entries.push_back(log_entry(hashes.back()));
    }
    const log::Hashes leaves = leaves_of(hashes);
    proof_.index = 1;
    proof_.path = log::inclusion_path(1, 3, log::subtrees_of(leaves)).value();
    proof_.note = BatchNote{"Trục thử", 5, 3, log::root_of(leaves), at_}.text();
    proof_.signature = "cms";
    proof_.timestamp = "token";
    ASSERT_TRUE(small_.log->append(entries).ok());
    proof_.log_proof =
        log::prove(*small_.log->source(), 1, small_.log->head_note(), small_.signer->verifier())
            .value()
            .text();
    policy_.log_policy = log::ProofPolicy{small_.signer->verifier(), {}, 0};
    signature_.verdict = timestamp_.verdict = Verdict::valid;
    signature_.chain.push_back({"CN=test", "", "", "", "", {}, {}, base::sha256("certificate")});
    timestamp_.proven_at = at_ + std::chrono::seconds(1);
  }
  EvidenceReport report() {
    EvidenceJudge judge;
    judge.signature = [&](BytesView cms, BytesView content, std::optional<base::Time> at) {
      EXPECT_EQ(cms, proof_.signature);
      EXPECT_EQ(content, proof_.note);
      proven_at_ = at;
      return signature_;
    };
    judge.timestamp = [&](BytesView token, BytesView digest) {
      EXPECT_EQ(token, proof_.timestamp);
      EXPECT_EQ(digest, base::sha256(proof_.signature));
      return timestamp_;
    };
    return verify(proof_, policy_, judge);
  }
  // The verdict and the number of the first step that is not valid.
  std::string outcome() {
    const EvidenceReport found = report();
    std::string out(name_of(found.verdict()));
    for (const Step& step : found.steps) {
      EXPECT_FALSE(step.message.vi.empty());
      EXPECT_FALSE(step.message.en.empty());
      if (step.outcome != Verdict::valid) return out + " " + std::string(step.block.substr(0, 1));
    }
    return out;
  }

  const base::Time at_ = base::from_micros(1'795'319'309'892'424);
  log::testing::SmallLog small_;
  EvidenceProof proof_;
  EvidencePolicy policy_;
  SignatureReport signature_, timestamp_;
  std::optional<base::Time> proven_at_;
};

TEST_F(EvidenceVerify, ExplainsEveryStep) {
  policy_.document_hash = base::sha256("d1");
  EXPECT_EQ(outcome(), "valid");
  const EvidenceReport found = report();
  EXPECT_EQ(found.steps.size(), 7U);
  EXPECT_EQ(proven_at_, timestamp_.proven_at) << "the signature is judged at the timestamp";
  EXPECT_NE(to_text(found, base::Language::vietnamese).find("✓ 7 The log"), std::string::npos);
  EXPECT_EQ(to_json(found)["verdict"].text(), "valid");
  EXPECT_EQ(to_json(found)["steps"].array().size(), 7U);
}

TEST_F(EvidenceVerify, FindsEveryAlteration) {
  const EvidenceProof good = proof_;
  const auto altered = [&](const auto& change) {
    proof_ = good;
    change();
    const std::string found = outcome();
    proof_ = good;
    return found;
  };
  EXPECT_EQ(altered([&] { proof_.evidence[5] ^= 1; }), "invalid 1");
  EXPECT_EQ(altered([&] {
              Evidence other = Evidence::parse(proof_.evidence).value();
              other.facts.recipient = "H99";
              proof_.evidence = other.bytes().value();
            }),
            "invalid 3");
  EXPECT_EQ(altered([&] { proof_.index = 2; }), "invalid 3");
  EXPECT_EQ(altered([&] { proof_.path.pop_back(); }), "invalid 3");
  EXPECT_EQ(altered([&] { proof_.note = "x"; }), "invalid 3");
  EXPECT_EQ(altered([&] { proof_.log_proof[proof_.log_proof.size() - 9] ^= 1; }), "invalid 7");
  EXPECT_EQ(altered([&] { proof_.log_proof = "x"; }), "invalid 7");
  EXPECT_EQ(altered([&] { proof_.signature.clear(); }), "undetermined 4");
  EXPECT_EQ(altered([&] { proof_.timestamp.clear(); }), "undetermined 6");
  EXPECT_EQ(altered([&] { proof_.log_proof.clear(); }), "undetermined 7");
  policy_.document_hash = base::sha256("another");
  EXPECT_EQ(outcome(), "invalid 2");
}

TEST_F(EvidenceVerify, PassesOnWhatTheJudgeSays) {
  signature_.verdict = Verdict::invalid;
  signature_.sub = SubIndication::revoked;
  EXPECT_EQ(outcome(), "invalid 4");
  signature_.verdict = Verdict::valid;
  signature_.chain[0].sha256 = base::sha256("another");
  EXPECT_EQ(outcome(), "invalid 5");
  signature_.chain.clear();
  EXPECT_EQ(outcome(), "undetermined 5");
}

TEST_F(EvidenceVerify, BelievesNoTimestampBeforeTheEvent) {
  timestamp_.proven_at = at_ - std::chrono::hours(1);
  EXPECT_EQ(outcome(), "undetermined 6");
  timestamp_.verdict = Verdict::undetermined;
  timestamp_.sub = SubIndication::try_later;
  EXPECT_EQ(outcome(), "undetermined 6");
  policy_.timestamp = false;
  proof_.timestamp.clear();
  policy_.log_policy.reset();
  EXPECT_EQ(outcome(), "valid") << "who checks asks for neither";
}

TEST_F(EvidenceVerify, AsksForWitnesses) {
  policy_.log_policy->witnesses_min = 1;
  EXPECT_EQ(outcome(), "undetermined 7");
}

TEST_F(EvidenceVerify, TheProofIsOneText) {
  const auto again = EvidenceProof::parse(proof_.text());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->evidence, proof_.evidence);
  EXPECT_EQ(again->log_proof, proof_.log_proof);
  for (const char* wrong :
       {"", "{}", "[]", "{\"format\":\"truc-evidence-proof/1\"}",
        "{\"format\":\"truc-evidence-proof/1\",\"index\":0,\"path\":[\"x\"]}",
        "{\"format\":\"truc-evidence-proof/1\",\"index\":0,\"signature\":\"?\"}"}) {
    EXPECT_EQ(EvidenceProof::parse(wrong).error().reason(), "trust.evidence_proof_malformed");
  }
}

TEST(EvidenceKeySigner, SignsWithARealKey) {
  const base::Time now = base::SystemClock().now();
  const auto authority = demo::Authority::create({.url = "", .bits = 2048, .now = now}).value();
  const auto credential =
      authority->issue({.name = "Trục thử", .algorithm = KeyAlgorithm::ecdsa_p256}).value();
  const auto key = key_from_pem(credential.pem(), "").value();
  const auto signer = key_signer(*key).value();
  EXPECT_EQ(signer->certificate(), base::sha256(credential.certificates.front()));
  EXPECT_GT(signer->sign("note\n", now, signer->certificate()).value().size(), 500U);
  EXPECT_EQ(signer->sign("note\n", now, base::sha256("another")).error().reason(),
            "trust.key_unavailable");
}

}  // namespace
}  // namespace trust::evidence
