#include "cli/site.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/testing/temp_directory.h"

namespace cli {
namespace {

class SiteTest : public ::testing::Test {
 protected:
  std::string site() const { return directory_ / "site"; }
  base::testing::TempDirectory directory_;
};

TEST_F(SiteTest, ANewSiteOpensWithEveryDefault) {
  ASSERT_TRUE(create_site(site()));
  const auto opened = Site::open(site(), false);
  ASSERT_TRUE(opened) << opened.error().detail();
  ASSERT_TRUE((*opened)->exchange());
  EXPECT_EQ((*opened)->config.text("server.listen"), "127.0.0.1:8080");
  struct stat status {};
  ASSERT_EQ(::stat(key_path(site()).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(SiteTest, ASecondSiteInTheSameDirectoryIsRefused) {
  ASSERT_TRUE(create_site(site()));
  EXPECT_EQ(create_site(site()).error().reason(), "cli.site_exists");
}

// The half-made site was lost when its configuration could not be read; leak checkers found it.
TEST_F(SiteTest, OpeningWhatIsNoSiteSaysSoAndLeavesNothingBehind) {
  const auto opened = Site::open(directory_ / "khong-co", false);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().reason(), "cli.no_site");
}

TEST_F(SiteTest, AKeyOfTheWrongLengthIsRefused) {
  ASSERT_TRUE(create_site(site()));
  std::ofstream(key_path(site()), std::ios::trunc) << "short";
  const auto opened = Site::open(site(), false);
  ASSERT_TRUE(opened);
  const auto exchange = (*opened)->exchange();
  ASSERT_FALSE(exchange);
  EXPECT_EQ(exchange.error().reason(), "cli.bad_key");
}

}  // namespace
}  // namespace cli
