#include "search/candidates.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "search/sight.h"

namespace search {
namespace {

// What a word is worth by where it stands; of several places the best counts.
struct Weight {
  Field field;
  float value;
};
constexpr Weight kWeights[] = {{kNotation, 2.4F},   {kSubject, 3.0F},    {kSender, 1.6F},
                               {kRecipients, 1.2F}, {kType, 1.4F},       {kSigner, 1.4F},
                               {kContent, 1.0F},    {kAttachments, 1.2F}};
constexpr float kWholeNotation = 10.0F;
constexpr std::array<float, 3> kMatches = {0.55F, 0.8F, 1.0F};  // bare, toneless, exact

struct Scorer {
  std::array<float, 256> by_fields{}, by_variant{};

  Scorer(const Slot& slot, float rarity) {
    for (unsigned fields = 0; fields < 256; ++fields) {
      for (const Weight& weight : kWeights) {
        if ((fields & slot.fields & weight.field) == 0) continue;
        const bool whole = slot.term[0] == '#' && weight.field == kNotation;
        by_fields[fields] =
            std::max(by_fields[fields], rarity * (whole ? kWholeNotation : weight.value));
      }
    }
    if (slot.fields == 0) by_fields.fill(rarity);
    const bool words =
        slot.term[0] != '#' && slot.term[0] != '!' && slot.term.find(' ') == std::string::npos;
    for (unsigned variant = 0; variant < 256; ++variant) {
      by_variant[variant] = words ? kMatches[static_cast<std::size_t>(
                                        compare(slot.variant, static_cast<std::uint8_t>(variant)))]
                                  : 1.0F;
    }
  }
  float operator()(const Posting& posting) const {
    return by_fields[posting.fields] * by_variant[posting.variant];
  }
};

struct Wanted {
  const Slot* slot = nullptr;
  std::uint64_t bit = 0;
  std::vector<std::shared_ptr<const List>> lists;  // one a segment
  std::int64_t postings = 0;
  float rarity = 0;
};

// What the documents of one segment have gathered.
struct Board {
  std::vector<float> score;
  std::vector<std::uint64_t> seen;
  void clear(std::size_t documents) {
    score.assign(documents, 0);
    seen.assign(documents, 0);
  }
};

bool add_list(Board& board, const List& list, const Scorer& scorer, std::uint64_t bit) {
  std::uint32_t before = UINT32_MAX;
  float best = 0;
  bool inside = true;
  const std::size_t documents = board.score.size();
  const bool sound = list.each([&](const Posting& posting) {
    if (posting.document >= documents) {
      inside = false;
      return;
    }
    const float worth = scorer(posting);
    if (worth <= 0) return;
    if (posting.document != before) {
      before = posting.document;
      best = worth;
      board.score[before] += worth;
      board.seen[before] |= bit;
    } else if (worth > best) {
      board.score[before] += worth - best;
      best = worth;
    }
  });
  return sound && inside;
}

std::int32_t day_at(const List& days, std::size_t document) {
  std::uint32_t day = 0;
  for (unsigned i = 0; i < 4; ++i)
    day |= static_cast<std::uint32_t>(static_cast<unsigned char>(days.bytes[document * 4 + i]))
           << (8 * i);
  return static_cast<std::int32_t>(day);
}

class Search {
 public:
  Search(store::Connection& connection, Cache& cache, const Query& query, const Sight& sight,
         const CandidateOptions& options)
      : connection_(connection), cache_(cache), query_(query), sight_(sight), options_(options) {}

  base::Result<Candidates> run() {
    segments_ = TRY(live_segments(connection_));
    for (const Segment& segment : segments_) {
      documents_ += segment.documents;
      out_.next_number = std::max(out_.next_number, segment.first + segment.documents);
    }
    TRY(read_lists());
    choose();
    for (std::size_t at = segments_.size(); at > 0; --at) {
      if (postings_ > 4 * options_.postings_max) {
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
      Wanted wanted{&query_.slots[at], std::uint64_t{1} << at, {}, 0, 0};
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
    for (const Wanted& wanted : wanted_) {
      if (wanted.slot->required) required_ |= wanted.bit;
      if (wanted.slot->counted) counted_ |= wanted.bit;
    }
    const int words = std::popcount(counted_);
    least_ = words <= 2 ? words : (words * 3 + 4) / 5;
  }

  base::Result<void> look_through(std::size_t at) {
    const Segment& segment = segments_[at];
    if ((query_.day_from && segment.day_max < *query_.day_from) ||
        (query_.day_to && segment.day_min > *query_.day_to))
      return base::done();
    const auto documents = static_cast<std::size_t>(segment.documents);
    board_.clear(documents);
    for (const Wanted& wanted : wanted_) {
      const List& list = *wanted.lists[at];
      postings_ += list.count;
      if (list.count == 0) continue;
      if (!add_list(board_, list, Scorer(*wanted.slot, wanted.rarity), wanted.bit))
        return damaged(segment.id);
    }
    std::shared_ptr<const List> visible, days;
    if (!sight_.all) visible = TRY(visible_documents(connection_, cache_, segment, sight_));
    if (query_.day_from || query_.day_to) {
      days = TRY(read_list(connection_, cache_, segment.id, kDayTerm));
      if (days->bytes.size() != documents * 4) return damaged(segment.id);
    }
    for (std::size_t document = 0; document < documents; ++document) {
      const std::uint64_t seen = board_.seen[document];
      if ((seen & required_) != required_ || std::popcount(seen & counted_) < least_) continue;
      if (visible && (visible->bytes[document / 8] >> (document % 8) & 1) == 0) continue;
      if (days && !in_time(day_at(*days, document))) continue;
      take(segment.first + static_cast<std::int64_t>(document), board_.score[document], seen);
    }
    return base::done();
  }

  bool in_time(std::int32_t day) const {
    return (!query_.day_from || day >= *query_.day_from) &&
           (!query_.day_to || day <= *query_.day_to);
  }

  void take(std::int64_t number, float score, std::uint64_t seen) {
    if (options_.before != 0 && number >= options_.before) return;
    ++out_.matches;
    const int words = std::popcount(counted_);
    if (words > 0)
      score *= 0.4F + 0.6F * static_cast<float>(std::popcount(seen & counted_)) /
                          static_cast<float>(words);
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
  const Sight& sight_;
  const CandidateOptions options_;
  std::vector<Segment> segments_;
  std::vector<Wanted> wanted_;
  std::int64_t documents_ = 0, postings_ = 0;
  std::uint64_t required_ = 0, counted_ = 0;
  int least_ = 0;
  Board board_;
  Candidates out_;
};

}  // namespace

base::Result<Candidates> candidates(store::Connection& connection, Cache& cache, const Query& query,
                                    const Sight& sight, const CandidateOptions& options) {
  return Search(connection, cache, query, sight, options).run();
}

}  // namespace search
