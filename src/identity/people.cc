#include "identity/people.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "identity/people_rows.h"

namespace identity {
namespace {

using store::Query;

const Query kByLogin{
    "identity.person_by_login",
    "select key, login, family_name, given_name, title, mail, enabled, added_at, disabled_reason "
    "from person where login = $1"};
const Query kOfOrganisation{
    "identity.people_of_organisation",
    "select key, login, family_name, given_name, title, mail, enabled, added_at, disabled_reason "
    "from person "
    "where key in (select a.person from appointment a join post p on p.key = a.post "
    "where p.organisation = $1 and p.closed = 0 and (a.ends_at is null or a.ends_at > $2)) "
    "order by given_name, family_name, key limit $3 offset $4"};
const Query kPosts{"identity.posts",
                   "select key, organisation, title, roles, with_subordinates, closed from post "
                   "where organisation = $1 order by key"};

const Query kWithPost{
    "identity.people_with_post",
    "select p.key, p.organisation, p.title, p.roles, p.with_subordinates, "
    "p.closed, n.key, n.family_name, n.given_name from post p "
    "join appointment a on a.post = p.key join person n on n.key = a.person "
    "where p.organisation = $1 and p.closed = 0 and n.enabled = 1 "
    "and a.starts_at <= $2 and (a.ends_at is null or a.ends_at > $2) "
    "and n.key <> $3 order by n.given_name, n.family_name, n.key, p.key limit $4"};

// What the posts of the platform may do about every organisation, as opposed to the platform
// itself.
constexpr Permissions kOfPlatformOnly = {Permission::people_manage, Permission::platform_operate,
                                         Permission::anchors_manage, Permission::audit_read};

constexpr Permissions kOfDocuments = {Permission::documents_send, Permission::documents_read,
                                      Permission::documents_recall,
                                      Permission::deliveries_acknowledge};

Permissions without(Permissions from, Permissions what) {
  return Permissions::from_bits(from.bits() & ~what.bits());
}

}  // namespace

base::Result<std::optional<Person>> People::find(PersonKey key) const {
  std::optional<Person> found;
  TRY(database_.read([&](store::Connection& connection) -> base::Result<void> {
    found = TRY(rows::person(connection, key));
    return base::done();
  }));
  return found;
}

base::Result<std::optional<Person>> People::find_login(std::string_view login) const {
  std::optional<Person> found;
  TRY(database_.read([&](store::Connection& connection) -> base::Result<void> {
    found.reset();
    TRY(connection.first(kByLogin, {login},
                         [&](const store::Row& row) { found = rows::person_of(row); }));
    return base::done();
  }));
  return found;
}

base::Result<std::vector<Person>> People::of_organisation(OrganisationKey organisation,
                                                          std::int64_t skip,
                                                          std::int64_t count) const {
  std::vector<Person> found;
  TRY(database_.read([&](store::Connection& connection) -> base::Result<void> {
    found.clear();
    return connection.each(kOfOrganisation, {organisation, clock_.now(), count, skip},
                           [&](const store::Row& row) {
                             found.push_back(rows::person_of(row));
                             return true;
                           });
  }));
  return found;
}

base::Result<std::optional<Post>> People::post(PostKey key) const {
  std::optional<Post> found;
  TRY(database_.read([&](store::Connection& connection) -> base::Result<void> {
    found = TRY(rows::post(connection, key));
    return base::done();
  }));
  return found;
}

base::Result<std::vector<Post>> People::posts(OrganisationKey organisation) const {
  std::vector<Post> found;
  TRY(database_.read([&](store::Connection& connection) -> base::Result<void> {
    found.clear();
    return connection.each(kPosts, {organisation}, [&](const store::Row& row) {
      found.push_back(rows::post_of(row));
      return true;
    });
  }));
  return found;
}

base::Result<std::vector<Appointment>> People::appointments(PersonKey person) const {
  std::vector<Appointment> found;
  TRY(database_.read([&](store::Connection& connection) -> base::Result<void> {
    found = TRY(rows::appointments(connection, person));
    return base::done();
  }));
  return found;
}

base::Result<std::vector<Delegation>> People::delegations(PersonKey person) const {
  std::vector<Delegation> found;
  TRY(database_.read([&](store::Connection& connection) -> base::Result<void> {
    found = TRY(rows::delegations(connection, person));
    return base::done();
  }));
  return found;
}

base::Result<std::vector<HeldPost>> People::held(PersonKey person) const {
  std::vector<HeldPost> found;
  TRY(database_.read([&](store::Connection& connection) -> base::Result<void> {
    found = TRY(rows::held(connection, person, clock_.now()));
    return base::done();
  }));
  return found;
}

base::Result<std::vector<Colleague>> People::colleagues(PersonKey person) const {
  std::map<PersonKey, Colleague> found;
  TRY(database_.read([&](store::Connection& connection) -> base::Result<void> {
    found.clear();
    std::set<OrganisationKey> where;
    for (const HeldPost& one : TRY(rows::held(connection, person, clock_.now())))
      where.insert(one.post.organisation);
    for (const OrganisationKey organisation : where) {
      TRY(connection.each(kWithPost, {organisation, clock_.now(), person, kColleaguesMax},
                          [&](const store::Row& row) {
                            Colleague& one = found[row.integer(6)];
                            one.person = row.integer(6);
                            one.family_name = row.string(7);
                            one.given_name = row.string(8);
                            one.posts.push_back(rows::post_of(row));
                            return true;
                          }));
    }
    return base::done();
  }));
  std::vector<Colleague> all;
  for (auto& [key, one] : found) all.push_back(std::move(one));
  std::stable_sort(all.begin(), all.end(), [](const Colleague& a, const Colleague& b) {
    return std::tie(a.given_name, a.family_name) < std::tie(b.given_name, b.family_name);
  });
  return all;
}

// The organisation and, by parent codes, all below it.
std::vector<OrganisationKey> People::with_those_below(OrganisationKey organisation) const {
  std::lock_guard lock(mutex_);
  if (const auto version = directory_.version(); version != tree_version_) {
    children_.clear();
    directory_.each([this](const Organisation& one) {
      if (!one.deleted && !one.parent.empty()) children_[one.parent].push_back(one.key);
    });
    tree_version_ = version;
  }
  std::vector<OrganisationKey> all = {organisation};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto one = directory_.by_key(all[i]);
    const auto below = one ? children_.find(one->code) : children_.end();
    if (below == children_.end()) continue;
    for (const OrganisationKey key : below->second) {
      // Two that name each other as parent must not keep us here.
      if (std::find(all.begin(), all.end(), key) == all.end()) all.push_back(key);
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<Grant> People::grants_of(const Post& post) const {
  Permissions all;
  for (const Role role : post.roles) all = all | permissions_of(role);
  if (post.organisation != kPlatform) {
    auto where = post.with_subordinates ? with_those_below(post.organisation)
                                        : std::vector<OrganisationKey>{post.organisation};
    return {{all, std::move(where), false, post.key, 0}};
  }
  return {{all, {kPlatform}, false, post.key, 0},
          {without(all, kOfPlatformOnly), {}, true, post.key, 0}};
}

base::Result<Principal> People::principal(PersonKey person) const {
  Principal made;
  const base::Time now = clock_.now();
  TRY(database_.read([&](store::Connection& connection) -> base::Result<void> {
    made = {};
    const auto known = TRY(rows::person(connection, person));
    if (!known || !known->enabled) return base::done();
    made.kind = Principal::Kind::person;
    made.person = person;
    made.id = "person:" + std::to_string(person);
    for (const Appointment& one : TRY(rows::appointments(connection, person))) {
      if (!one.at(now)) continue;
      const auto post = TRY(rows::post(connection, one.post));
      if (!post || post->closed) continue;
      for (Grant& grant : grants_of(*post)) made.grants.push_back(std::move(grant));
    }
    for (const Delegation& one : TRY(rows::delegations(connection, person))) {
      if (one.to_person != person || !one.at(now)) continue;
      // What was handed on holds while the one who did still has it.
      const auto post = TRY(rows::post(connection, one.post));
      const auto giver = TRY(rows::person(connection, one.from_person));
      if (!post || post->closed || !giver || !giver->enabled) continue;
      const auto held = TRY(rows::appointments(connection, one.from_person));
      if (!std::any_of(held.begin(), held.end(),
                       [&](const Appointment& a) { return a.post == one.post && a.at(now); })) {
        continue;
      }
      for (Grant& grant : grants_of(*post)) {
        grant.permissions = grant.permissions & one.permissions & delegable();
        grant.for_whom = one.from_person;
        made.grants.push_back(std::move(grant));
      }
    }
    return base::done();
  }));
  return made;
}

base::Result<void> People::require_manager_of(const Principal& by, PersonKey person) const {
  return database_.read([&](store::Connection& connection) -> base::Result<void> {
    return require_manager_of(connection, by, person);
  });
}

base::Result<void> People::require_manager_of(store::Connection& connection, const Principal& by,
                                              PersonKey person) const {
  if (by.person != 0 && by.person == person) return own_rights();
  const auto known = TRY(rows::person(connection, person));
  if (!known) return rows::unknown_person();
  const base::Time now = clock_.now();
  bool any = false;
  for (const Appointment& one : TRY(rows::appointments(connection, person))) {
    if (one.to && *one.to <= now) continue;
    const auto post = TRY(rows::post(connection, one.post));
    if (!post || post->closed) continue;
    any = true;
    TRY(require_manager_of_post(by, *post));
  }
  // Whom no organisation has is anybody's who manages people at all.
  if (!any && !may(by, Permission::people_manage))
    return require(by, Permission::people_manage, kPlatform);
  return base::done();
}

base::Result<void> require_manager_of_post(const Principal& by, const Post& post) {
  if (may(by, Permission::people_manage, post.organisation)) return base::done();
  if (!may(by, Permission::people_manage, kPlatform))
    return require(by, Permission::people_manage, post.organisation);
  Permissions all;
  for (const Role role : post.roles) all = all | permissions_of(role);
  if ((all & kOfDocuments).empty()) return base::done();
  return base::Error(base::Code::forbidden, "identity.documents_post",
                     "a post that gives documents is made and filled by an administrator of the "
                     "organisation itself (role unit_admin), who signs in for it",
                     "chức vụ được xem văn bản phải do quản trị đơn vị (vai trò unit_admin) của "
                     "chính cơ quan đó đăng nhập để lập và bổ nhiệm");
}

base::Error own_rights() {
  return base::Error(base::Code::forbidden, "identity.own_rights",
                     "nobody changes their own rights; ask another administrator",
                     "không ai tự thay đổi quyền của mình; hãy nhờ quản trị viên khác");
}

}  // namespace identity
