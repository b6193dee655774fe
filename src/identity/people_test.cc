#include "identity/people.h"

#include <gtest/gtest.h>

#include "identity/testing/on_engine.h"

namespace identity {
namespace {

using enum Permission;
using std::chrono::hours;

class PeopleTest : public identity::testing::OnEngine {};
ON_BOTH_ENGINES(PeopleTest);

TEST_P(PeopleTest, ARightComesWithThePostAndGoesWithIt) {
  const Principal admin = admin_of("G22", "admin");
  const PersonKey lan = person("lan");
  EXPECT_FALSE(may(as(lan), documents_send));
  const PostKey clerk = post(admin, "G22", {Role::clerk});
  const auto appointment = appoint(admin, lan, clerk);
  ASSERT_TRUE(appointment.ok());
  EXPECT_TRUE(may(as(lan), documents_send, org("G22")));
  EXPECT_FALSE(may(as(lan), documents_send, org("G22.01")));
  EXPECT_FALSE(may(as(lan), documents_send, kPlatform));
  ASSERT_TRUE(people_->end_appointment(admin, *appointment, clock_.now()).ok());
  EXPECT_FALSE(may(as(lan), documents_send));
}

TEST_P(PeopleTest, SubordinatesAreReachedOnlyWhereThePostSaysSo) {
  const Principal admin = admin_of("G22", "admin");
  const PersonKey lan = person("lan");
  ASSERT_TRUE(appoint(admin, lan, post(admin, "G22", {Role::leader}, true)).ok());
  EXPECT_TRUE(may(as(lan), documents_read, org("G22.01")));
  EXPECT_FALSE(may(as(lan), documents_read, org("H49")));
}

TEST_P(PeopleTest, TheAdministratorOfThePlatformCannotGetAtDocuments) {
  const PersonKey operator_key = person("operator");
  ASSERT_TRUE(appoint(console(), operator_key, post(console(), "", {Role::operator_})).ok());
  const Principal op = as(operator_key);
  EXPECT_TRUE(may(op, traces_read, org("G22")));
  EXPECT_FALSE(may(op, documents_read));
  Post wanted;
  wanted.organisation = org("G22");
  wanted.title = "Văn thư";
  wanted.roles = {Role::clerk};
  EXPECT_EQ(people_->add_post(op, wanted).error().reason(), "identity.documents_post");
  EXPECT_EQ(people_->add_post(console(), wanted).error().reason(), "identity.documents_post");
  // Nor by the account of somebody who can.
  const Principal admin = admin_of("G22", "admin");
  const PersonKey lan = person("lan");
  ASSERT_TRUE(appoint(admin, lan, post(admin, "G22", {Role::clerk})).ok());
  EXPECT_EQ(people_->require_manager_of(op, lan).error().reason(), "identity.documents_post");
  EXPECT_TRUE(people_->require_manager_of(op, admin.person).ok());
  EXPECT_TRUE(people_->require_manager_of(admin, lan).ok());
  // But shutting out is always possible, and letting in again is the unit's.
  EXPECT_EQ(people_->enable(op, lan, false, std::string(1001, 'x')).error().reason(),
            "identity.bad_person");
  EXPECT_TRUE(people_->enable(op, lan, false, "nghỉ hưu").ok());
  EXPECT_EQ(people_->find(lan)->value().disabled_reason, "nghỉ hưu");
  EXPECT_FALSE(may(as(lan), documents_read));
  EXPECT_FALSE(people_->enable(op, lan, true).ok());
  EXPECT_TRUE(people_->enable(admin, lan, true).ok());
  EXPECT_EQ(people_->find(lan)->value().disabled_reason, "");
}

TEST_P(PeopleTest, NobodyChangesTheirOwnRightsOrThoseOfAnotherUnit) {
  const Principal admin = admin_of("G22", "admin");
  const PostKey clerk = post(admin, "G22", {Role::clerk});
  EXPECT_EQ(appoint(admin, admin.person, clerk).error().reason(), "identity.own_rights");
  Post wanted;
  wanted.organisation = org("H49");
  wanted.title = "Văn thư";
  wanted.roles = {Role::clerk};
  EXPECT_EQ(people_->add_post(admin, wanted).error().reason(), "identity.not_permitted");
  wanted.organisation = org("G22");
  wanted.roles = {Role::operator_};
  EXPECT_EQ(people_->add_post(admin, wanted).error().reason(), "identity.bad_post");
}

TEST_P(PeopleTest, WhatIsHandedOnHoldsForItsTimeAndWhileTheGiverHasIt) {
  const Principal admin = admin_of("G22", "admin");
  const PersonKey lan = person("lan"), hai = person("hai");
  const PostKey clerk = post(admin, "G22", {Role::clerk});
  const auto appointment = appoint(admin, lan, clerk);
  const PostKey officer = post(admin, "G22", {Role::officer});
  ASSERT_TRUE(appoint(admin, hai, officer).ok());
  Delegation wanted;
  wanted.post = clerk;
  wanted.to_person = hai;
  wanted.permissions = {documents_send};
  wanted.from = clock_.now();
  wanted.to = clock_.now() + hours(24);
  wanted.reason = "nghỉ phép";
  EXPECT_EQ(people_->delegate(as(hai), wanted).error().reason(), "identity.bad_delegation");
  const auto handed = people_->delegate(as(lan), wanted);
  ASSERT_TRUE(handed.ok());
  EXPECT_TRUE(may(as(hai), documents_send, org("G22")));
  EXPECT_FALSE(may(as(hai), documents_recall, org("G22")));
  clock_.advance(hours(24));
  EXPECT_FALSE(may(as(hai), documents_send));
  wanted.from = clock_.now();
  wanted.to = clock_.now() + hours(24);
  ASSERT_TRUE(people_->delegate(as(lan), wanted).ok());
  EXPECT_TRUE(may(as(hai), documents_send));
  ASSERT_TRUE(people_->end_appointment(admin, *appointment, clock_.now()).ok());
  EXPECT_FALSE(may(as(hai), documents_send));
  wanted.permissions = {people_manage};
  EXPECT_EQ(people_->delegate(as(lan), wanted).error().reason(), "identity.bad_delegation");
}

TEST_P(PeopleTest, PeopleAreListedByGivenNameAndALoginIsTakenOnce) {
  const Principal admin = admin_of("G22", "admin");
  const PersonKey lan = person("lan");
  ASSERT_TRUE(appoint(admin, lan, post(admin, "G22", {Role::clerk})).ok());
  EXPECT_EQ(people_->of_organisation(org("G22"), 0, 10)->size(), 2u);
  EXPECT_EQ(people_->of_organisation(org("H49"), 0, 10)->size(), 0u);
  Person again;
  again.login = "lan";
  again.given_name = "Lan";
  EXPECT_EQ(people_->add(admin, again).error().reason(), "identity.login_taken");
  again.login = "Lan!";
  EXPECT_EQ(people_->add(admin, again).error().reason(), "identity.bad_person");
  EXPECT_EQ(people_->find_login("lan")->value().key, lan);
}

}  // namespace
}  // namespace identity
