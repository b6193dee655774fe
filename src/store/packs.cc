#include "store/packs.h"

#include <algorithm>
#include <utility>

#include "store/errors.h"

namespace store {
namespace {

using base::FileSystem;
using base::Result;

constexpr std::size_t kOpenMax = 16;

}  // namespace

Result<void> Packs::start() {
  const auto there = TRY(numbers());
  first_own_ = there.empty() ? 1 : there.back() + 1;
  return base::done();
}

Result<PackedRef> Packs::append(base::BytesView bytes) {
  const base::Bytes record = pack_record(bytes);
  std::shared_ptr<base::File> file;
  PackedRef ref;
  {
    std::lock_guard lock(mutex_);
    if (!current_ || end_ + record.size() > kPackBytesMax) TRY(begin_pack());
    file = current_;
    ref = PackedRef{number_, end_, bytes.size()};
    end_ += record.size();
  }
  auto written = file->write_at(ref.offset, record);
  if (!written.ok()) {
    // The place is given back unless another record follows it already.
    std::lock_guard lock(mutex_);
    if (file == current_ && end_ == ref.offset + record.size()) end_ = ref.offset;
    return blob_error(written.error(), "writing a small blob");
  }
  unsynced_.add(file);
  return ref;
}

Result<base::Bytes> Packs::read(const PackedRef& ref, const std::string& text) {
  auto file = open(ref.pack);
  if (!file.ok()) {
    if (file.error().reason() == "store.blob_missing") return blob_missing(text);
    return std::move(file).error();
  }
  base::Bytes record(kRecordHeaderBytes + ref.length, '\0');
  auto got = (*file)->read_at(ref.offset, record.data(), record.size());
  if (!got.ok()) return blob_error(got.error(), "reading " + text);
  record.resize(*got);
  if (const auto fault = record_fault(record, ref.length); !fault.empty()) {
    return blob_damaged(text, fault);
  }
  return record;
}

Result<std::uint64_t> Packs::session() {
  std::lock_guard lock(mutex_);
  if (!current_) TRY(begin_pack());
  return number_;
}

// Another process may take the same number at the same moment: creation decides.
Result<void> Packs::begin_pack() {
  std::uint64_t number = std::max(number_ + 1, first_own_);
  while (true) {
    auto file = files_.open(root_ + "/" + pack_path(number), FileSystem::Mode::create_new);
    if (!file.ok() && file.error().reason() == "base.file_exists") {
      ++number;
      continue;
    }
    if (!file.ok()) return blob_error(file.error(), "creating a pack");
    std::shared_ptr<base::File> pack = std::move(file).value();
    auto written = pack->write_at(0, pack_header());
    if (!written.ok()) {
      // An empty pack would hold the number and nothing else.
      static_cast<void>(files_.remove(root_ + "/" + pack_path(number)));
      return blob_error(written.error(), "creating a pack");
    }
    unsynced_.add(pack);
    unsynced_.add_directory(root_ + "/pack");
    keep_open(number, pack);
    current_ = std::move(pack);
    number_ = number;
    end_ = kPackHeaderBytes;
    return base::done();
  }
}

Result<std::shared_ptr<base::File>> Packs::open(std::uint64_t number) {
  {
    std::lock_guard lock(open_mutex_);
    if (const auto found = open_.find(number); found != open_.end()) return found->second;
  }
  auto file = files_.open(root_ + "/" + pack_path(number), FileSystem::Mode::read);
  if (!file.ok()) return blob_error(file.error(), "opening " + pack_path(number));
  std::shared_ptr<base::File> shared = std::move(file).value();
  keep_open(number, shared);
  return shared;
}

void Packs::keep_open(std::uint64_t number, std::shared_ptr<base::File> file) {
  std::lock_guard lock(open_mutex_);
  if (!open_.emplace(number, std::move(file)).second) return;
  opened_.push_back(number);
  if (opened_.size() > kOpenMax) {
    open_.erase(opened_.front());
    opened_.pop_front();
  }
}

Result<std::vector<std::uint64_t>> Packs::numbers() {
  auto names = files_.list(root_ + "/pack");
  if (!names.ok()) return blob_error(names.error(), "listing the packs");
  std::vector<std::uint64_t> numbers;
  for (const std::string& name : *names) {
    if (const auto number = parse_pack_name(name)) numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Result<void> Packs::remove(std::uint64_t number) {
  {
    std::lock_guard lock(open_mutex_);
    open_.erase(number);
    std::erase(opened_, number);
  }
  auto removed = files_.remove(root_ + "/" + pack_path(number));
  if (!removed.ok()) return blob_error(removed.error(), "removing " + pack_path(number));
  return base::done();
}

}  // namespace store
