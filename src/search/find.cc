#include "search/find.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "search/candidates.h"
#include "search/marks.h"

namespace search {
namespace {

constexpr std::size_t kLooked = 100;       // candidates that are looked at together
constexpr std::size_t kCandidates = 1000;  // hits that can be paged through

const store::Query kDocument{
    "search.document",
    "select id, notation, subject, sender, type, note, urgency, day from search_document "
    "where number = $1"};
const store::Query kContent{"search.content",
                            "select content from search_document where number = $1"};

base::Error bad_page(const std::string& said) {
  return base::Error(base::Code::invalid, "search.bad_page",
                     "the page asked for cannot be read: " + said +
                         "; pass `next` of the page before, and 1 to 50 hits",
                     "Không hiểu trang được hỏi: " + said +
                         "; hãy đưa lại `next` của trang trước, mỗi trang 1 đến 50 mục");
}

// Where a page begins: how many hits are before it, and which documents were there at the first
// page.
struct Place {
  std::size_t offset = 0;
  std::int64_t before = 0;
};
base::Result<Place> place_of(const Request& request) {
  if (request.limit < 1 || request.limit > 50) return bad_page(std::to_string(request.limit));
  if (request.after.empty()) return Place{};
  const auto parts = base::split(request.after, '.');
  const auto offset = base::parse_int(parts[0]);
  const auto before = parts.size() == 2 ? base::parse_int(parts[1]) : std::nullopt;
  if (!offset || !before || *offset < 1 || *offset > static_cast<std::int64_t>(kCandidates) ||
      *before < 1)
    return bad_page(std::string(base::cut_utf8(request.after, 60)));
  return Place{static_cast<std::size_t>(*offset), *before};
}

struct Looked {
  Hit hit;
  std::int64_t number = 0;
};

// Leaves in `looked`, from `begin` on, what `keep` says, up to `enough` in all.
base::Result<void> sift(const Request& request, std::size_t begin, std::size_t enough,
                        std::vector<Looked>& looked) {
  if (!request.keep) return base::done();
  std::size_t kept = begin;
  for (std::size_t at = begin; at < looked.size() && kept < enough; ++at) {
    const bool stays = TRY(request.keep(looked[at].hit.id));
    if (!stays) continue;
    if (kept != at) looked[kept] = std::move(looked[at]);
    ++kept;
  }
  looked.resize(kept);
  return base::done();
}

class Finder {
 public:
  Finder(store::Connection& connection, const Query& query)
      : connection_(connection), query_(query) {}

  // The next candidates that hold, in order; others are gone or lack a phrase.
  base::Result<void> look(const std::vector<Candidate>& all, std::size_t from,
                          std::vector<Looked>& out) {
    const std::size_t begin = out.size();
    for (std::size_t at = from; at < std::min(from + kLooked, all.size()); ++at) {
      auto looked = TRY(look_at(all[at]));
      if (looked) out.push_back(*std::move(looked));
    }
    std::stable_sort(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
                     [](const Looked& a, const Looked& b) { return a.hit.score > b.hit.score; });
    return base::done();
  }

  base::Result<Hit> finish(Looked looked) {
    Hit hit = std::move(looked.hit);
    hit.notation_marks = marks_in(hit.notation, query_);
    hit.subject_marks = marks_in(hit.subject, query_);
    hit.sender_marks = marks_in(hit.sender, query_);
    Snippet snippet = snippet_of(TRY(content_of(looked.number)), query_);
    hit.snippet = std::move(snippet.text);
    hit.snippet_marks = std::move(snippet.marks);
    return hit;
  }

 private:
  base::Result<std::string> content_of(std::int64_t number) {
    std::string content;
    TRY(connection_.first(kContent, {number},
                          [&](const store::Row& row) { content = row.string(0); }));
    return content;
  }

  base::Result<std::optional<Looked>> look_at(const Candidate& candidate) {
    Looked looked;
    looked.number = candidate.number;
    Hit& hit = looked.hit;
    const bool there =
        TRY(connection_.first(kDocument, {candidate.number}, [&](const store::Row& row) {
          hit.id = row.integer(0);
          hit.notation = row.string(1);
          hit.subject = row.string(2);
          hit.sender = row.string(3);
          hit.type = row.string(4);
          hit.note = row.string(5);
          hit.urgency = static_cast<int>(row.integer(6));
          hit.day = static_cast<std::int32_t>(row.integer(7));
        }));
    if (!there) return std::optional<Looked>();
    if (!query_.phrases.empty() &&
        !has_phrases({hit.subject, hit.notation, hit.sender, hit.type}, query_)) {
      const std::string content = TRY(content_of(candidate.number));
      if (!has_phrases({hit.subject, hit.notation, hit.sender, hit.type, content}, query_))
        return std::optional<Looked>();
    }
    hit.score = candidate.score *
                (1 + std::max(closeness(hit.subject, query_), closeness(hit.notation, query_)));
    return std::optional<Looked>(std::move(looked));
  }

  store::Connection& connection_;
  const Query& query_;
};

}  // namespace

base::Result<Found> find(store::Database& database, Cache& cache, const Request& request,
                         std::int64_t postings_max) {
  const Place place = TRY(place_of(request));
  const Query query = TRY(parse(request.query));
  Found found;
  TRY(database.read([&](store::Connection& connection) -> base::Result<void> {
    const Candidates all = TRY(candidates(connection, cache, query, request.sight,
                                          {kCandidates, postings_max, place.before}));
    found = {{}, "", all.matches, all.partial};
    Finder finder(connection, query);
    std::vector<Looked> looked;
    const std::size_t end = place.offset + request.limit;
    for (std::size_t at = 0; at < all.best.size() && looked.size() <= end; at += kLooked) {
      const std::size_t begin = looked.size();
      TRY(finder.look(all.best, at, looked));
      TRY(sift(request, begin, end + 1, looked));
    }
    for (std::size_t at = place.offset; at < std::min(end, looked.size()); ++at)
      found.hits.push_back(TRY(finder.finish(std::move(looked[at]))));
    if (looked.size() > end) {
      const std::int64_t before = place.before != 0 ? place.before : all.next_number;
      found.next = std::to_string(end) + "." + std::to_string(before);
    }
    return base::done();
  }));
  return found;
}

}  // namespace search
