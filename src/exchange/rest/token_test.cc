#include "exchange/rest/token.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "exchange/testing/rest_server.h"

namespace exchange::rest {
namespace {

// A real system with a real secret, through the real authenticator.
class Token : public ::testing::Test {
 public:
  Token() : face(server.site.exchange(), server.identity), routes(face.routes()) {
    identity::SystemCredentials::Wanted wanted;
    wanted.kind = identity::CredentialKind::client_secret;
    wanted.name = "thử";
    wanted.permissions = {identity::Permission::documents_read};
    secret = server.identity.credentials.issue(identity::console(), testing::kSender, wanted, true)
                 .value()
                 .secret;
  }
  http::Response ask(const std::string& body, const std::string& authorization = {},
                     const std::string& type = "application/x-www-form-urlencoded") {
    http::Request request;
    request.method = http::Method::post;
    request.remote = "10.0.0.1";
    request.body = body;
    request.headers.add("Content-Type", type);
    if (!authorization.empty()) request.headers.add("Authorization", authorization);
    return routes.at(0).handler(request);
  }
  std::string good() const {
    return std::string("grant_type=client_credentials&client_id=") + testing::kSender +
           "&client_secret=" + secret;
  }
  static std::string member(const http::Response& response, std::string_view name) {
    return std::string(base::Json::parse(response.body).value()[name].text());
  }
  testing::RestServer server;
  TokenFace face;
  std::vector<http::Route> routes;
  std::string secret;
};

TEST_F(Token, IsGivenForIdAndSecretInTheFormOrAsBasic) {
  const auto form = ask(good());
  ASSERT_EQ(form.status, 200) << form.body;
  EXPECT_EQ(member(form, "token_type"), "Bearer");
  EXPECT_EQ(member(form, "scope"), "documents.read");
  const auto basic = ask("grant_type=client_credentials",
                         "Basic " + base::base64(std::string(testing::kSender) + ":" + secret));
  ASSERT_EQ(basic.status, 200) << basic.body;
  http::Head head;
  head.headers.add("Authorization", "Bearer " + member(basic, "access_token"));
  const auto who = server.identity.authenticator.of(head);
  ASSERT_TRUE(who.ok()) << who.error().detail();
  EXPECT_EQ(who->id, std::string("system:") + testing::kSender);
}

TEST_F(Token, RefusalsAreThoseOfOAuth) {
  EXPECT_EQ(member(ask("grant_type=password&username=a"), "error"), "unsupported_grant_type");
  EXPECT_EQ(member(ask(""), "error"), "invalid_request");
  EXPECT_EQ(member(ask(good() + "&client_secret=other"), "error"), "invalid_request");
  EXPECT_EQ(member(ask(good(), {}, "application/json"), "error"), "invalid_request");
  EXPECT_EQ(member(ask(good() + "&scope=documents.send"), "error"), "invalid_scope");
  const auto wrong = ask(good() + "x");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(member(wrong, "error"), "invalid_client");
  EXPECT_EQ(ask("grant_type=client_credentials", "Basic !!").status, 401);
  EXPECT_EQ(ask(good(), "Basic eDp5").status, 400);  // two ways at once
}

TEST_F(Token, GuessingIsSlowedDown) {
  int limited = 0;
  for (int i = 0; i < 100; ++i) limited += ask(good() + "x").status == 429 ? 1 : 0;
  EXPECT_GT(limited, 20);
}

}  // namespace
}  // namespace exchange::rest
