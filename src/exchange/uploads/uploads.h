// Files that are handed in piece by piece, and taken up again where they broke off: of any size up
// to a limit, in constant memory, one writer at a time. What an upload holds is used by
// exchange/assembly.h. Formats: docs/formats/uploads.md; why so: docs/decisions/0031.
//
// What an Uploads was told to keep survives power loss once it has been told back: an offset that
// find() or Append::finish() gave is on disk. Any thread. One process at a time has a directory.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "identity/keys.h"
#include "store/blobs.h"
#include "store/database.h"

namespace exchange::uploads {

// Whose an upload is: who calls, and the organisation that will send. Both must be the same again;
// to everyone else the upload does not exist.
struct Owner {
  std::string caller;
  identity::OrganisationKey organisation = 0;
  bool operator==(const Owner&) const = default;
};

struct Options {
  std::string directory;  // on the file system of the blobs, and the uploads' alone
  std::uint64_t upload_bytes_max = std::uint64_t{10} << 30;
  std::uint64_t owner_bytes_max = std::uint64_t{40} << 30;  // of all uploads of an owner
  std::int64_t owner_uploads_max = 64;
  std::uint64_t free_bytes_min = std::uint64_t{1} << 30;  // of the disk, left for everything else
  // An upload is removed this long after anything was last done with it.
  base::Duration lifetime = std::chrono::hours(24);
  // An append that has heard nothing for so long gives way to a new one: its connection is dead.
  base::Duration silence = std::chrono::seconds(5);
  // Names the run of the machine (base: /proc/sys/kernel/random/boot_id). While it is the same,
  // what was written and not yet synced outlives the process; empty: never.
  std::string boot;
};

struct Upload {
  std::string id;                     // 32 hex digits, not to be guessed
  std::optional<std::uint64_t> size;  // nothing: not said yet
  std::uint64_t offset = 0;           // received, and on disk
  std::string metadata;               // as the caller gave it
  // How it is one of several, as the caller gave it: "partial" is meant to be joined with others,
  // "final;…" is what they were joined to.
  std::string concat;
  base::Time created_at, expires_at;
  bool complete() const { return size && *size == offset; }
};

class Live;      // an upload that something is being done with
class Follower;  // hashes and syncs behind the writers

// Bytes that arrive for one upload. One thread at a time. Destroyed before finish(): what was
// written stays received, unless `all_or_nothing` was asked for.
class Append {
 public:
  ~Append();
  // exchange.upload_too_large (beyond its size, or the limit), exchange.upload_quota (too_many),
  // exchange.upload_taken_over (conflict: another append has come), exchange.upload_gone,
  // store.disk_full, store.unavailable. What was written before stays.
  base::Result<void> write(base::BytesView bytes);
  // When it returns, all that was written is on disk and counts.
  base::Result<Upload> finish();
  const std::string& id() const { return id_; }
  std::uint64_t written() const { return written_; }  // by this append

 private:
  friend class Uploads;
  Append(class Uploads& uploads, std::shared_ptr<Live> live, std::string id, std::uint64_t turn,
         bool all_or_nothing);
  base::Result<void> write_locked(base::BytesView bytes);

  class Uploads& uploads_;
  const std::shared_ptr<Live> live_;
  const std::string id_;
  const std::uint64_t turn_;
  const bool all_or_nothing_;
  std::uint64_t written_ = 0;
  bool finished_ = false;
};

// The bytes of an upload as a blob, ready for a document's record.
struct Kept {
  store::BlobRef blob;  // durable after the next commit; whoever does not use it discards it
  std::uint64_t size = 0;
  base::Bytes sha256;
};

class Uploads {
 public:
  struct Parts {
    base::FileSystem& files;
    store::Database& database;  // migrated
    store::Blobs& blobs;
    const base::Clock& clock;
    base::Random& random;
  };
  // Creates the directory. What `parts` refers to outlives the result. Errors of base::FileSystem.
  static base::Result<std::unique_ptr<Uploads>> open(Parts parts, Options options);
  ~Uploads();
  const Options& options() const { return options_; }

  // A new upload, recorded. `size` may follow later (declare()).
  // exchange.upload_too_large, exchange.upload_quota (too_many), exchange.upload_bad_metadata (over
  // 4 KiB), store.disk_full (less than free_bytes_min would be left).
  base::Result<Upload> create(const Owner& owner, std::optional<std::uint64_t> size,
                              std::string_view metadata, std::string_view concat = {});
  // Whose the upload `id` of `caller` is: for which organisation it was begun.
  // exchange.upload_unknown (not_found).
  base::Result<Owner> owner_of(std::string_view caller, std::string_view id);
  // Errors of everything below: exchange.upload_unknown (not_found; also what belongs to others),
  // exchange.upload_expired (gone), exchange.upload_damaged (data_loss).
  base::Result<Upload> find(const Owner& owner, std::string_view id);
  // Says the size of an upload that had none. exchange.upload_size_known (conflict: it has
  // another), exchange.upload_too_large (larger than allowed), exchange.upload_bad_size (smaller
  // than what has come), exchange.upload_quota.
  base::Result<void> declare(const Owner& owner, std::string_view id, std::uint64_t size);
  // The right to write from `offset` on, for one at a time. exchange.upload_wrong_offset
  // (conflict), exchange.upload_busy (conflict: another append is going on), exchange.upload_joined
  // (forbidden).
  base::Result<std::unique_ptr<Append>> append(const Owner& owner, std::string_view id,
                                               std::uint64_t offset, bool all_or_nothing = false);
  // Removes it and gives its space back. What was kept of it stays kept.
  base::Result<void> terminate(const Owner& owner, std::string_view id);
  // A new complete upload with the bytes of `parts`, one after the other; they stay. The bytes are
  // copied. exchange.upload_incomplete (conflict), exchange.upload_not_a_part, and as create().
  base::Result<Upload> join(const Owner& owner, const std::vector<std::string>& parts,
                            std::string_view metadata, std::string_view concat);

  // --- what has arrived; exchange.upload_incomplete (conflict) before that
  // ------------------------ SHA-256 of the whole. Waits until it is known: of what has just
  // arrived, seconds for GiBs.
  base::Result<base::Bytes> digest(const Owner& owner, std::string_view id);
  // The bytes, also while and after the upload is removed.
  base::Result<std::unique_ptr<store::BlobReader>> read(const Owner& owner, std::string_view id);
  // The bytes as a blob, without a second copy where the file system can.
  base::Result<Kept> keep(const Owner& owner, std::string_view id);
  // The id of a complete upload of that owner with that SHA-256, once digest() has known it.
  base::Result<std::optional<std::string>> find_by_hash(const Owner& owner, base::BytesView sha256);

  // Removes what has expired, and files that no record names. Never what is being appended to.
  // Gives the number of uploads and leftovers removed. For a timer.
  base::Result<std::uint64_t> sweep();

 private:
  friend class Append;
  Uploads(Parts parts, Options options);
  std::string path_of(std::string_view id) const;
  base::Result<std::shared_ptr<Live>> live(const Owner& owner, std::string_view id);
  base::Result<Upload> settled(Live& live);
  base::Result<Upload> record(const Owner& owner, std::optional<std::uint64_t> size,
                              std::string_view metadata, std::string_view concat);
  base::Result<void> reserve(Live& live, std::uint64_t bytes);
  base::Result<void> prolong(Live& live);
  base::Result<std::shared_ptr<Live>> complete(const Owner& owner, std::string_view id);
  base::Result<base::Bytes> digest_of(Live& live);
  base::Result<bool> drop(std::string_view id, bool only_expired);
  base::Result<std::uint64_t> sweep_leftovers();

  Parts parts_;
  const Options options_;
  std::mutex mutex_;  // guards live_
  std::map<std::string, std::shared_ptr<Live>, std::less<>> live_;
  std::unique_ptr<Follower> follower_;  // last: it works on what is above
};

// The run of this machine, for Options::boot; empty when the kernel does not tell.
std::string machine_boot();

}  // namespace exchange::uploads
