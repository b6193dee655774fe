#include "identity/principal.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace identity {
namespace {

using enum Permission;

Principal with(std::vector<Grant> grants) {
  Principal made;
  made.kind = Principal::Kind::person;
  made.person = 7;
  made.grants = std::move(grants);
  return made;
}

TEST(Principal, AStrangerMayNothing) {
  for (int i = 0; i < kPermissions; ++i) {
    EXPECT_FALSE(may(Principal{}, static_cast<Permission>(i)));
    EXPECT_FALSE(may(Principal{}, static_cast<Permission>(i), kPlatform));
    EXPECT_FALSE(may(Principal{}, static_cast<Permission>(i), 5));
  }
}

TEST(Principal, AGrantHoldsForItsOrganisationsOnly) {
  const Principal clerk = with({{permissions_of(Role::clerk), {3, 5}, false}});
  EXPECT_TRUE(may(clerk, documents_send, 3));
  EXPECT_TRUE(may(clerk, documents_send, 5));
  EXPECT_FALSE(may(clerk, documents_send, 4));
  EXPECT_FALSE(may(clerk, documents_send, kPlatform));
  EXPECT_FALSE(may(clerk, people_manage, 3));
  EXPECT_EQ(require(clerk, people_manage, 3).error().reason(), "identity.not_permitted");
}

TEST(Principal, GrantsOfTwoPostsDoNotMix) {
  const Principal both = with({{{documents_send}, {3}, false}, {{people_manage}, {5}, false}});
  EXPECT_FALSE(may(both, documents_send, 5));
  EXPECT_FALSE(may(both, people_manage, 3));
  EXPECT_EQ(reach(both, documents_send).organisations, std::vector<OrganisationKey>{3});
}

TEST(Principal, EverywhereIsEveryOrganisationButNotThePlatform) {
  const Principal seer = with({{{traces_read}, {}, true}});
  EXPECT_TRUE(may(seer, traces_read, 12345));
  EXPECT_FALSE(may(seer, traces_read, kPlatform));
  EXPECT_TRUE(reach(seer, traces_read).covers(99));
}

TEST(Permission, NobodyWhoAdministersReadsDocuments) {
  for (const Role role : {Role::operator_, Role::unit_admin, Role::integrator, Role::auditor}) {
    EXPECT_FALSE(permissions_of(role).has(documents_read)) << name_of(role);
    EXPECT_FALSE(permissions_of(role).has(documents_send)) << name_of(role);
  }
}

TEST(Permission, WhatIsHandedOnIsNeverAdministration) {
  for (const Permission one : {people_manage, systems_manage, organisations_manage,
                               platform_operate, anchors_manage, audit_read}) {
    EXPECT_FALSE(delegable().has(one)) << name_of(one);
    EXPECT_FALSE(permissions_of_systems().has(one)) << name_of(one);
  }
}

TEST(Permission, NamesAreReadBack) {
  for (int i = 0; i < kPermissions; ++i) {
    const auto one = static_cast<Permission>(i);
    EXPECT_EQ(permission_named(name_of(one)), one);
  }
  const auto all = Permissions::from_bits(-1);
  EXPECT_EQ(read_permissions(write_permissions(all)).value(), all);
  EXPECT_EQ(read_permissions("documents.send nonsense").error().reason(),
            "identity.permission_unknown");
  for (int i = 0; i < kRoles; ++i) {
    EXPECT_EQ(role_named(name_of(static_cast<Role>(i))), static_cast<Role>(i));
  }
}

TEST(Permission, TheTableOfRolesIsWhatTheCodeSays) {
  std::ifstream file(TRUC_SOURCE_DIR "/docs/operations/rights.md");
  std::stringstream page;
  page << file.rdbuf();
  for (int i = 0; i < kRoles; ++i) {
    const auto role = static_cast<Role>(i);
    std::string row = "| `" + std::string(name_of(role)) + "` | " + title_of(role).vi + " | ";
    row += may_be_of_platform(role) ? may_be_of_organisation(role) ? "both" : "platform"
                                    : "organisation";
    row += " |";
    for (int p = 0; p < kPermissions; ++p) {
      const auto one = static_cast<Permission>(p);
      if (permissions_of(role).has(one)) row += " `" + std::string(name_of(one)) + "`";
    }
    EXPECT_NE(page.str().find(row + " |\n"), std::string::npos) << row;
  }
}

TEST(Principal, AVerificationIsFreshForFiveMinutes) {
  Principal leader = with({});
  const base::Time now = base::from_micros(1'000'000'000'000);
  EXPECT_EQ(require_verified(leader, now).error().reason(), "identity.verify_again");
  leader.assurance = Assurance::user_verified;
  leader.verified_at = now - std::chrono::minutes(5);
  EXPECT_TRUE(require_verified(leader, now));
  leader.verified_at = now - std::chrono::minutes(6);
  EXPECT_FALSE(require_verified(leader, now));
  leader.verified_at = now + std::chrono::minutes(1);  // a clock that went back proves nothing
  EXPECT_FALSE(require_verified(leader, now));
}

}  // namespace
}  // namespace identity
