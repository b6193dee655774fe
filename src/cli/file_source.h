// A file on disk as trust reads it: at any place, never whole.
#pragma once
#include <memory>
#include <string>

#include "base/file.h"
#include "trust/judge.h"

namespace cli {

class FileSource : public trust::Source {
 public:
  static base::Result<std::unique_ptr<FileSource>> open(const std::string& path) {
    auto file = TRY(base::real_files().open(path, base::FileSystem::Mode::read));
    const std::uint64_t size = TRY(file->size());
    return std::make_unique<FileSource>(std::move(file), size);
  }
  FileSource(std::unique_ptr<base::File> file, std::uint64_t size)
      : file_(std::move(file)), size_(size) {}
  std::uint64_t size() const override { return size_; }
  base::Result<std::size_t> read_at(std::uint64_t offset, char* to,
                                    std::size_t size) const override {
    return file_->read_at(offset, to, size);
  }

 private:
  const std::unique_ptr<base::File> file_;
  const std::uint64_t size_;
};

}  // namespace cli
