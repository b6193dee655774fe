#include "trust/intake/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace trust {
namespace {

base::Error failed(const char* what) {
  const std::string why = std::strerror(errno);
  return base::Error(base::Code::unavailable, "trust.spool_failed",
                     std::string("unpacking an attachment: ") + what + ": " + why,
                     std::string("Không mở được tệp đính kèm ra đĩa: ") + why);
}

}  // namespace

Spool::Spool(std::string directory, std::uint64_t memory_bytes_max)
    : directory_(std::move(directory)), memory_bytes_max_(memory_bytes_max) {}

Spool::~Spool() {
  if (file_ >= 0) ::close(file_);
}

base::Result<void> Spool::write(base::BytesView bytes) {
  hash_.update(bytes);
  if (file_ < 0 && size_ + bytes.size() > memory_bytes_max_) TRY(move_to_file());
  if (file_ < 0) {
    memory_.append(bytes);
  } else {
    TRY(write_file(size_, bytes));
  }
  size_ += bytes.size();
  return base::done();
}

base::Bytes Spool::finish_hash() {
  if (!finished_) finished_ = hash_.finish();
  return *finished_;
}

base::Result<void> Spool::move_to_file() {
  file_ = ::open(directory_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file_ < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {  // a file system without O_TMPFILE
    std::string name = directory_ + "/spool-XXXXXX";
    file_ = ::mkostemp(name.data(), O_CLOEXEC);
    if (file_ >= 0) ::unlink(name.c_str());
  }
  if (file_ < 0) return failed("no temporary file");
  TRY(write_file(0, memory_));
  memory_.clear();
  memory_.shrink_to_fit();
  return base::done();
}

base::Result<void> Spool::write_file(std::uint64_t offset, base::BytesView bytes) {
  while (!bytes.empty()) {
    const auto put = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return failed("writing");
    bytes.remove_prefix(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
  return base::done();
}

base::Result<std::size_t> Spool::read_at(std::uint64_t offset, char* to, std::size_t size) const {
  if (offset >= size_) return std::size_t{0};
  size = static_cast<std::size_t>(std::min<std::uint64_t>(size, size_ - offset));
  if (file_ < 0) {
    std::memcpy(to, memory_.data() + offset, size);
    return size;
  }
  std::size_t done = 0;
  while (done < size) {
    const auto got = ::pread(file_, to + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("reading");
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

}  // namespace trust
