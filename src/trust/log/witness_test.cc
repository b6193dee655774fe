#include "trust/log/witness.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "trust/log/proof.h"
#include "trust/log/testing/small_log.h"

namespace trust::log {
namespace {

using testing::key_of;
using testing::SmallLog;

// A witness in the same program.
class Near : public WitnessTransport {
 public:
  explicit Near(Witness& witness) : witness_(witness) {}
  base::Result<WitnessAnswer> add_checkpoint(const std::string& body) override {
    if (away)
      return base::Error(base::Code::unavailable, "trust.witness_unavailable", "away", "vắng");
    ++requests;
    return witness_.add_checkpoint(body);
  }
  bool away = false;
  int requests = 0;

 private:
  Witness& witness_;
};

class LogWitness : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(small_.open().ok());
    key_ = key_of("w.example", 3, NoteAlgorithm::cosignature);
    open();
  }
  void open() {
    witness_ =
        Witness::open({disk_, "witness", *key_, small_.clock, {small_.signer->verifier()}}).value();
  }
  std::string request(std::uint64_t old_size) {
    const auto source = small_.log->source();
    TileTree tree(*source, small_.log->head().size);
    return AddCheckpoint{old_size, tree.consistency(old_size).value(), small_.log->head_note()}
        .body();
  }

  SmallLog small_;
  store::testing::FaultyDisk disk_{5};
  std::unique_ptr<NoteSigner> key_;
  std::unique_ptr<Witness> witness_;
};

TEST_F(LogWitness, AnswersAsSpecified) {
  small_.grow(10);
  EXPECT_EQ(witness_->add_checkpoint("nonsense").status, 400);
  const auto first = witness_->add_checkpoint(request(0));
  ASSERT_EQ(first.status, 200) << first.body;
  const Note note = parse_note(small_.log->head_note() + first.body).value();
  EXPECT_EQ(cosignatures_of(note, {key_->verifier()}).size(), 1U);
  EXPECT_EQ(witness_->add_checkpoint(request(10)).status, 200) << "the same again";

  small_.grow(300);
  const auto behind = witness_->add_checkpoint(request(5));
  EXPECT_EQ(behind.status, 409);
  EXPECT_EQ(behind.body, "10\n");
  EXPECT_EQ(behind.content_type, "text/x.tlog.size");
  std::string forged = request(10);
  forged[8] = forged[8] == 'A' ? 'B' : 'A';
  EXPECT_EQ(witness_->add_checkpoint(forged).status, 422);
  open();  // a restart: it remembers
  EXPECT_EQ(witness_->add_checkpoint(request(0)).status, 409);
  EXPECT_EQ(witness_->add_checkpoint(request(10)).status, 200);

  AddCheckpoint older = AddCheckpoint::parse(request(310)).value();
  older.old_size = 311;
  EXPECT_EQ(witness_->add_checkpoint(older.body()).status, 400);
}

TEST_F(LogWitness, SignsForNoStranger) {
  Note note{Checkpoint{"strange.example", 0, empty_root()}.text(), {}};
  ASSERT_TRUE(sign_note(note, *key_of("strange.example", 9), {}).ok());
  EXPECT_EQ(witness_->add_checkpoint(AddCheckpoint{0, {}, note.to_bytes()}.body()).status, 404);
  Note forged{Checkpoint{"log.example/truc", 0, empty_root()}.text(), {}};
  ASSERT_TRUE(sign_note(forged, *key_of("log.example/truc", 9), {}).ok());
  EXPECT_EQ(witness_->add_checkpoint(AddCheckpoint{0, {}, forged.to_bytes()}.body()).status, 403);
  Note other{Checkpoint{"log.example/truc", 0, leaf_hash("x")}.text(), {}};
  ASSERT_TRUE(sign_note(other, *small_.signer, {}).ok());
  EXPECT_EQ(witness_->add_checkpoint(AddCheckpoint{0, {}, other.to_bytes()}.body()).status, 409)
      << "an empty tree has one root";
}

TEST_F(LogWitness, SignsNoSecondHistory) {
  small_.grow(10);
  ASSERT_EQ(witness_->add_checkpoint(request(0)).status, 200);
  Note fork{Checkpoint{"log.example/truc", 10, leaf_hash("x")}.text(), {}};
  ASSERT_TRUE(sign_note(fork, *small_.signer, {}).ok());
  EXPECT_EQ(witness_->add_checkpoint(AddCheckpoint{10, {}, fork.to_bytes()}.body()).status, 409);
}

TEST_F(LogWitness, SignsNothingThatItCannotKeep) {
  small_.grow(10);
  disk_.die_after(2);
  EXPECT_EQ(witness_->add_checkpoint(request(0)).status, 500);
  disk_.power_cycle();
  EXPECT_EQ(witness_->add_checkpoint(request(0)).status, 200);
}

TEST_F(LogWitness, IsAskedAndItsWordPublished) {
  small_.grow(10);
  Witnesses witnesses(*small_.log);
  auto transport = std::make_unique<Near>(*witness_);
  Near* const near = transport.get();
  witnesses.add(key_->verifier(), std::move(transport));
  ASSERT_TRUE(witnesses.ask().front().result.ok());
  EXPECT_EQ(small_.read("checkpoint"), small_.read("checkpoint.witnessed"));
  const ProofPolicy policy{small_.signer->verifier(), {key_->verifier()}, 1};
  const auto source = small_.log->source();
  const auto prove_at = [&](std::uint64_t index, const std::string& head) {
    return prove(*source, index, small_.read(head), small_.signer->verifier()).value();
  };
  const Proof proof = prove_at(3, "checkpoint.witnessed");
  EXPECT_TRUE(verify(proof, "entry 3", policy).ok());
  const auto again = Proof::parse(proof.text());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->text(), proof.text());

  small_.grow(10);
  EXPECT_EQ(verify(prove_at(15, "checkpoint"), "entry 15", policy).error().reason(),
            "trust.log_witnesses_missing");
  near->away = true;
  EXPECT_EQ(witnesses.ask().front().result.error().reason(), "trust.witness_unavailable");
  near->away = false;
  near->requests = 0;
  EXPECT_TRUE(witnesses.ask().front().result.ok());
  EXPECT_EQ(near->requests, 1) << "its size is known";
  EXPECT_TRUE(verify(prove_at(15, "checkpoint.witnessed"), "entry 15", policy).ok());
  ASSERT_TRUE(small_.open().ok()) << "cosignatures do not disturb a start";

  // A log that knows nothing of its witness finds out what it has.
  Witnesses fresh(*small_.log);
  fresh.add(key_->verifier(), std::make_unique<Near>(*witness_));
  small_.grow(1);
  EXPECT_TRUE(fresh.ask().front().result.ok());
}

TEST_F(LogWitness, SeesThatTheLogHasLostEntries) {
  small_.grow(10);
  Witnesses witnesses(*small_.log);
  witnesses.add(key_->verifier(), std::make_unique<Near>(*witness_));
  ASSERT_TRUE(witnesses.ask().front().result.ok());
  SmallLog shorter(2);
  ASSERT_TRUE(shorter.open().ok());
  shorter.grow(4);
  Witnesses asked(*shorter.log);
  asked.add(key_->verifier(), std::make_unique<Near>(*witness_));
  EXPECT_EQ(asked.ask().front().result.error().reason(), "trust.log_rolled_back");
  ASSERT_TRUE(shorter.log->append({"other"}).ok());
  shorter.grow(5);
  EXPECT_EQ(asked.ask().front().result.error().reason(), "trust.log_rolled_back") << "a fork";
  shorter.grow(5);
  EXPECT_EQ(asked.ask().front().result.error().reason(), "trust.witness_refused") << "422";
}

}  // namespace
}  // namespace trust::log
