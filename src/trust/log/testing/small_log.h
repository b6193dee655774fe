// For tests: keys, and a log on a disk in memory.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/testing/fake_clock.h"
#include "store/testing/faulty_disk.h"
#include "trust/log/log.h"

namespace trust::log::testing {

// A key of that name, the same for the same seed.
std::unique_ptr<NoteSigner> key_of(const std::string& name, std::uint64_t seed,
                                   NoteAlgorithm algorithm = NoteAlgorithm::ed25519);
std::vector<base::Bytes> entries_of(std::size_t first, std::size_t end);  // "entry 0", …

struct SmallLog {
  explicit SmallLog(std::uint64_t seed = 1);
  // Opens, or opens again.
  base::Result<void> open();
  // Appends entries_of(from the size on), which must succeed.
  void grow(std::size_t count);
  base::FileSystem& files() { return *disk; }
  void write(const std::string& path, base::BytesView bytes);  // below log/
  base::Bytes read(const std::string& path);

  std::unique_ptr<store::testing::FaultyDisk> disk;
  base::testing::FakeClock clock;
  std::unique_ptr<NoteSigner> signer;
  std::unique_ptr<Log> log;
};

}  // namespace trust::log::testing
