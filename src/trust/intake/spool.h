// Decoded content that is needed with random access: in memory while small, else in a file without
// a name that vanishes with this object or the process.
#pragma once
#include <string>

#include "base/hash.h"
#include "base/result.h"
#include "trust/judge.h"

namespace trust {

class Spool : public Source {
 public:
  // `directory` must exist and be on a disk with room.
  Spool(std::string directory, std::uint64_t memory_bytes_max);
  ~Spool() override;
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // trust.spool_failed (unavailable): no room on the disk.
  base::Result<void> write(base::BytesView bytes);
  // Of everything written; nothing is written after.
  base::Bytes finish_hash();
  // After finish_hash().
  std::optional<base::Bytes> sha256() const override { return finished_; }

  std::uint64_t size() const override { return size_; }
  base::Result<std::size_t> read_at(std::uint64_t offset, char* to,
                                    std::size_t size) const override;

 private:
  base::Result<void> move_to_file();
  base::Result<void> write_file(std::uint64_t offset, base::BytesView bytes);
  const std::string directory_;
  const std::uint64_t memory_bytes_max_;
  base::Sha256 hash_;
  std::optional<base::Bytes> finished_;
  std::string memory_;
  std::uint64_t size_ = 0;
  int file_ = -1;
};

}  // namespace trust
