#include "search/candidates.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>

#include "search/gathering.h"
#include "search/sight.h"

namespace search {
namespace {

struct Wanted {
  const Slot* slot = nullptr;
  std::uint64_t bit = 0;
  std::vector<std::shared_ptr<const List>> lists;  // one a segment
  std::int64_t postings = 0;
  float rarity = 0;
  std::optional<Scorer> scorer;
};

class Search {
 public:
  Search(store::Connection& connection, Cache& cache, const Query& query, const Sight& sight,
         const CandidateOptions& options)
      : connection_(connection), cache_(cache), query_(query), options_(options) {
    if (!sight.all) sight_.emplace(sight);
  }

  base::Result<Candidates> run() {
    segments_ = TRY(live_segments(connection_));
    for (const Segment& segment : segments_) {
      documents_ += segment.documents;
      out_.next_number = std::max(out_.next_number, segment.first + segment.documents);
    }
    TRY(read_lists());
    choose();
    for (std::size_t at = segments_.size(); at > 0; --at) {
      if (gathering_.postings() > 4 * options_.postings_max) {
        out_.partial = true;
        break;
      }
      TRY(look_through(at - 1));
    }
    std::sort_heap(out_.best.begin(), out_.best.end(), better);
    return std::move(out_);
  }

 private:
  static bool better(const Candidate& a, const Candidate& b) {
    return a.score != b.score ? a.score > b.score : a.number > b.number;
  }

  base::Result<void> read_lists() {
    for (std::size_t at = 0; at < query_.slots.size(); ++at) {
      Wanted wanted{&query_.slots[at], std::uint64_t{1} << at, {}, 0, 0, {}};
      for (const Segment& segment : segments_) {
        wanted.lists.push_back(TRY(read_list(connection_, cache_, segment.id, wanted.slot->term)));
        wanted.postings += wanted.lists.back()->count;
      }
      const auto having = static_cast<double>(std::min(wanted.postings, documents_));
      wanted.rarity = static_cast<float>(
          std::log(1 + (static_cast<double>(documents_) - having + 0.5) / (having + 0.5)));
      wanted_.push_back(std::move(wanted));
    }
    return base::done();
  }

  // The rarest words say most. Those that would make it slow are left out, when there are others.
  void choose() {
    std::stable_sort(wanted_.begin(), wanted_.end(), [](const Wanted& a, const Wanted& b) {
      return a.slot->required != b.slot->required ? a.slot->required : a.postings < b.postings;
    });
    std::int64_t sum = 0;
    std::size_t keep = 0;
    for (; keep < wanted_.size(); ++keep) {
      sum += wanted_[keep].postings;
      if (sum > options_.postings_max && keep > 0 && !wanted_[keep].slot->required) break;
    }
    wanted_.resize(keep);
    for (Wanted& wanted : wanted_) {
      if (wanted.slot->required) rule_.required |= wanted.bit;
      if (wanted.slot->counted) rule_.counted |= wanted.bit;
      wanted.scorer.emplace(*wanted.slot, wanted.rarity);
    }
    words_ = std::popcount(rule_.counted);
    rule_.least = words_ <= 2 ? words_ : (words_ * 3 + 4) / 5;
    // As Gathering wants them; within each kind the rarest are first.
    const auto kind = [](const Wanted& one) {
      return one.slot->required ? 0 : one.slot->counted ? 1 : 2;
    };
    std::stable_sort(wanted_.begin(), wanted_.end(),
                     [&](const Wanted& a, const Wanted& b) { return kind(a) < kind(b); });
  }

  base::Result<void> look_through(std::size_t at) {
    const Segment& segment = segments_[at];
    if ((query_.day_from && segment.day_max < *query_.day_from) ||
        (query_.day_to && segment.day_min > *query_.day_to))
      return base::done();
    const auto documents = static_cast<std::uint32_t>(segment.documents);
    std::vector<Sought> terms;
    for (const Wanted& wanted : wanted_) {
      const List* const list = wanted.lists[at].get();
      if (list->count > 0) terms.push_back({list, &*wanted.scorer, wanted.bit});
    }
    Filter filter{nullptr, nullptr, query_.day_from, query_.day_to};
    if (sight_) filter.visible = TRY(sight_->documents(connection_, cache_, segment));
    if (query_.day_from || query_.day_to) {
      filter.days = TRY(read_list(connection_, cache_, segment.id, kDayTerm));
      if (filter.days->bytes.size() != std::size_t{documents} * 4) return damaged(segment.id);
    }
    const auto* const found = gathering_.run(terms, rule_, filter, documents);
    if (!found) return damaged(segment.id);
    for (const Gathering::Document& one : *found)
      take(segment.first + one.number, one.score, one.seen);
    return base::done();
  }

  void take(std::int64_t number, float score, std::uint64_t seen) {
    if (options_.before != 0 && number >= options_.before) return;
    ++out_.matches;
    if (words_ > 0)
      score *= 0.4F + 0.6F * static_cast<float>(std::popcount(seen & rule_.counted)) /
                          static_cast<float>(words_);
    const Candidate one{score, number};
    auto& best = out_.best;
    if (best.size() >= options_.best_max) {
      if (!better(one, best.front())) return;
      std::pop_heap(best.begin(), best.end(), better);
      best.pop_back();
    }
    best.push_back(one);
    std::push_heap(best.begin(), best.end(), better);
  }

  store::Connection& connection_;
  Cache& cache_;
  const Query& query_;
  std::optional<Visible> sight_;  // none: everything
  const CandidateOptions options_;
  std::vector<Segment> segments_;
  std::vector<Wanted> wanted_;
  std::int64_t documents_ = 0;
  Rule rule_;
  int words_ = 0;  // of rule_.counted
  Gathering gathering_;
  Candidates out_;
};

}  // namespace

base::Result<Candidates> candidates(store::Connection& connection, Cache& cache, const Query& query,
                                    const Sight& sight, const CandidateOptions& options) {
  return Search(connection, cache, query, sight, options).run();
}

}  // namespace search
