#include "trust/evidence/sealer.h"

#include <gtest/gtest.h>

#include <set>

#include "base/hash.h"
#include "base/testing/fake_clock.h"
#include "base/testing/temp_directory.h"
#include "store/testing/faulty_disk.h"
#include "store/testing/postgres_server.h"
#include "trust/evidence/proof.h"
#include "trust/log/testing/small_log.h"

namespace trust::evidence {
namespace {

using base::Bytes;
using base::BytesView;
using base::Code;
using base::Error;
using base::Result;

const Identity kExchange{"Trục thử", base::sha256("certificate")};

// Signs and stamps by hashing, and judges so: what is tested is what is signed, when and how often.
class TestSigner : public EvidenceSigner {
 public:
  Bytes certificate() const override { return kExchange.certificate; }
  Result<Bytes> sign(BytesView content, base::Time, BytesView named) override {
    if (away || gone.contains(Bytes(named)))
      return Error(Code::unavailable, "trust.key_unavailable", "away", "vắng");
    ++calls;
    with.emplace_back(named);
    return base::sha256("signed:" + Bytes(content) + Bytes(named));
  }
  bool away = false;
  std::set<Bytes> gone;     // certificates
  std::vector<Bytes> with;  // which certificate each
  int calls = 0;
};

class TestStamps : public TimestampClient {
 public:
  explicit TestStamps(const base::Clock& clock) : clock_(clock) {}
  Result<Stamp> stamp(BytesView digest, int) override {
    ++calls;
    if (away) return Error(Code::unavailable, "trust.timestamp_unavailable", "away", "vắng");
    return Stamp{base::iso_time_text(clock_.now()) + Bytes(digest), clock_.now(), "test"};
  }
  bool away = false;
  int calls = 0;

 private:
  const base::Clock& clock_;
};

EvidenceJudge test_judge() {
  EvidenceJudge judge;
  judge.signature = [](BytesView cms, BytesView content, std::optional<base::Time>) {
    SignatureReport report;
    bool good = false;
    for (const char* name : {"certificate", "renewed"}) {
      const Bytes certificate = base::sha256(name);
      if (cms != base::sha256("signed:" + Bytes(content) + certificate)) continue;
      good = true;
      report.chain.push_back({"CN=test", "", "", "", "", {}, {}, certificate});
    }
    report.verdict = good ? Verdict::valid : Verdict::invalid;
    report.sub = good ? SubIndication::none : SubIndication::sig_crypto_failure;
    return report;
  };
  judge.timestamp = [](BytesView token, BytesView digest) {
    SignatureReport report;
    const bool good = token.size() > 27 && token.substr(27) == digest;
    report.verdict = good ? Verdict::valid : Verdict::invalid;
    report.sub = good ? SubIndication::none : SubIndication::hash_failure;
    if (good) report.proven_at = parse_time(token.substr(0, 27));
    return report;
  };
  return judge;
}

// An exchange's database and log on one disk in memory.
struct Site {
  // On SQLite on the disk in memory, or on a new database of PostgreSQL.
  explicit Site(std::uint64_t seed = 1, const std::string& engine = "sqlite")
      : disk(seed), stamps(clock) {
    if (engine == "postgresql")
      url = store::testing::PostgresServer::shared().value()->create_database().value();
  }

  Result<void> open() {
    sealer.reset();
    log.reset();
    database.reset();
    store::Database::Options options;
    options.url = url.empty() ? "sqlite:/site.db" : url;
    if (url.empty()) options.vfs = disk.sqlite_vfs();
    options.own_writer_thread = false;
    database = TRY(store::Database::open(options));
    TRY(database->migrate(migrations()));
    log = TRY(log::Log::open({log_apart ? log_disk : disk, log_path, *key, clock}));
    sealer = std::make_unique<Sealer>(Sealer::Parts{*database,
                                                    book,
                                                    signer,
                                                    &stamps,
                                                    log.get(),
                                                    kExchange.name,
                                                    clock,
                                                    {.batch_max = 10, .round_max = 4}});
    return base::done();
  }
  Result<Written> add(const std::string& document, Event event = Event::content_consignment) {
    Facts facts;
    facts.event = event;
    facts.document_id = document;
    facts.document_hash = base::sha256(document);
    Written written;
    TRY(database->write([&](store::Connection& connection) -> Result<void> {
      written = TRY(book.add(connection, clock.now(), facts));
      return base::done();
    }));
    return written;
  }
  Result<EvidenceProof> proof(const std::string& id) {
    EvidenceProof proof;
    TRY(database->read([&](store::Connection& connection) -> Result<void> {
      const auto source = log->source();
      const LogReader reader{*source, log->verifier()};
      proof = TRY(proof_of(connection, id, &reader));
      return base::done();
    }));
    return proof;
  }
  EvidencePolicy policy() const {
    EvidencePolicy policy;
    policy.log_policy = log::ProofPolicy{key->verifier(), {}, 0};
    return policy;
  }
  Verdict verdict(const std::string& id) {
    const auto found = proof(id);
    EXPECT_TRUE(found.ok()) << found.error().detail();
    if (!found) return Verdict::invalid;
    const auto again = EvidenceProof::parse(found->text());
    EXPECT_TRUE(again.ok() && again->text() == found->text());
    const EvidenceReport report = verify(*again, policy(), test_judge());
    if (report.verdict() == Verdict::invalid)
      ADD_FAILURE() << to_text(report, base::Language::english);
    return report.verdict();
  }

  store::testing::FaultyDisk disk;
  store::testing::FaultyDisk log_disk{99};
  bool log_apart = false;
  std::string url;
  std::string log_path = "/log";
  base::testing::FakeClock clock;
  base::SeededRandom random{1};
  std::unique_ptr<log::NoteSigner> key = log::testing::key_of("exchange.example/truc", 1);
  EvidenceBook book{kExchange, random};
  TestSigner signer;
  TestStamps stamps;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<log::Log> log;
  std::unique_ptr<Sealer> sealer;
};

class EvidenceSealer : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Engines, EvidenceSealer, ::testing::Values("sqlite", "postgresql"),
                         [](const auto& engine) { return engine.param; });

TEST_P(EvidenceSealer, SealsWhatWasWritten) {
  Site site(1, GetParam());
  ASSERT_TRUE(site.open().ok());
  EXPECT_EQ(site.sealer->step().value().made, 0);
  std::vector<Written> all;
  for (int i = 0; i < 25; ++i) all.push_back(site.add("document " + std::to_string(i % 3)).value());
  EXPECT_EQ(all.back().seq, 25);
  EXPECT_EQ(site.proof(all[0].id).error().reason(), "trust.evidence_waiting");
  EXPECT_EQ(site.proof("unknown").error().reason(), "trust.evidence_unknown");
  EXPECT_EQ(site.sealer->health().value().waiting, 25);

  const auto round = site.sealer->step();
  ASSERT_TRUE(round.ok()) << round.error().detail();
  EXPECT_EQ(round->made, 3);
  EXPECT_EQ(round->evidences, 25);
  EXPECT_EQ(round->stamped, 3);
  EXPECT_EQ(site.signer.calls, 3) << "one signature a batch";
  EXPECT_EQ(site.log->head().size, 25U);
  for (const Written& written : all) EXPECT_EQ(site.verdict(written.id), Verdict::valid);
  const auto health = site.sealer->health().value();
  EXPECT_EQ(
      health.waiting + health.without_signature + health.without_log + health.without_timestamp, 0);
  EXPECT_EQ(site.sealer->step().value().made, 0);
  EXPECT_EQ(site.stamps.calls, 3);
}

TEST_P(EvidenceSealer, ChainsTheEvidencesOfADocument) {
  Site site(1, GetParam());
  ASSERT_TRUE(site.open().ok());
  ASSERT_TRUE(site.add("a", Event::submission_acceptance).ok());
  ASSERT_TRUE(site.add("b", Event::submission_acceptance).ok());
  ASSERT_TRUE(site.add("a", Event::content_consignment).ok());
  ASSERT_TRUE(site.add("a", Event::content_handover).ok());
  Bytes previous;
  int count = 0;
  ASSERT_TRUE(site.database
                  ->read([&](store::Connection& connection) {
                    return evidences_about(connection, "a", [&](const Written& w, BytesView body) {
                      const Evidence evidence = Evidence::parse(body).value();
                      EXPECT_EQ(evidence.previous, previous);
                      EXPECT_EQ(base::sha256(body), w.hash);
                      previous = w.hash;
                      ++count;
                    });
                  })
                  .ok());
  EXPECT_EQ(count, 3);
}

// A change that is refused leaves no evidence; one that runs twice leaves one.
TEST_P(EvidenceSealer, AnEvidenceIsThereExactlyWhenItsEventIs) {
  Site site(1, GetParam());
  ASSERT_TRUE(site.open().ok());
  const auto refused = site.database->write([&](store::Connection& connection) -> Result<void> {
    Facts facts;
    facts.document_id = "x";
    facts.document_hash = base::sha256("x");
    TRY(site.book.add(connection, site.clock.now(), facts));
    return Error(Code::conflict, "exchange.recalled", "no", "không");
  });
  EXPECT_FALSE(refused.ok());
  EXPECT_EQ(site.sealer->health().value().waiting, 0);
  EXPECT_EQ(site.add("y").value().seq, 1);
}

TEST_P(EvidenceSealer, HealsWhenTheAuthorityIsBack) {
  Site site(1, GetParam());
  ASSERT_TRUE(site.open().ok());
  site.stamps.away = true;
  std::vector<std::string> ids;
  for (int round = 0; round < 12; ++round) {
    ids.push_back(site.add("document").value().id);
    const auto done = site.sealer->step();
    ASSERT_TRUE(done.ok());
    ASSERT_EQ(done->failures.size(), 1U);
    EXPECT_EQ(done->logged, 1) << "a missing timestamp keeps nothing else waiting";
    EXPECT_EQ(site.stamps.calls, round + 1) << "one attempt a round";
    site.clock.advance(std::chrono::minutes(1));
  }
  EXPECT_EQ(site.verdict(ids.back()), Verdict::undetermined);
  EXPECT_EQ(site.sealer->health().value().degradations,
            std::vector<std::string>{"timestamp_unavailable"});
  EXPECT_EQ(site.sealer->health().value().without_timestamp, 12);
  const std::string meanwhile = site.add("document").value().id;
  site.stamps.away = false;
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(site.sealer->step().ok());
  EXPECT_EQ(site.sealer->health().value().without_timestamp, 0);
  EXPECT_TRUE(site.sealer->health().value().degradations.empty());
  for (const std::string& id : ids) EXPECT_EQ(site.verdict(id), Verdict::valid);
  const Evidence declared = Evidence::parse(site.proof(meanwhile).value().evidence).value();
  EXPECT_EQ(declared.facts.degradations, std::vector<std::string>{"timestamp_unavailable"});
  int marked = 0;
  static const store::Query kDegraded{"test.degraded",
                                      "select degraded from evidence_batch order by number"};
  ASSERT_TRUE(site.database
                  ->read([&](store::Connection& connection) {
                    return connection.each(kDegraded, {}, [&](const store::Row& row) {
                      marked += row.text(0) == "timestamp_unavailable," ? 1 : 0;
                      return true;
                    });
                  })
                  .ok());
  EXPECT_EQ(marked, 13) << "every batch that was without one when it was declared";
}

TEST_P(EvidenceSealer, ABatchHasOneCertificateAndALostKeyDelaysNoOther) {
  Site site(1, GetParam());
  ASSERT_TRUE(site.open().ok());
  const Identity renewed{kExchange.name, base::sha256("renewed")};
  const std::string first = site.add("a").value().id;
  ASSERT_TRUE(site.add("a").ok());
  site.book.speak_as(renewed);
  const std::string third = site.add("a").value().id;
  site.book.speak_as(kExchange);
  ASSERT_TRUE(site.add("a").ok());
  const auto round = site.sealer->step().value();
  EXPECT_EQ(round.made, 3);
  EXPECT_EQ(round.sealed, 3);
  EXPECT_EQ(site.signer.with, (std::vector<Bytes>{kExchange.certificate, renewed.certificate,
                                                  kExchange.certificate}));
  EXPECT_EQ(site.verdict(first), Verdict::valid);
  EXPECT_EQ(site.verdict(third), Verdict::valid);

  // More batches of a key that is gone than one round takes up, and one of the key in force.
  site.signer.gone.insert(renewed.certificate);
  for (int i = 0; i < 6; ++i) {
    site.book.speak_as(i % 2 == 0 ? renewed : kExchange);
    ASSERT_TRUE(site.add("b").ok());
    ASSERT_TRUE(site.sealer->step().ok());
  }
  site.book.speak_as(renewed);
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(site.add("c").ok());
  site.book.speak_as(kExchange);
  const std::string last = site.add("c").value().id;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(site.sealer->step().ok());
  EXPECT_EQ(site.verdict(last), Verdict::valid);
  EXPECT_EQ(site.sealer->health().value().without_signature, 8);
  site.clock.advance(std::chrono::hours(1));
  ASSERT_TRUE(site.sealer->step().ok());
  EXPECT_TRUE(site.sealer->health().value().degradations.empty())
      << "what is written now is signed in time";
  site.signer.gone.clear();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(site.sealer->step().ok());
  EXPECT_EQ(site.sealer->health().value().without_signature, 0);
}

TEST_P(EvidenceSealer, HealsWhenTheKeyIsBack) {
  Site site(1, GetParam());
  ASSERT_TRUE(site.open().ok());
  site.signer.away = true;
  const std::string id = site.add("document").value().id;
  EXPECT_EQ(site.sealer->step().value().failures.size(), 1U);
  EXPECT_EQ(site.log->head().size, 1U);
  EXPECT_EQ(site.verdict(id), Verdict::undetermined);
  site.signer.away = false;
  ASSERT_TRUE(site.sealer->step().ok());
  EXPECT_EQ(site.verdict(id), Verdict::valid);
}

TEST_P(EvidenceSealer, HealsWhenTheLogIsBackAndKeepsItsOrder) {
  Site site(1, GetParam());
  site.log_apart = true;
  ASSERT_TRUE(site.open().ok());
  std::vector<std::string> ids;
  for (int i = 0; i < 12; ++i) {
    const bool full = i > 2 && i < 9;
    site.log_disk.limit_bytes(full ? 1 : 0);
    ids.push_back(site.add("document").value().id);
    const auto round = site.sealer->step();
    ASSERT_TRUE(round.ok());
    EXPECT_EQ(round->stamped, 1) << "a missing log keeps nothing else waiting";
    ASSERT_EQ(round->failures.size(), full ? 1U : 0U);
    if (full) {
      EXPECT_EQ(round->failures[0].reason(), "base.disk_full");
    }
  }
  EXPECT_EQ(site.sealer->health().value().without_log, 0);
  std::uint64_t expected = 0;
  for (const std::string& id : ids) {
    EXPECT_EQ(site.verdict(id), Verdict::valid);
    EXPECT_EQ(log::Proof::parse(site.proof(id).value().log_proof).value().index, expected++);
  }
}

TEST_P(EvidenceSealer, SaysHowFarItHasCome) {
  Site site(1, GetParam());
  ASSERT_TRUE(site.open().ok());
  const base::Time begun = site.clock.now();
  EXPECT_FALSE(site.sealer->health().value().unsigned_since.has_value());
  ASSERT_TRUE(site.add("document").ok());
  site.clock.advance(std::chrono::minutes(1));
  EXPECT_EQ(site.sealer->health().value().unsigned_since, begun);
  site.signer.away = true;
  ASSERT_TRUE(site.sealer->step().ok());
  const base::Time batched = site.clock.now();
  site.clock.advance(std::chrono::minutes(1));
  ASSERT_TRUE(site.add("document").ok());
  auto health = site.sealer->health().value();
  EXPECT_EQ(health.waiting, 1);
  EXPECT_EQ(health.without_signature, 1);
  EXPECT_EQ(health.unsigned_since, batched);
  EXPECT_EQ(health.unlogged_since, site.clock.now());
  EXPECT_EQ(health.logged_at, batched);
  site.signer.away = false;
  ASSERT_TRUE(site.sealer->step().ok());
  health = site.sealer->health().value();
  EXPECT_FALSE(health.unsigned_since || health.unlogged_since || health.unstamped_since);
}

// A new log takes all evidences again: their proofs are then of that log.
TEST_P(EvidenceSealer, BeginsANewLogWithWhatThereIs) {
  Site site(1, GetParam());
  ASSERT_TRUE(site.open().ok());
  std::vector<std::string> ids;
  for (int i = 0; i < 23; ++i) ids.push_back(site.add("document").value().id);
  ASSERT_TRUE(site.sealer->step().ok());
  site.log_path = "/newer";
  ASSERT_TRUE(site.database->write([](store::Connection& c) { return forget_log(c); }).ok());
  ASSERT_TRUE(site.open().ok());
  ids.push_back(site.add("document").value().id);
  EXPECT_TRUE(site.sealer->step().value().failures.empty());
  EXPECT_EQ(site.log->head().size, 24U);
  for (const std::string& id : ids) EXPECT_EQ(site.verdict(id), Verdict::valid);
}

// A log that was put back to an older state is not written on: that would be a second history.
TEST_P(EvidenceSealer, SeesThatTheLogHasLostEntries) {
  Site site(1, GetParam());
  ASSERT_TRUE(site.open().ok());
  ASSERT_TRUE(site.add("document").ok());
  ASSERT_TRUE(site.sealer->step().ok());
  site.log_path = "/older";
  ASSERT_TRUE(site.open().ok());
  ASSERT_TRUE(site.add("document").ok());
  EXPECT_EQ(site.sealer->step().value().failures.at(0).reason(), "trust.log_rolled_back");
  EXPECT_EQ(site.log->head().size, 0U);
}

// The process dies after the log took a batch and before the database knows: it is found there.
TEST_P(EvidenceSealer, LogsNothingTwice) {
  Site site(1, GetParam());
  ASSERT_TRUE(site.open().ok());
  std::vector<std::string> ids;
  for (int i = 0; i < 7; ++i) ids.push_back(site.add("document").value().id);
  ASSERT_TRUE(site.sealer->step().ok());
  static const store::Query kForget{"test.forget", "update evidence_batch set log_index = null"};
  ASSERT_TRUE(site.database
                  ->write([&](store::Connection& connection) -> Result<void> {
                    TRY(connection.run(kForget, {}));
                    return base::done();
                  })
                  .ok());
  ASSERT_TRUE(site.open().ok());
  EXPECT_EQ(site.sealer->step().value().logged, 1);
  EXPECT_EQ(site.log->head().size, 7U);
  for (const std::string& id : ids) EXPECT_EQ(site.verdict(id), Verdict::valid);
}

// The disk dies at every operation once; afterwards all that was acknowledged is there, and ends up
// in the log exactly once.
TEST(EvidenceSealerDisk, SurvivesDyingAtAnyWrite) {
  for (std::uint64_t at = 1, alive = 0; alive < 3; at += 3) {
    Site site(at);
    ASSERT_TRUE(site.open().ok());
    std::vector<std::string> ids;
    site.disk.die_after(at);
    for (int i = 0; i < 24; ++i) {
      auto written = site.add("document " + std::to_string(i % 5));
      if (written) ids.push_back(written->id);
      if (i % 8 == 7) static_cast<void>(site.sealer->step());
    }
    if (!site.disk.dead()) ++alive;
    site.sealer.reset();
    site.log.reset();
    site.database.reset();
    site.disk.power_cycle();
    const auto opened = site.open();
    ASSERT_TRUE(opened.ok()) << at << opened.error().detail();
    ids.push_back(site.add("afterwards").value().id);
    for (int i = 0; i < 4; ++i) {
      const auto round = site.sealer->step();
      ASSERT_TRUE(round.ok()) << at << round.error().detail();
      EXPECT_TRUE(round->failures.empty()) << at << round->failures.front().detail();
    }
    for (const std::string& id : ids) ASSERT_EQ(site.verdict(id), Verdict::valid) << at;
    const auto source = site.log->source();
    log::TileTree tree(*source, site.log->head().size);
    const auto entries = tree.entries(0).value();
    EXPECT_EQ(std::set<Bytes>(entries.begin(), entries.end()).size(), entries.size()) << at;
    EXPECT_GE(entries.size(), ids.size());
    EXPECT_LE(entries.size(), ids.size() + 1) << "at most the one whose answer was lost";
  }
}

TEST(EvidenceSealerThread, RunsByItself) {
  const base::testing::TempDirectory directory;
  store::Database::Options options;
  options.url = "sqlite:" + (directory / "x.db");
  const auto database = store::Database::open(options).value();
  ASSERT_TRUE(database->migrate(migrations()).ok());
  const base::SystemClock clock;
  base::SystemRandom random;
  const auto key = log::testing::key_of("exchange.example/truc", 1);
  const auto log = log::Log::open({base::real_files(), directory / "log", *key, clock}).value();
  EvidenceBook book(kExchange, random);
  TestSigner signer;
  TestStamps stamps(clock);
  Sealer sealer({*database,
                 book,
                 signer,
                 &stamps,
                 log.get(),
                 kExchange.name,
                 clock,
                 {.interval = std::chrono::milliseconds(100)}});
  sealer.start();
  constexpr int kThreads = 16, kEach = 60;
  const std::int64_t begun = base::monotonic_micros();
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        Facts facts;
        facts.document_id = std::to_string(t) + "/" + std::to_string(i);
        facts.document_hash = base::sha256(facts.document_id);
        EXPECT_TRUE(database
                        ->write([&](store::Connection& connection) -> Result<void> {
                          for (int k = 0; k < 4; ++k) {
                            TRY(book.add(connection, clock.now(), facts));
                          }
                          return base::done();
                        })
                        .ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::int64_t written = base::monotonic_micros();
  while (log->head().size < kThreads * kEach * 4U &&
         base::monotonic_micros() - begun < 60'000'000) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  const std::int64_t logged = base::monotonic_micros();
  sealer.stop();
  EXPECT_EQ(log->head().size, kThreads * kEach * 4U);
  RecordProperty("evidences_per_second",
                 static_cast<int>(kThreads * kEach * 4 * 1'000'000LL / (logged - begun)));
  RecordProperty("logged_after_ms", static_cast<int>((logged - written) / 1000));
  EXPECT_LT(signer.calls, 200);
}

}  // namespace
}  // namespace trust::evidence
