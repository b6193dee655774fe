#include "store/chain_watch.h"

#include <array>
#include <vector>

namespace store::journal {
namespace {
constexpr base::Duration kAgain = std::chrono::hours(24);
}

std::string_view name_of(ChainWatch::State state) {
  constexpr std::array<std::string_view, 3> kNames = {"checking", "intact", "broken"};
  return kNames.at(static_cast<std::size_t>(state));
}

ChainWatch::Verdict ChainWatch::verdict() const {
  std::lock_guard lock(mutex_);
  return verdict_;
}

void ChainWatch::found_broken(std::int64_t seq, base::Text why) {
  std::lock_guard lock(mutex_);
  verdict_.state = State::broken;
  verdict_.broken_at = seq;
  verdict_.at = clock_.now();
  verdict_.why = std::move(why);
}

base::Result<std::int64_t> ChainWatch::step() {
  if (verdict().state == State::broken) return 0;
  const base::Time now = clock_.now();
  if (!began_) began_ = now;
  std::vector<Entry> entries;
  std::int64_t last = 0;
  TRY(database_.read([&](Connection& connection) -> base::Result<void> {
    entries.clear();
    TRY(after(connection, position_, kPiece,
              [&](const Entry& entry) { entries.push_back(entry); }));
    if (entries.empty()) last = TRY(last_seq(connection));
    return base::done();
  }));
  if (entries.empty() && last < position_) {
    found_broken(last + 1, {"các mục cuối đã mất", "the last entries are gone"});
    return 0;
  }
  for (const Entry& entry : entries) {
    const std::int64_t expected = position_ + 1;
    const bool chained = entry.seq == expected && entry.previous == head_;
    if (!chained || entry_hash(entry) != entry.hash) {
      const base::Text why =
          entry.seq != expected ? base::Text{"thiếu mục này", "the entry is missing"}
          : !chained ? base::Text{"không nối với mục trước", "it is not chained to the one before"}
                     : base::Text{"nội dung đã bị sửa", "it was changed"};
      found_broken(expected, why);
      return 0;
    }
    position_ = entry.seq;
    head_ = entry.hash;
  }
  std::lock_guard lock(mutex_);
  if (position_ > verdict_.until) {
    verdict_.until = position_;
    verdict_.head = head_;
  }
  if (!entries.empty()) return static_cast<std::int64_t>(entries.size());
  verdict_.state = State::intact;
  verdict_.at = now;
  if (now - *began_ < kAgain) return 0;
  began_ = now;
  position_ = 0;
  head_.clear();
  return 0;
}

}  // namespace store::journal
