#include "store/blob_sweep.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "store/errors.h"

namespace store {
namespace {

using base::Result;

constexpr std::uint64_t kScanBytes = 1 << 20;

Result<std::vector<std::string>> names_in(base::FileSystem& files, const std::string& path) {
  auto names = files.list(path);
  if (!names.ok()) return blob_error(names.error(), "listing " + path);
  return std::move(names).value();
}

Result<void> remove(base::FileSystem& files, const std::string& path) {
  auto removed = files.remove(path);
  if (!removed.ok()) return blob_error(removed.error(), "removing " + path);
  return base::done();
}

// Every position from `at` on whose bytes are a header, without skipping any.
Result<bool> scan(base::File& pack, std::uint64_t at, std::uint64_t size,
                  const std::function<bool(std::uint64_t, std::uint64_t)>& found) {
  base::Bytes window(kScanBytes + kRecordHeaderBytes, '\0');
  for (; at + kRecordHeaderBytes <= size; at += kScanBytes) {
    const std::size_t got = TRY(pack.read_at(at, window.data(), window.size()));
    const base::BytesView bytes(window.data(), got);
    for (std::size_t i = bytes.find("TRB1"); i != base::BytesView::npos && i < kScanBytes;
         i = bytes.find("TRB1", i + 1)) {
      const auto length = record_length(bytes.substr(i));
      if (length && found(at + i, *length)) return true;
    }
  }
  return false;
}

Result<std::uint64_t> sweep_files(base::FileSystem& files, const std::string& root,
                                  std::uint64_t first_own,
                                  const std::function<bool(const BlobRef&)>& named) {
  std::uint64_t removed = 0;
  for (const std::string& name : TRY(names_in(files, root + "/incoming"))) {
    const auto session =
        name.size() == 32 ? parse_hex16(std::string_view(name).substr(16)) : std::nullopt;
    if (!session || *session >= first_own) continue;
    TRY(remove(files, root + "/incoming/" + name));
    ++removed;
  }
  for (const std::string& folder : TRY(names_in(files, root + "/file"))) {
    for (const std::string& name : TRY(names_in(files, root + "/file/" + folder))) {
      const BlobRef text = "file/" + folder + "/" + name;
      const auto ref = parse_file_ref(text);
      if (!ref || ref->session >= first_own || named(text)) continue;
      TRY(remove(files, root + "/" + text));
      ++removed;
    }
  }
  return removed;
}

}  // namespace

Result<bool> find_record(base::File& pack,
                         const std::function<bool(std::uint64_t, std::uint64_t)>& found) {
  const std::uint64_t size = TRY(pack.size());
  std::uint64_t at = kPackHeaderBytes;
  base::Bytes header(kRecordHeaderBytes, '\0');
  while (at < size) {
    const std::size_t got = TRY(pack.read_at(at, header.data(), header.size()));
    const auto length = record_length(base::BytesView(header.data(), got));
    if (!length) return scan(pack, at, size, found);
    if (found(at, *length)) return true;
    at += kRecordHeaderBytes + *length;
  }
  return false;
}

Result<std::uint64_t> sweep_blobs(base::FileSystem& files, const std::string& root, Packs& packs,
                                  const std::function<bool(const BlobRef&)>& named) {
  std::uint64_t removed = TRY(sweep_files(files, root, packs.first_own(), named));
  const auto numbers = TRY(packs.numbers());
  for (const std::uint64_t number : numbers) {
    // The highest stays, so that its number does not come back.
    if (number >= packs.first_own() || number == numbers.back()) continue;
    const auto file = TRY(packs.open(number));
    auto in_use = find_record(*file, [&](std::uint64_t offset, std::uint64_t length) {
      return named(to_text(PackedRef{number, offset, length}));
    });
    if (!in_use.ok()) return blob_error(in_use.error(), "reading " + pack_path(number));
    if (*in_use) continue;
    TRY(packs.remove(number));
    ++removed;
  }
  if (removed > 0) base::log::info("store.blobs_swept", {{"files", removed}});
  return removed;
}

}  // namespace store
