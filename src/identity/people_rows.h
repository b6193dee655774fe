// The rows of people and posts, and the rules that they keep; for people*.cc only.
#pragma once
#include "identity/people.h"
#include "store/connection.h"

namespace identity::rows {

Person person_of(const store::Row& row);
Post post_of(const store::Row& row);
Appointment appointment_of(const store::Row& row);
Delegation delegation_of(const store::Row& row);

std::int64_t bits_of(const std::vector<Role>& roles);

base::Result<std::optional<Person>> person(store::Connection& connection, PersonKey key);
base::Result<std::optional<Post>> post(store::Connection& connection, PostKey key);
base::Result<std::vector<Appointment>> appointments(store::Connection& connection,
                                                    PersonKey person);
base::Result<std::vector<Delegation>> delegations(store::Connection& connection, PersonKey person);
// What somebody holds at `now`.
base::Result<std::vector<HeldPost>> held(store::Connection& connection, PersonKey person,
                                         base::Time now);

base::Error unknown_person();
base::Error unknown_post();
// identity.bad_person: names the field.
base::Result<void> check(const Person& person);
// identity.bad_post.
base::Result<void> check(const Post& post, const Directory& directory);

}  // namespace identity::rows
