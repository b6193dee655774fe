#include "exchange/uploads/upload_file.h"

#include <algorithm>
#include <vector>

#include "base/hash.h"
#include "base/text.h"

namespace exchange::uploads {
namespace {

using base::FileSystem;
using base::Result;

constexpr std::string_view kMagic = "TRUCUPLOAD1";
constexpr std::string_view kMarkEnding = ".mark";
// After how much the kernel is asked to write back, so that a sync has little left to do.
constexpr std::uint64_t kWritebackBytes = 4 << 20;

std::string checksum(std::string_view text) {
  const std::uint32_t crc = base::crc32(0, text);
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(crc >> shift & 0xff);
  return base::hex(bytes);
}

base::Error damaged(const std::string& path, std::uint64_t there, std::uint64_t expected) {
  return base::Error(base::Code::data_loss, "exchange.upload_damaged",
                     path + " has " + std::to_string(there) + " of the " +
                         std::to_string(expected) + " bytes that were received; upload it again",
                     "Dữ liệu tải lên đã hỏng trên đĩa, hãy tải lên lại từ đầu");
}

}  // namespace

std::string encode(const Mark& mark) {
  std::string text(kMagic);
  text += ' ' + std::to_string(mark.sequence) + ' ' + std::to_string(mark.offset) + ' ' +
          (mark.boot.empty() ? "-" : mark.boot) + ' ';
  text += checksum(text) + '\n';
  text.resize(kMarkBytes, ' ');
  return text;
}

std::optional<Mark> parse_mark(std::string_view bytes) {
  const std::size_t end = bytes.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto words = base::split(bytes.substr(0, end), ' ');
  if (words.size() != 5 || words[0] != kMagic) return std::nullopt;
  if (checksum(bytes.substr(0, end - words[4].size())) != words[4]) return std::nullopt;
  const auto sequence = base::parse_int(words[1]), offset = base::parse_int(words[2]);
  if (!sequence || !offset || *sequence < 0 || *offset < 0) return std::nullopt;
  return Mark{static_cast<std::uint64_t>(*sequence), static_cast<std::uint64_t>(*offset),
              words[3] == "-" ? std::string() : std::string(words[3])};
}

Result<std::unique_ptr<UploadFile>> UploadFile::open(FileSystem& files, std::string path,
                                                     std::string boot) {
  std::unique_ptr<UploadFile> file(new UploadFile(files, std::move(path), std::move(boot)));
  TRY(file->restore());
  return file;
}

Result<void> UploadFile::restore() {
  if (!files_.exists(path_)) return base::done();
  data_ = TRY(files_.open(path_, FileSystem::Mode::read_write));
  mark_ = TRY(files_.open(path_ + std::string(kMarkEnding), FileSystem::Mode::create_or_open));
  Mark newest;
  for (const std::uint64_t place : {std::uint64_t{0}, std::uint64_t{kMarkBytes}}) {
    std::string bytes(kMarkBytes, '\0');
    bytes.resize(TRY(mark_->read_at(place, bytes.data(), bytes.size())));
    const auto mark = parse_mark(bytes);
    if (!mark || mark->sequence <= newest.sequence) continue;
    newest = *mark;
    synced_place_ = place / kMarkBytes;
  }
  TRY(mark_->sync());
  const std::uint64_t there = TRY(data_->size());
  if (there < newest.offset) return damaged(path_, there, newest.offset);
  const bool whole = !newest.boot.empty() && newest.boot == boot_;
  sequence_ = newest.sequence;
  durable_ = newest.offset;
  offset_ = written_ = asked_ = whole ? there : newest.offset;
  trusted_ = whole;
  if (there > offset_) TRY(data_->truncate(offset_));
  if (!whole) TRY(write_mark(durable_, boot_));
  return base::done();
}

Result<void> UploadFile::create() {
  data_ = TRY(files_.open(path_, FileSystem::Mode::create_or_open));
  TRY(data_->truncate(0));
  mark_ = TRY(files_.open(path_ + std::string(kMarkEnding), FileSystem::Mode::create_or_open));
  return write_mark(0, boot_);
}

// The place whose mark survives power loss is left alone until the other one does.
Result<void> UploadFile::write_mark(std::uint64_t offset, const std::string& boot) {
  const std::string text = encode({sequence_ + 1, offset, boot});
  TRY(mark_->write_at((1 - synced_place_) * kMarkBytes, text));
  ++sequence_;
  trusted_ = !boot.empty();
  return base::done();
}

Result<void> UploadFile::write(base::BytesView bytes, bool counts) {
  if (!data_) TRY(create());
  if (trusted_ != counts) TRY(write_mark(durable_, counts ? boot_ : std::string()));
  if (auto put = data_->write_at(written_, bytes); !put.ok()) {
    // A part of it may be there, and would be taken for received after a restart.
    static_cast<void>(data_->truncate(written_));
    return put;
  }
  written_ += bytes.size();
  if (counts) offset_ = written_;
  if (written_ - asked_ >= kWritebackBytes) {
    data_->start_writeback(asked_, written_ - asked_);
    asked_ = written_;
  }
  return base::done();
}

Result<void> UploadFile::cut() {
  if (written_ == offset_) return base::done();
  TRY(data_->truncate(offset_));
  written_ = offset_;
  asked_ = std::min(asked_, offset_);
  return base::done();
}

Result<void> UploadFile::sync() {
  const Syncing syncing = begin_sync();
  return end_sync(syncing, syncing.data ? syncing.data->sync() : base::done());
}

UploadFile::Syncing UploadFile::begin_sync() const {
  if (durable_ == offset_) return {};
  return {data_, offset_, losses_};
}

Result<void> UploadFile::end_sync(const Syncing& syncing, Result<void> synced) {
  if (!synced.ok()) {
    ++losses_;
    written_ = offset_ = durable_;
    asked_ = std::min(asked_, offset_);
    static_cast<void>(data_->truncate(offset_));
    return synced;
  }
  // Another sync was further, or lost what this one was about.
  if (syncing.losses != losses_ || syncing.offset <= durable_) return base::done();
  TRY(write_mark(syncing.offset, written_ == offset_ ? boot_ : std::string()));
  TRY(mark_->sync());
  synced_place_ = 1 - synced_place_;
  if (!named_) TRY(files_.sync_directory(base::directory_of(path_)));
  named_ = true;
  durable_ = syncing.offset;
  return base::done();
}

Result<void> UploadFile::remove(FileSystem& files, const std::string& path) {
  for (const std::string& name : {path + std::string(kMarkEnding), path}) {
    auto removed = files.remove(name);
    if (!removed.ok() && removed.error().code() != base::Code::not_found) return removed;
  }
  return base::done();
}

}  // namespace exchange::uploads
