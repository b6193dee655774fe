#include "trust/log/testing/small_log.h"

#include "base/check.h"
#include "trust/log/tiles.h"

namespace trust::log::testing {

std::unique_ptr<NoteSigner> key_of(const std::string& name, std::uint64_t seed,
                                   NoteAlgorithm algorithm) {
  base::SeededRandom random(seed);
  return note_signer(new_note_key(name, algorithm, random).value()).value();
}

std::vector<base::Bytes> entries_of(std::size_t first, std::size_t end) {
  std::vector<base::Bytes> out;
  for (std::size_t i = first; i < end; ++i) out.push_back("entry " + std::to_string(i));
  return out;
}

SmallLog::SmallLog(std::uint64_t seed)
    : disk(std::make_unique<store::testing::FaultyDisk>(seed)),
      signer(key_of("log.example/truc", 7)) {}

base::Result<void> SmallLog::open() {
  log.reset();
  log = TRY(Log::open({*disk, "log", *signer, clock}));
  return base::done();
}

void SmallLog::grow(std::size_t count) {
  const auto size = static_cast<std::size_t>(log->head().size);
  const auto first = log->append(entries_of(size, size + count));
  CHECK(first.ok() && *first == size);
}

void SmallLog::write(const std::string& path, base::BytesView bytes) {
  CHECK(base::write_file_durably(*disk, "log/" + path, bytes).ok());
}

base::Bytes SmallLog::read(const std::string& path) {
  return base::read_file(*disk, "log/" + path, 1 << 24).value();
}

}  // namespace trust::log::testing
