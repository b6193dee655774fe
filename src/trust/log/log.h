// The log that this exchange writes: entries in, static files out. Order of writing and what a
// crash leaves: docs/formats/transparency-log.md.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"
#include "base/time.h"
#include "trust/log/checkpoint.h"
#include "trust/log/edge.h"
#include "trust/log/note.h"

namespace trust::log {

// Entries that one group may have.
inline constexpr std::size_t kGroupEntriesMax = 8192;

// Any thread.
class Log {
 public:
  struct Parts {
    base::FileSystem& files;
    std::string directory;
    const NoteSigner& signer;  // its name is the origin; NoteAlgorithm::ed25519
    const base::Clock& clock;
  };
  // Takes up what is there, or publishes the head of an empty log, and keeps other processes from
  // writing there. trust.log_in_use (conflict), trust.log_damaged (data_loss).
  static base::Result<std::unique_ptr<Log>> open(Parts parts);

  // Adds all of `entries` or none, next to each other and in order, and gives the index of the
  // first. When it is ok, they are on disk and the published head has them. Callers that come
  // together share one group. After an error they may be there or not: who tries again looks first
  // (find()). trust.log_entry_malformed for more than kGroupEntriesMax entries or a longer one than
  // 65535 bytes; trust.log_stopped (unavailable) after a failed sync, until a restart;
  // trust.log_rolled_back, trust.log_damaged; base.* when the disk fails or is full.
  base::Result<std::uint64_t> append(const std::vector<base::Bytes>& entries);

  // The newest published head: the checkpoint, and as it lies in the file.
  Checkpoint head() const;
  base::Bytes head_note() const;
  const NoteVerifier& verifier() const { return parts_.signer.verifier(); }
  // Reads the log's own files.
  std::unique_ptr<LogSource> source() const;

  // The index of the first entry at or after `from` that is `entry`.
  base::Result<std::optional<std::uint64_t>> find(base::BytesView entry, std::uint64_t from) const;

  // Takes no more entries: append() gives `why` until the log is opened anew. For a log that may
  // not be the newest of its name: what it would sign could contradict what it has signed before.
  void hold(base::Error why);

  // Publishes cosignatures of a head that was published before: in checkpoint.witnessed, and in
  // checkpoint while that head is still the newest.
  base::Result<void> publish_cosignatures(const Note& head,
                                          std::vector<NoteSignature> cosignatures);

  explicit Log(Parts parts) : parts_(std::move(parts)) {}  // for open()

 private:
  struct Waiting {
    const std::vector<base::Bytes>* entries;
    std::optional<base::Result<std::uint64_t>> result;
  };
  std::string path(const std::string& name) const { return parts_.directory + "/" + name; }
  // These are called by the one thread that has `busy_`.
  base::Result<std::uint64_t> write(const std::vector<Waiting*>& group);
  base::Result<void> recover();
  base::Result<void> publish_signed(const Note& note);
  void adopt(Edge edge, const Note& note);
  template <class Work>
  auto alone(const Work& work);

  const Parts parts_;
  std::unique_ptr<base::FileLock> lock_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting*> waiting_;
  bool busy_ = false;
  std::optional<base::Error> held_;  // guarded by mutex_, as are head_ and note_
  Checkpoint head_;
  Note note_;
  // The rest belongs to who is busy.
  Edge edge_;
  std::set<std::string> known_;
  bool ready_ = false;    // edge_ is what is on disk
  bool stopped_ = false;  // a sync failed
};

}  // namespace trust::log
