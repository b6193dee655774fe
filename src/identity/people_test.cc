#include "identity/people.h"

#include <gtest/gtest.h>

#include "base/testing/fake_clock.h"
#include "base/testing/temp_directory.h"
#include "identity/migrations.h"
#include "store/journal.h"
#include "store/testing/postgres_server.h"

namespace identity {
namespace {

using enum Permission;
using std::chrono::hours;

class PeopleTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    store::Database::Options options;
    if (GetParam() == "sqlite") {
      options.url = "sqlite:" + (directory_ / "truc.db");
    } else {
      auto server = store::testing::PostgresServer::shared();
      ASSERT_TRUE(server.ok());
      options.url = std::move((*server)->create_database()).value();
    }
    database_ = std::move(store::Database::open(std::move(options))).value();
    ASSERT_TRUE(database_->migrate(store::journal::migrations()).ok());
    ASSERT_TRUE(database_->migrate(migrations()).ok());
    organisations_ = std::make_unique<Directory>(
        *database_, clock_, random_, std::string(32, 'k'),
        [](store::Connection&, OrganisationKey, SystemKey, SystemKey) { return base::done(); });
    Organisation ministry, department, province;
    ministry.code = "G22";
    department.code = "G22.01";
    department.parent = "G22";
    province.code = "H49";
    ASSERT_TRUE(organisations_->put({ministry, department, province}, "test").ok());
    people_ = std::make_unique<People>(*database_, *organisations_, clock_);
  }

  OrganisationKey org(std::string_view code) { return organisations_->find(code)->key; }
  PersonKey person(const std::string& login) {
    Person wanted;
    wanted.login = login;
    wanted.family_name = "Nguyễn Thị";
    wanted.given_name = "Lan";
    return people_->add(console(), wanted).value();
  }
  PostKey post(const Principal& by, std::string_view code, std::vector<Role> roles,
               bool below = false) {
    Post wanted;
    wanted.organisation = code.empty() ? kPlatform : org(code);
    wanted.title = "Chức vụ";
    wanted.roles = std::move(roles);
    wanted.with_subordinates = below;
    return people_->add_post(by, wanted).value();
  }
  base::Result<std::int64_t> appoint(const Principal& by, PersonKey who, PostKey where) {
    return people_->appoint(by, {0, who, where, clock_.now(), std::nullopt});
  }
  Principal as(PersonKey key) { return people_->principal(key).value(); }
  // An administrator of the unit, made the way that the first one is.
  Principal admin_of(std::string_view code, const std::string& login) {
    const PersonKey key = person(login);
    EXPECT_TRUE(appoint(console(), key, post(console(), code, {Role::unit_admin})).ok());
    return as(key);
  }

  base::testing::TempDirectory directory_;
  base::testing::FakeClock clock_;
  base::SeededRandom random_{1};
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<Directory> organisations_;
  std::unique_ptr<People> people_;
};

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
  EXPECT_EQ(people_->add_post(op, wanted).error().reason(), "identity.not_permitted");
  EXPECT_EQ(people_->add_post(console(), wanted).error().reason(), "identity.not_permitted");
  // Nor by the account of somebody who can.
  const Principal admin = admin_of("G22", "admin");
  const PersonKey lan = person("lan");
  ASSERT_TRUE(appoint(admin, lan, post(admin, "G22", {Role::clerk})).ok());
  EXPECT_EQ(people_->require_manager_of(op, lan).error().reason(), "identity.not_permitted");
  EXPECT_TRUE(people_->require_manager_of(op, admin.person).ok());
  EXPECT_TRUE(people_->require_manager_of(admin, lan).ok());
  // But shutting out is always possible, and letting in again is the unit's.
  EXPECT_TRUE(people_->enable(op, lan, false).ok());
  EXPECT_FALSE(may(as(lan), documents_read));
  EXPECT_FALSE(people_->enable(op, lan, true).ok());
  EXPECT_TRUE(people_->enable(admin, lan, true).ok());
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

INSTANTIATE_TEST_SUITE_P(Engines, PeopleTest, testing::Values("sqlite", "postgresql"));

}  // namespace
}  // namespace identity
