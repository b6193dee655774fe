#include "exchange/uploads/live.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "base/log.h"

namespace exchange::uploads {
namespace {

using base::Result;

constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::uint64_t kStepBytes = 1 << 20;  // for one upload, before others have their turn
// How much may lie between what survives power loss and what has come.
constexpr std::uint64_t kUnsyncedMax = 64 << 20;

// Takes only the time that nobody else wants; a writer must not wait for it.
void lower_priority() {
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 19));
}

Result<void> sync_behind(Live& live) {
  UploadFile::Syncing syncing;
  {
    std::lock_guard lock(live.mutex);
    const auto& file = *live.file;
    if (live.gone || file.offset() - file.durable() < kUnsyncedMax) return base::done();
    syncing = live.file->begin_sync();
  }
  if (!syncing.data) return base::done();
  auto synced = syncing.data->sync();
  std::lock_guard lock(live.mutex);
  return live.file->end_sync(syncing, std::move(synced));
}

}  // namespace

Result<bool> hash_some(Live& live, std::uint64_t bytes_max) {
  std::lock_guard one(live.hashing);
  std::shared_ptr<base::File> data;
  std::uint64_t end = 0, losses = 0;
  {
    std::lock_guard lock(live.mutex);
    data = live.file->data();
    end = live.file->offset();
    losses = live.file->losses();
  }
  // After a failed sync other bytes may have come in the place of those that were read.
  if (!live.sum || live.losses != losses) {
    live.sum.emplace();
    live.hashed = 0;
    live.losses = losses;
  }
  end = std::min(end, live.hashed + bytes_max);
  if (live.hashed == end) return false;
  base::Bytes piece(kReadBytes, '\0');
  while (live.hashed < end) {
    const auto want =
        static_cast<std::size_t>(std::min<std::uint64_t>(kReadBytes, end - live.hashed));
    const std::size_t got = TRY(data->read_at(live.hashed, piece.data(), want));
    if (got < want) {
      return base::Error(base::Code::data_loss, "exchange.upload_damaged",
                         "upload " + live.row.id + " has become shorter on disk; upload it again",
                         "Dữ liệu tải lên đã hỏng trên đĩa, hãy tải lên lại từ đầu");
    }
    live.sum->update({piece.data(), got});
    live.hashed += got;
  }
  return true;
}

Follower::Follower() : thread_([this](const std::stop_token& stop) { run(stop); }) {}

Follower::~Follower() {
  thread_.request_stop();
  wake_.notify_all();
}

void Follower::grown(const std::shared_ptr<Live>& live) {
  if (live->queued) return;
  live->queued = true;
  add(live);
}

void Follower::add(const std::shared_ptr<Live>& live) {
  {
    std::lock_guard lock(mutex_);
    waiting_.push_back(live);
  }
  wake_.notify_one();
}

void Follower::run(const std::stop_token& stop) {
  lower_priority();
  while (!stop.stop_requested()) {
    std::shared_ptr<Live> next;
    {
      std::unique_lock lock(mutex_);
      if (!wake_.wait(lock, stop, [this] { return !waiting_.empty(); })) return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    {
      std::lock_guard lock(next->mutex);
      next->queued = false;
    }
    auto synced = sync_behind(*next);
    auto more = synced.ok() ? hash_some(*next, kStepBytes) : Result<bool>(synced.error());
    if (!more.ok()) {
      base::log::warning("exchange.upload_follow_failed",
                         {{"upload", next->row.id}, {"detail", more.error().detail()}});
    } else if (*more) {
      std::lock_guard lock(next->mutex);
      grown(next);
    }
  }
}

}  // namespace exchange::uploads
