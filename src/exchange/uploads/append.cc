#include "base/log.h"
#include "base/time.h"
#include "exchange/uploads/live.h"
#include "exchange/uploads/refusals.h"
#include "exchange/uploads/uploads.h"

namespace exchange::uploads {

using base::Result;

Append::Append(Uploads& uploads, std::shared_ptr<Live> live, std::string id, std::uint64_t turn,
               bool all_or_nothing)
    : uploads_(uploads),
      live_(std::move(live)),
      id_(std::move(id)),
      turn_(turn),
      all_or_nothing_(all_or_nothing) {}

Append::~Append() {
  if (finished_) return;
  std::lock_guard lock(live_->mutex);
  if (live_->turn != turn_) return;
  // What cannot be cut now does not count anyway, and is cut before the next append.
  if (all_or_nothing_ && !live_->gone) static_cast<void>(live_->file->cut());
  live_->appending = false;
}

Result<void> Append::write(base::BytesView bytes) {
  std::lock_guard lock(live_->mutex);
  return write_locked(bytes);
}

Result<void> Append::write_locked(base::BytesView bytes) {
  if (live_->gone) return upload_gone();
  if (live_->turn != turn_) return upload_taken_over();
  UploadFile& file = *live_->file;
  const std::uint64_t bytes_max = live_->row.size.value_or(uploads_.options().upload_bytes_max);
  if (bytes.size() > bytes_max - file.written()) return upload_too_large(bytes_max);
  if (bytes.empty()) return base::done();
  TRY(uploads_.reserve(*live_, file.written() + bytes.size()));
  live_->heard_micros = base::monotonic_micros();
  if (auto put = file.write(bytes, !all_or_nothing_); !put.ok()) return upload_failed(put.error());
  written_ += bytes.size();
  uploads_.follower_->grown(live_);
  return base::done();
}

Result<Upload> Append::finish() {
  {
    std::lock_guard lock(live_->mutex);
    if (live_->gone) return upload_gone();
    if (live_->turn != turn_) return upload_taken_over();
    live_->file->accept();
    live_->appending = false;
    finished_ = true;
    uploads_.follower_->grown(live_);
  }
  TRY(uploads_.prolong(*live_));
  Upload upload = TRY(uploads_.settled(*live_));
  if (upload.complete()) {
    base::log::info("exchange.upload_complete", {{"upload", id_}, {"bytes", upload.offset}});
  }
  return upload;
}

}  // namespace exchange::uploads
