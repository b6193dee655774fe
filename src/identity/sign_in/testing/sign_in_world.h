// A site with two people, on either engine, for tests of sign-in.
#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/testing/fake_clock.h"
#include "base/testing/temp_directory.h"
#include "identity/sign_in/migrations.h"
#include "identity/sign_in/sign_in.h"
#include "identity/sign_in/testing/authenticator.h"
#include "identity/sign_in/totp.h"
#include "store/journal.h"
#include "store/testing/postgres_server.h"

namespace identity::testing {

inline constexpr const char* kOrigin = "https://truc.example.gov.vn";
inline constexpr const char* kPassword = "mưa phùn tháng ba đường làng";
inline constexpr PersonKey kAn = 7, kBinh = 8;

class TwoPeople : public SignInPeople {
 public:
  base::Result<std::optional<SignInPerson>> by_login(std::string_view login) override {
    for (const SignInPerson& one : people) {
      if (one.login == login) return std::optional(one);
    }
    return std::optional<SignInPerson>();
  }
  base::Result<std::optional<SignInPerson>> by_key(PersonKey key) override {
    for (const SignInPerson& one : people) {
      if (one.key == key) return std::optional(one);
    }
    return std::optional<SignInPerson>();
  }
  std::vector<SignInPerson> people = {{kAn, "an.nv", "Nguyễn Văn An", true},
                                      {kBinh, "binh.tt", "Trần Thị Bình", true}};
};

// The parameter is the engine: "sqlite" or "postgresql".
class SignInWorld : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "sqlite") {
      url_ = "sqlite:" + (directory_ / "truc.db");
    } else {
      auto server = store::testing::PostgresServer::shared();
      ASSERT_TRUE(server.ok());
      url_ = std::move((*server)->create_database()).value();
    }
    open();
  }
  // Opens the database anew, as a restart does.
  void open() {
    sign_in_.reset();
    database_.reset();
    store::Database::Options options;
    options.url = url_;
    auto opened = store::Database::open(std::move(options));
    ASSERT_TRUE(opened.ok()) << opened.error().detail();
    database_ = std::move(*opened);
    ASSERT_TRUE(database_->migrate(store::journal::migrations()).ok());
    const auto migrated = database_->migrate(sign_in_migrations());
    ASSERT_TRUE(migrated.ok()) << migrated.error().detail();
    SignInOptions how;
    how.party = {"truc.example.gov.vn", {kOrigin}};
    how.password_cost = {1, 8192, 2, 32};
    how.failures_max = failures_max_;
    sign_in_ = std::make_unique<SignIn>(
        SignIn::Parts{*database_, clock_, random_, base::Bytes(32, 'k'), how, people_,
                      [this](const CredentialNotice& notice) { told_.push_back(notice.kind); }});
  }
  SignIn::Holder enrolled(PersonKey person) {
    const auto code = sign_in_->issue_link_code(person, "person:1");
    const auto token = sign_in_->redeem_link_code(*code, from_);
    EXPECT_TRUE(token.ok());
    const auto holder = sign_in_->holder(*token);
    EXPECT_TRUE(holder.ok());
    return *holder;
  }
  // Gives the person a password and an app; the app's secret.
  base::Bytes with_password_and_app(PersonKey person) {
    const SignIn::Holder holder = enrolled(person);
    const auto set = sign_in_->set_password(holder, kPassword);
    EXPECT_TRUE(set.ok()) << set.error().detail();
    const auto step = sign_in_->begin_totp(holder);
    const base::Bytes secret = from_base32(step->secret);
    EXPECT_TRUE(sign_in_->finish_totp(holder, step->ceremony, code_of(secret)).ok());
    clock_.advance(std::chrono::seconds(60));
    return secret;
  }
  void with_passkey(PersonKey person, Authenticator& device, const std::string& name = "máy bàn") {
    const SignIn::Holder holder = enrolled(person);
    const auto step = sign_in_->begin_registration(holder);
    const auto added =
        sign_in_->finish_registration(holder, step->ceremony, device.create(step->options), name);
    ASSERT_TRUE(added.ok()) << added.error().detail();
  }
  base::Result<SignedIn> by_password(const base::Bytes& secret) {
    const auto step = TRY(sign_in_->begin_password("an.nv", kPassword, from_));
    return sign_in_->finish_with_totp(step.ceremony, code_of(secret), from_);
  }
  base::Result<SignedIn> by_passkey(Authenticator& device) {
    const auto step = TRY(sign_in_->begin_passkey());
    return sign_in_->finish_passkey(step.ceremony, device.get(step.options), from_);
  }
  std::string code_of(const base::Bytes& secret) {
    return totp_code(secret, totp_step(clock_.now()));
  }
  static base::Bytes from_base32(std::string_view text) {
    base::Bytes out;
    std::uint32_t held = 0;
    int bits = 0;
    for (const char c : text) {
      held = held << 5 | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
      bits += 5;
      if (bits < 8) continue;
      bits -= 8;
      out.push_back(static_cast<char>(held >> bits & 0xFF));
    }
    return out;
  }
  std::vector<std::string> journal() {
    std::vector<std::string> kinds;
    EXPECT_TRUE(
        database_
            ->read([&](store::Connection& connection) -> base::Result<void> {
              TRY(store::journal::verify(connection, 1, [&](const store::journal::Entry& e) {
                kinds.push_back(e.kind);
                journal_text_ += e.subject + " " + e.body + "\n";
              }));
              return base::done();
            })
            .ok());
    return kinds;
  }

  base::testing::TempDirectory directory_;
  std::string url_;
  base::testing::FakeClock clock_;
  base::SystemRandom random_;
  TwoPeople people_;
  std::vector<std::string> told_;
  std::string journal_text_;
  Caller from_{"203.0.113.7", "Mozilla/5.0 (thử)"};
  int failures_max_ = 1000;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<SignIn> sign_in_;
};

}  // namespace identity::testing

#define ON_BOTH_ENGINES(fixture)                                                        \
  INSTANTIATE_TEST_SUITE_P(Engines, fixture, ::testing::Values("sqlite", "postgresql"), \
                           [](const auto& engine) { return engine.param; })
