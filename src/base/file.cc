#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/text.h"

namespace base {
namespace {

Error io_error(const std::string& what, int number) {
  const std::string detail = what + ": " + std::strerror(number);
  if (number == ENOSPC || number == EDQUOT) {
    return Error(Code::unavailable, "base.disk_full", detail, "Đĩa đầy: " + what);
  }
  if (number == ENOENT)
    return Error(Code::not_found, "base.file_missing", detail, "Không thấy tệp: " + what);
  if (number == EEXIST)
    return Error(Code::conflict, "base.file_exists", detail, "Tệp đã có: " + what);
  return Error(Code::unavailable, "base.io_failed", detail, "Lỗi đọc ghi đĩa: " + what);
}

constexpr std::uint64_t kCopyBytes = 1 << 20;

class RealFile : public File {
 public:
  RealFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  ~RealFile() override { ::close(descriptor_); }

  Result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t size) override {
    std::size_t done = 0;
    while (done < size) {
      const ssize_t got =
          ::pread(descriptor_, to + done, size - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return io_error("reading " + path_, errno);
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }
  Result<void> write_at(std::uint64_t offset, BytesView bytes) override {
    std::size_t done_bytes = 0;
    while (done_bytes < bytes.size()) {
      const ssize_t put =
          ::pwrite(descriptor_, bytes.data() + done_bytes, bytes.size() - done_bytes,
                   static_cast<off_t>(offset + done_bytes));
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return io_error("writing " + path_, errno);
      done_bytes += static_cast<std::size_t>(put);
    }
    return done();
  }
  Result<void> truncate(std::uint64_t size) override {
    if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0)
      return io_error("truncating " + path_, errno);
    return done();
  }
  Result<std::uint64_t> size() override {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) return io_error("looking at " + path_, errno);
    return static_cast<std::uint64_t>(status.st_size);
  }
  Result<void> sync() override {
    if (::fdatasync(descriptor_) != 0) return io_error("syncing " + path_, errno);
    return done();
  }
  void start_writeback(std::uint64_t offset, std::uint64_t size) override {
    ::sync_file_range(descriptor_, static_cast<off_t>(offset), static_cast<off_t>(size),
                      SYNC_FILE_RANGE_WRITE);
  }

 private:
  int descriptor_;
  std::string path_;
};

class RealLock : public FileLock {
 public:
  explicit RealLock(int descriptor) : descriptor_(descriptor) {}
  ~RealLock() override { ::close(descriptor_); }
  RealLock(const RealLock&) = delete;
  RealLock& operator=(const RealLock&) = delete;

 private:
  int descriptor_;
};

class RealFileSystem : public FileSystem {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, Mode mode) override {
    const int flags = mode == Mode::read         ? O_RDONLY
                      : mode == Mode::read_write ? O_RDWR
                      : mode == Mode::create_new ? O_RDWR | O_CREAT | O_EXCL
                                                 : O_RDWR | O_CREAT;
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0640);
    if (descriptor < 0) return io_error("opening " + path, errno);
    return std::unique_ptr<File>(std::make_unique<RealFile>(descriptor, path));
  }
  Result<void> rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0)
      return io_error("renaming " + from + " to " + to, errno);
    return done();
  }
  Result<void> link(const std::string& from, const std::string& to) override {
    if (::link(from.c_str(), to.c_str()) == 0) return done();
    const int number = errno;
    const bool cannot = number == EPERM || number == EXDEV || number == EMLINK ||
                        number == EOPNOTSUPP || number == ENOSYS;
    if (cannot) return FileSystem::link(from, to);
    return io_error("naming " + from + " " + to, number);
  }
  Result<void> remove(const std::string& path) override {
    if (::unlink(path.c_str()) == 0) return done();
    const bool directory = errno == EISDIR && ::rmdir(path.c_str()) == 0;
    return directory ? done() : Result<void>(io_error("removing " + path, errno));
  }
  Result<void> make_directory(const std::string& path) override {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) return io_error("creating " + path, error.value());
    return done();
  }
  Result<void> sync_directory(const std::string& path) override {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return io_error("opening " + path, errno);
    const int failed = ::fsync(descriptor) != 0 ? errno : 0;
    ::close(descriptor);
    if (failed != 0) return io_error("syncing " + path, failed);
    return done();
  }
  Result<std::vector<std::string>> list(const std::string& path) override {
    DIR* directory = ::opendir(path.c_str());
    if (directory == nullptr) return io_error("listing " + path, errno);
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(directory)) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") names.push_back(name);
    }
    ::closedir(directory);
    std::sort(names.begin(), names.end());
    return names;
  }
  bool exists(const std::string& path) override { return ::access(path.c_str(), F_OK) == 0; }
  std::uint64_t free_bytes(const std::string& path) override {
    struct statvfs status {};
    if (::statvfs(path.c_str(), &status) != 0) return ~0ULL;
    return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
  }
  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (descriptor < 0) return io_error("opening " + path, errno);
    auto held = std::make_unique<RealLock>(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0)
      return std::unique_ptr<FileLock>(std::move(held));
    if (errno != EWOULDBLOCK) return io_error("locking " + path, errno);
    return Error(Code::conflict, "base.file_locked", path + " is in use by another process",
                 path + " đang được tiến trình khác dùng");
  }
};

}  // namespace

Result<std::unique_ptr<FileLock>> FileSystem::lock(const std::string&) {
  return std::make_unique<FileLock>();
}

Result<void> FileSystem::link(const std::string& from, const std::string& to) {
  if (exists(to))
    return Error(Code::conflict, "base.file_exists", to + " is there", "Tệp đã có: " + to);
  return copy_file(*this, from, to);
}

FileSystem& real_files() {
  static RealFileSystem files;
  return files;
}

Result<Bytes> read_file(FileSystem& files, const std::string& path, std::uint64_t bytes_max) {
  auto file = TRY(files.open(path, FileSystem::Mode::read));
  const std::uint64_t size = TRY(file->size());
  if (size > bytes_max) {
    return Error(
        Code::too_large, "base.file_too_large",
        path + " has " + size_text(size) + "; at most " + size_text(bytes_max) + " is read",
        path + " lớn " + size_text(size) + ", tối đa " + size_text(bytes_max));
  }
  Bytes bytes(size, '\0');
  bytes.resize(TRY(file->read_at(0, bytes.data(), bytes.size())));
  return bytes;
}

Result<void> write_file_durably(FileSystem& files, const std::string& path, BytesView bytes) {
  const std::string temporary = path + ".tmp";
  {
    auto file = TRY(files.open(temporary, FileSystem::Mode::create_or_open));
    TRY(file->truncate(0));
    TRY(file->write_at(0, bytes));
    TRY(file->sync());
  }
  TRY(files.rename(temporary, path));
  return files.sync_directory(directory_of(path));
}

Result<void> make_directory_durably(FileSystem& files, const std::string& path) {
  if (files.exists(path)) return done();
  const std::string above = directory_of(path);
  TRY(make_directory_durably(files, above));
  TRY(files.make_directory(path));
  return files.sync_directory(above);
}

Result<void> copy_file(FileSystem& files, const std::string& from, const std::string& to) {
  const auto source = TRY(files.open(from, FileSystem::Mode::read));
  const auto target = TRY(files.open(to, FileSystem::Mode::create_or_open));
  TRY(target->truncate(0));
  const std::uint64_t size = TRY(source->size());
  Bytes piece(static_cast<std::size_t>(std::min(size, kCopyBytes)), '\0');
  for (std::uint64_t at = 0; at < size;) {
    const std::size_t got = TRY(source->read_at(at, piece.data(), piece.size()));
    if (got == 0) {
      return Error(Code::unavailable, "base.io_failed", "reading " + from + ": it became shorter",
                   "Lỗi đọc ghi đĩa: " + from + " bị ngắn đi khi đang chép");
    }
    TRY(target->write_at(at, BytesView(piece.data(), got)));
    target->start_writeback(at, got);
    at += got;
  }
  return target->sync();
}

Result<void> write_secret_file(const std::string& path, BytesView bytes) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return io_error("creating " + path, errno);
  RealFile file(descriptor, path);
  TRY(file.write_at(0, bytes));
  TRY(file.sync());
  return real_files().sync_directory(directory_of(path));
}

std::string directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace base
