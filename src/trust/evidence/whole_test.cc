// Evidences with real keys, timestamps and judging: from the transaction to the check.
#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/testing/fake_clock.h"
#include "base/testing/temp_directory.h"
#include "trust/evidence/key_signer.h"
#include "trust/evidence/rolling_signer.h"
#include "trust/evidence/sealer.h"
#include "trust/log/testing/small_log.h"
#include "trust/testing/demo_world.h"

namespace trust::evidence {
namespace {

using base::Result;

class EvidenceWhole : public ::testing::Test {
 protected:
  // Writes three evidences, seals them with a key of that kind, and gives the proof of the second.
  EvidenceProof sealed_by(const std::string& kind) {
    store::Database::Options options;
    options.url = "sqlite:" + (directory_ / (kind + ".db"));
    const auto database = store::Database::open(options).value();
    EXPECT_TRUE(database->migrate(migrations()).ok());
    const auto signer = key_signer(world_.key(kind)).value();
    EvidenceBook book({"Trục thử", signer->certificate()}, random_);
    const auto log =
        log::Log::open({base::real_files(), directory_ / (kind + ".log"), *log_key_, clock_})
            .value();
    Sealer sealer({*database, book, *signer, &world_.timestamps(), log.get(), "Trục thử", clock_});
    std::string id;
    EXPECT_TRUE(database
                    ->write([&](store::Connection& connection) -> Result<void> {
                      for (int i = 0; i < 3; ++i) {
                        Facts facts;
                        facts.document_id = "d";
                        facts.document_hash = base::sha256("d");
                        const Written written = TRY(book.add(connection, clock_.now(), facts));
                        if (i == 1) id = written.id;
                      }
                      return base::done();
                    })
                    .ok());
    const auto round = sealer.step();
    EXPECT_TRUE(round.ok() && round->failures.empty());
    EvidenceProof proof;
    EXPECT_TRUE(database
                    ->read([&](store::Connection& connection) -> Result<void> {
                      const auto source = log->source();
                      const LogReader reader{*source, log->verifier()};
                      proof = TRY(proof_of(connection, id, &reader));
                      return base::done();
                    })
                    .ok());
    return EvidenceProof::parse(proof.text()).value();
  }
  EvidenceReport check(const EvidenceProof& proof) {
    EvidencePolicy policy;
    policy.log_policy = log::ProofPolicy{log_key_->verifier(), {}, 0};
    const Context context = world_.context();
    return verify(proof, policy, judge_with(context));
  }

  testing::DemoWorld& world_ = testing::DemoWorld::get();
  const base::testing::TempDirectory directory_;
  base::testing::FakeClock clock_{world_.now};
  base::SystemRandom random_;
  std::unique_ptr<log::NoteSigner> log_key_ = log::testing::key_of("exchange.example/truc", 4);
};

TEST_F(EvidenceWhole, IsValidWithEveryKindOfKey) {
  for (const char* kind : {"rsa", "ecdsa", "ed25519"}) {
    const EvidenceReport report = check(sealed_by(kind));
    EXPECT_EQ(report.verdict(), Verdict::valid) << kind << "\n"
                                                << to_text(report, base::Language::english)
                                                << to_json(report).dump(base::Json::Style::pretty);
    EXPECT_TRUE(report.proven_at.has_value());
  }
}

// The key is changed between writing and sealing: each evidence is signed by the key that it names.
TEST_F(EvidenceWhole, EvidencesBeforeAndAfterAChangeOfKeysAreValid) {
  store::Database::Options options;
  options.url = "sqlite:" + (directory_ / "change.db");
  const auto database = store::Database::open(options).value();
  ASSERT_TRUE(database->migrate(migrations()).ok());
  RollingSigner signer;
  const auto borrowed = [&](const char* kind) {
    return std::shared_ptr<SigningKey>(&world_.key(kind), [](SigningKey*) {});
  };
  const base::Bytes before = signer.add(borrowed("rsa")).value();
  const base::Bytes after = signer.add(borrowed("ecdsa")).value();
  signer.speak_as(before);
  EvidenceBook book({"Trục thử", before}, random_);
  Sealer sealer({*database, book, signer, &world_.timestamps(), nullptr, "Trục thử", clock_});
  std::vector<std::string> ids;
  const auto write = [&] {
    return database->write([&](store::Connection& connection) -> Result<void> {
      Facts facts;
      facts.document_id = "d";
      facts.document_hash = base::sha256("d");
      const Written written = TRY(book.add(connection, clock_.now(), facts));
      ids.push_back(written.id);
      return base::done();
    });
  };
  ASSERT_TRUE(write().ok());
  signer.speak_as(after);
  book.speak_as({"Trục thử", after});
  ASSERT_TRUE(write().ok());
  const auto round = sealer.step().value();
  EXPECT_EQ(round.sealed, 2);
  const Context context = world_.context();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EvidenceProof proof;
    ASSERT_TRUE(database
                    ->read([&](store::Connection& connection) -> Result<void> {
                      proof = TRY(proof_of(connection, ids[i], nullptr));
                      return base::done();
                    })
                    .ok());
    const EvidenceReport report = verify(proof, {}, judge_with(context));
    EXPECT_EQ(report.verdict(), Verdict::valid) << to_text(report, base::Language::english);
    EXPECT_EQ(report.evidence->exchange.certificate, i == 0 ? before : after);
  }
  EXPECT_EQ(signer.sign("note", clock_.now(), base::sha256("x")).error().reason(),
            "trust.key_unavailable");
}

TEST_F(EvidenceWhole, NoAlterationPasses) {
  const EvidenceProof good = sealed_by("ecdsa");
  ASSERT_EQ(check(good).verdict(), Verdict::valid);
  EvidenceProof altered = good;
  altered.note[altered.note.size() - 3] ^= 1;
  EXPECT_NE(check(altered).verdict(), Verdict::valid);
  altered = good;
  altered.signature[altered.signature.size() - 3] ^= 1;
  EXPECT_NE(check(altered).verdict(), Verdict::valid);
  altered = good;
  altered.timestamp[altered.timestamp.size() - 3] ^= 1;
  EXPECT_NE(check(altered).verdict(), Verdict::valid);
  altered = good;
  const EvidenceProof other = sealed_by("rsa");
  altered.signature = other.signature;
  EXPECT_EQ(check(altered).verdict(), Verdict::invalid);
  altered = good;
  altered.timestamp = other.timestamp;
  EXPECT_EQ(check(altered).verdict(), Verdict::invalid);
}

TEST_F(EvidenceWhole, ARevokedKeySealsNothingThatIsValid) {
  EXPECT_NE(check(sealed_by("revoked")).verdict(), Verdict::valid);
}

}  // namespace
}  // namespace trust::evidence
