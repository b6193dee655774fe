#include "identity/sign_in/options.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/testing/temp_directory.h"

namespace identity {
namespace {

using Type = base::Setting::Type;

const std::vector<base::Setting>& some_settings() {
  static const std::vector<base::Setting> kAll = {
      {"sign_in.domain", Type::text, "localhost", 0, 0, "", ""},
      {"sign_in.origins", Type::text, "http://localhost:8080", 0, 0, "", ""},
      {"sign_in.session_hours", Type::integer, "12", 1, 24, "", ""},
      {"sign_in.idle_minutes", Type::integer, "60", 5, 720, "", ""},
      {"sign_in.failures_max", Type::integer, "1000", 10, 1000000, "", ""},
      {"sign_in.pepper_file", Type::text, "", 0, 0, "", ""},
      {"sign_in.oidc_issuer", Type::text, "", 0, 0, "", ""},
      {"sign_in.oidc_client", Type::text, "", 0, 0, "", ""},
      {"sign_in.oidc_secret_file", Type::text, "", 0, 0, "", ""},
      {"sign_in.oidc_redirect", Type::text, "", 0, 0, "", ""},
      {"sign_in.oidc_trust", Type::text, "", 0, 0, "", ""},
  };
  return kAll;
}

base::Result<SignInOptions> read(const std::string& toml) {
  const auto config = base::Config::parse("[sign_in]\n" + toml, "truc.toml", some_settings());
  EXPECT_TRUE(config.ok());
  return sign_in_options(*config, base::real_files());
}

std::string wrong(const std::string& toml) {
  const auto options = read(toml);
  return options ? "" : options.error().detail();
}

TEST(SignInOptions, TheDefaultsAreOfThisMachine) {
  const auto options = read("");
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->party.id, "localhost");
  EXPECT_EQ(options->party.origins, (std::vector<std::string>{"http://localhost:8080"}));
  EXPECT_FALSE(options->oidc.offered());
  EXPECT_EQ(options->session_longest, std::chrono::hours(12));
  EXPECT_EQ(options->session_idle, std::chrono::minutes(60));
}

TEST(SignInOptions, OriginsAreOfTheDomainOverTls) {
  const std::string domain = "domain = \"truc.example.gov.vn\"\n";
  EXPECT_EQ(
      read(domain + "origins = \"https://truc.example.gov.vn, https://a.truc.example.gov.vn\"")
          ->party.origins.size(),
      2u);
  for (const char* bad :
       {"http://truc.example.gov.vn", "https://example.gov.vn", "https://eviltruc.example.gov.vn",
        "https://truc.example.gov.vn/", "https://truc.example.gov.vn/x", "truc.example.gov.vn"}) {
    EXPECT_TRUE(
        wrong(domain + "origins = \"" + bad + "\"").starts_with("setting sign_in.origins: "))
        << bad;
  }
}

TEST(SignInOptions, AProviderNeedsAllOfItsSettings) {
  base::testing::TempDirectory directory;
  ASSERT_TRUE(base::write_file_durably(base::real_files(), directory / "secret", " s3cret\n").ok());
  ASSERT_TRUE(base::write_file_durably(base::real_files(), directory / "empty", "\n").ok());
  const std::string issuer = "oidc_issuer = \"https://id.example\"\n",
                    client = "oidc_client = \"truc\"\n",
                    redirect = "oidc_redirect = \"https://truc.example/back\"\n",
                    secret = "oidc_secret_file = \"" + (directory / "secret") + "\"\n";
  const auto options = read(issuer + client + redirect + secret);
  ASSERT_TRUE(options.ok()) << options.error().detail();
  EXPECT_EQ(options->oidc.client_secret, "s3cret");
  EXPECT_NE(wrong(issuer + redirect).find("sign_in.oidc_client"), std::string::npos);
  EXPECT_NE(wrong(issuer + client).find("sign_in.oidc_redirect"), std::string::npos);
  EXPECT_NE(wrong("oidc_issuer = \"http://id.example\"\n" + client + redirect)
                .find("sign_in.oidc_issuer"),
            std::string::npos);
  EXPECT_NE(wrong("pepper_file = \"" + (directory / "empty") + "\"").find("sign_in.pepper_file"),
            std::string::npos);
  EXPECT_FALSE(read("pepper_file = \"" + (directory / "nothing") + "\"").ok());
}

}  // namespace
}  // namespace identity
