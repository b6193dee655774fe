#include "identity/staffing.h"

#include "identity/testing/on_engine.h"

namespace identity {
namespace {

using std::chrono::hours;

class StaffingTest : public testing::OnEngine {
 protected:
  void hold(const Principal& by, PersonKey who, PostKey where, base::Time from,
            std::optional<base::Time> to = {}) {
    ASSERT_TRUE(people_->appoint(by, {0, who, where, from, to}).ok());
  }
  std::optional<base::Time> since(const char* code) {
    std::optional<base::Time> found;
    const auto read = database_->read([&](store::Connection& connection) -> base::Result<void> {
      found = TRY(Staffing(connection, *organisations_, clock_.now()).since(org(code)));
      return base::done();
    });
    EXPECT_TRUE(read.ok());
    return found;
  }
};
ON_BOTH_ENGINES(StaffingTest);

TEST_P(StaffingTest, SinceSomebodyHasHeldAPostWithoutAGap) {
  const Principal admin = admin_of("G22", "admin");
  EXPECT_FALSE(since("G22")) << "an administrator acknowledges nothing";
  const base::Time now = clock_.now();
  const PersonKey lan = person("lan"), hai = person("hai");
  const PostKey clerk = post(admin, "G22", {Role::clerk});
  hold(admin, lan, clerk, now - hours(90), now - hours(80));
  EXPECT_FALSE(since("G22")) << "nobody now";
  hold(admin, lan, clerk, now - hours(50), now - hours(20));
  hold(admin, hai, clerk, now - hours(20));
  EXPECT_EQ(since("G22"), now - hours(50)) << "one after the other; between 80 and 50 nobody";
  EXPECT_FALSE(since("G22.01"));
  ASSERT_TRUE(people_->enable(admin, hai, false).ok());
  EXPECT_FALSE(since("G22")) << "who is shut out cannot act";
}

TEST_P(StaffingTest, AlsoByWhomThoseAboveHaveForIt) {
  const Principal admin = admin_of("G22", "admin");
  const base::Time now = clock_.now();
  const PersonKey lan = person("lan");
  hold(admin, lan, post(admin, "G22", {Role::clerk}, true), now + hours(1));
  EXPECT_FALSE(since("G22.01")) << "not yet";
  hold(admin, lan, post(admin, "G22", {Role::clerk}, true), now - hours(5));
  EXPECT_EQ(since("G22"), now - hours(5));
  EXPECT_EQ(since("G22.01"), now - hours(5));
  EXPECT_FALSE(since("H49"));
}

}  // namespace
}  // namespace identity
