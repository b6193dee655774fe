#include "search/sight.h"

#include <algorithm>
#include <unordered_set>

#include "base/hash.h"

namespace search {
namespace {

constexpr std::size_t kFew = 16;  // organisations that are looked up one by one

const store::Query kPagesOfVisible{
    "search.visible_pages",
    "select data from search_page where segment = $1 and first < 'A' and first >= coalesce((select "
    "max(first) "
    "from search_page where segment = $1 and first <= '@'), '') order by first"};

// Two sets must never have one name: it is a digest, not a short hash.
std::string name_of(std::vector<std::int64_t>& organisations) {
  std::sort(organisations.begin(), organisations.end());
  std::string all;
  for (const std::int64_t one : organisations) all += std::to_string(one) + ",";
  return "=sight " + base::sha256(all);
}

bool mark(List& bits, const List& list, std::size_t documents) {
  bool inside = true;
  const bool sound = list.each([&](const Posting& posting) {
    inside = inside && posting.document < documents;
    if (inside) bits.bytes[posting.document / 8] |= static_cast<char>(1 << posting.document % 8);
  });
  return sound && inside;
}

}  // namespace

Visible::Visible(const Sight& sight)
    : organisations_(sight.organisations), name_(name_of(organisations_)) {}

base::Result<std::shared_ptr<const List>> Visible::documents(store::Connection& connection,
                                                             Cache& cache,
                                                             const Segment& segment) const {
  if (auto held = cache.find(segment.id, name_)) return held;
  const auto count = static_cast<std::size_t>(segment.documents);
  List bits;
  bits.bytes.assign((count + 7) / 8, '\0');
  bool sound = true;
  if (organisations_.size() <= kFew) {
    for (const std::int64_t one : organisations_) {
      const auto list = TRY(read_list(connection, cache, segment.id, visible_term(one)));
      sound = sound && mark(bits, *list, count);
    }
  } else {
    std::unordered_set<std::string> terms;
    for (const std::int64_t one : organisations_) terms.insert(visible_term(one));
    TRY(connection.each(kPagesOfVisible, {segment.id}, [&](const store::Row& row) {
      sound = each_list(row.bytes(0),
                        [&](std::string_view term, const List& list) {
                          if (term[0] == '@' && terms.count(std::string(term)) > 0)
                            sound = sound && mark(bits, list, count);
                        }) &&
              sound;
      return sound;
    }));
  }
  if (!sound) return damaged(segment.id);
  return cache.keep(segment.id, name_, std::move(bits));
}

}  // namespace search
