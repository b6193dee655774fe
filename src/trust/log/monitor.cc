#include "trust/log/monitor.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/hash.h"
#include "base/text.h"

namespace trust::log {

using base::Bytes;
using base::Error;
using base::Result;

namespace {

constexpr std::string_view kMagic = "truc-log-monitor/v1\n";
constexpr std::size_t kFindingsMax = 100;

Hashes hashes_of(base::BytesView tile) {
  Hashes hashes;
  for (std::size_t at = 0; at < tile.size(); at += base::kSha256Bytes) {
    hashes.emplace_back(tile.substr(at, base::kSha256Bytes));
  }
  return hashes;
}

// One look.
class Look {
 public:
  Look(MonitorReport& report, LogSource& source, const MonitorOptions& options)
      : report_(report), source_(source), options_(options) {}

  void run(const MonitorState& before) {
    Checkpoint old{options_.log.name(), 0, empty_root()};
    if (!before.checkpoint.empty()) {
      auto seen = SignedCheckpoint::read(before.checkpoint, options_.log);
      if (!seen) return found(seen.error());
      old = seen->head;
    }
    auto bytes = source_.read("checkpoint");
    if (!bytes) return unavailable(bytes.error());
    report_.checkpoint = *bytes;
    auto head = SignedCheckpoint::read(*bytes, options_.log);
    if (!head) {
      return found("trust.log_bad_signature", head.error().text().vi, head.error().text().en);
    }
    report_.head = head->head;
    report_.cosignatures = cosignatures_of(head->note, options_.witnesses);
    if (report_.head.size < old.size) {
      return found("trust.log_rolled_back",
                   "Nhật ký có " + std::to_string(report_.head.size) + " mục; trước đây có " +
                       std::to_string(old.size),
                   "the log has " + std::to_string(report_.head.size) + " entries; it had " +
                       std::to_string(old.size));
    }
    if (report_.head.size == old.size && report_.head.root != old.root) return fork(old.size);
    if (report_.head.size == old.size && !options_.whole) {
      if (witnessed()) keep(before.frontier, *bytes);
      return;
    }
    follow(before, old, *bytes);
  }

 private:
  void follow(const MonitorState& before, const Checkpoint& old, const Bytes& checkpoint) {
    TileTree tree(source_, report_.head.size);
    tree_ = &tree;
    const auto root = tree.root();
    if (!root) return found(root.error());
    if (*root != report_.head.root) {
      return damaged("mảnh cây ở mép", "the tiles at the edge");
    }
    if (!continues(old) || !witnessed()) return;
    Frontier frontier = options_.whole ? Frontier() : before.frontier;
    for (std::uint64_t at = frontier.size(); at < report_.head.size;) {
      if (!bundle(at / kTileWidth, frontier)) return;
      at = frontier.size();
      if (options_.progress) options_.progress(at, report_.head.size);
    }
    if (report_.findings.empty() && frontier.root() != report_.head.root) {
      return damaged("mã băm lá", "the hashes of the leaves");
    }
    if (report_.findings.empty()) keep(std::move(frontier), checkpoint);
  }

  // Whether the tree of the head has the old one in it.
  bool continues(const Checkpoint& old) {
    if (old.size == 0) return true;
    for (int level = 0; level < 8 && old.size >> (level * 8) > 0; ++level) {
      const std::uint64_t hashes = old.size >> (level * 8);
      if (hashes % kTileWidth > 0 && !authentic(level, hashes / kTileWidth)) return false;
    }
    Hashes subtrees;
    for (const auto& [first, end] : complete_subtrees(old.size)) {
      auto hash = tree_->hash(first, end);
      if (!hash) return found(hash.error()), false;
      subtrees.push_back(std::move(*hash));
    }
    if (Frontier::of(old.size, std::move(subtrees)).value().root() == old.root) return true;
    fork(old.size);
    return false;
  }

  // Whether enough witnesses cosigned, lately, a head that this one continues. The newest has their
  // cosignatures a little later than it is published, so the one before will do.
  bool witnessed() {
    if (options_.quorum == 0) return true;
    auto bytes = source_.read("checkpoint.witnessed");
    if (!bytes && bytes.error().reason() != "trust.log_file_missing") {
      unavailable(bytes.error());
      return false;
    }
    std::size_t fresh = 0;
    if (bytes) {
      const auto head = SignedCheckpoint::read(*bytes, options_.log);
      if (!head) {
        found("trust.log_bad_signature", head.error().text().vi, head.error().text().en);
        return false;
      }
      if (!same_history(head->head)) return false;
      report_.cosignatures = cosignatures_of(head->note, options_.witnesses);
      for (const Cosignature& cosignature : report_.cosignatures) {
        if (options_.now - cosignature.at <= options_.cosigned_within) ++fresh;
      }
    }
    if (fresh >= options_.quorum) return true;
    const std::string have = std::to_string(fresh), want = std::to_string(options_.quorum);
    found("trust.log_unwitnessed", "Chỉ có " + have + " nhân chứng đã ký gần đây; cần " + want,
          "only " + have + " witnesses have cosigned lately; " + want + " are asked for");
    return false;
  }

  bool same_history(const Checkpoint& witnessed) {
    if (witnessed.size <= report_.head.size) {
      TileTree tree(source_, report_.head.size);
      TileTree* const before = std::exchange(tree_, &tree);
      const bool same = continues(witnessed);
      tree_ = before;
      return same;
    }
    // The log may have grown between two looks; if not, it has gone back.
    const auto again = source_.read("checkpoint");
    const auto newest = again ? SignedCheckpoint::read(*again, options_.log) : again.error();
    if (!newest || newest->head.size < witnessed.size) {
      found("trust.log_rolled_back", "Nhân chứng đã ký đầu nhật ký dài hơn đầu đang công bố",
            "witnesses have cosigned a larger head than the one that is published");
      return false;
    }
    TileTree tree(source_, witnessed.size);
    const auto path = tree.consistency(report_.head.size);
    if (!path) return found(path.error()), false;
    if (verify_consistency(report_.head.size, report_.head.root, witnessed.size, witnessed.root,
                           *path))
      return true;
    fork(report_.head.size);
    return false;
  }

  // Whether the head stands for this tile: what is not at the edge has its hash in the tile above.
  bool authentic(int level, std::uint64_t number) {
    if (const auto known = authentic_.find({level, number}); known != authentic_.end()) return true;
    const auto tile = tree_->tile(level, number);
    if (!tile) return found(tile.error()), false;
    if (tile->size() == kTileWidth * base::kSha256Bytes) {
      if (!authentic(level + 1, number / kTileWidth)) return false;
      const Bytes above = tree_->tile(level + 1, number / kTileWidth).value();
      const auto at = static_cast<std::size_t>(number % kTileWidth) * base::kSha256Bytes;
      if (root_of(hashes_of(*tile)) != above.substr(at, base::kSha256Bytes)) {
        damaged(tile_path(level, number, kTileWidth), tile_path(level, number, kTileWidth));
        return false;
      }
    }
    if (authentic_.size() > 256) authentic_.clear();
    authentic_.insert({level, number});
    return true;
  }

  // Compares a bundle with its hashes, and pushes those that the frontier has not. False when there
  // is no use in going on.
  bool bundle(std::uint64_t number, Frontier& frontier) {
    if (!authentic(0, number)) return false;
    const Hashes hashes = hashes_of(tree_->tile(0, number).value());
    const std::uint64_t first = number * kTileWidth;
    auto entries = tree_->entries(number);
    if (!entries && entries.error().code() == base::Code::unavailable) {
      unavailable(entries.error());
      return false;
    }
    Hashes leaves;
    if (entries) {
      for (const Bytes& entry : *entries) leaves.push_back(leaf_hash(entry));
    }
    report_.entries += leaves.size();
    if (leaves != hashes) {
      const auto differs =
          std::mismatch(leaves.begin(), leaves.end(), hashes.begin(), hashes.end());
      differs_at(first + static_cast<std::uint64_t>(differs.second - hashes.begin()), leaves,
                 hashes);
    }
    for (std::uint64_t i = frontier.size() - first; i < hashes.size(); ++i) {
      frontier.push(hashes[static_cast<std::size_t>(i)]);
    }
    return report_.findings.size() < kFindingsMax;
  }

  void differs_at(std::uint64_t index, Hashes leaves, Hashes hashes) {
    const std::string where = std::to_string(index);
    if (leaves.size() < hashes.size()) {
      return found("trust.log_entry_dropped", "Thiếu mục " + where + " hoặc mục sau nó",
                   "entry " + where + " or one after it is missing", index);
    }
    std::sort(leaves.begin(), leaves.end());
    std::sort(hashes.begin(), hashes.end());
    if (leaves == hashes) {
      return found("trust.log_entries_reordered", "Các mục từ " + where + " đã đổi chỗ",
                   "entries have changed places from " + where + " on", index);
    }
    found("trust.log_entry_altered", "Mục " + where + " đã bị sửa",
          "entry " + where + " was altered", index);
  }

  void keep(Frontier frontier, const Bytes& checkpoint) {
    report_.state = {std::move(frontier), checkpoint};
  }

  void found(std::string_view reason, const std::string& vi, const std::string& en,
             std::optional<std::uint64_t> index = {}) {
    report_.findings.push_back({reason, {vi, en}, index});
  }
  void found(const Error& error) {
    if (error.code() == base::Code::unavailable) return unavailable(error);
    if (error.reason() == "trust.log_bad_signature") {
      return found("trust.log_bad_signature", error.text().vi, error.text().en);
    }
    found("trust.log_tile_damaged", error.text().vi, error.text().en);
  }
  void unavailable(const Error& error) {
    found("trust.log_unavailable", error.text().vi, error.text().en);
  }
  void damaged(const std::string& vi, const std::string& en) {
    found("trust.log_tile_damaged", "Không khớp với đầu nhật ký đã ký: " + vi,
          "not what the signed head stands for: " + en);
  }
  void fork(std::uint64_t size) {
    found("trust.log_fork",
          "Nhật ký đã ký hai lịch sử khác nhau của cùng " + std::to_string(size) +
              " mục đầu; hãy giữ cả hai đầu nhật ký làm bằng chứng",
          "the log has signed two histories of the same first " + std::to_string(size) +
              " entries; keep both heads as evidence",
          size);
  }

  MonitorReport& report_;
  LogSource& source_;
  const MonitorOptions& options_;
  TileTree* tree_ = nullptr;
  std::set<std::pair<int, std::uint64_t>> authentic_;
};

}  // namespace

std::string MonitorState::text() const {
  std::string out(kMagic);
  for (const Bytes& hash : frontier.subtrees()) out += base::base64(hash) + "\n";
  return out + "\n" + checkpoint;
}

Result<MonitorState> MonitorState::parse(std::string_view text) {
  const Error malformed(base::Code::invalid, "trust.log_monitor_state_malformed",
                        "the monitor's own file cannot be read; remove it to begin anew",
                        "Không đọc được tệp trạng thái của bộ giám sát; hãy xóa để bắt đầu lại");
  if (!text.starts_with(kMagic)) return malformed;
  const std::size_t blank = text.find("\n\n", kMagic.size() - 1);
  if (blank == text.npos) return malformed;
  MonitorState state;
  state.checkpoint = Bytes(text.substr(blank + 2));
  Hashes subtrees;
  if (blank >= kMagic.size()) {
    for (const auto line : base::split(text.substr(kMagic.size(), blank - kMagic.size()), '\n')) {
      auto hash = base::from_base64(line);
      if (!hash) return malformed;
      subtrees.push_back(std::move(*hash));
    }
  }
  std::uint64_t size = 0;
  Bytes root = empty_root();
  if (!state.checkpoint.empty()) {
    const auto note = parse_note(state.checkpoint);
    const auto head = note ? Checkpoint::parse(note->text) : note.error();
    if (!head) return malformed;
    size = head->size;
    root = head->root;
  }
  auto frontier = Frontier::of(size, std::move(subtrees));
  if (!frontier || frontier->root() != root) return malformed;
  state.frontier = std::move(*frontier);
  return state;
}

MonitorReport monitor(const MonitorState& state, LogSource& source, const MonitorOptions& options) {
  MonitorReport report;
  report.state = state;
  Look(report, source, options).run(state);
  return report;
}

}  // namespace trust::log
