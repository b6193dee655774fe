#include "trust/log/copy.h"

#include <set>

#include "trust/log/edge.h"

namespace trust::log {

using base::Bytes;
using base::Result;

namespace {

constexpr std::size_t kAtOnce = 64;  // files

// Every tile is made anew from the entries: what is damaged on the way is not copied but found.
Result<Bytes> copy_entries(LogSource& from, std::uint64_t size, base::FileSystem& files,
                           const std::string& directory) {
  TileTree tree(from, size);
  Edge edge;
  std::set<std::string> known;
  std::vector<TileFile> full;
  for (std::uint64_t number = 0; edge.size() < size; ++number) {
    const auto entries = TRY(tree.entries(number));
    if (entries.size() != tile_width(0, number, size)) {
      return base::Error(base::Code::data_loss, "trust.log_damaged",
                         "the log's files are damaged: entries are missing",
                         "Tệp của nhật ký bị hỏng: thiếu mục");
    }
    for (const Bytes& entry : entries) edge.push(entry, full);
    if (full.size() < kAtOnce) continue;
    TRY(write_tiles(files, directory, full, known));
    full.clear();
  }
  for (TileFile& file : edge.partial_since(0)) full.push_back(std::move(file));
  TRY(write_tiles(files, directory, full, known));
  return edge.root();
}

// Whether what is there already is the beginning of the tree of `head`.
Result<void> check_continues(LogSource& from, const SignedCheckpoint& head, const NoteVerifier& key,
                             base::FileSystem& files, const std::string& directory) {
  const std::string path = directory + "/checkpoint";
  if (!files.exists(path)) return base::done();
  const Bytes bytes = TRY(base::read_file(files, path, kNoteBytesMax));
  const SignedCheckpoint there = TRY(SignedCheckpoint::read(bytes, key));
  const base::Error other(
      base::Code::data_loss, "trust.log_fork",
      "the log in " + directory + " is newer than the other, or has another history; keep both",
      "Nhật ký trong " + directory + " mới hơn bản kia, hoặc có lịch sử khác; hãy giữ cả hai");
  if (there.head.size > head.head.size) return other;
  TileTree tree(from, head.head.size);
  const Hashes path_between = TRY(tree.consistency(there.head.size));
  const auto continues = verify_consistency(there.head.size, there.head.root, head.head.size,
                                            head.head.root, path_between);
  return continues ? base::done() : Result<void>(other);
}

}  // namespace

Result<Checkpoint> copy_log(LogSource& from, const NoteVerifier& key, base::FileSystem& files,
                            const std::string& directory) {
  const Bytes bytes = TRY(from.read("checkpoint"));
  const SignedCheckpoint head = TRY(SignedCheckpoint::read(bytes, key));
  TRY(base::make_directory_durably(files, directory));
  TRY(check_continues(from, head, key, files, directory));
  const Bytes root = TRY(copy_entries(from, head.head.size, files, directory));
  if (root != head.head.root) {
    return base::Error(base::Code::data_loss, "trust.log_damaged",
                       "the log's files are damaged: its entries do not give the root of the head",
                       "Tệp của nhật ký bị hỏng: các mục không cho mã băm gốc của đầu nhật ký");
  }
  if (const auto witnessed = from.read("checkpoint.witnessed")) {
    const auto cosigned = SignedCheckpoint::read(*witnessed, key);
    if (cosigned && cosigned->head.size <= head.head.size)
      TRY(base::write_file_durably(files, directory + "/checkpoint.witnessed", *witnessed));
  }
  TRY(base::write_file_durably(files, directory + "/checkpoint", bytes));
  return head.head;
}

}  // namespace trust::log
