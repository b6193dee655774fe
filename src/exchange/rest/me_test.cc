// My posts, my colleagues, and what I hand on to them.
#include <gtest/gtest.h>

#include "exchange/testing/engines.h"
#include "exchange/testing/rest_server.h"
#include "exchange/testing/staff.h"

namespace exchange::rest {
namespace {

using identity::Role;
using testing::RestAnswer;
using testing::RestServer;

class RestMe : public ::testing::TestWithParam<std::string> {
 public:
  RestMe() : server(testing::fresh_database(GetParam())) {
    server.know_system("A", testing::kSender);
    lan = employ("Lan", "G99", Role::clerk, "Văn thư");
    duc = employ("Đức", "G99", Role::leader, "Chánh Văn phòng");
    hoa = employ("Hoa", "H98", Role::clerk, "Văn thư");
    know();
  }
  identity::PersonKey employ(const std::string& given, const std::string& code, Role role,
                             const std::string& title) {
    return testing::employ(server.site, given, code, role, title);
  }
  // Who they are now.
  void know() {
    server.know("lan", server.identity.people.principal(lan).value());
    server.know("duc", server.identity.people.principal(duc).value());
  }
  std::string names(const std::string& query, const std::string& caller = "lan") {
    std::string all;
    for (const base::Json& one : server.get("/api/v1/me/colleagues" + query, caller).items())
      all += std::string(one["name"].text()) + ";";
    return all;
  }
  base::Json wanted() {
    base::Json body;
    const auto me = server.get("/api/v1/me", "lan").json;
    body.add("post", me["posts"].array().at(0)["post"].integer()).add("to_person", duc);
    body.add("permissions", "documents.read");
    body.add("to", base::iso_time_text(server.site.clock.now() + std::chrono::hours(24)));
    body.add("reason", "nghỉ phép");
    return body;
  }
  // Where the server says that it is wrong.
  std::string wrong(const std::string& member, base::Json value) {
    base::Json body{base::Json::Object{}};
    const base::Json right = wanted();
    for (const auto& [name, was] : right.object())
      if (name != member) body.add(name, was);
    const auto answer = server.post("/api/v1/me/delegations", "lan", body.add(member, value));
    EXPECT_EQ(answer.status, 400) << answer.body;
    return answer.text("pointer");
  }
  RestServer server;
  identity::PersonKey lan = 0, duc = 0, hoa = 0;
};
ON_BOTH_ENGINES(RestMe);

TEST_P(RestMe, SaysWhichPostsIHold) {
  const auto posts = server.get("/api/v1/me", "lan").json["posts"].array();
  ASSERT_EQ(posts.size(), 1u);
  EXPECT_EQ(posts[0]["title"].text(), "Văn thư");
  EXPECT_EQ(posts[0]["organisation"].text(), "G99");
  EXPECT_EQ(posts[0]["roles"].array().at(0).text(), "clerk");
  EXPECT_EQ(posts[0]["from"].text(), base::iso_time_text(server.site.clock.now()));
  EXPECT_FALSE(posts[0].has("to"));
  EXPECT_TRUE(server.get("/api/v1/me", "A").json["posts"].array().empty());
}

TEST_P(RestMe, ColleaguesAreThoseOfMyOrganisationByNameOrPost) {
  EXPECT_EQ(names(""), "Nguyễn Thị Đức;") << "not myself, and nobody of H98";
  employ("An", "G99", Role::officer, "Chuyên viên");
  EXPECT_EQ(names(""), "Nguyễn Thị An;Nguyễn Thị Đức;");
  EXPECT_EQ(names("?q=duc"), "Nguyễn Thị Đức;") << "without marks";
  EXPECT_EQ(names("?q=thi+van+phong"), "Nguyễn Thị Đức;");
  EXPECT_EQ(names("?q=hoa"), "");
  EXPECT_EQ(names("?organisation=H98"), "");
  const auto page = server.get("/api/v1/me/colleagues?limit=1", "lan");
  ASSERT_EQ(page.items().size(), 1u);
  EXPECT_EQ(page.items()[0].object().size(), 3u) << "name and posts, and nothing more";
  const auto rest = server.get(page.text("next"), "lan");
  ASSERT_EQ(rest.items().size(), 1u);
  EXPECT_EQ(rest.items()[0]["person"].integer(), duc);
  EXPECT_FALSE(rest.json.has("next"));
  EXPECT_EQ(names("", "A"), "") << "a system has none";
}

TEST_P(RestMe, WhatIsHandedOnIsSaidInNamesAndARefusalNamesItsMember) {
  EXPECT_EQ(wrong("to_person", hoa), "/to_person");
  EXPECT_EQ(wrong("to_person", lan), "/to_person");
  EXPECT_EQ(wrong("post", 999), "/post");
  EXPECT_EQ(wrong("permissions", "people.manage"), "/permissions");
  EXPECT_EQ(wrong("permissions", "nothing"), "/permissions");
  EXPECT_EQ(wrong("to", "2020-01-01T00:00:00Z"), "/to");
  const auto made = server.post("/api/v1/me/delegations", "lan", wanted());
  ASSERT_EQ(made.status, 201) << made.body;
  know();
  for (const char* who : {"lan", "duc"}) {
    const auto all = server.get("/api/v1/me/delegations", who).items();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0]["from_name"].text(), "Nguyễn Thị Lan");
    EXPECT_EQ(all[0]["to_name"].text(), "Nguyễn Thị Đức");
    EXPECT_EQ(all[0]["title"].text(), "Văn thư");
    EXPECT_EQ(all[0]["organisation"].text(), "G99");
  }
  EXPECT_EQ(server.get("/api/v1/me", "duc").json["posts"].array().size(), 1u);
}

}  // namespace
}  // namespace exchange::rest
