// Writes a log, proofs and a cosignature with Trúc's code, for another implementation to check, and
// says how fast it was.
//
//   write_log DIRECTORY ENTRIES GROUP [THREADS]
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "base/hash.h"
#include "base/random.h"
#include "base/time.h"
#include "trust/log/log.h"
#include "trust/log/proof.h"
#include "trust/log/witness.h"

namespace {

namespace tlog = trust::log;

// A witness in the same program.
class Near : public tlog::WitnessTransport {
 public:
  explicit Near(tlog::Witness& witness) : witness_(witness) {}
  base::Result<tlog::WitnessAnswer> add_checkpoint(const std::string& body) override {
    return witness_.add_checkpoint(body);
  }

 private:
  tlog::Witness& witness_;
};

base::Bytes entry_of(std::size_t index) {
  return "truc-evidence/v1\n" + base::sha256("evidence " + std::to_string(index));
}

base::Result<void> write(const std::string& path, base::BytesView bytes) {
  return base::write_file_durably(base::real_files(), path, bytes);
}

base::Result<void> fill(tlog::Log& log, std::size_t entries, std::size_t group) {
  for (std::size_t at = 0; at < entries;) {
    std::vector<base::Bytes> next;
    for (; next.size() < group && at < entries; ++at) next.push_back(entry_of(at));
    TRY(log.append(next));
  }
  return base::done();
}

base::Result<void> run(const std::string& directory, std::size_t entries, std::size_t group,
                       std::size_t threads) {
  base::FileSystem& files = base::real_files();
  const base::SystemClock clock;
  base::SystemRandom random;
  const auto key = TRY(tlog::note_signer(
      TRY(tlog::new_note_key("log.example/truc", tlog::NoteAlgorithm::ed25519, random))));
  const auto witness_key = TRY(tlog::note_signer(
      TRY(tlog::new_note_key("witness.example", tlog::NoteAlgorithm::cosignature, random))));
  TRY(files.make_directory(directory));
  TRY(write(directory + "/log.key", key->verifier().text()));
  TRY(write(directory + "/witness.key", witness_key->verifier().text()));
  const auto log = TRY(tlog::Log::open({files, directory + "/log", *key, clock}));

  const std::int64_t begun = base::monotonic_micros();
  if (threads <= 1) {
    TRY(fill(*log, entries, group));
  } else {
    std::vector<std::thread> running;
    for (std::size_t i = 0; i < threads; ++i) {
      running.emplace_back([&] { static_cast<void>(fill(*log, entries / threads, group)); });
    }
    for (std::thread& thread : running) thread.join();
  }
  const double seconds = static_cast<double>(base::monotonic_micros() - begun) / 1e6;
  std::printf("%llu entries in %.2f s: %.0f durable and provable entries/s\n",
              static_cast<unsigned long long>(log->head().size), seconds,
              static_cast<double>(log->head().size) / seconds);

  const auto witness = TRY(
      tlog::Witness::open({files, directory + "/witness", *witness_key, clock, {key->verifier()}}));
  tlog::Witnesses witnesses(*log);
  witnesses.add(witness_key->verifier(), std::make_unique<Near>(*witness));
  for (const auto& outcome : witnesses.ask()) TRY(outcome.result);

  const auto source = log->source();
  const std::uint64_t size = log->head().size;
  TRY(files.make_directory(directory + "/proofs"));
  TRY(files.make_directory(directory + "/consistency"));
  tlog::TileTree tree(*source, size);
  for (std::uint64_t index = 0; index < size; index += 1 + size / 97) {
    const auto proof = TRY(tlog::prove(*source, index, log->head_note(), key->verifier()));
    TRY(write(directory + "/proofs/" + std::to_string(index), proof.text()));
    std::string lines;
    for (const base::Bytes& hash : TRY(tree.consistency(index))) lines += base::base64(hash) + "\n";
    TRY(write(directory + "/consistency/" + std::to_string(index), lines));
  }
  return base::done();
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 4) {
    std::fputs("usage: write_log DIRECTORY ENTRIES GROUP [THREADS]\n", stderr);
    return 2;
  }
  const auto number = [&](int i) {
    return static_cast<std::size_t>(std::strtoull(arguments[i], nullptr, 10));
  };
  const auto done = run(arguments[1], number(2), number(3), count > 4 ? number(4) : 1);
  if (done) return 0;
  std::fprintf(stderr, "write_log: %s\n", done.error().detail().c_str());
  return 1;
}
