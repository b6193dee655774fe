#include "identity/sign_in/session.h"

#include "identity/sign_in/testing/sign_in_world.h"

namespace identity {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class SessionTest : public testing::SignInWorld {
 protected:
  std::string why(const std::string& token) {
    const auto found = sign_in_->session(token);
    return found ? "" : std::string(found.error().reason());
  }
};

TEST_P(SessionTest, EndsWhenNotUsedForAnHour) {
  const auto done = by_password(with_password_and_app(testing::kAn));
  for (int i = 0; i < 5; ++i) {
    clock_.advance(minutes(59));
    EXPECT_EQ(why(done->token), "");
  }
  clock_.advance(minutes(60));
  EXPECT_EQ(why(done->token), "identity.not_signed_in");
}

TEST_P(SessionTest, EndsAfterTwelveHoursHoweverUsed) {
  const auto done = by_password(with_password_and_app(testing::kAn));
  for (int i = 0; i < 23; ++i) {
    clock_.advance(minutes(30));
    EXPECT_EQ(why(done->token), "");
  }
  clock_.advance(minutes(30));
  EXPECT_EQ(why(done->token), "identity.not_signed_in");
}

TEST_P(SessionTest, ThatItWasUsedIsWrittenOnceAMinute) {
  const auto done = by_password(with_password_and_app(testing::kAn));
  const auto changes = [&] { return database_->changes(); };
  const auto before = changes();
  for (int i = 0; i < 59; ++i) {
    clock_.advance(seconds(1));
    ASSERT_EQ(why(done->token), "");
  }
  EXPECT_EQ(changes(), before);
  clock_.advance(seconds(1));
  ASSERT_EQ(why(done->token), "");
  ASSERT_EQ(why(done->token), "");
  EXPECT_EQ(changes(), before + 1);
}

TEST_P(SessionTest, OnlyItsOwnTokenOpensIt) {
  const auto done = by_password(with_password_and_app(testing::kAn));
  std::string altered = done->token;
  altered[5] = altered[5] == 'A' ? 'B' : 'A';
  for (const std::string& token :
       {altered, std::string(), std::string("x"), done->token + "A", std::string(43, 'A')}) {
    EXPECT_EQ(why(token), "identity.not_signed_in");
  }
  // What the database has opens nothing.
  bool leaked = false;
  static const store::Query kAll{"test.sessions", "select hash from sign_in_session"};
  ASSERT_TRUE(database_
                  ->read([&](store::Connection& connection) {
                    return connection.each(kAll, {}, [&](const store::Row& row) {
                      leaked = leaked || row.bytes(0) == done->token;
                      return true;
                    });
                  })
                  .ok());
  EXPECT_FALSE(leaked);
}

TEST_P(SessionTest, StepUpGivesANewTokenAndTheOldOneIsWorthNothing) {
  testing::Authenticator device(testing::kOrigin);
  with_passkey(testing::kAn, device);
  const auto first = by_passkey(device);
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(sign_in_->require_fresh(first->session).ok());
  clock_.advance(minutes(5));
  EXPECT_EQ(sign_in_->require_fresh(first->session).error().reason(),
            "identity.verification_needed");
  const auto step = sign_in_->begin_step_up(first->session);
  const auto second =
      sign_in_->finish_step_up(first->session, step->ceremony, device.get(step->options));
  ASSERT_TRUE(second.ok()) << second.error().detail();
  EXPECT_NE(second->token, first->token);
  EXPECT_NE(second->session.csrf, first->session.csrf);
  EXPECT_EQ(why(first->token), "identity.not_signed_in");
  EXPECT_EQ(sign_in_->session(second->token)->key, first->session.key);
  EXPECT_TRUE(sign_in_->require_fresh(second->session).ok());
}

TEST_P(SessionTest, AStepUpIsOfItsSessionOnly) {
  testing::Authenticator device(testing::kOrigin), other(testing::kOrigin);
  with_passkey(testing::kAn, device);
  with_passkey(testing::kBinh, other);
  const auto mine = by_passkey(device), second = by_passkey(device), theirs = by_passkey(other);
  const auto step = sign_in_->begin_step_up(mine->session);
  EXPECT_EQ(sign_in_->finish_step_up(second->session, step->ceremony, device.get(step->options))
                .error()
                .reason(),
            "identity.passkey_refused");
  const auto again = sign_in_->begin_step_up(mine->session);
  EXPECT_EQ(sign_in_->finish_step_up(mine->session, again->ceremony, other.get(again->options))
                .error()
                .reason(),
            "identity.passkey_refused");
}

TEST_P(SessionTest, EndedOneByOneOrAllButThis) {
  testing::Authenticator device(testing::kOrigin);
  with_passkey(testing::kAn, device);
  const auto one = by_passkey(device), two = by_passkey(device), three = by_passkey(device);
  EXPECT_EQ(sign_in_->sessions(testing::kAn)->size(), 3u);
  EXPECT_EQ((*sign_in_->sessions(testing::kAn))[0].user_agent, from_.user_agent);
  ASSERT_TRUE(sign_in_->end_session(testing::kAn, one->session.key, "person:7").ok());
  EXPECT_EQ(sign_in_->end_session(testing::kAn, one->session.key, "person:7").error().reason(),
            "identity.session_unknown");
  EXPECT_EQ(sign_in_->end_session(testing::kBinh, two->session.key, "person:8").error().reason(),
            "identity.session_unknown");
  EXPECT_EQ(why(one->token), "identity.not_signed_in");
  EXPECT_EQ(*sign_in_->end_sessions(testing::kAn, three->session.key, "person:7"), 1);
  EXPECT_EQ(why(two->token), "identity.not_signed_in");
  EXPECT_EQ(why(three->token), "");
  ASSERT_TRUE(sign_in_->sign_out(three->session).ok());
  EXPECT_EQ(why(three->token), "identity.not_signed_in");
}

TEST_P(SessionTest, ANewPasswordEndsTheOtherSessions) {
  const base::Bytes secret = with_password_and_app(testing::kAn);
  const auto one = by_password(secret);
  clock_.advance(seconds(60));
  const auto two = by_password(secret);
  const auto holder = sign_in_->holder(two->session);
  ASSERT_TRUE(holder.ok()) << holder.error().detail();
  ASSERT_TRUE(sign_in_->set_password(*holder, "nắng hạ tháng sáu bờ đê").ok());
  EXPECT_EQ(why(one->token), "identity.not_signed_in");
  EXPECT_EQ(why(two->token), "");
}

TEST_P(SessionTest, ThoseOfADisabledPersonOpenNothing) {
  const auto done = by_password(with_password_and_app(testing::kAn));
  people_.people[0].enabled = false;
  EXPECT_EQ(why(done->token), "identity.sign_in_failed");
}

TEST_P(SessionTest, AClockSetBackLengthensNone) {
  const auto done = by_password(with_password_and_app(testing::kAn));
  clock_.advance(-hours(2));
  EXPECT_EQ(why(done->token), "identity.not_signed_in");
}

ON_BOTH_ENGINES(SessionTest);

TEST(Cookie, IsForThisHostOverTls) {
  EXPECT_EQ(session_cookie("abc", true), "__Host-truc=abc; Path=/; HttpOnly; Secure; SameSite=Lax");
  EXPECT_EQ(session_cookie("abc", false), "truc=abc; Path=/; HttpOnly; SameSite=Lax");
  EXPECT_EQ(ended_session_cookie(true),
            "__Host-truc=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0");
}

TEST(Cookie, TheTokenIsReadOnceOrNotAtAll) {
  http::Headers headers;
  headers.add("Cookie", "a=b; __Host-truc=abc; truc=evil");
  EXPECT_EQ(session_token(headers, true), "abc");
  EXPECT_EQ(session_token(headers, false), "evil");
  headers.add("cookie", "__Host-truc=other");
  EXPECT_EQ(session_token(headers, true), "");
  EXPECT_EQ(session_token({}, true), "");
}

TEST(Csrf, OnlyOurPagesWithTheSessionsToken) {
  Session session;
  session.csrf = "token";
  const std::vector<std::string> origins = {testing::kOrigin};
  const auto allowed = [&](http::Method method, const std::vector<http::Header>& headers) {
    http::Head head;
    head.method = method;
    for (const http::Header& header : headers) head.headers.add(header.name, header.value);
    return csrf_ok(head, session, origins).ok();
  };
  const http::Header token{"X-CSRF-Token", "token"}, origin{"Origin", testing::kOrigin},
      same{"Sec-Fetch-Site", "same-origin"};
  const auto post = http::Method::post;
  EXPECT_TRUE(allowed(post, {token, origin, same}));
  EXPECT_TRUE(allowed(post, {token, origin}));
  EXPECT_TRUE(allowed(post, {token, same}));
  EXPECT_TRUE(allowed(http::Method::get, {}));
  EXPECT_FALSE(allowed(post, {token}));
  EXPECT_FALSE(allowed(post, {origin, same}));
  EXPECT_FALSE(allowed(post, {{"X-CSRF-Token", "other"}, origin, same}));
  EXPECT_FALSE(allowed(post, {{"X-CSRF-Token", ""}, origin, same}));
  EXPECT_FALSE(allowed(post, {token, {"Origin", "https://evil.example"}, same}));
  EXPECT_FALSE(allowed(post, {token, {"Origin", "null"}}));
  EXPECT_FALSE(allowed(post, {token, origin, {"Sec-Fetch-Site", "same-site"}}));
  EXPECT_FALSE(allowed(post, {token, origin, {"Sec-Fetch-Site", "cross-site"}}));
  EXPECT_FALSE(allowed(http::Method::other, {token}));
  session.csrf.clear();
  EXPECT_FALSE(allowed(post, {{"X-CSRF-Token", ""}, origin, same}));
}

}  // namespace
}  // namespace identity
