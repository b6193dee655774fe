// A file that is being handed in, whatever the face: kept, hashed and read in one pass as it comes.
#pragma once
#include <cstdint>
#include <future>
#include <memory>
#include <string>

#include "base/hash.h"
#include "base/result.h"
#include "edxml/document.h"
#include "edxml/reader.h"
#include "store/blobs.h"

namespace exchange {

// One thread at a time. Destroyed without end(): the bytes are discarded.
class HandedFile {
 public:
  HandedFile(std::unique_ptr<store::BlobWriter> blob, const edxml::ReadLimits& limits)
      : blob_(std::move(blob)), reader_(limits) {}

  // All three at once. store.disk_full or store.unavailable.
  base::Result<void> write(base::BytesView bytes);

  // One by one, for a face whose last bytes may not be the file's: each in order.
  void hash(base::BytesView first, base::BytesView second = {});
  base::Result<void> keep(base::BytesView bytes) { return blob_->write(bytes); }
  void read(base::BytesView bytes);

  std::uint64_t kept() const { return blob_->size(); }
  // SHA-256 of what was hashed and `tail` after it.
  base::Bytes hash_with(base::BytesView tail = {});
  // Once all was read. Errors of edxml::Reader. A file that cannot be read is still received to its
  // end: what a face checks before may be the graver error.
  base::Result<edxml::Document> document();
  // Ends the bytes at `size`.
  base::Result<store::BlobRef> end(std::uint64_t size) { return blob_->finish(size); }

 private:
  std::unique_ptr<store::BlobWriter> blob_;
  base::Sha256 sum_;
  std::string piece_;
  edxml::Reader reader_;
  base::Result<void> read_error_;
  std::future<void> hashing_;  // last: it works on the members above and ends before they do
};

}  // namespace exchange
