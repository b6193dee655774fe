// Writes evidences as fast as the disk takes them while the sealer signs and logs them behind, and
// follows some from their commit until their inclusion in the log is proven (benchmark `trust`).
// --rate N writes no more than so many a second.
#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

#include "base/hash.h"
#include "load.h"
#include "plan.h"
#include "store/database.h"
#include "trust/evidence/book.h"
#include "trust/evidence/key_signer.h"
#include "trust/evidence/sealer.h"
#include "trust/log/proof.h"

namespace {

using load::Clock;
using trust::evidence::Written;

constexpr std::string_view kName = "bench.example/truc";

template <class T>
T must(base::Result<T> result) {
  if (!result) {
    bench::die(result.error().detail());
  }
  return std::move(result).value();
}
void must(const base::Result<void>& result) {
  if (!result) {
    bench::die(result.error().detail());
  }
}

// What a serving site has for its evidences, with its defaults and no timestamp authority.
class Office {
 public:
  Office(const std::string& directory, const std::string& key_file)
      : key_(must(trust::key_from_pem(bench::read_file(key_file), ""))),
        signer_(must(trust::evidence::key_signer(*key_))),
        book({std::string(kName), signer_->certificate()}, random_) {
    store::Database::Options options;
    options.url = "sqlite:" + directory + "/truc.db";
    database = must(store::Database::open(options));
    must(database->migrate(trust::evidence::migrations()));
    log_key_ = must(trust::log::note_signer(
        must(trust::log::new_note_key(kName, trust::log::NoteAlgorithm::ed25519, random_))));
    must(base::real_files().make_directory(directory + "/log"));
    log = must(trust::log::Log::open({base::real_files(), directory + "/log", *log_key_, clock}));
    source_ = log->source();
    sealer = std::make_unique<trust::evidence::Sealer>(trust::evidence::Sealer::Parts{
        *database, book, *signer_, nullptr, log.get(), std::string(kName), clock});
  }

  // Nothing while the proof is being made; dies when it is wrong.
  bool provable(const Written& written) {
    const trust::evidence::LogReader reader{*source_, log->verifier()};
    std::string text;
    must(database->read([&](store::Connection& connection) -> base::Result<void> {
      const auto proof = trust::evidence::proof_of(connection, written.id, &reader);
      if (proof) {
        text = proof->log_proof;
        return base::done();
      }
      if (proof.error().reason() == "trust.evidence_waiting") return base::done();
      return proof.error();
    }));
    if (text.empty()) {
      return false;
    }
    const auto proof = must(trust::log::Proof::parse(text));
    must(trust::log::verify(proof, trust::evidence::log_entry(written.hash),
                            {log->verifier(), {}, 0}));
    return true;
  }

 private:
  base::SystemRandom random_;
  std::unique_ptr<trust::SigningKey> key_;
  std::unique_ptr<trust::evidence::EvidenceSigner> signer_;
  std::unique_ptr<trust::log::NoteSigner> log_key_;
  std::unique_ptr<trust::log::LogSource> source_;

 public:
  const base::SystemClock clock;
  trust::evidence::EvidenceBook book;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<trust::log::Log> log;
  std::unique_ptr<trust::evidence::Sealer> sealer;  // last: its thread uses all of the above
};

struct Run {
  Clock::time_point start = Clock::now();
  double rate = 0;  // 0: as many as there can be
  std::atomic<std::uint64_t> begun{0};
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> written{0};
  std::mutex mutex;
  struct Followed {
    Written written;
    Clock::time_point committed;
  };
  std::deque<Followed> followed;
};

// Each change is an evidence of its own and returns when it is on disk.
void write_evidences(Office& office, Run& run, int thread, std::uint64_t follow_every) {
  for (std::uint64_t i = 0; !run.stop; ++i) {
    if (run.rate > 0) {
      const std::chrono::duration<double> after(static_cast<double>(run.begun++) / run.rate);
      std::this_thread::sleep_until(run.start + std::chrono::duration_cast<Clock::duration>(after));
    }
    trust::evidence::Facts facts;
    facts.event = trust::evidence::Event::content_consignment;
    facts.document_id = std::to_string(thread) + "/" + std::to_string(i);
    facts.document_hash = base::sha256(facts.document_id);
    facts.document_size = 20480;
    facts.sender = "H49.1";
    facts.recipient = "H49.2";
    Written written;
    must(office.database->write([&](store::Connection& connection) -> base::Result<void> {
      written = TRY(office.book.add(connection, office.clock.now(), facts));
      return base::done();
    }));
    if (run.written.fetch_add(1) % follow_every == 0) {
      const std::lock_guard lock(run.mutex);
      run.followed.push_back({written, Clock::now()});
    }
  }
}

load::Latencies follow(Office& office, Run& run) {
  load::Latencies latencies;
  for (;;) {
    const bool last = run.stop;
    std::optional<Run::Followed> next;
    {
      const std::lock_guard lock(run.mutex);
      if (!run.followed.empty()) {
        next = run.followed.front();
        run.followed.pop_front();
      }
    }
    if (!next) {
      if (last) return latencies;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      continue;
    }
    while (!office.provable(next->written)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    latencies.add(
        std::chrono::duration<double, std::milli>(Clock::now() - next->committed).count());
  }
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  Office office(arguments.text("directory", "evidence"), arguments.text("key", "key.pem"));
  Run run;
  run.rate = arguments.real("rate", 0);
  office.sealer->start();
  const auto every = static_cast<std::uint64_t>(arguments.number("follow-every", 250));
  run.start = Clock::now();
  std::vector<std::thread> writers;
  for (int i = 0; i < arguments.number("writers", 48); ++i) {
    writers.emplace_back([&, i] { write_evidences(office, run, i, every); });
  }
  load::Latencies latencies;
  std::thread follower([&] { latencies = follow(office, run); });
  std::this_thread::sleep_for(std::chrono::duration<double>(arguments.real("seconds", 5)));
  run.stop = true;
  for (std::thread& writer : writers) {
    writer.join();
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - run.start).count();
  follower.join();
  office.sealer->stop();
  bench::Figures figures;
  figures.add("per_second", static_cast<double>(run.written) / seconds);
  figures.add_count("leaves", run.written);
  figures.add_count("followed", latencies.count());
  figures.add_latencies(latencies, "provable_");
  figures.print();
  return 0;
}
