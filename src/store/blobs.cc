#include "store/blobs.h"

#include <array>
#include <atomic>
#include <cstring>
#include <mutex>
#include <utility>

#include "base/check.h"
#include "base/hash.h"
#include "store/blob_copy.h"
#include "store/blob_sweep.h"
#include "store/errors.h"
#include "store/pack.h"
#include "store/packs.h"
#include "store/unsynced.h"

namespace store {
namespace {

using base::FileSystem;
using base::Result;

// Large blobs: how much is gathered for one write, and after how much the kernel is asked to write
// back, so that the sync at the end has little left to do.
constexpr std::size_t kWriteBytes = 256 * 1024;
constexpr std::uint64_t kWritebackBytes = 4 * 1024 * 1024;

class PackedReader : public BlobReader {
 public:
  explicit PackedReader(base::Bytes record) : record_(std::move(record)) {}
  std::uint64_t size() const override { return record_.size() - kRecordHeaderBytes; }
  Result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t size) override {
    if (offset >= this->size()) return std::size_t{0};
    const auto at = static_cast<std::size_t>(offset);
    const std::size_t count = std::min(size, record_.size() - kRecordHeaderBytes - at);
    std::memcpy(to, record_.data() + kRecordHeaderBytes + at, count);
    return count;
  }

 private:
  const base::Bytes record_;
};

class FileReader : public BlobReader {
 public:
  FileReader(std::unique_ptr<base::File> file, FileRef ref)
      : file_(std::move(file)), ref_(std::move(ref)) {}
  std::uint64_t size() const override { return ref_.length; }
  Result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t size) override {
    auto got = file_->read_at(offset, to, size);
    if (!got.ok()) return blob_error(got.error(), "reading " + ref_.path);
    return got;
  }

 private:
  const std::unique_ptr<base::File> file_;
  const FileRef ref_;
};

class BlobDirectory : public Blobs {
 public:
  BlobDirectory(FileSystem& files, base::Random& random, const std::string& path)
      : files_(files),
        random_(random),
        root_(path),
        unsynced_(files),
        packs_(files, path, unsynced_),
        copy_(files, path, packs_) {}
  Result<void> start();

  Result<std::unique_ptr<BlobWriter>> create() override;
  Result<BlobRef> put(base::BytesView bytes) override;
  Result<std::unique_ptr<BlobReader>> open(const BlobRef& ref) override;
  Result<BlobRef> adopt(const std::string& path) override;
  Result<void> discard(const BlobRef& ref) override;
  Result<void> sync() override { return unsynced_.sync(); }
  Result<std::uint64_t> sweep(const std::function<bool(const BlobRef&)>& named) override {
    return sweep_blobs(files_, root_, packs_, named);
  }
  Result<void> copy_to(const BlobRef& ref, const std::string& directory) override {
    return copy_.copy(ref, directory);
  }
  Result<void> probe() override;

  // For a large blob: a new name without its length, and the file of it in incoming/.
  Result<std::pair<std::string, std::unique_ptr<base::File>>> begin_file();
  // Gives a synced file in incoming/ its final name.
  Result<BlobRef> settle(const std::string& name, std::uint64_t length);
  void abandon(const std::string& name) {
    static_cast<void>(files_.remove(root_ + "/incoming/" + name));
  }

 private:
  // A name in file/ for a blob of that length, its folder there.
  Result<BlobRef> place(const std::string& name, std::uint64_t length);

  FileSystem& files_;
  base::Random& random_;
  const std::string root_;
  Unsynced unsynced_;
  Packs packs_;
  BlobCopy copy_;
  std::array<std::atomic<bool>, 256> folders_{};  // file/00 … file/ff known to be there
};

class DirectoryWriter : public BlobWriter {
 public:
  explicit DirectoryWriter(BlobDirectory& directory) : directory_(directory) {}
  ~DirectoryWriter() override {
    file_.reset();
    if (!name_.empty()) directory_.abandon(name_);
  }

  Result<void> write(base::BytesView bytes) override {
    CHECK(!finished_);
    if (failed_) return *failed_;
    auto written = take(bytes);
    if (written.ok()) return written;
    failed_ = written.error().reason().starts_with("store.")
                  ? std::move(written).error()
                  : blob_error(written.error(), "writing a blob");
    return *failed_;
  }

  std::uint64_t size() const override { return size_; }

  Result<BlobRef> finish(std::uint64_t keep_bytes) override {
    CHECK(!finished_ && keep_bytes <= size_);
    finished_ = true;
    if (failed_) return *failed_;
    if (!file_) {
      return directory_.put(
          base::BytesView(buffer_).substr(0, static_cast<std::size_t>(keep_bytes)));
    }
    auto ended = end_file(keep_bytes);
    if (!ended.ok()) return blob_error(ended.error(), "finishing a blob");
    BlobRef ref = TRY(directory_.settle(name_, keep_bytes));
    name_.clear();
    return ref;
  }

 private:
  Result<void> take(base::BytesView bytes) {
    size_ += bytes.size();
    if (size_ > kPackedBlobMax && !file_) {
      auto [name, file] = TRY(directory_.begin_file());
      name_ = std::move(name);
      file_ = std::move(file);
    }
    if (!file_ || buffer_.size() + bytes.size() < kWriteBytes) {
      buffer_ += bytes;
      return base::done();
    }
    TRY(flush());
    if (bytes.size() < kWriteBytes) {
      buffer_ += bytes;
      return base::done();
    }
    TRY(file_->write_at(written_, bytes));
    written_ += bytes.size();
    return write_back();
  }

  Result<void> flush() {
    TRY(file_->write_at(written_, buffer_));
    written_ += buffer_.size();
    buffer_.clear();
    return write_back();
  }

  Result<void> write_back() {
    if (written_ - asked_ >= kWritebackBytes) {
      file_->start_writeback(asked_, written_ - asked_);
      asked_ = written_;
    }
    return base::done();
  }

  Result<void> end_file(std::uint64_t keep_bytes) {
    if (keep_bytes > written_) {
      buffer_.resize(static_cast<std::size_t>(keep_bytes - written_));
      TRY(flush());
    } else if (keep_bytes < written_) {
      TRY(file_->truncate(keep_bytes));
    }
    auto synced = file_->sync();
    file_.reset();
    return synced;
  }

  BlobDirectory& directory_;
  base::Bytes buffer_;
  std::uint64_t size_ = 0;
  std::uint64_t written_ = 0;  // to file_
  std::uint64_t asked_ = 0;    // of it, write-back was asked for
  bool finished_ = false;
  std::optional<base::Error> failed_;
  std::string name_;  // in incoming/, while it is there
  std::unique_ptr<base::File> file_;
};

Result<void> BlobDirectory::start() {
  for (const char* folder : {"/pack", "/file", "/incoming"}) {
    TRY(files_.make_directory(root_ + folder));
  }
  TRY(files_.sync_directory(root_));
  TRY(files_.sync_directory(base::directory_of(root_)));
  return packs_.start();
}

Result<std::unique_ptr<BlobWriter>> BlobDirectory::create() {
  return std::unique_ptr<BlobWriter>(std::make_unique<DirectoryWriter>(*this));
}

Result<BlobRef> BlobDirectory::put(base::BytesView bytes) {
  if (bytes.size() <= kPackedBlobMax) return to_text(TRY(packs_.append(bytes)));
  auto writer = TRY(create());
  TRY(writer->write(bytes));
  return writer->finish(bytes.size());
}

Result<std::unique_ptr<BlobReader>> BlobDirectory::open(const BlobRef& ref) {
  if (const auto packed = parse_packed_ref(ref)) {
    return std::unique_ptr<BlobReader>(
        std::make_unique<PackedReader>(TRY(packs_.read(*packed, ref))));
  }
  auto in_file = parse_file_ref(ref);
  if (!in_file) return blob_missing(ref);
  auto file = files_.open(root_ + "/" + in_file->path, FileSystem::Mode::read);
  if (!file.ok()) return blob_error(file.error(), ref);
  const auto size = (*file)->size();
  if (!size.ok()) return blob_error(size.error(), ref);
  if (*size != in_file->length) return blob_damaged(ref, "the file has another length");
  return std::unique_ptr<BlobReader>(
      std::make_unique<FileReader>(std::move(file).value(), std::move(*in_file)));
}

Result<void> BlobDirectory::probe() {
  const std::string path = root_ + "/incoming/probe";
  const auto attempt = [&]() -> Result<void> {
    auto file = TRY(files_.open(path, FileSystem::Mode::create_or_open));
    TRY(file->write_at(0, "can this disk be written?"));
    TRY(file->sync());
    // A second probe at the same time may have been quicker.
    auto removed = files_.remove(path);
    if (!removed.ok() && removed.error().code() != base::Code::not_found) return removed;
    return base::done();
  };
  auto result = attempt();
  if (!result.ok()) return blob_error(result.error(), "probing");
  return result;
}

Result<std::pair<std::string, std::unique_ptr<base::File>>> BlobDirectory::begin_file() {
  const std::uint64_t session = TRY(packs_.session());
  std::string name = base::hex(random_.bytes(8)) + hex16(session);
  auto file = files_.open(root_ + "/incoming/" + name, FileSystem::Mode::create_new);
  if (!file.ok()) return blob_error(file.error(), "creating a blob");
  return std::pair(std::move(name), std::move(file).value());
}

Result<BlobRef> BlobDirectory::place(const std::string& name, std::uint64_t length) {
  const std::string folder = name.substr(0, 2);
  const std::string path = root_ + "/file/" + folder;
  auto& known = folders_[static_cast<unsigned char>((*base::from_hex(folder))[0])];
  if (!known.load(std::memory_order_acquire)) {
    auto made = files_.make_directory(path);
    if (!made.ok()) return blob_error(made.error(), "creating " + path);
    unsynced_.add_directory(root_ + "/file");
    known.store(true, std::memory_order_release);
  }
  return "file/" + folder + "/" + name + "." + std::to_string(length);
}

Result<BlobRef> BlobDirectory::settle(const std::string& name, std::uint64_t length) {
  BlobRef ref = TRY(place(name, length));
  auto renamed = files_.rename(root_ + "/incoming/" + name, root_ + "/" + ref);
  if (!renamed.ok()) return blob_error(renamed.error(), "naming a blob");
  unsynced_.add_directory(base::directory_of(root_ + "/" + ref));
  return ref;
}

Result<BlobRef> BlobDirectory::adopt(const std::string& path) {
  const auto attempt = [&]() -> Result<BlobRef> {
    const std::uint64_t size = TRY(TRY(files_.open(path, FileSystem::Mode::read))->size());
    if (size <= kPackedBlobMax) {
      const base::Bytes bytes = TRY(base::read_file(files_, path, kPackedBlobMax));
      return put(bytes);
    }
    const std::string session = hex16(TRY(packs_.session()));
    BlobRef ref = TRY(place(base::hex(random_.bytes(8)) + session, size));
    TRY(files_.link(path, root_ + "/" + ref));
    unsynced_.add_directory(base::directory_of(root_ + "/" + ref));
    return ref;
  };
  auto ref = attempt();
  if (!ref.ok() && !ref.error().reason().starts_with("store.")) {
    return blob_error(ref.error(), "adopting " + path);
  }
  return ref;
}

Result<void> BlobDirectory::discard(const BlobRef& ref) {
  if (parse_packed_ref(ref)) return base::done();
  if (!parse_file_ref(ref)) return blob_missing(ref);
  auto removed = files_.remove(root_ + "/" + ref);
  if (!removed.ok()) return blob_error(removed.error(), "discarding " + ref);
  return removed;
}

}  // namespace

Result<std::unique_ptr<Blobs>> open_blob_directory(FileSystem& files, base::Random& random,
                                                   const std::string& path) {
  auto directory = std::make_unique<BlobDirectory>(files, random, path);
  auto started = directory->start();
  if (!started.ok()) {
    if (started.error().reason().starts_with("store.")) return std::move(started).error();
    return blob_error(started.error(), "opening " + path);
  }
  return std::unique_ptr<Blobs>(std::move(directory));
}

}  // namespace store
