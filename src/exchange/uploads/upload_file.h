// The bytes of one upload on disk, and beside them a mark of how far they are known to be there.
// Format: docs/formats/uploads.md.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"

namespace exchange::uploads {

// What the mark says: with `boot` the same as now, no power was lost since, and the file is as long
// as what was written; otherwise only `offset` bytes count.
struct Mark {
  std::uint64_t sequence = 0;
  std::uint64_t offset = 0;
  std::string boot;  // empty: bytes beyond `offset` never count
};
inline constexpr std::size_t kMarkBytes =
    512;  // of one of the two places, so that it is one sector
std::string encode(const Mark& mark);
// Nothing when it is torn or something else.
std::optional<Mark> parse_mark(std::string_view bytes);

// One thread at a time, but for what data() gives.
class UploadFile {
 public:
  // `boot` names the run of the machine whose memory holds what was written and not yet synced.
  // Finds out what counts of a file that is there and cuts off the rest. Writes nothing for a new
  // one. exchange.upload_damaged (data_loss) when the file is shorter than its mark says.
  static base::Result<std::unique_ptr<UploadFile>> open(base::FileSystem& files, std::string path,
                                                        std::string boot);

  std::uint64_t offset() const { return offset_; }    // what counts
  std::uint64_t written() const { return written_; }  // with what does not count yet
  std::uint64_t durable() const { return durable_; }  // what survives power loss
  // Failed syncs so far: after each, bytes that were read may be replaced by others.
  std::uint64_t losses() const { return losses_; }

  // Appends. A write that fails leaves what was written before. `counts`: at once; otherwise only
  // after accept(), and cut() or a restart takes it back. Errors of base::File.
  base::Result<void> write(base::BytesView bytes, bool counts);
  // What is written counts from now on.
  void accept() { offset_ = written_; }
  // Takes back what does not count.
  base::Result<void> cut();

  // When it returns, all that counts survives power loss. After a failed sync nothing is known of
  // what was written since the last good one: it counts no more, and the file is cut there.
  base::Result<void> sync();
  // The same in three steps, so that bytes can be appended during the second: begin_sync(), sync
  // the file that it gives (on any thread, without a lock), end_sync() with what came of it.
  struct Syncing {
    std::shared_ptr<base::File> data;  // null: nothing to do
    std::uint64_t offset = 0;
    std::uint64_t losses = 0;
  };
  Syncing begin_sync() const;
  base::Result<void> end_sync(const Syncing& syncing, base::Result<void> synced);
  std::shared_ptr<base::File> data() const { return data_; }  // null while nothing was written

  // Removes both files; fine when they are not there.
  static base::Result<void> remove(base::FileSystem& files, const std::string& path);

 private:
  UploadFile(base::FileSystem& files, std::string path, std::string boot)
      : files_(files), path_(std::move(path)), boot_(std::move(boot)) {}
  base::Result<void> restore();
  base::Result<void> create();
  base::Result<void> write_mark(std::uint64_t offset, const std::string& boot);

  base::FileSystem& files_;
  const std::string path_, boot_;
  std::shared_ptr<base::File> data_;
  std::unique_ptr<base::File> mark_;
  std::uint64_t sequence_ = 0;
  std::uint64_t synced_place_ = 1;  // of the two, the one whose mark survives power loss
  std::uint64_t offset_ = 0, written_ = 0, durable_ = 0, asked_ = 0;
  std::uint64_t losses_ = 0;
  bool named_ = false;   // the names of the files survive power loss
  bool trusted_ = true;  // the mark lets a restart take the whole file for what counts
};

}  // namespace exchange::uploads
