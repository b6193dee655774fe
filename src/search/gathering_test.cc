#include "search/gathering.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <map>

#include "base/random.h"

namespace search {
namespace {

constexpr std::uint32_t kDocuments = 300;

struct Made {
  std::vector<Slot> slots;
  std::vector<List> lists;
  std::vector<Scorer> scorers;
  std::vector<Sought> terms;
  Rule rule;
  Filter filter;
};

List random_list(base::SeededRandom& random, std::uint64_t one_in) {
  List list;
  for (std::uint32_t document = 0; document < kDocuments; ++document) {
    if (random.below(one_in) != 0) continue;
    const std::uint64_t variants = 1 + random.below(2);
    for (std::uint64_t variant = 0; variant < variants; ++variant) {
      list.add({document, static_cast<std::uint8_t>(variant),
                static_cast<std::uint8_t>(random.below(256))});
    }
  }
  return list;
}

Made made(base::SeededRandom& random) {
  Made out;
  const std::size_t slots = 1 + random.below(7), required = random.below(3);
  const std::size_t counted = random.below(slots + 1);
  for (std::size_t at = 0; at < slots; ++at) {
    Slot slot;
    slot.term = "hoa";
    slot.fields = static_cast<std::uint8_t>(1 + random.below(255));
    slot.required = at < required;
    slot.counted = at < counted;
    out.slots.push_back(slot);
    out.lists.push_back(random_list(random, 1 + random.below(1 + at * 4)));
  }
  for (std::size_t at = 0; at < slots; ++at) {
    out.scorers.emplace_back(out.slots[at], static_cast<float>(1 + at));
    const std::uint64_t bit = std::uint64_t{1} << at;
    if (out.slots[at].required) out.rule.required |= bit;
    if (out.slots[at].counted) out.rule.counted |= bit;
  }
  for (std::size_t at = 0; at < slots; ++at) {
    if (out.lists[at].count > 0)
      out.terms.push_back({&out.lists[at], &out.scorers[at], std::uint64_t{1} << at});
  }
  const int words = std::popcount(out.rule.counted);
  out.rule.least = words <= 2 ? words : (words * 3 + 4) / 5;
  if (random.below(2) == 0) {
    List visible;
    for (std::uint32_t at = 0; at < (kDocuments + 7) / 8; ++at)
      visible.bytes.push_back(static_cast<char>(random.below(256)));
    out.filter.visible = std::make_shared<const List>(std::move(visible));
  }
  if (random.below(3) == 0) {
    List days;
    for (std::uint32_t at = 0; at < kDocuments; ++at) {
      days.bytes.push_back(static_cast<char>(random.below(100)));
      days.bytes.append(3, '\0');
    }
    out.filter.days = std::make_shared<const List>(std::move(days));
    out.filter.day_from = 20;
    out.filter.day_to = 80;
  }
  return out;
}

// Without any haste: every list to its end, then every document.
std::map<std::uint32_t, std::pair<float, std::uint64_t>> expected(const Made& made) {
  std::map<std::uint32_t, std::pair<float, std::uint64_t>> out;
  for (std::uint32_t document = 0; document < kDocuments; ++document) {
    float score = 0;
    std::uint64_t seen = 0;
    for (const Sought& term : made.terms) {
      float best = 0;
      term.list->each([&](const Posting& posting) {
        if (posting.document == document) best = std::max(best, (*term.scorer)(posting));
      });
      score += best;
      if (best > 0) seen |= term.bit;
    }
    if (made.rule.holds(seen, 0) && made.filter.sees(document) && made.filter.in_time(document))
      out[document] = {score, seen};
  }
  return out;
}

TEST(Gathering, FindsWhatGoingThroughEverythingFinds) {
  base::SeededRandom random(20);
  Gathering gathering;
  std::size_t found_at_all = 0;
  for (int round = 0; round < 2000; ++round) {
    const Made one = made(random);
    const auto* const found = gathering.run(one.terms, one.rule, one.filter, kDocuments);
    ASSERT_NE(found, nullptr);
    const auto wanted = expected(one);
    ASSERT_EQ(found->size(), wanted.size()) << round;
    std::uint32_t before = 0;
    for (const Gathering::Document& document : *found) {
      EXPECT_GE(document.number, before);
      before = document.number;
      ASSERT_EQ(wanted.count(document.number), 1u) << round;
      EXPECT_NEAR(document.score, wanted.at(document.number).first, 1e-3) << round;
      EXPECT_EQ(document.seen, wanted.at(document.number).second) << round;
    }
    found_at_all += found->size();
  }
  EXPECT_GT(found_at_all, 10000u);
}

TEST(Gathering, RefusesDamagedLists) {
  base::SeededRandom random(1);
  Gathering gathering;
  Slot slot;
  slot.term = "hoa";
  const Scorer scorer(slot, 1);
  const Rule rule{0, 1, 1};
  const List whole = random_list(random, 2);
  List cut = whole;
  cut.bytes.pop_back();
  EXPECT_EQ(gathering.run({{&cut, &scorer, 1}}, rule, {}, kDocuments), nullptr);
  EXPECT_EQ(gathering.run({{&whole, &scorer, 1}}, rule, {}, whole.last), nullptr);
  EXPECT_NE(gathering.run({{&whole, &scorer, 1}}, rule, {}, kDocuments), nullptr);
}

}  // namespace
}  // namespace search
