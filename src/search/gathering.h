// The documents of one segment that hold enough of the words, and what they are worth by them.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "search/postings.h"
#include "search/query.h"

namespace search {

// What a posting of a slot is worth.
class Scorer {
 public:
  // `rarity`: of the slot's term among all documents.
  Scorer(const Slot& slot, float rarity);
  float operator()(const Posting& posting) const {
    return by_fields_[posting.fields] * by_variant_[posting.variant];
  }

 private:
  std::array<float, 256> by_fields_{}, by_variant_{};
};

// One slot within a segment.
struct Sought {
  const List* list = nullptr;  // not empty
  const Scorer* scorer = nullptr;
  std::uint64_t bit = 0;
};

// What a hit must have: every slot of `required`, and `least` of those of `counted`.
struct Rule {
  std::uint64_t required = 0, counted = 0;
  int least = 0;
  bool holds(std::uint64_t seen, int more_to_come) const;
};

// Documents that may be hits at all.
struct Filter {
  std::shared_ptr<const List> visible;  // sight.h; null: every document
  std::shared_ptr<const List> days;     // the list kDayTerm; null: of any day
  std::optional<std::int32_t> day_from, day_to;
  bool sees(std::uint32_t document) const {
    return !visible || (visible->bytes[document / 8] >> (document % 8) & 1) != 0;
  }
  bool in_time(std::uint32_t document) const;
};

// Lists are gone through whole, the rarest first. As soon as a document that none of them had
// cannot be a hit any more, only the others are looked for in those that remain: words that are
// nearly everywhere cost their decoding and no more.
class Gathering {
 public:
  struct Document {
    std::uint32_t number = 0;  // within the segment
    float score = 0;
    std::uint64_t seen = 0;
  };
  // Those that hold, in order; lasts until the next call. Null when a list is damaged. `terms`:
  // those of rule.required first, then those of rule.counted.
  const std::vector<Document>* run(const std::vector<Sought>& terms, const Rule& rule,
                                   const Filter& filter, std::uint32_t documents);
  // Postings that were decoded, of all calls.
  std::int64_t postings() const { return postings_; }

 private:
  bool add_open(const Sought& term, const Filter& filter);
  bool add_first(const Sought& term, const Filter& filter);
  bool add_closed(const Sought& term);
  void close(const Rule& rule, const Filter& filter, int more_to_come);
  void all(const Filter& filter, std::uint32_t documents);

  std::vector<float> score_;         // by document, while any document may become a hit
  std::vector<std::uint64_t> seen_;  // as well
  std::vector<Document> documents_;  // afterwards
  std::int64_t postings_ = 0;
};

}  // namespace search
