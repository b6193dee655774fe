#include "trust/log/witness.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "trust/log/copy.h"
#include "trust/log/monitor.h"
#include "trust/log/proof.h"
#include "trust/log/testing/small_log.h"
#include "trust/log/witness_schedule.h"

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

TEST_F(LogWitness, ASchedulesWitnessThatIsAwayIsAskedLessOftenAndSaidToBeAway) {
  small_.grow(3);
  auto near = std::make_unique<Near>(*witness_);
  Near& transport = *near;
  const auto other_key = key_of("v.example", 4, NoteAlgorithm::cosignature);
  const auto other =
      Witness::open({disk_, "other", *other_key, small_.clock, {small_.signer->verifier()}})
          .value();
  WitnessSchedule schedule(*small_.log, small_.clock, {});
  schedule.add(key_->verifier(), std::move(near));
  schedule.add(other_key->verifier(), std::make_unique<Near>(*other));
  transport.away = true;
  int asked = 0;
  for (int minute = 0; minute < 60; ++minute) {
    for (const auto& outcome : schedule.step()) asked += outcome.witness == "w.example" ? 1 : 0;
    small_.clock.advance(std::chrono::minutes(1));
  }
  EXPECT_EQ(asked, 6);  // after 0, 1, 3, 7, 15 and 31 minutes
  EXPECT_EQ(schedule.away(), std::vector<std::string>{"w.example"});
  EXPECT_EQ(schedule.standings()[0].failures, 6);
  EXPECT_EQ(schedule.standings()[0].reason, "trust.witness_unavailable");
  const auto cosigned = [&] {
    const auto note = parse_note(small_.read("checkpoint.witnessed")).value();
    return cosignatures_of(note, {key_->verifier(), other_key->verifier()}).size();
  };
  EXPECT_EQ(cosigned(), 1u);
  transport.away = false;
  small_.clock.advance(std::chrono::minutes(10));
  EXPECT_EQ(schedule.step().size(), 1u);  // the other has cosigned this head
  EXPECT_EQ(cosigned(), 2u);              // and is not forgotten
  EXPECT_TRUE(schedule.away().empty());
  EXPECT_TRUE(schedule.step().empty());
  // A clock that is set back does not leave anybody waiting.
  small_.grow(1);
  small_.clock.advance(std::chrono::hours(-1000));
  EXPECT_EQ(schedule.step().size(), 2u);
}

TEST_F(LogWitness, ALogThatIsBehindItsWitnessIsHeld) {
  small_.grow(3);
  const auto ask = [&] {
    WitnessSchedule schedule(*small_.log, small_.clock, {});
    schedule.add(key_->verifier(), std::make_unique<Near>(*witness_));
    return schedule.step();
  };
  EXPECT_TRUE(ask()[0].result.ok());
  small_.grow(2);
  EXPECT_TRUE(ask()[0].result.ok());
  // The same log, restored from before.
  SmallLog old(2);
  ASSERT_TRUE(old.open());
  old.grow(4);
  WitnessSchedule schedule(*old.log, old.clock, {});
  schedule.add(key_->verifier(), std::make_unique<Near>(*witness_));
  const auto outcome = schedule.step();
  ASSERT_EQ(outcome.size(), 1u);
  EXPECT_EQ(outcome[0].result.error().reason(), "trust.log_rolled_back");
  EXPECT_EQ(old.log->append({"x"}).error().reason(), "trust.log_rolled_back");
}

TEST_F(LogWitness, AMonitorCountsWitnesses) {
  small_.grow(3);
  const auto source = small_.log->source();
  MonitorOptions how{small_.signer->verifier(), {key_->verifier()}};
  how.quorum = 1;
  how.now = small_.clock.now();
  const auto reason = [&] {
    const auto report = monitor({}, *source, how);
    return report.findings.empty() ? std::string_view() : report.findings[0].reason;
  };
  EXPECT_EQ(reason(), "trust.log_unwitnessed");
  WitnessSchedule schedule(*small_.log, small_.clock, {});
  schedule.add(key_->verifier(), std::make_unique<Near>(*witness_));
  schedule.step();
  EXPECT_EQ(reason(), "");
  small_.grow(300);  // not cosigned yet: the head before is
  EXPECT_EQ(reason(), "");
  const base::Bytes witnessed = small_.read("checkpoint.witnessed");
  how.now += std::chrono::hours(25);
  EXPECT_EQ(reason(), "trust.log_unwitnessed");
  how.quorum = 0;
  EXPECT_EQ(reason(), "");
  how.quorum = 2;
  EXPECT_EQ(reason(), "trust.log_unwitnessed");
  // Cosigned, and of another history.
  how.quorum = 1;
  how.now = small_.clock.now();
  SmallLog other(3);
  ASSERT_TRUE(other.open());
  ASSERT_TRUE(other.log->append({"another", "history"}).ok());
  small_.write("checkpoint.witnessed", other.log->head_note());
  EXPECT_EQ(reason(), "trust.log_fork");
}

TEST_F(LogWitness, TheSettingNamesKeysAndAddresses) {
  const std::string one = key_->verifier().text() + " https://w.example/log";
  const auto parsed = parse_witnesses(one + ", " + one);
  ASSERT_TRUE(parsed.ok());
  ASSERT_EQ(parsed->size(), 2u);
  EXPECT_EQ((*parsed)[1].url, "https://w.example/log");
  EXPECT_TRUE(parse_witnesses("")->empty());
  EXPECT_EQ(parse_witnesses(key_->verifier().text()).error().reason(),
            "trust.witness_setting_malformed");
  EXPECT_EQ(parse_witnesses("nonsense https://x").error().reason(), "trust.note_key_malformed");
}

TEST(LogCopy, IsWholeContinuesAndNeverGoesBack) {
  SmallLog small(1);
  ASSERT_TRUE(small.open());
  store::testing::FaultyDisk disk(9);
  const auto key = small.signer->verifier();
  const auto source = small.log->source();
  for (const std::size_t more : {0u, 5u, 251u, 1u, 8'000u, 3u}) {
    if (more > 0) small.grow(more);
    const auto copied = copy_log(*source, key, disk, "copy");
    ASSERT_TRUE(copied.ok()) << copied.error().detail();
    EXPECT_EQ(*copied, small.log->head());
    const auto there = directory_source(disk, "copy");
    MonitorOptions how{key, {}};
    how.whole = true;
    const auto report = monitor({}, *there, how);
    EXPECT_TRUE(report.findings.empty()) << report.findings[0].text.en;
    EXPECT_EQ(report.head.size, small.log->head().size);
    auto opened = Log::open({disk, "copy", *small.signer, small.clock});
    EXPECT_TRUE(opened.ok());
  }
  SmallLog old(2);
  ASSERT_TRUE(old.open());
  old.grow(10);
  const auto behind = copy_log(*old.log->source(), key, disk, "copy");
  ASSERT_FALSE(behind.ok());
  EXPECT_EQ(behind.error().reason(), "trust.log_fork");
  base::Bytes bundle = small.read("tile/entries/001");
  bundle.back() = static_cast<char>(bundle.back() ^ 1);
  small.write("tile/entries/001", bundle);
  EXPECT_FALSE(copy_log(*source, key, disk, "damaged").ok());
  EXPECT_FALSE(disk.exists("damaged/checkpoint"));
}

}  // namespace
}  // namespace trust::log
