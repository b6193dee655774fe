#include "identity/staffing.h"

#include <utility>
#include <vector>

#include "identity/people_rows.h"

namespace identity {
namespace {

using store::Query;

constexpr int kLevelsMax = 32;

const Query kHeld{"identity.posts_held",
                  "select p.key, p.organisation, p.title, p.roles, p.with_subordinates, p.closed, "
                  "a.starts_at, a.ends_at from post p join appointment a on a.post = p.key "
                  "join person n on n.key = a.person "
                  "where p.organisation = $1 and p.closed = 0 and n.enabled = 1 "
                  "and a.starts_at <= $2"};

struct Span {
  base::Time from, to;
};

bool acknowledges(const Post& post) {
  for (const Role role : post.roles) {
    if (permissions_of(role).has(Permission::deliveries_acknowledge)) return true;
  }
  return false;
}

// From `end` back as far as the spans hang together.
std::optional<base::Time> beginning(const std::vector<Span>& spans, base::Time end) {
  std::optional<base::Time> since;
  for (bool found = true; std::exchange(found, false);) {
    for (const Span& one : spans) {
      const bool reaches = since ? one.to >= *since : one.to > end;
      if (!reaches || (since && one.from >= *since)) continue;
      since = one.from;
      found = true;
    }
  }
  return since;
}

}  // namespace

base::Result<std::optional<base::Time>> Staffing::since(OrganisationKey organisation) {
  if (const auto known = known_.find(organisation); known != known_.end()) return known->second;
  std::vector<Span> spans;
  auto one = directory_.by_key(organisation);
  for (int level = 0; one && !one->deleted && level < kLevelsMax; ++level) {
    TRY(connection_.each(kHeld, {one->key, now_}, [&](const store::Row& row) {
      const Post post = rows::post_of(row);
      if ((level == 0 || post.with_subordinates) && acknowledges(post))
        spans.push_back({row.time(6), row.optional_time(7).value_or(base::Time::max())});
      return true;
    }));
    const std::string above = one->parent;
    one = above.empty() ? std::nullopt : directory_.find(above);
  }
  const auto since = beginning(spans, now_);
  known_.emplace(organisation, since);
  return since;
}

}  // namespace identity
