#include "cli/platform.h"

#include <gtest/gtest.h>

#include "base/testing/temp_directory.h"
#include "cli/backup_record.h"

namespace cli {
namespace {

class PlatformTest : public ::testing::Test {
 public:
  PlatformTest() {
    EXPECT_TRUE(create_site(directory_ / "site"));
    site = Site::open(directory_ / "site", true).value();
    EXPECT_TRUE(site->exchange());
  }
  // As a page would be told, looked at anew.
  exchange::rest::PlatformState state() {
    ExpiryWatch expiry(*site);
    ServedPlatform platform(*site, expiry);
    EXPECT_TRUE(platform.count());
    return platform.state();
  }
  static bool says(const exchange::rest::PlatformState& state, std::string_view words) {
    for (const auto& one : state.checks)
      if (one.text.en.find(words) != std::string::npos) return true;
    return false;
  }
  std::unique_ptr<Site> site;

 private:
  base::testing::TempDirectory directory_;
};

TEST_F(PlatformTest, SaysWhatTheDoctorSays) {
  const auto told = state();
  EXPECT_FALSE(told.version.empty());
  EXPECT_EQ(told.database, "sqlite");
  EXPECT_GT(told.disk_bytes, told.disk_free_bytes);
  EXPECT_EQ(told.documents, 0);
  EXPECT_TRUE(says(told, "no system is connected yet"));
  EXPECT_TRUE(says(told, "the end of the journal is intact"));
  EXPECT_TRUE(says(told, "there is no whole backup"));
  EXPECT_FALSE(told.backup_at);
}

TEST_F(PlatformTest, KnowsTheLastBackupAndWhatFailedSince) {
  const base::Time now = site->clock.now();
  ASSERT_TRUE(note_failed_backup(*site->database, now - std::chrono::hours(3),
                                 base::Error(base::Code::conflict, "cli.backup_exists", "")));
  EXPECT_TRUE(says(state(), "cli.backup_exists"));
  ASSERT_TRUE(note_backup(*site->database, now - std::chrono::hours(2), 12));
  auto told = state();
  EXPECT_EQ(told.backup_at, now - std::chrono::hours(2));
  EXPECT_EQ(told.backup_documents, 12);
  EXPECT_FALSE(told.backup_failed_at);
  EXPECT_TRUE(says(told, "12 documents"));
  ASSERT_TRUE(note_backup(*site->database, now - std::chrono::hours(50), 11));
  EXPECT_TRUE(says(state(), "the last whole backup is old"));
  ASSERT_TRUE(note_failed_backup(*site->database, now,
                                 base::Error(base::Code::unavailable, "store.full", "")));
  told = state();
  EXPECT_EQ(told.backup_failed_reason, "store.full");
  EXPECT_TRUE(told.backup_at);
}

}  // namespace
}  // namespace cli
