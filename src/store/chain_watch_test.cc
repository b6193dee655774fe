#include "store/chain_watch.h"

#include <gtest/gtest.h>

#include "base/testing/fake_clock.h"
#include "base/testing/temp_directory.h"

namespace store::journal {
namespace {

using State = ChainWatch::State;

class ChainWatchTest : public ::testing::Test {
 public:
  ChainWatchTest() {
    Database::Options options;
    options.url = "sqlite:" + (directory_ / "truc.db");
    database = Database::open(std::move(options)).value();
    EXPECT_TRUE(database->migrate(migrations()).ok());
    watch = std::make_unique<ChainWatch>(*database, clock);
  }
  void append_entries(int count) {
    ASSERT_TRUE(database
                    ->write([&](Connection& connection) -> base::Result<void> {
                      for (int i = 0; i < count; ++i)
                        TRY(append(connection, clock.now(), "tested", "x", base::Json(i)));
                      return base::done();
                    })
                    .ok());
  }
  void run(const Query& query) {
    ASSERT_TRUE(database
                    ->write([&](Connection& connection) -> base::Result<void> {
                      TRY(connection.run(query, {}));
                      return base::done();
                    })
                    .ok());
  }
  void walk() {
    for (std::int64_t seen = 1; seen > 0;) seen = watch->step().value();
  }

 private:
  base::testing::TempDirectory directory_;

 public:
  base::testing::FakeClock clock;
  std::unique_ptr<Database> database;
  std::unique_ptr<ChainWatch> watch;
};

TEST_F(ChainWatchTest, SaysUpToWhereAndWhen) {
  EXPECT_EQ(watch->verdict().state, State::checking);
  append_entries(static_cast<int>(ChainWatch::kPiece) + 3);
  EXPECT_EQ(watch->step().value(), ChainWatch::kPiece);
  EXPECT_EQ(watch->verdict().state, State::checking);
  EXPECT_EQ(watch->verdict().until, ChainWatch::kPiece);
  walk();
  EXPECT_EQ(watch->verdict().state, State::intact);
  EXPECT_EQ(watch->verdict().until, ChainWatch::kPiece + 3);
  EXPECT_EQ(watch->verdict().at, clock.now());
  EXPECT_EQ(watch->verdict().head.size(), 32U);
  clock.advance(std::chrono::minutes(1));
  append_entries(1);
  walk();
  EXPECT_EQ(watch->verdict().until, ChainWatch::kPiece + 4);
  EXPECT_EQ(watch->verdict().at, clock.now());
}

TEST_F(ChainWatchTest, FindsWhatWasChangedBehindItWithinADay) {
  append_entries(10);
  walk();
  static const Query kChange{"test.change", "update journal set body = '77' where seq = 4"};
  run(kChange);
  walk();
  EXPECT_EQ(watch->verdict().state, State::intact);  // as it was when it was looked at
  clock.advance(std::chrono::hours(24));
  walk();
  walk();
  const auto verdict = watch->verdict();
  EXPECT_EQ(verdict.state, State::broken);
  EXPECT_EQ(verdict.broken_at, 4);
  EXPECT_FALSE(verdict.why.vi.empty());
  EXPECT_EQ(watch->step().value(), 0);
}

TEST_F(ChainWatchTest, FindsWhatIsMissing) {
  append_entries(10);
  walk();
  static const Query kCut{"test.cut", "delete from journal where seq > 8"};
  run(kCut);
  walk();
  EXPECT_EQ(watch->verdict().broken_at, 9);
  ChainWatch other(*database, clock);
  static const Query kHole{"test.hole", "delete from journal where seq = 3"};
  run(kHole);
  EXPECT_EQ(other.step().value(), 0);
  EXPECT_EQ(other.verdict().broken_at, 3);
  static const Query kForge{"test.forge", "update journal set previous = hash where seq = 2"};
  run(kForge);
  ChainWatch third(*database, clock);
  EXPECT_EQ(third.step().value(), 0);
  EXPECT_EQ(third.verdict().broken_at, 2);
}

}  // namespace
}  // namespace store::journal
