// People with posts, for tests.
#pragma once
#include <string>

#include "base/check.h"
#include "base/hash.h"
#include "exchange/testing/test_exchange.h"
#include "identity/people.h"

namespace exchange::testing {

// Makes Nguyễn Thị `given`, who holds a new post called `title` of the organisation `code` from now
// on.
inline identity::PersonKey employ(TestExchange& site, const std::string& given,
                                  const std::string& code, identity::Role role,
                                  const std::string& title = "Chức vụ") {
  identity::People people(site.database(), site.directory(), site.clock);
  const OrganisationKey where = site.directory().find(code).value().key;
  identity::Principal admin;
  admin.kind = identity::Principal::Kind::person;
  admin.id = "person:admin";
  admin.grants = {{{identity::Permission::people_manage}, {where}, false, 0, 0}};
  identity::Person person;
  person.login = base::hex(site.random.bytes(8));
  person.family_name = "Nguyễn Thị";
  person.given_name = given;
  identity::Post post;
  post.organisation = where;
  post.title = title;
  post.roles = {role};
  const auto who = people.add(admin, person).value();
  const auto held = people.add_post(admin, post).value();
  CHECK(people.appoint(admin, {0, who, held, site.clock.now(), std::nullopt}).ok());
  return who;
}

}  // namespace exchange::testing
