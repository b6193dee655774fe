#include "cli/giving_way.h"

#include <gtest/gtest.h>

namespace cli {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

// Only counts.
class Counters : public store::Database {
 public:
  using Work = std::function<base::Result<void>(store::Connection&)>;
  base::Result<void> migrate(const std::vector<store::Migration>& /*all*/) override { return {}; }
  base::Result<void> write(const Work& /*change*/, base::Lane /*lane*/) override { return {}; }
  base::Result<void> read(const Work& /*work*/) override { return {}; }
  base::Result<void> backup(const std::string& /*path*/) override { return {}; }
  base::Result<std::vector<std::string>> check() override { return std::vector<std::string>(); }
  std::uint64_t commits() const override { return commits_; }
  std::uint64_t changes() const override { return changes_; }
  std::size_t waiting() const override { return 0; }
  std::string_view engine() const override { return "none"; }

  void add(std::uint64_t commits, std::uint64_t changes) {
    commits_ += commits;
    changes_ += changes;
  }

 private:
  std::uint64_t commits_ = 0, changes_ = 0;
};

TEST(GivingWay, ARushIsSeveralChangesToACommit) {
  Counters database;
  GivingWay giving_way(database, seconds(300));
  const auto now = steady_clock::now();
  EXPECT_FALSE(giving_way.now(now));
  database.add(100, 150);
  EXPECT_FALSE(giving_way.now(now));
  database.add(10, 200);
  EXPECT_TRUE(giving_way.now(now));
  EXPECT_FALSE(giving_way.now(now));  // nothing since
}

TEST(GivingWay, IsBoundedUntilCaughtUp) {
  Counters database;
  GivingWay giving_way(database, seconds(300));
  auto now = steady_clock::now();
  giving_way.caught_up(now);
  const auto rush_at = [&](seconds after) {
    database.add(10, 200);
    return giving_way.now(now + after);
  };
  EXPECT_TRUE(rush_at(seconds(299)));
  EXPECT_FALSE(rush_at(seconds(300)));
  EXPECT_FALSE(rush_at(seconds(400)));
  giving_way.caught_up(now + seconds(401));
  EXPECT_TRUE(rush_at(seconds(500)));
}

}  // namespace
}  // namespace cli
