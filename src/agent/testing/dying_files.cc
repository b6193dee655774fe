#include "agent/testing/dying_files.h"

namespace agent::testing {
namespace {

class DyingFile : public base::File {
 public:
  DyingFile(std::unique_ptr<base::File> real, DyingFiles& files)
      : real_(std::move(real)), files_(files) {}
  base::Result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t size) override {
    return real_->read_at(offset, to, size);
  }
  base::Result<void> write_at(std::uint64_t offset, base::BytesView bytes) override {
    TRY(files_.change());
    return real_->write_at(offset, bytes);
  }
  base::Result<void> truncate(std::uint64_t size) override {
    TRY(files_.change());
    return real_->truncate(size);
  }
  base::Result<std::uint64_t> size() override { return real_->size(); }
  base::Result<void> sync() override { return files_.change(); }
  void start_writeback(std::uint64_t, std::uint64_t) override {}

 private:
  const std::unique_ptr<base::File> real_;
  DyingFiles& files_;
};

}  // namespace

base::Result<void> DyingFiles::change() {
  if (left_ > 0) --left_;
  if (left_ > 0) return base::done();
  return base::Error(base::Code::unavailable, "base.io_failed", "killed", "đã dừng");
}

base::Result<std::unique_ptr<base::File>> DyingFiles::open(const std::string& path, Mode mode) {
  if (mode == Mode::read) return real_.open(path, mode);
  TRY(change());
  auto file = TRY(real_.open(path, mode));
  return std::unique_ptr<base::File>(std::make_unique<DyingFile>(std::move(file), *this));
}

base::Result<void> DyingFiles::rename(const std::string& from, const std::string& to) {
  TRY(change());
  return real_.rename(from, to);
}

base::Result<void> DyingFiles::remove(const std::string& path) {
  TRY(change());
  return real_.remove(path);
}

base::Result<void> DyingFiles::make_directory(const std::string& path) {
  TRY(change());
  return real_.make_directory(path);
}

base::Result<void> DyingFiles::sync_directory(const std::string&) { return change(); }

base::Result<std::vector<std::string>> DyingFiles::list(const std::string& path) {
  return real_.list(path);
}

}  // namespace agent::testing
