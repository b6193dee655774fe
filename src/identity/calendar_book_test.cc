#include "identity/calendar_book.h"

#include <gtest/gtest.h>

#include "base/testing/temp_directory.h"
#include "identity/migrations.h"
#include "store/testing/postgres_server.h"

namespace identity {
namespace {

class CalendarBookTest : public testing::TestWithParam<std::string> {
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
    auto opened = store::Database::open(std::move(options));
    ASSERT_TRUE(opened.ok()) << opened.error().text().en;
    database_ = std::move(*opened);
    ASSERT_TRUE(database_->migrate(migrations()).ok());
  }
  base::Result<void> announce(const std::vector<SpecialDay>& days) {
    return database_->write(
        [&](store::Connection& connection) { return write_announced(connection, days); });
  }
  base::testing::TempDirectory directory_;
  std::unique_ptr<store::Database> database_;
};

TEST_P(CalendarBookTest, AnAnnouncementReplacesItsYearAndNoOther) {
  CalendarBook book(*database_, {});
  EXPECT_FALSE(book.calendar()->announced(2026));
  auto days = statutory_days(2026);
  days.push_back({{2026, 1, 2}, DayKind::exchanged, "Tết Dương lịch"});
  days.push_back({{2026, 1, 10}, DayKind::worked, "làm bù"});
  ASSERT_TRUE(announce(days).ok());
  EXPECT_TRUE(book.calendar()->works({2026, 1, 2}));  // not read yet
  ASSERT_TRUE(book.refresh().ok());
  EXPECT_FALSE(book.calendar()->works({2026, 1, 2}));
  EXPECT_TRUE(book.calendar()->works({2026, 1, 10}));
  ASSERT_TRUE(announce(statutory_days(2026)).ok());
  ASSERT_TRUE(announce(statutory_days(2027)).ok());
  ASSERT_TRUE(book.refresh().ok());
  EXPECT_TRUE(book.calendar()->works({2026, 1, 2}));
  EXPECT_TRUE(book.calendar()->announced(2027));
}

TEST_P(CalendarBookTest, AYearWithoutItsHolidaysIsRefusedWhole) {
  auto days = statutory_days(2026);
  days.push_back({{2027, 1, 1}, DayKind::holiday, ""});
  const auto refused = announce(days);
  EXPECT_EQ(refused.error().reason(), "identity.calendar_incomplete");
  CalendarBook book(*database_, {});
  ASSERT_TRUE(book.refresh().ok());
  EXPECT_FALSE(book.calendar()->announced(2026));
}

INSTANTIATE_TEST_SUITE_P(Engines, CalendarBookTest, testing::Values("sqlite", "postgresql"),
                         [](const auto& engine) { return engine.param; });

}  // namespace
}  // namespace identity
