// One upload that something is being done with, and the thread that works behind the writers.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/hash.h"
#include "exchange/uploads/records.h"
#include "exchange/uploads/upload_file.h"

namespace exchange::uploads {

// Any thread. Whoever holds `hashing` may take `mutex`, never the other way round.
class Live {
 public:
  Live(records::Row the_row, std::unique_ptr<UploadFile> the_file)
      : row(std::move(the_row)), file(std::move(the_file)) {}

  std::mutex mutex;  // guards everything up to `hashing`
  records::Row row;
  std::unique_ptr<UploadFile> file;
  std::uint64_t turn = 0;  // of the append that may write
  bool appending = false;
  std::int64_t heard_micros = 0;  // monotonic: when bytes last came
  bool queued = false;            // waits for the follower
  bool gone = false;              // removed: nothing may be written any more
  std::int64_t used_micros = 0;   // monotonic, of anything
  bool complete() const { return row.size && *row.size == file->offset(); }

  std::mutex hashing;  // guards what is below
  std::optional<base::Sha256> sum;
  std::uint64_t hashed = 0;  // bytes that `sum` is of
  std::uint64_t losses = 0;  // of `file`, when they were read
};

// Adds up to `bytes_max` bytes that have arrived to the hash; whether any were left to add.
// exchange.upload_damaged, errors of base::File.
base::Result<bool> hash_some(Live& live, std::uint64_t bytes_max);

// One thread of low priority: reads what has been written while it is still in memory, adds it to
// the hash, and makes it durable every so often, so that the writers need not wait for either.
class Follower {
 public:
  Follower();
  ~Follower();
  // `live` has grown. Cheap.
  void grown(const std::shared_ptr<Live>& live);  // live->mutex is held

 private:
  void run(const std::stop_token& stop);
  void add(const std::shared_ptr<Live>& live);

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<std::shared_ptr<Live>> waiting_;
  std::jthread thread_;  // last
};

}  // namespace exchange::uploads
