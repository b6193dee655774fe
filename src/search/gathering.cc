#include "search/gathering.h"

#include <algorithm>
#include <bit>

#include "search/fold.h"

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

// A document stands in a list once for each variant; of those the best counts.
struct Best {
  std::uint32_t document = UINT32_MAX;
  float worth = 0;
  // What the posting adds to the document's score.
  float more(const Posting& posting, float of_posting) {
    if (posting.document != document) {
      document = posting.document;
      worth = of_posting;
      return worth;
    }
    const float before = worth;
    worth = std::max(worth, of_posting);
    return worth - before;
  }
};

}  // namespace

Scorer::Scorer(const Slot& slot, float rarity) {
  for (unsigned fields = 0; fields < 256; ++fields) {
    for (const Weight& weight : kWeights) {
      if ((fields & slot.fields & weight.field) == 0) continue;
      const bool whole = slot.term[0] == '#' && weight.field == kNotation;
      by_fields_[fields] =
          std::max(by_fields_[fields], rarity * (whole ? kWholeNotation : weight.value));
    }
  }
  if (slot.fields == 0) by_fields_.fill(rarity);
  const bool words =
      slot.term[0] != '#' && slot.term[0] != '!' && slot.term.find(' ') == std::string::npos;
  for (unsigned variant = 0; variant < 256; ++variant) {
    by_variant_[variant] = words ? kMatches[static_cast<std::size_t>(
                                       compare(slot.variant, static_cast<std::uint8_t>(variant)))]
                                 : 1.0F;
  }
}

bool Rule::holds(std::uint64_t seen, int more_to_come) const {
  return (seen & required) == required && std::popcount(seen & counted) + more_to_come >= least;
}

bool Filter::in_time(std::uint32_t document) const {
  if (!days) return true;
  std::uint32_t bits = 0;
  for (unsigned i = 0; i < 4; ++i) {
    const auto byte = static_cast<unsigned char>(days->bytes[std::size_t{document} * 4 + i]);
    bits |= std::uint32_t{byte} << (8 * i);
  }
  const auto day = static_cast<std::int32_t>(bits);
  return (!day_from || day >= *day_from) && (!day_to || day <= *day_to);
}

const std::vector<Gathering::Document>* Gathering::run(const std::vector<Sought>& terms,
                                                       const Rule& rule, const Filter& filter,
                                                       std::uint32_t documents) {
  documents_.clear();
  Rule now{0, rule.counted, rule.least};
  std::uint64_t there = 0;
  for (const Sought& term : terms) there |= term.bit;
  if (!rule.holds(there, 0)) return &documents_;
  int left = std::popcount(there & rule.counted);
  // Of the lists so far, a hit may be in none: only while there are enough others.
  const auto open = [&] { return now.required == 0 && left >= rule.least; };
  bool dense = false, sparse = rule.required == 0 && rule.least == 0;
  if (sparse) all(filter, documents);
  for (const Sought& term : terms) {
    if (sparse && documents_.empty()) return &documents_;
    now.required |= term.bit & rule.required;
    left -= (term.bit & rule.counted) != 0 ? 1 : 0;
    postings_ += term.list->count;
    if (term.list->last >= documents) return nullptr;
    if (!sparse && !dense && !open()) {
      if (!add_first(term, filter)) return nullptr;
      sparse = true;
      continue;
    }
    if (!sparse && !dense) {
      score_.assign(documents, 0);
      seen_.assign(documents, 0);
      dense = true;
    }
    if (!(sparse ? add_closed(term) : add_open(term, filter))) return nullptr;
    if (sparse) {
      std::erase_if(documents_, [&](const Document& one) { return !now.holds(one.seen, left); });
    } else if (!open()) {
      close(now, filter, left);
      sparse = true;
    }
  }
  return &documents_;
}

// Any document of the list may become a hit.
bool Gathering::add_open(const Sought& term, const Filter& filter) {
  Best best;
  return term.list->each([&](const Posting& posting) {
    if (!filter.sees(posting.document)) return;
    const float worth = (*term.scorer)(posting);
    if (worth <= 0) return;
    score_[posting.document] += best.more(posting, worth);
    seen_[posting.document] |= term.bit;
  });
}

// Only documents of this list can be hits.
bool Gathering::add_first(const Sought& term, const Filter& filter) {
  Best best;
  return term.list->each([&](const Posting& posting) {
    if (!filter.sees(posting.document) || !filter.in_time(posting.document)) return;
    const float worth = (*term.scorer)(posting);
    if (worth <= 0) return;
    const bool again = posting.document == best.document;
    const float more = best.more(posting, worth);
    if (!again) documents_.push_back({posting.document, 0, term.bit});
    documents_.back().score += more;
  });
}

bool Gathering::add_closed(const Sought& term) {
  Best best;
  auto next = documents_.begin();
  const auto end = documents_.end();
  return term.list->each([&](const Posting& posting) {
    while (next != end && next->number < posting.document) ++next;
    if (next == end || next->number != posting.document) return;
    const float worth = (*term.scorer)(posting);
    if (worth <= 0) return;
    next->score += best.more(posting, worth);
    next->seen |= term.bit;
  });
}

void Gathering::close(const Rule& rule, const Filter& filter, int more_to_come) {
  for (std::uint32_t at = 0; at < seen_.size(); ++at) {
    if (seen_[at] == 0 || !rule.holds(seen_[at], more_to_come) || !filter.in_time(at)) continue;
    documents_.push_back({at, score_[at], seen_[at]});
  }
}

void Gathering::all(const Filter& filter, std::uint32_t documents) {
  for (std::uint32_t at = 0; at < documents; ++at) {
    if (filter.sees(at) && filter.in_time(at)) documents_.push_back({at, 0, 0});
  }
}

}  // namespace search
