#include "exchange/handed_file.h"

namespace exchange {

base::Result<void> HandedFile::write(base::BytesView bytes) {
  hash(bytes);
  TRY(keep(bytes));
  read(bytes);
  return base::done();
}

// Of a large file, hashing a piece takes longer than keeping and reading it; the two go side by
// side, one piece at a time.
void HandedFile::hash(base::BytesView first, base::BytesView second) {
  constexpr std::uint64_t kAloneUpTo = 1 << 20;
  if (hashing_.valid()) hashing_.get();
  if (blob_->size() < kAloneUpTo) {
    sum_.update(first);
    sum_.update(second);
    return;
  }
  piece_.assign(first);
  piece_ += second;
  hashing_ = std::async(std::launch::async, [this] { sum_.update(piece_); });
}

void HandedFile::read(base::BytesView bytes) {
  if (read_error_) read_error_ = reader_.feed(bytes);
}

base::Bytes HandedFile::hash_with(base::BytesView tail) {
  if (hashing_.valid()) hashing_.get();
  base::Sha256 whole(sum_);
  whole.update(tail);
  return whole.finish();
}

base::Result<edxml::Document> HandedFile::document() {
  if (hashing_.valid()) hashing_.get();
  if (!read_error_) return read_error_.error();
  return reader_.finish();
}

}  // namespace exchange
