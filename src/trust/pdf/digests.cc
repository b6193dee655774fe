#include "trust/pdf/digests.h"

#include <algorithm>
#include <numeric>

#include "base/hash.h"

namespace trust::pdf {
namespace {

constexpr std::size_t kPieceBytes = 128u << 10;

using Range = std::array<std::uint64_t, 4>;

class Pass {
 public:
  Pass(const Source& source, const std::vector<Range>& ranges, const Context& context)
      : source_(source), ranges_(ranges), context_(context), by_gap_(ranges.size()) {
    std::iota(by_gap_.begin(), by_gap_.end(), std::size_t{0});
    std::sort(by_gap_.begin(), by_gap_.end(),
              [&](std::size_t a, std::size_t b) { return ranges[a][1] < ranges[b][1]; });
  }

  std::optional<Digests> run() {
    Digests out{source_.sha256().value_or(base::Bytes()), {}};
    const bool known = !out.whole.empty();
    const std::uint64_t end = known ? last_covered() : source_.size();
    base::Bytes piece(static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, end)), '\0');
    for (std::uint64_t at = 0; at < end;) {
      branch(at);
      const auto got = source_.read_at(at, piece.data(), wanted(at, end));
      if (!got.ok() || *got == 0 || context_.out_of_time()) return std::nullopt;
      const base::BytesView read = base::BytesView(piece).substr(0, *got);
      if (!known || branched_ < by_gap_.size()) common_.update(read);
      for (Tail& tail : tails_) update(tail, at, read);
      at += *got;
    }
    if (!known) out.whole = common_.finish();
    out.covered.resize(ranges_.size());
    for (Tail& tail : tails_) out.covered[tail.range] = tail.running.finish();
    return out;
  }

 private:
  // What a range covers, once it has parted from what all have in common.
  struct Tail {
    std::size_t range;
    base::Sha256 running;
  };

  std::uint64_t last_covered() const {
    std::uint64_t end = 0;
    for (const Range& range : ranges_) end = std::max(end, range[2] + range[3]);
    return end;
  }
  void branch(std::uint64_t at) {
    for (; branched_ < by_gap_.size() && ranges_[by_gap_[branched_]][1] == at; ++branched_) {
      tails_.push_back({by_gap_[branched_], common_});
    }
  }
  // Up to where the next range parts.
  std::size_t wanted(std::uint64_t at, std::uint64_t end) const {
    if (branched_ < by_gap_.size()) end = std::min(end, ranges_[by_gap_[branched_]][1]);
    return static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, end - at));
  }
  void update(Tail& tail, std::uint64_t at, base::BytesView piece) const {
    const std::uint64_t second = ranges_[tail.range][2], end = second + ranges_[tail.range][3];
    const std::uint64_t from = std::max(at, second);
    const std::uint64_t to = std::min<std::uint64_t>(at + piece.size(), end);
    if (from >= to) return;
    tail.running.update(
        piece.substr(static_cast<std::size_t>(from - at), static_cast<std::size_t>(to - from)));
  }

  const Source& source_;
  const std::vector<Range>& ranges_;
  const Context& context_;
  std::vector<std::size_t> by_gap_;
  std::size_t branched_ = 0;
  base::Sha256 common_;
  std::vector<Tail> tails_;
};

}  // namespace

std::optional<Digests> digests_of(const Source& source, const std::vector<Range>& ranges,
                                  const Context& context) {
  return Pass(source, ranges, context).run();
}

}  // namespace trust::pdf
