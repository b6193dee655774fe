#include "trust/log/tiles.h"

#include <algorithm>
#include <bit>

#include "base/check.h"
#include "base/hash.h"

namespace trust::log {

using base::Bytes;
using base::BytesView;
using base::Result;

namespace {

constexpr std::size_t kTilesKept = 1024;

std::string number_path(std::uint64_t number) {
  std::string out;
  bool last = true;
  do {
    const std::string digits = std::to_string(number % 1000);
    std::string part = std::string(3 - digits.size(), '0') + digits;
    if (!last) part = "x" + part + "/";
    out.insert(0, part);
    last = false;
    number /= 1000;
  } while (number > 0);
  return out;
}

std::string with_width(std::string path, std::uint64_t width) {
  if (width < kTileWidth) path += ".p/" + std::to_string(width);
  return path;
}

}  // namespace

std::string tile_path(int level, std::uint64_t number, std::uint64_t width) {
  return with_width("tile/" + std::to_string(level) + "/" + number_path(number), width);
}

std::string entries_path(std::uint64_t number, std::uint64_t width) {
  return with_width("tile/entries/" + number_path(number), width);
}

std::uint64_t tile_width(int level, std::uint64_t number, std::uint64_t size) {
  const std::uint64_t hashes = level * 8 >= 64 ? 0 : size >> (level * 8);
  if (number > hashes / kTileWidth) return 0;
  return std::min(kTileWidth, hashes - number * kTileWidth);
}

void append_entry(Bytes& bundle, BytesView entry) {
  CHECK(entry.size() <= kEntryBytesMax);
  bundle += static_cast<char>(entry.size() >> 8);
  bundle += static_cast<char>(entry.size() & 0xff);
  bundle += entry;
}

Result<std::vector<Bytes>> parse_entries(BytesView bundle) {
  std::vector<Bytes> out;
  while (!bundle.empty()) {
    std::size_t size = 0;
    if (bundle.size() >= 2) {
      size = static_cast<std::size_t>(static_cast<unsigned char>(bundle[0])) << 8 |
             static_cast<unsigned char>(bundle[1]);
    }
    if (bundle.size() < 2 + size || out.size() == kTileWidth) {
      return base::Error(base::Code::invalid, "trust.log_entry_malformed",
                         "a bundle of log entries is cut short or too long",
                         "Gói mục nhật ký bị cắt hoặc quá dài");
    }
    out.emplace_back(bundle.substr(2, size));
    bundle.remove_prefix(2 + size);
  }
  return out;
}

Result<Bytes> TileTree::read(const std::string& partial, const std::string& full) {
  if (const auto found = kept_.find(partial); found != kept_.end()) return found->second;
  auto bytes = source_.read(partial);
  if (!bytes && bytes.error().code() == base::Code::not_found && partial != full) {
    bytes = source_.read(full);
  }
  Bytes out = TRY(std::move(bytes));
  if (kept_.size() >= kTilesKept) kept_.clear();
  kept_[partial] = out;
  return out;
}

Result<Bytes> TileTree::tile(int level, std::uint64_t number) {
  const std::uint64_t width = tile_width(level, number, size_);
  const std::string path = tile_path(level, number, width);
  Bytes bytes = TRY(read(path, tile_path(level, number, kTileWidth)));
  const auto expected = static_cast<std::size_t>(width * base::kSha256Bytes);
  if (width == 0 || bytes.size() < expected ||
      (bytes.size() > expected && bytes.size() != kTileWidth * base::kSha256Bytes)) {
    return base::Error(base::Code::data_loss, "trust.log_tile_damaged",
                       "the tile " + path + " has a wrong length",
                       "Tệp mảnh cây " + path + " sai độ dài");
  }
  bytes.resize(expected);
  return bytes;
}

Result<Bytes> TileTree::hash(std::uint64_t first, std::uint64_t end) {
  if (first == end) return empty_root();
  const std::uint64_t count = end - first;
  if (!std::has_single_bit(count) || first % count != 0) {
    const std::uint64_t middle = first + std::bit_floor(count - 1);
    const Bytes left = TRY(hash(first, middle));
    const Bytes right = TRY(hash(middle, end));
    return node_hash(left, right);
  }
  const int height = std::countr_zero(count);
  const int level = height / 8;
  const std::uint64_t at = first >> (level * 8);  // of the first hash within the level
  const std::size_t hashes = std::size_t{1} << (height % 8);
  const Bytes bytes = TRY(tile(level, at / kTileWidth));
  const std::size_t from = static_cast<std::size_t>(at % kTileWidth) * base::kSha256Bytes;
  CHECK(from + hashes * base::kSha256Bytes <= bytes.size());
  Hashes leaves;
  leaves.reserve(hashes);
  for (std::size_t i = 0; i < hashes; ++i) {
    leaves.push_back(bytes.substr(from + i * base::kSha256Bytes, base::kSha256Bytes));
  }
  return root_of(leaves);
}

Result<Frontier> TileTree::frontier() {
  Hashes subtrees;
  for (const auto& [first, end] : complete_subtrees(size_)) {
    subtrees.push_back(TRY(hash(first, end)));
  }
  return Frontier::of(size_, std::move(subtrees));
}

Result<Hashes> TileTree::inclusion(std::uint64_t index) {
  return inclusion_path(
      index, size_, [this](std::uint64_t first, std::uint64_t end) { return hash(first, end); });
}

Result<Hashes> TileTree::consistency(std::uint64_t old_size) {
  return consistency_path(
      old_size, size_, [this](std::uint64_t first, std::uint64_t end) { return hash(first, end); });
}

Result<std::vector<Bytes>> TileTree::entries(std::uint64_t number) {
  const std::uint64_t width = tile_width(0, number, size_);
  const Bytes bundle = TRY(read(entries_path(number, width), entries_path(number, kTileWidth)));
  auto entries = TRY(parse_entries(bundle));
  if (entries.size() > width) entries.resize(static_cast<std::size_t>(width));
  return entries;
}

}  // namespace trust::log
