#include "trust/log/log.h"

#include <utility>

#include "base/check.h"
#include "base/log.h"

namespace trust::log {

using base::Bytes;
using base::BytesView;
using base::Code;
using base::Error;
using base::Result;

namespace {

constexpr const char* kHead = "checkpoint";
constexpr const char* kNext = "checkpoint.next";
constexpr const char* kWitnessed = "checkpoint.witnessed";

Error damaged(const std::string& vi, const std::string& en) {
  return Error(Code::data_loss, "trust.log_damaged", "the log's files are damaged: " + en,
               "Tệp của nhật ký bị hỏng: " + vi);
}

Error damaged(const Error& cause) { return damaged(cause.text().vi, cause.text().en); }

Result<std::unique_ptr<base::FileLock>> lock_alone(base::FileSystem& files,
                                                   const std::string& directory) {
  auto lock = files.lock(directory + "/lock");
  if (lock || lock.error().reason() != "base.file_locked") return lock;
  return Error(Code::conflict, "trust.log_in_use",
               "another process writes the log in " + directory +
                   "; two writers would sign two histories: stop the other one",
               "Tiến trình khác đang ghi nhật ký trong " + directory +
                   "; hai bên cùng ghi sẽ ký hai lịch sử khác nhau: hãy dừng tiến trình kia");
}

bool holds_files(base::FileSystem& files, const std::string& directory) {
  const auto names = files.list(directory);
  return names && !names->empty();
}

}  // namespace

Result<std::unique_ptr<Log>> Log::open(Parts parts) {
  CHECK(parts.signer.verifier().algorithm() == NoteAlgorithm::ed25519);
  TRY(parts.files.make_directory(parts.directory));
  TRY(parts.files.sync_directory(base::directory_of(parts.directory)));
  auto log = std::make_unique<Log>(std::move(parts));
  log->lock_ = TRY(lock_alone(log->parts_.files, log->parts_.directory));
  TRY(log->recover());
  return log;
}

// Runs `work` while nobody else is busy.
template <class Work>
auto Log::alone(const Work& work) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !busy_; });
  busy_ = true;
  lock.unlock();
  auto result = work();
  lock.lock();
  busy_ = false;
  changed_.notify_all();
  return result;
}

Result<std::uint64_t> Log::append(const std::vector<Bytes>& entries) {
  bool fits = entries.size() <= kGroupEntriesMax;
  for (const Bytes& entry : entries) fits = fits && entry.size() <= kEntryBytesMax;
  if (!fits) {
    return Error(Code::invalid, "trust.log_entry_malformed",
                 "too many log entries at once, or one that is too long",
                 "Quá nhiều mục nhật ký một lần, hoặc có mục quá dài");
  }
  Waiting me{&entries, {}};
  std::unique_lock lock(mutex_);
  if (held_) return *held_;
  waiting_.push_back(&me);
  while (!me.result) {
    if (busy_) {
      changed_.wait(lock);
      continue;
    }
    busy_ = true;
    std::vector<Waiting*> group;
    for (std::size_t count = 0; !waiting_.empty();) {
      count += waiting_.front()->entries->size();
      if (!group.empty() && count > kGroupEntriesMax) break;
      group.push_back(waiting_.front());
      waiting_.pop_front();
    }
    lock.unlock();
    auto first = write(group);
    lock.lock();
    for (Waiting* waiting : group) {
      waiting->result = first;
      if (first) *first += waiting->entries->size();
    }
    busy_ = false;
    changed_.notify_all();
  }
  return std::move(*me.result);
}

Result<std::uint64_t> Log::write(const std::vector<Waiting*>& group) {
  if (!ready_) TRY(recover());
  const std::uint64_t before = edge_.size();
  Edge edge = edge_;
  std::vector<TileFile> tiles;
  for (const Waiting* waiting : group) {
    for (const Bytes& entry : *waiting->entries) edge.push(entry, tiles);
  }
  if (edge.size() == before) return before;
  for (TileFile& tile : edge.partial_since(before)) tiles.push_back(std::move(tile));
  ready_ = false;  // until it is known what is on disk
  if (auto written = write_tiles(parts_.files, parts_.directory, tiles, known_); !written) {
    stopped_ = written.error().reason() == "trust.log_stopped";
    return std::move(written).error();
  }
  const Checkpoint head{verifier().name(), edge.size(), edge.root()};
  Note note{head.text(), {}};
  TRY(sign_note(note, parts_.signer, parts_.clock.now()));
  if (auto published = publish_signed(note); !published) {
    stopped_ = published.error().reason() != "base.disk_full";
    return stopped_ ? stopped(published.error()) : std::move(published).error();
  }
  adopt(std::move(edge), note);
  remove_superseded(parts_.files, parts_.directory, before, head.size);
  return before;
}

// After this the head cannot be lost any more, and only then it can be seen.
Result<void> Log::publish_signed(const Note& note) {
  TRY(base::write_file_durably(parts_.files, path(kNext), note.to_bytes()));
  TRY(parts_.files.rename(path(kNext), path(kHead)));
  return parts_.files.sync_directory(parts_.directory);
}

void Log::adopt(Edge edge, const Note& note) {
  edge_ = std::move(edge);
  ready_ = true;
  std::lock_guard lock(mutex_);
  head_ = Checkpoint{verifier().name(), edge_.size(), edge_.root()};
  note_ = note;
}

Result<void> Log::recover() {
  if (stopped_) return stopped(Error(Code::unavailable, "base.io_failed", "a sync failed", "lỗi"));
  base::FileSystem& files = parts_.files;
  const bool has_head = files.exists(path(kHead)), has_next = files.exists(path(kNext));
  if (!has_head && !has_next) {
    if (holds_files(files, path("tile"))) {
      return damaged("có mảnh cây nhưng không có đầu nhật ký", "it has tiles and no head");
    }
    Note note{Checkpoint{verifier().name(), 0, empty_root()}.text(), {}};
    TRY(sign_note(note, parts_.signer, parts_.clock.now()));
    TRY(publish_signed(note));
  }
  const auto read_head = [&](const char* name) -> Result<SignedCheckpoint> {
    const Bytes bytes = TRY(base::read_file(files, path(name), kNoteBytesMax));
    auto head = SignedCheckpoint::read(bytes, verifier());
    if (!head) return damaged(head.error());
    return head;
  };
  const bool next_first = has_next && !has_head;
  SignedCheckpoint head = TRY(read_head(next_first ? kNext : kHead));
  bool finish = next_first;
  if (has_next && !next_first) {
    SignedCheckpoint next = TRY(read_head(kNext));
    finish = next.head.size > head.head.size;
    if (finish) head = std::move(next);
  }
  const auto source = directory_source(files, parts_.directory);
  auto edge = Edge::read(*source, head.head.size);
  if (!edge) {
    const bool passing = edge.error().code() == Code::unavailable;
    return passing ? std::move(edge).error() : damaged(edge.error());
  }
  if (edge->root() != head.head.root) {
    return damaged("mảnh cây không cho mã băm gốc của đầu nhật ký",
                   "the tiles do not give the root of the head");
  }
  {
    std::lock_guard lock(mutex_);
    const bool same = head_.size == head.head.size;
    if (head_.size > head.head.size || (same && head_.size > 0 && head_.root != head.head.root)) {
      return Error(Code::data_loss, "trust.log_rolled_back",
                   "the log on disk has fewer or other entries than were published; restore its "
                   "newest files before going on",
                   "Nhật ký trên đĩa ít hơn hoặc khác với phần đã công bố; hãy khôi phục tệp mới "
                   "nhất rồi mới tiếp tục");
    }
  }
  if (finish) {
    TRY(files.rename(path(kNext), path(kHead)));
    TRY(files.sync_directory(parts_.directory));
  }
  remove_unpublished(files, parts_.directory, head.head.size);
  adopt(std::move(*edge), head.note);
  return base::done();
}

void Log::hold(Error why) {
  std::lock_guard lock(mutex_);
  held_ = std::move(why);
}

Checkpoint Log::head() const {
  std::lock_guard lock(mutex_);
  return head_;
}

Bytes Log::head_note() const {
  std::lock_guard lock(mutex_);
  return note_.to_bytes();
}

std::unique_ptr<LogSource> Log::source() const {
  return directory_source(parts_.files, parts_.directory);
}

Result<std::optional<std::uint64_t>> Log::find(BytesView entry, std::uint64_t from) const {
  const std::uint64_t size = head().size;
  const auto source = this->source();
  TileTree tree(*source, size);
  for (std::uint64_t number = from / kTileWidth; number * kTileWidth < size; ++number) {
    const auto entries = TRY(tree.entries(number));
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const std::uint64_t index = number * kTileWidth + i;
      if (index >= from && entries[i] == entry) return std::optional(index);
    }
  }
  return std::optional<std::uint64_t>();
}

Result<void> Log::publish_cosignatures(const Note& head, std::vector<NoteSignature> cosignatures) {
  return alone([&]() -> Result<void> {
    Note note = head;
    for (NoteSignature& cosignature : cosignatures) note.signatures.push_back(cosignature);
    TRY(base::write_file_durably(parts_.files, path(kWitnessed), note.to_bytes()));
    {
      std::lock_guard lock(mutex_);
      if (!ready_ || note_.text != head.text) return base::done();
    }
    TRY(base::write_file_durably(parts_.files, path(kHead), note.to_bytes()));
    std::lock_guard lock(mutex_);
    note_ = note;
    return base::done();
  });
}

}  // namespace trust::log
