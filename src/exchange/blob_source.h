// A document's bytes as `trust` reads files.
#pragma once
#include "store/blobs.h"
#include "trust/judge.h"

namespace exchange {

// `blob` outlives it.
class BlobSource : public trust::Source {
 public:
  explicit BlobSource(store::BlobReader& blob) : blob_(blob) {}
  std::uint64_t size() const override { return blob_.size(); }
  base::Result<std::size_t> read_at(std::uint64_t offset, char* to,
                                    std::size_t size) const override {
    return blob_.read_at(offset, to, size);
  }

 private:
  store::BlobReader& blob_;
};

}  // namespace exchange
