// A SQLite VFS over FaultyDisk: real lock semantics among the connections of one process, shared
// memory for the write-ahead log, and no time and no chance but the seed's.
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "store/testing/faulty_medium.h"

namespace store::testing {
namespace {

using Mode = base::FileSystem::Mode;

// What connections of one path share; gone with the last of them, as with the last process.
struct Shared {
  int readers = 0;        // connections with a SHARED lock or higher
  bool reserved = false;  // someone has RESERVED or higher
  bool pending = false;   // someone has PENDING or higher: no new readers
  std::vector<std::unique_ptr<char[]>> regions;
  std::array<int, SQLITE_SHM_NLOCK> slots{};  // readers of a slot, or -1
  int mapped = 0;
};

struct Vfs {
  sqlite3_vfs base{};
  FaultyDisk::Impl* disk = nullptr;
  std::string name;
  std::map<std::string, std::weak_ptr<Shared>> shared;  // guarded by the disk's mutex
  std::uint64_t temporary = 0;
};

struct Open {
  Vfs* vfs = nullptr;
  std::string path;
  std::shared_ptr<Inode> inode;
  std::shared_ptr<Shared> shared;
  std::uint64_t generation = 0;
  int flags = 0;
  int lock = SQLITE_LOCK_NONE;
  bool name_unsynced = false;  // a log or journal just created: its name is synced with it
  bool maps = false;
  unsigned shared_slots = 0, exclusive_slots = 0;
};

struct VfsFile {
  sqlite3_file base;
  Open* open;
};

Open& of(sqlite3_file* file) { return *reinterpret_cast<VfsFile*>(file)->open; }
Vfs& of(sqlite3_vfs* vfs) { return *static_cast<Vfs*>(vfs->pAppData); }

int code_of(const base::Result<void>& result, int otherwise) {
  if (result.ok()) return SQLITE_OK;
  return result.error().reason() == "base.disk_full" ? SQLITE_FULL : otherwise;
}

// Whether calls on the file still reach the disk; the disk's mutex is held.
bool reachable(const Open& open) {
  return open.generation == open.vfs->disk->generation && !open.vfs->disk->is_dead;
}

int shm_unmap(sqlite3_file* file, int remove);
int unlock(sqlite3_file* file, int level);

int close(sqlite3_file* file) {
  Open* const open = reinterpret_cast<VfsFile*>(file)->open;
  if (!open) return SQLITE_OK;
  shm_unmap(file, 0);
  unlock(file, SQLITE_LOCK_NONE);
  if (open->flags & SQLITE_OPEN_DELETEONCLOSE) {
    std::lock_guard lock(open->vfs->disk->mutex);
    static_cast<void>(open->vfs->disk->remove(open->path));
  }
  delete open;
  reinterpret_cast<VfsFile*>(file)->open = nullptr;
  return SQLITE_OK;
}

int read(sqlite3_file* file, void* to, int count, sqlite3_int64 offset) {
  Open& open = of(file);
  std::lock_guard lock(open.vfs->disk->mutex);
  if (!reachable(open)) return SQLITE_IOERR_READ;
  const auto wanted = static_cast<std::size_t>(count);
  const std::size_t got =
      open.inode->now.read(static_cast<std::uint64_t>(offset), static_cast<char*>(to), wanted);
  if (got == wanted) return SQLITE_OK;
  std::memset(static_cast<char*>(to) + got, 0, wanted - got);
  return SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) {
  Open& open = of(file);
  std::lock_guard lock(open.vfs->disk->mutex);
  if (!reachable(open)) return SQLITE_IOERR_WRITE;
  const base::BytesView bytes(static_cast<const char*>(from), static_cast<std::size_t>(count));
  return code_of(open.vfs->disk->write(*open.inode, static_cast<std::uint64_t>(offset), bytes),
                 SQLITE_IOERR_WRITE);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  Open& open = of(file);
  std::lock_guard lock(open.vfs->disk->mutex);
  if (!reachable(open)) return SQLITE_IOERR_TRUNCATE;
  return code_of(open.vfs->disk->truncate(*open.inode, static_cast<std::uint64_t>(size)),
                 SQLITE_IOERR_TRUNCATE);
}

int sync(sqlite3_file* file, int) {
  Open& open = of(file);
  std::lock_guard lock(open.vfs->disk->mutex);
  if (!reachable(open)) return SQLITE_IOERR_FSYNC;
  const int code = code_of(open.vfs->disk->sync(*open.inode), SQLITE_IOERR_FSYNC);
  if (code != SQLITE_OK || !open.name_unsynced) return code;
  open.name_unsynced = false;
  const std::size_t slash = open.path.rfind('/');
  const std::string parent = slash == std::string::npos ? "."
                             : slash == 0               ? "/"
                                                        : open.path.substr(0, slash);
  return code_of(open.vfs->disk->sync_directory(parent), SQLITE_IOERR_DIR_FSYNC);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  Open& open = of(file);
  std::lock_guard lock(open.vfs->disk->mutex);
  if (!reachable(open)) return SQLITE_IOERR_FSTAT;
  *size = static_cast<sqlite3_int64>(open.inode->now.size);
  return SQLITE_OK;
}

int lock(sqlite3_file* file, int level) {
  Open& open = of(file);
  std::lock_guard guard(open.vfs->disk->mutex);
  Shared& shared = *open.shared;
  if (open.lock >= level) return SQLITE_OK;
  if (open.lock == SQLITE_LOCK_NONE) {
    if (shared.pending) return SQLITE_BUSY;
    ++shared.readers;
    open.lock = SQLITE_LOCK_SHARED;
  }
  if (level == SQLITE_LOCK_SHARED) return SQLITE_OK;
  if (open.lock < SQLITE_LOCK_RESERVED) {
    if (shared.reserved) return SQLITE_BUSY;
    shared.reserved = true;
    open.lock = SQLITE_LOCK_RESERVED;
  }
  if (level == SQLITE_LOCK_RESERVED) return SQLITE_OK;
  shared.pending = true;
  open.lock = SQLITE_LOCK_PENDING;
  if (level == SQLITE_LOCK_PENDING) return SQLITE_OK;
  if (shared.readers > 1) return SQLITE_BUSY;
  open.lock = SQLITE_LOCK_EXCLUSIVE;
  return SQLITE_OK;
}

int unlock(sqlite3_file* file, int level) {
  Open& open = of(file);
  std::lock_guard guard(open.vfs->disk->mutex);
  if (open.lock <= level) return SQLITE_OK;
  if (open.lock >= SQLITE_LOCK_PENDING) open.shared->pending = false;
  if (open.lock >= SQLITE_LOCK_RESERVED) open.shared->reserved = false;
  if (level == SQLITE_LOCK_NONE) --open.shared->readers;
  open.lock = level;
  return SQLITE_OK;
}

int check_reserved(sqlite3_file* file, int* answer) {
  Open& open = of(file);
  std::lock_guard guard(open.vfs->disk->mutex);
  *answer = open.shared->reserved ? 1 : 0;
  return SQLITE_OK;
}

int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return kSectorBytes; }
// A byte that a write does not touch keeps its value, even when the power goes at that moment.
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  Open& open = of(file);
  std::lock_guard guard(open.vfs->disk->mutex);
  *out = nullptr;
  if (!reachable(open)) return SQLITE_IOERR_SHMOPEN;
  if (!open.maps) {
    open.maps = true;
    ++open.shared->mapped;
  }
  auto& regions = open.shared->regions;
  const auto index = static_cast<std::size_t>(region);
  if (index >= regions.size()) {
    if (!extend) return SQLITE_OK;
    while (regions.size() <= index) {
      regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
    }
  }
  *out = regions[index].get();
  return SQLITE_OK;
}

int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  Open& open = of(file);
  std::lock_guard guard(open.vfs->disk->mutex);
  auto& slots = open.shared->slots;
  const auto first = static_cast<std::size_t>(offset),
             end = first + static_cast<std::size_t>(count);
  if (flags & SQLITE_SHM_UNLOCK) {
    for (std::size_t i = first; i < end; ++i) {
      const unsigned bit = 1U << i;
      if (open.exclusive_slots & bit) slots[i] = 0;
      if (open.shared_slots & bit) --slots[i];
      open.exclusive_slots &= ~bit;
      open.shared_slots &= ~bit;
    }
    return SQLITE_OK;
  }
  const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  for (std::size_t i = first; i < end; ++i) {
    const bool mine = ((open.shared_slots | open.exclusive_slots) & (1U << i)) != 0;
    if (!mine && (exclusive ? slots[i] != 0 : slots[i] < 0)) return SQLITE_BUSY;
  }
  for (std::size_t i = first; i < end; ++i) {
    const unsigned bit = 1U << i;
    if ((open.shared_slots | open.exclusive_slots) & bit) continue;
    slots[i] = exclusive ? -1 : slots[i] + 1;
    (exclusive ? open.exclusive_slots : open.shared_slots) |= bit;
  }
  return SQLITE_OK;
}

// Taking and leaving the mutex orders what went before and what follows.
void shm_barrier(sqlite3_file* file) { std::lock_guard guard(of(file).vfs->disk->mutex); }

int shm_unmap(sqlite3_file* file, int) {
  shm_lock(file, 0, SQLITE_SHM_NLOCK, SQLITE_SHM_UNLOCK);
  Open& open = of(file);
  std::lock_guard guard(open.vfs->disk->mutex);
  if (!open.maps) return SQLITE_OK;
  open.maps = false;
  if (--open.shared->mapped == 0) open.shared->regions.clear();
  return SQLITE_OK;
}

constexpr sqlite3_io_methods kMethods = {2,
                                         close,
                                         read,
                                         write,
                                         truncate,
                                         sync,
                                         file_size,
                                         lock,
                                         unlock,
                                         check_reserved,
                                         control,
                                         sector_size,
                                         characteristics,
                                         shm_map,
                                         shm_lock,
                                         shm_barrier,
                                         shm_unmap,
                                         nullptr,
                                         nullptr};

int open_file(sqlite3_vfs* base_vfs, const char* name, sqlite3_file* file, int flags, int* out) {
  Vfs& vfs = of(base_vfs);
  auto* const made = reinterpret_cast<VfsFile*>(file);
  made->base.pMethods = nullptr;
  made->open = nullptr;
  std::lock_guard guard(vfs.disk->mutex);
  const std::string path =
      name ? normalised(name) : "/.temporary-" + std::to_string(++vfs.temporary);
  const Mode mode = (flags & SQLITE_OPEN_EXCLUSIVE) ? Mode::create_new
                    : (flags & SQLITE_OPEN_CREATE)  ? Mode::create_or_open
                                                    : Mode::read_write;
  const bool there = vfs.disk->entries.contains(path) && vfs.disk->entries[path].now;
  auto inode = vfs.disk->open(path, mode);
  if (!inode.ok()) return SQLITE_CANTOPEN;
  auto open = std::make_unique<Open>();
  open->vfs = &vfs;
  open->path = path;
  open->inode = std::move(inode).value();
  open->generation = vfs.disk->generation;
  open->flags = flags;
  open->name_unsynced =
      !there && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL));
  open->shared = vfs.shared[path].lock();
  if (!open->shared) {
    open->shared = std::make_shared<Shared>();
    vfs.shared[path] = open->shared;
  }
  made->open = open.release();
  made->base.pMethods = &kMethods;
  if (out) *out = flags;
  return SQLITE_OK;
}

int remove_file(sqlite3_vfs* base_vfs, const char* name, int sync_directory) {
  Vfs& vfs = of(base_vfs);
  const std::string path = normalised(name);
  std::lock_guard guard(vfs.disk->mutex);
  const auto removed = vfs.disk->remove(path);
  if (!removed.ok()) {
    return removed.error().code() == base::Code::not_found ? SQLITE_IOERR_DELETE_NOENT
                                                           : SQLITE_IOERR_DELETE;
  }
  if (!sync_directory) return SQLITE_OK;
  const std::size_t slash = path.rfind('/');
  return code_of(vfs.disk->sync_directory(slash == std::string::npos ? "."
                                          : slash == 0               ? "/"
                                                                     : path.substr(0, slash)),
                 SQLITE_IOERR_DIR_FSYNC);
}

int access(sqlite3_vfs* base_vfs, const char* name, int what, int* answer) {
  Vfs& vfs = of(base_vfs);
  std::lock_guard guard(vfs.disk->mutex);
  if (vfs.disk->is_dead) return SQLITE_IOERR_ACCESS;
  const auto found = vfs.disk->entries.find(normalised(name));
  const bool there = found != vfs.disk->entries.end() && found->second.now;
  // As on Unix, SQLite takes an empty file for none.
  *answer = there && (what != SQLITE_ACCESS_EXISTS || found->second.now->now.size > 0) ? 1 : 0;
  return SQLITE_OK;
}

int full_name(sqlite3_vfs*, const char* name, int size, char* out) {
  const std::string path = normalised(name);
  if (path.size() + 1 > static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
  std::memcpy(out, path.c_str(), path.size() + 1);
  return SQLITE_OK;
}

int randomness(sqlite3_vfs* base_vfs, int count, char* out) {
  Vfs& vfs = of(base_vfs);
  std::lock_guard guard(vfs.disk->mutex);
  const base::Bytes bytes = vfs.disk->random.bytes(static_cast<std::size_t>(count));
  std::memcpy(out, bytes.data(), bytes.size());
  return count;
}

// Waiting for another connection makes no sense where all run on one thread; threads get a turn.
int sleep(sqlite3_vfs*, int micros) {
  std::this_thread::yield();
  return micros;
}

int current_time(sqlite3_vfs*, sqlite3_int64* millis) {
  *millis = 212'500'000'000'000;  // some day; SQLite wants it for date('now') only
  return SQLITE_OK;
}

int last_error(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

std::string FaultyDisk::sqlite_vfs() {
  static std::atomic<std::uint64_t> last{0};
  std::lock_guard lock(impl_->mutex);
  if (impl_->vfs) return static_cast<Vfs*>(impl_->vfs.get())->name;
  sqlite3_initialize();
  auto vfs = std::make_unique<Vfs>();
  vfs->disk = impl_.get();
  vfs->name = "faulty-" + std::to_string(++last);
  sqlite3_vfs& base = vfs->base;
  base.iVersion = 2;
  base.szOsFile = sizeof(VfsFile);
  base.mxPathname = 512;
  base.zName = vfs->name.c_str();
  base.pAppData = vfs.get();
  base.xOpen = open_file;
  base.xDelete = remove_file;
  base.xAccess = access;
  base.xFullPathname = full_name;
  base.xRandomness = randomness;
  base.xSleep = sleep;
  base.xGetLastError = last_error;
  base.xCurrentTimeInt64 = current_time;
  sqlite3_vfs_register(&base, 0);
  impl_->vfs = std::shared_ptr<void>(vfs.release(), [](void* registered) {
    auto* const ours = static_cast<Vfs*>(registered);
    sqlite3_vfs_unregister(&ours->base);
    delete ours;
  });
  return static_cast<Vfs*>(impl_->vfs.get())->name;
}

}  // namespace store::testing
