#include "store/blob_copy.h"

#include <algorithm>
#include <utility>

#include "store/errors.h"

namespace store {
namespace {

using base::FileSystem;
using base::Result;

constexpr std::uint64_t kPieceBytes = 1 << 20;

Result<void> copy_bytes(base::File& from, base::File& to, std::uint64_t begin, std::uint64_t end) {
  base::Bytes piece(static_cast<std::size_t>(std::min(kPieceBytes, end - begin)), '\0');
  while (begin < end) {
    const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), end - begin));
    const std::size_t got = TRY(from.read_at(begin, piece.data(), want));
    if (got == 0) break;
    TRY(to.write_at(begin, base::BytesView(piece.data(), got)));
    begin += got;
  }
  return base::done();
}

}  // namespace

Result<void> BlobCopy::copy(const BlobRef& ref, const std::string& directory) {
  const auto packed = parse_packed_ref(ref);
  const auto file = parse_file_ref(ref);
  if (!packed && !file) return blob_missing(ref);
  std::lock_guard lock(mutex_);
  auto copied = prepare(directory);
  if (copied.ok()) copied = packed ? copy_packed(*packed, ref) : copy_file(*file);
  if (copied.ok()) return copied;
  pack_.reset();
  if (copied.error().reason().starts_with("store.")) return copied;
  return blob_error(copied.error(), "copying " + ref);
}

Result<void> BlobCopy::prepare(const std::string& directory) {
  if (directory == directory_) return base::done();
  pack_.reset();
  directory_.clear();
  for (const char* folder : {"/pack", "/file", "/incoming"}) {
    TRY(files_.make_directory(directory + folder));
  }
  TRY(files_.sync_directory(directory));
  TRY(files_.sync_directory(base::directory_of(directory)));
  directory_ = directory;
  return base::done();
}

Result<void> BlobCopy::copy_packed(const PackedRef& ref, const BlobRef& text) {
  if (!pack_ || number_ != ref.pack) {
    const std::string path = directory_ + "/" + pack_path(ref.pack);
    TRY(packs_.read(ref, text));  // nothing is created for what is not there
    pack_ = TRY(files_.open(path, FileSystem::Mode::create_or_open));
    number_ = ref.pack;
    size_ = TRY(pack_->size());
    TRY(files_.sync_directory(directory_ + "/pack"));
  }
  const std::uint64_t bytes = kRecordHeaderBytes + ref.length;
  if (size_ < ref.offset + bytes) TRY(extend_pack(ref.pack));
  base::Bytes record(bytes, '\0');
  record.resize(TRY(pack_->read_at(ref.offset, record.data(), record.size())));
  if (record_fault(record, ref.length).empty()) return base::done();
  // It was being written when the pack was copied, or the copy was interrupted.
  record = TRY(packs_.read(ref, text));
  TRY(pack_->write_at(ref.offset, record));
  TRY(pack_->write_at(0, pack_header()));
  return pack_->sync();
}

Result<void> BlobCopy::extend_pack(std::uint64_t number) {
  const auto from = TRY(packs_.open(number));
  const std::uint64_t end = TRY(from->size());
  TRY(copy_bytes(*from, *pack_, size_, end));
  TRY(pack_->sync());
  size_ = TRY(pack_->size());
  return base::done();
}

Result<void> BlobCopy::copy_file(const FileRef& ref) {
  auto opened = files_.open(root_ + "/" + ref.path, FileSystem::Mode::read);
  if (!opened.ok()) return blob_error(opened.error(), ref.path);
  const auto from = std::move(opened).value();
  if (TRY(from->size()) != ref.length) return blob_damaged(ref.path, "the file has another length");
  const std::string target = directory_ + "/" + ref.path;
  if (files_.exists(target)) {
    // Names appear only after their bytes: nothing else gives a file its final name.
    auto there = TRY(files_.open(target, FileSystem::Mode::read));
    if (TRY(there->size()) == ref.length) return base::done();
  }
  const std::string folder = base::directory_of(target);
  if (!files_.exists(folder)) {
    TRY(files_.make_directory(folder));
    TRY(files_.sync_directory(directory_ + "/file"));
  }
  const std::string incoming = directory_ + "/incoming/" + ref.path.substr(8, 32);
  auto to = TRY(files_.open(incoming, FileSystem::Mode::create_or_open));
  TRY(to->truncate(0));
  TRY(copy_bytes(*from, *to, 0, ref.length));
  TRY(to->sync());
  TRY(files_.rename(incoming, target));
  return files_.sync_directory(folder);
}

}  // namespace store
