#include "store/testing/faulty_disk.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "store/testing/faulty_medium.h"

namespace store::testing {

using base::Code;
using base::Error;
using base::Result;

Error died() { return Error(Code::unavailable, "base.io_failed", "the disk is dead"); }

std::string normalised(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c == '/' && !out.empty() && out.back() == '/') continue;
    out.push_back(c);
  }
  while (out.starts_with("./")) out.erase(0, 2);
  if (out.size() > 1 && out.back() == '/') out.pop_back();
  return out.empty() ? "." : out;
}

namespace {

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Error missing(const std::string& path) {
  return Error(Code::not_found, "base.file_missing", path + ": no such file");
}

}  // namespace

Page& Content::own_page(std::uint64_t number) {
  auto& page = pages[number];
  if (!page) {
    page = std::make_shared<Page>();
    page->fill(0);
  } else if (page.use_count() > 1) {
    page = std::make_shared<Page>(*page);
  }
  return *page;
}

void Content::write(std::uint64_t offset, base::BytesView bytes) {
  size = std::max(size, offset + bytes.size());
  while (!bytes.empty()) {
    const auto within = static_cast<std::size_t>(offset % kPageBytes);
    const std::size_t count = std::min(bytes.size(), kPageBytes - within);
    std::memcpy(own_page(offset / kPageBytes).data() + within, bytes.data(), count);
    offset += count;
    bytes.remove_prefix(count);
  }
}

std::size_t Content::read(std::uint64_t offset, char* to, std::size_t count) const {
  if (offset >= size) return 0;
  count = static_cast<std::size_t>(std::min<std::uint64_t>(count, size - offset));
  for (std::size_t done = 0; done < count;) {
    const auto within = static_cast<std::size_t>((offset + done) % kPageBytes);
    const std::size_t piece = std::min(count - done, kPageBytes - within);
    const auto page = pages.find((offset + done) / kPageBytes);
    if (page == pages.end()) {
      std::memset(to + done, 0, piece);
    } else {
      std::memcpy(to + done, page->second->data() + within, piece);
    }
    done += piece;
  }
  return count;
}

void Content::resize(std::uint64_t to) {
  if (to < size) {
    const std::uint64_t kept = (to + kPageBytes - 1) / kPageBytes;
    std::erase_if(pages, [&](const auto& page) { return page.first >= kept; });
    const auto within = static_cast<std::size_t>(to % kPageBytes);
    if (within > 0 && pages.contains(kept - 1)) {
      Page& last = own_page(kept - 1);
      std::memset(last.data() + within, 0, kPageBytes - within);
    }
  }
  size = to;
}

Result<void> FaultyDisk::Impl::alive() const {
  if (is_dead) return died();
  return base::done();
}

bool FaultyDisk::Impl::survives() {
  ++operations;
  if (dies_at == 0 || --dies_at > 0) return true;
  is_dead = true;
  return false;
}

Result<void> FaultyDisk::Impl::extend(const Inode& inode, std::uint64_t to) {
  if (to <= inode.now.size) return base::done();
  const std::uint64_t more = to - inode.now.size;
  if (bytes_max > 0 && bytes_used + more > bytes_max) {
    return Error(Code::unavailable, "base.disk_full", "the disk is full");
  }
  bytes_used += more;
  return base::done();
}

Result<void> FaultyDisk::Impl::write(Inode& inode, std::uint64_t offset, base::BytesView bytes) {
  TRY(alive());
  TRY(extend(inode, offset + bytes.size()));
  const bool whole = survives();
  if (!whole) bytes = bytes.substr(0, static_cast<std::size_t>(random.below(bytes.size() + 1)));
  if (!bytes.empty()) {
    inode.now.write(offset, bytes);
    if (!whole) inode.durable.write(offset, bytes);  // the head was on its way over the medium
    const std::uint64_t last = (offset + bytes.size() - 1) / kPageBytes;
    for (std::uint64_t page = offset / kPageBytes; page <= last; ++page) inode.dirty.insert(page);
  }
  return alive();
}

Result<void> FaultyDisk::Impl::truncate(Inode& inode, std::uint64_t size) {
  TRY(alive());
  if (!survives()) return died();
  TRY(extend(inode, size));
  if (size < inode.now.size) {
    bytes_used -= std::min(bytes_used, inode.now.size - size);
    const std::uint64_t end = (inode.now.size + kPageBytes - 1) / kPageBytes;
    for (std::uint64_t page = size / kPageBytes; page < end; ++page) inode.dirty.insert(page);
  }
  inode.now.resize(size);
  return base::done();
}

Result<void> FaultyDisk::Impl::sync(Inode& inode) {
  TRY(alive());
  if (!survives()) return died();
  settle(inode, 256);
  return base::done();
}

// Makes durable, of every sector not yet synced, about so many of 256; then there is no other
// content any more (a sync keeps all; a power loss forgets the rest).
void FaultyDisk::Impl::settle(Inode& inode, unsigned keep_of_256) {
  const auto kept = [&] { return keep_of_256 >= 256 || random.below(256) < keep_of_256; };
  if (kept()) inode.durable.resize(inode.now.size);
  for (const std::uint64_t number : inode.dirty) {
    const auto now = inode.now.pages.find(number);
    if (keep_of_256 >= 256) {
      if (now == inode.now.pages.end()) {
        inode.durable.pages.erase(number);
      } else {
        inode.durable.pages[number] = now->second;
      }
      continue;
    }
    for (std::size_t at = 0; at < kPageBytes; at += kSectorBytes) {
      if (number * kPageBytes + at >= inode.durable.size || !kept()) continue;
      char* const to = inode.durable.own_page(number).data() + at;
      if (now == inode.now.pages.end()) {
        std::memset(to, 0, kSectorBytes);
      } else {
        std::memcpy(to, now->second->data() + at, kSectorBytes);
      }
    }
  }
  inode.dirty.clear();
  if (keep_of_256 < 256) {
    // Nothing may show beyond the end, should the file grow again.
    const std::uint64_t size = inode.durable.size;
    inode.durable.size = size + kPageBytes;
    inode.durable.resize(size);
    inode.now = inode.durable;
  }
}

Result<void> FaultyDisk::Impl::sync_directory(const std::string& path) {
  TRY(alive());
  if (!directories.contains(path)) return missing(path);
  if (!survives()) return died();
  const std::string prefix = path == "." ? "" : path == "/" ? "/" : path + "/";
  for (auto at = entries.lower_bound(prefix);
       at != entries.end() && at->first.starts_with(prefix);) {
    Entry& entry = at->second;
    const bool here = at->first.find('/', prefix.size()) == std::string::npos;
    if (here) entry.durable = entry.now;
    if (here && !entry.now) {
      at = entries.erase(at);
    } else {
      ++at;
    }
  }
  return base::done();
}

Result<std::shared_ptr<Inode>> FaultyDisk::Impl::open(const std::string& path, Mode mode) {
  TRY(alive());
  const auto found = entries.find(path);
  if (found != entries.end() && found->second.now) {
    if (mode == Mode::create_new) {
      return Error(Code::conflict, "base.file_exists", path + ": the file is there already");
    }
    return found->second.now;
  }
  if (mode == Mode::read || mode == Mode::read_write || !directories.contains(parent_of(path))) {
    return missing(path);
  }
  Entry& entry = entries[path];
  entry.now = std::make_shared<Inode>();
  entry.operation = ++last_change;
  return entry.now;
}

Result<void> FaultyDisk::Impl::rename(const std::string& from, const std::string& to) {
  TRY(alive());
  const auto found = entries.find(from);
  if (found == entries.end() || !found->second.now) return missing(from);
  if (!directories.contains(parent_of(to))) return missing(to);
  if (from == to) return base::done();
  const bool survived = survives();
  Entry& target = entries[to];
  Entry& source = entries[from];
  if (target.now) bytes_used -= std::min(bytes_used, target.now->now.size);
  target.now = std::exchange(source.now, nullptr);
  target.operation = source.operation = ++last_change;
  if (!survived) return died();
  return base::done();
}

Result<void> FaultyDisk::Impl::remove(const std::string& path) {
  TRY(alive());
  const auto found = entries.find(path);
  if (found == entries.end() && directories.contains(path)) return remove_directory(path);
  if (found == entries.end() || !found->second.now) return missing(path);
  const bool survived = survives();
  Entry& entry = found->second;
  bytes_used -= std::min(bytes_used, entry.now->now.size);
  entry.now = nullptr;
  entry.operation = ++last_change;
  if (!entry.durable) entries.erase(found);
  if (!survived) return died();
  return base::done();
}

Result<void> FaultyDisk::Impl::remove_directory(const std::string& path) {
  const std::string prefix = path + "/";
  const auto holds = [&](const auto& names) { return names.lower_bound(prefix); };
  const auto file = holds(entries);
  const auto folder = holds(directories);
  if ((file != entries.end() && file->first.starts_with(prefix)) ||
      (folder != directories.end() && folder->starts_with(prefix))) {
    return Error(Code::unavailable, "base.io_failed", path + ": the directory is not empty");
  }
  directories.erase(path);
  return base::done();
}

void FaultyDisk::Impl::power_cycle() {
  // A disk that lost everything, one that lost nothing, and what lies between.
  constexpr std::array<unsigned, 6> kChances = {0, 255, 128, 128, 230, 26};
  const unsigned keep = kChances[static_cast<std::size_t>(random.below(kChances.size()))];
  std::map<std::uint64_t, bool> kept;  // by the number of the change
  for (auto at = entries.begin(); at != entries.end();) {
    Entry& entry = at->second;
    if (entry.now != entry.durable) {
      const auto [choice, fresh] = kept.try_emplace(entry.operation, false);
      if (fresh) choice->second = random.below(256) < keep;
      if (choice->second) entry.durable = entry.now;
    }
    entry.now = entry.durable;
    at = entry.now ? std::next(at) : entries.erase(at);
  }
  bytes_used = 0;
  std::set<const Inode*> settled;
  for (auto& [path, entry] : entries) {
    if (!settled.insert(entry.now.get()).second) continue;
    settle(*entry.now, keep);
    bytes_used += entry.now->now.size;
  }
  ++generation;
  is_dead = false;
  dies_at = 0;
}

namespace {

class FaultyFile : public base::File {
 public:
  FaultyFile(std::shared_ptr<FaultyDisk::Impl> disk, std::shared_ptr<Inode> inode, bool writable)
      : disk_(std::move(disk)),
        inode_(std::move(inode)),
        generation_(disk_->generation),
        writable_(writable) {}

  Result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t size) override {
    std::lock_guard lock(disk_->mutex);
    TRY(usable());
    return inode_->now.read(offset, to, size);
  }
  Result<void> write_at(std::uint64_t offset, base::BytesView bytes) override {
    std::lock_guard lock(disk_->mutex);
    TRY(usable());
    TRY(may_write());
    return disk_->write(*inode_, offset, bytes);
  }
  Result<void> truncate(std::uint64_t size) override {
    std::lock_guard lock(disk_->mutex);
    TRY(usable());
    TRY(may_write());
    return disk_->truncate(*inode_, size);
  }
  Result<std::uint64_t> size() override {
    std::lock_guard lock(disk_->mutex);
    TRY(usable());
    return inode_->now.size;
  }
  Result<void> sync() override {
    std::lock_guard lock(disk_->mutex);
    TRY(usable());
    return disk_->sync(*inode_);
  }
  void start_writeback(std::uint64_t, std::uint64_t) override {}

 private:
  Result<void> usable() const {
    if (generation_ != disk_->generation) return died();
    return disk_->alive();
  }
  Result<void> may_write() const {
    if (!writable_) return Error(Code::unavailable, "base.io_failed", "opened for reading only");
    return base::done();
  }

  const std::shared_ptr<FaultyDisk::Impl> disk_;
  const std::shared_ptr<Inode> inode_;
  const std::uint64_t generation_;
  const bool writable_;
};

}  // namespace

FaultyDisk::FaultyDisk(std::uint64_t seed) : impl_(std::make_shared<Impl>(seed)) {
  impl_->directories = {".", "/"};
}

FaultyDisk::~FaultyDisk() { impl_->vfs.reset(); }

void FaultyDisk::die_after(std::uint64_t operations) {
  std::lock_guard lock(impl_->mutex);
  impl_->dies_at = operations;
}

bool FaultyDisk::dead() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->is_dead;
}

void FaultyDisk::power_cycle() {
  std::lock_guard lock(impl_->mutex);
  impl_->power_cycle();
}

void FaultyDisk::limit_bytes(std::uint64_t total) {
  std::lock_guard lock(impl_->mutex);
  impl_->bytes_max = total;
}

std::uint64_t FaultyDisk::operations() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->operations;
}

Result<std::unique_ptr<base::File>> FaultyDisk::open(const std::string& path, Mode mode) {
  std::lock_guard lock(impl_->mutex);
  auto inode = TRY(impl_->open(normalised(path), mode));
  return std::unique_ptr<base::File>(
      std::make_unique<FaultyFile>(impl_, std::move(inode), mode != Mode::read));
}

Result<void> FaultyDisk::rename(const std::string& from, const std::string& to) {
  std::lock_guard lock(impl_->mutex);
  return impl_->rename(normalised(from), normalised(to));
}

Result<void> FaultyDisk::remove(const std::string& path) {
  std::lock_guard lock(impl_->mutex);
  return impl_->remove(normalised(path));
}

Result<void> FaultyDisk::make_directory(const std::string& path) {
  std::lock_guard lock(impl_->mutex);
  TRY(impl_->alive());
  for (std::string at = normalised(path); impl_->directories.insert(at).second;) {
    at = parent_of(at);
  }
  return base::done();
}

Result<void> FaultyDisk::sync_directory(const std::string& path) {
  std::lock_guard lock(impl_->mutex);
  return impl_->sync_directory(normalised(path));
}

Result<std::vector<std::string>> FaultyDisk::list(const std::string& path) {
  std::lock_guard lock(impl_->mutex);
  TRY(impl_->alive());
  const std::string directory = normalised(path);
  if (!impl_->directories.contains(directory)) return missing(directory);
  std::set<std::string> names;
  const auto add = [&](const std::string& there) {
    if (there != directory && parent_of(there) == directory) {
      names.insert(there.substr(there.rfind('/') + 1));
    }
  };
  for (const auto& [name, entry] : impl_->entries) {
    if (entry.now) add(name);
  }
  for (const std::string& name : impl_->directories) {
    if (name != "." && name != "/") add(name);
  }
  return std::vector<std::string>(names.begin(), names.end());
}

bool FaultyDisk::exists(const std::string& path) {
  std::lock_guard lock(impl_->mutex);
  const std::string name = normalised(path);
  const auto found = impl_->entries.find(name);
  return impl_->directories.contains(name) || (found != impl_->entries.end() && found->second.now);
}

std::uint64_t FaultyDisk::free_bytes(const std::string&) {
  std::lock_guard lock(impl_->mutex);
  if (impl_->bytes_max == 0) return ~std::uint64_t{0};
  return impl_->bytes_max - std::min(impl_->bytes_max, impl_->bytes_used);
}

}  // namespace store::testing
