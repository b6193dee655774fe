// A database with identity's tables on either engine, and a directory with three organisations:
// G22, G22.01 below it, and H49.
#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/testing/fake_clock.h"
#include "base/testing/temp_directory.h"
#include "identity/directory.h"
#include "identity/migrations.h"
#include "identity/people.h"
#include "store/journal.h"
#include "store/testing/postgres_server.h"

namespace identity::testing {

class OnEngine : public ::testing::TestWithParam<std::string> {
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
        *database_, clock_, random_, secrets_key_,
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
  // `code` empty: of the platform.
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
  // Somebody with a post that gives no documents, made as the first one of a unit is.
  Principal admin_of(std::string_view code, const std::string& login,
                     Role role = Role::unit_admin) {
    const PersonKey key = person(login);
    EXPECT_TRUE(appoint(console(), key, post(console(), code, {role})).ok());
    return as(key);
  }

  const base::Bytes secrets_key_ = std::string(32, 'k');
  base::testing::TempDirectory directory_;
  base::testing::FakeClock clock_;
  base::SystemRandom random_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<Directory> organisations_;
  std::unique_ptr<People> people_;
};

}  // namespace identity::testing

#define ON_BOTH_ENGINES(Suite) \
  INSTANTIATE_TEST_SUITE_P(Engines, Suite, ::testing::Values("sqlite", "postgresql"))
