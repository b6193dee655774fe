#include "exchange/uploads/uploads.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "base/log.h"
#include "exchange/uploads/live.h"
#include "exchange/uploads/records.h"
#include "exchange/uploads/refusals.h"

namespace exchange::uploads {
namespace {

using base::Result;
using store::Connection;

constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kMetadataMax = 4096;
constexpr std::uint64_t kReserveStep = 64 << 20;
constexpr std::uint64_t kPieceBytes = 1 << 20;
constexpr std::int64_t kIdleMicros = std::int64_t{3600} * 1'000'000;

class UploadReader : public store::BlobReader {
 public:
  UploadReader(std::shared_ptr<base::File> data, std::uint64_t size)
      : data_(std::move(data)), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t size) override {
    if (offset >= size_) return std::size_t{0};
    const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(size, size_ - offset));
    auto got = data_->read_at(offset, to, want);
    if (!got.ok()) return upload_failed(got.error());
    return got;
  }

 private:
  const std::shared_ptr<base::File> data_;
  const std::uint64_t size_;
};

bool is_id(std::string_view name) {
  return name.size() == 2 * kIdBytes &&
         name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Upload upload_of(const records::Row& row, std::uint64_t offset) {
  return {row.id, row.size, offset, row.metadata, row.concat, row.created_at, row.expires_at};
}

// Live::mutex is held.
Result<void> settle(Live& live) {
  if (live.gone) return upload_gone();
  auto synced = live.file->sync();
  if (!synced.ok()) return upload_failed(synced.error());
  return synced;
}

}  // namespace

Uploads::Uploads(Parts parts, Options options)
    : parts_(parts), options_(std::move(options)), follower_(std::make_unique<Follower>()) {}

Uploads::~Uploads() = default;

Result<std::unique_ptr<Uploads>> Uploads::open(Parts parts, Options options) {
  TRY(base::make_directory_durably(parts.files, options.directory));
  return std::unique_ptr<Uploads>(new Uploads(parts, std::move(options)));
}

std::string Uploads::path_of(std::string_view id) const {
  return options_.directory + "/" + std::string(id);
}

Result<Upload> Uploads::record(const Owner& owner, std::optional<std::uint64_t> size,
                               std::string_view metadata, std::string_view concat) {
  if (size && *size > options_.upload_bytes_max) return upload_too_large(options_.upload_bytes_max);
  if (metadata.size() > kMetadataMax || concat.size() > kMetadataMax) {
    return upload_bad_metadata("at most 4096 bytes", "tối đa 4096 byte");
  }
  const std::uint64_t free = parts_.files.free_bytes(options_.directory);
  if (free < options_.free_bytes_min || free - options_.free_bytes_min < size.value_or(0)) {
    return upload_disk_full();
  }
  records::Row row;
  row.id = base::hex(parts_.random.bytes(kIdBytes));
  row.owner = owner;
  row.size = size;
  row.reserved = size.value_or(0);
  row.metadata = metadata;
  row.concat = concat;
  row.created_at = parts_.clock.now();
  row.expires_at = row.created_at + options_.lifetime;
  TRY(parts_.database.write([&](Connection& connection) -> Result<void> {
    const records::Held held = TRY(records::held(connection, owner));
    if (held.uploads >= options_.owner_uploads_max) {
      return upload_too_many(options_.owner_uploads_max);
    }
    if (held.bytes + row.reserved > options_.owner_bytes_max) {
      return upload_quota(options_.owner_bytes_max);
    }
    return records::insert(connection, row);
  }));
  base::log::info("exchange.upload_begun", {{"upload", row.id},
                                            {"caller", row.owner.caller},
                                            {"organisation", row.owner.organisation},
                                            {"bytes", row.reserved}});
  return upload_of(row, 0);
}

Result<Upload> Uploads::create(const Owner& owner, std::optional<std::uint64_t> size,
                               std::string_view metadata, std::string_view concat) {
  return record(owner, size, metadata, concat);
}

Result<Owner> Uploads::owner_of(std::string_view caller, std::string_view id) {
  std::optional<records::Row> row;
  TRY(parts_.database.read([&](Connection& connection) -> Result<void> {
    if (is_id(id)) row = TRY(records::find(connection, id));
    return base::done();
  }));
  if (!row || row->owner.caller != caller) return upload_unknown(id);
  return row->owner;
}

Result<std::shared_ptr<Live>> Uploads::live(const Owner& owner, std::string_view id) {
  if (!is_id(id)) return upload_unknown(id);
  std::optional<records::Row> row;
  TRY(parts_.database.read([&](Connection& connection) -> Result<void> {
    row = TRY(records::find(connection, id));
    return base::done();
  }));
  if (!row || row->owner != owner) return upload_unknown(id);
  if (row->expires_at <= parts_.clock.now()) return upload_expired(id);
  std::lock_guard lock(mutex_);
  auto& entry = live_[row->id];
  if (!entry) {
    auto file = UploadFile::open(parts_.files, path_of(id), options_.boot);
    if (!file.ok()) {
      live_.erase(row->id);
      if (file.error().reason() == "exchange.upload_damaged") return std::move(file).error();
      return upload_failed(file.error());
    }
    entry = std::make_shared<Live>(*std::move(row), std::move(file).value());
  }
  return entry;
}

Result<Upload> Uploads::find(const Owner& owner, std::string_view id) {
  const auto found = TRY(live(owner, id));
  return settled(*found);
}

Result<Upload> Uploads::settled(Live& live) {
  std::lock_guard lock(live.mutex);
  TRY(settle(live));
  return upload_of(live.row, live.file->offset());
}

Result<void> Uploads::declare(const Owner& owner, std::string_view id, std::uint64_t size) {
  const auto found = TRY(live(owner, id));
  std::lock_guard lock(found->mutex);
  if (found->row.size) {
    if (*found->row.size == size) return base::done();
    return upload_size_known(*found->row.size);
  }
  if (size > options_.upload_bytes_max) return upload_too_large(options_.upload_bytes_max);
  if (size < found->file->written()) return upload_bad_size(found->file->written());
  TRY(parts_.database.write([&](Connection& connection) -> Result<void> {
    const records::Held held = TRY(records::held(connection, owner));
    if (held.bytes - found->row.reserved + size > options_.owner_bytes_max) {
      return upload_quota(options_.owner_bytes_max);
    }
    return records::set_size(connection, id, size);
  }));
  found->row.size = size;
  found->row.reserved = size;
  return base::done();
}

// Live::mutex is held.
Result<void> Uploads::reserve(Live& live, std::uint64_t bytes) {
  if (live.row.size || bytes <= live.row.reserved) return base::done();
  const std::uint64_t wanted =
      std::min((bytes + kReserveStep - 1) / kReserveStep * kReserveStep, options_.upload_bytes_max);
  TRY(parts_.database.write([&](Connection& connection) -> Result<void> {
    const records::Held held = TRY(records::held(connection, live.row.owner));
    if (held.bytes - live.row.reserved + wanted > options_.owner_bytes_max) {
      return upload_quota(options_.owner_bytes_max);
    }
    return records::reserve(connection, live.row.id, wanted);
  }));
  live.row.reserved = wanted;
  return base::done();
}

// Written only when it moves by a good part of the lifetime: not at every piece.
Result<void> Uploads::prolong(Live& live) {
  const base::Time until = parts_.clock.now() + options_.lifetime;
  std::lock_guard lock(live.mutex);
  live.used_micros = base::monotonic_micros();
  if (until - live.row.expires_at < options_.lifetime / 8) return base::done();
  TRY(parts_.database.write([&](Connection& connection) -> Result<void> {
    return records::prolong(connection, live.row.id, until);
  }));
  live.row.expires_at = until;
  return base::done();
}

Result<std::unique_ptr<Append>> Uploads::append(const Owner& owner, std::string_view id,
                                                std::uint64_t offset, bool all_or_nothing) {
  const auto found = TRY(live(owner, id));
  TRY(prolong(*found));
  std::lock_guard lock(found->mutex);
  if (found->gone) return upload_gone();
  if (found->row.concat.starts_with("final") && found->complete()) return upload_joined();
  const std::int64_t now = base::monotonic_micros();
  if (found->appending && now - found->heard_micros < options_.silence.count()) {
    return upload_busy();
  }
  if (auto cut = found->file->cut(); !cut.ok()) return upload_failed(cut.error());
  if (offset != found->file->offset()) return upload_wrong_offset(found->file->offset());
  found->appending = true;
  found->heard_micros = now;
  return std::unique_ptr<Append>(
      new Append(*this, found, std::string(id), ++found->turn, all_or_nothing));
}

Result<void> Uploads::terminate(const Owner& owner, std::string_view id) {
  TRY(live(owner, id));
  TRY(drop(id, false));
  return base::done();
}

Result<bool> Uploads::drop(std::string_view id, bool only_expired) {
  std::shared_ptr<Live> alive;
  {
    std::lock_guard lock(mutex_);
    const auto at = live_.find(id);
    if (at != live_.end()) alive = at->second;
  }
  if (alive && only_expired) {
    std::lock_guard lock(alive->mutex);
    if (alive->appending) return false;
  }
  bool removed = false;
  const base::Time now = parts_.clock.now();
  TRY(parts_.database.write([&](Connection& connection) -> Result<void> {
    const auto row = TRY(records::find(connection, id));
    removed = row && (!only_expired || row->expires_at <= now);
    if (!removed) return base::done();
    return records::remove(connection, id);
  }));
  if (!removed) return false;
  if (alive) {
    std::lock_guard lock(alive->mutex);
    alive->gone = true;
  }
  {
    std::lock_guard lock(mutex_);
    const auto at = live_.find(id);
    if (at != live_.end()) live_.erase(at);
  }
  if (auto gone = UploadFile::remove(parts_.files, path_of(id)); !gone.ok()) {
    return upload_failed(gone.error());
  }
  return true;
}

Result<Upload> Uploads::join(const Owner& owner, const std::vector<std::string>& parts,
                             std::string_view metadata, std::string_view concat) {
  std::uint64_t size = 0;
  std::vector<std::unique_ptr<store::BlobReader>> readers;
  for (const std::string& id : parts) {
    const auto part = TRY(complete(owner, id));
    if (part->row.concat != "partial") return upload_not_a_part(id);
    readers.push_back(TRY(read(owner, id)));
    size += readers.back()->size();
  }
  const Upload joined = TRY(record(owner, size, metadata, concat));
  if (size == 0) return joined;
  const auto copy = [&]() -> Result<Upload> {
    auto writing = TRY(append(owner, joined.id, 0));
    base::Bytes piece(kPieceBytes, '\0');
    for (const auto& reader : readers) {
      for (std::uint64_t at = 0; at < reader->size();) {
        const std::size_t got = TRY(reader->read_at(at, piece.data(), piece.size()));
        if (got == 0) return upload_incomplete(joined.id);
        TRY(writing->write({piece.data(), got}));
        at += got;
      }
    }
    return writing->finish();
  };
  auto done = copy();
  if (!done.ok()) static_cast<void>(drop(joined.id, false));
  return done;
}

Result<std::shared_ptr<Live>> Uploads::complete(const Owner& owner, std::string_view id) {
  auto found = TRY(live(owner, id));
  const Upload upload = TRY(settled(*found));
  if (!upload.complete()) return upload_incomplete(id);
  TRY(prolong(*found));
  return found;
}

Result<base::Bytes> Uploads::digest_of(Live& live) {
  {
    std::lock_guard lock(live.mutex);
    if (!live.row.sha256.empty()) return live.row.sha256;
  }
  while (TRY(hash_some(live, kPieceBytes))) {
  }
  base::Bytes sha256;
  {
    std::lock_guard lock(live.hashing);
    sha256 = base::Sha256(*live.sum).finish();
  }
  std::lock_guard lock(live.mutex);
  TRY(parts_.database.write([&](Connection& connection) -> Result<void> {
    return records::set_hash(connection, live.row.id, sha256);
  }));
  live.row.sha256 = sha256;
  return sha256;
}

Result<base::Bytes> Uploads::digest(const Owner& owner, std::string_view id) {
  const auto found = TRY(complete(owner, id));
  return digest_of(*found);
}

Result<std::unique_ptr<store::BlobReader>> Uploads::read(const Owner& owner, std::string_view id) {
  const auto found = TRY(complete(owner, id));
  std::lock_guard lock(found->mutex);
  return std::unique_ptr<store::BlobReader>(
      std::make_unique<UploadReader>(found->file->data(), *found->row.size));
}

Result<Kept> Uploads::keep(const Owner& owner, std::string_view id) {
  const auto found = TRY(complete(owner, id));
  Kept kept;
  kept.sha256 = TRY(digest_of(*found));
  kept.size = *found->row.size;
  kept.blob = TRY(kept.size == 0 ? parts_.blobs.put({}) : parts_.blobs.adopt(path_of(id)));
  return kept;
}

Result<std::optional<std::string>> Uploads::find_by_hash(const Owner& owner,
                                                         base::BytesView sha256) {
  std::optional<records::Row> row;
  TRY(parts_.database.read([&](Connection& connection) -> Result<void> {
    row = TRY(records::find_by_hash(connection, owner, sha256));
    return base::done();
  }));
  std::optional<std::string> id;
  if (row && row->expires_at > parts_.clock.now()) id = row->id;
  return id;
}

Result<std::uint64_t> Uploads::sweep() {
  std::vector<records::Row> expired;
  TRY(parts_.database.read([&](Connection& connection) -> Result<void> {
    expired = TRY(records::expired(connection, parts_.clock.now()));
    return base::done();
  }));
  std::uint64_t removed = 0;
  for (const records::Row& row : expired) removed += TRY(drop(row.id, true)) ? 1 : 0;
  {
    std::lock_guard lock(mutex_);
    const std::int64_t now = base::monotonic_micros();
    std::erase_if(live_, [&](const auto& entry) {
      return entry.second.use_count() == 1 && now - entry.second->used_micros > kIdleMicros;
    });
  }
  removed += TRY(sweep_leftovers());
  if (removed > 0) base::log::info("exchange.uploads_swept", {{"uploads", removed}});
  return removed;
}

// The row is there before its files, so files without a row are what a crash left of a removal.
Result<std::uint64_t> Uploads::sweep_leftovers() {
  auto names = parts_.files.list(options_.directory);
  if (!names.ok()) return upload_failed(names.error());
  std::uint64_t removed = 0;
  for (const std::string& name : *names) {
    const std::string id = name.substr(0, 2 * kIdBytes);
    if (!is_id(id)) continue;
    bool known = false;
    TRY(parts_.database.read([&](Connection& connection) -> Result<void> {
      known = TRY(records::find(connection, id)).has_value();
      return base::done();
    }));
    if (known) continue;
    auto gone = UploadFile::remove(parts_.files, path_of(id));
    if (!gone.ok()) return upload_failed(gone.error());
    ++removed;
  }
  return removed;
}

std::string machine_boot() {
  char text[36];
  const auto file =
      base::real_files().open("/proc/sys/kernel/random/boot_id", base::FileSystem::Mode::read);
  if (!file.ok()) return {};
  const auto got = (*file)->read_at(0, text, sizeof text);
  return got.ok() ? std::string(text, *got) : std::string();
}

}  // namespace exchange::uploads
