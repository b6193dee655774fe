#include "trust/policy.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "base/text.h"

namespace trust {
namespace {

base::Time day(int year, unsigned month, unsigned date) {
  return std::chrono::sys_days(std::chrono::year(year) / static_cast<int>(month) /
                               static_cast<int>(date));
}

TEST(Policy, KnowsUntilWhenAlgorithmsAreGood) {
  const Policy policy = Policy::standard();
  EXPECT_EQ(policy.good_until("MD5", 0), base::Time{});
  EXPECT_EQ(policy.good_until("SHA-1", 0), day(2014, 1, 1));
  EXPECT_EQ(policy.good_until("SHA-256", 0), std::nullopt);
  EXPECT_EQ(policy.good_until("RSA", 512), base::Time{});
  EXPECT_EQ(policy.good_until("RSA", 1024), day(2014, 1, 1));
  EXPECT_EQ(policy.good_until("RSA", 2048), day(2031, 1, 1));
  EXPECT_EQ(policy.good_until("RSA", 4096), std::nullopt);
  EXPECT_EQ(policy.good_until("ECDSA", 160), base::Time{});
  EXPECT_EQ(policy.good_until("ECDSA", 384), std::nullopt);
  EXPECT_EQ(policy.good_until("Ed25519", 256), std::nullopt);
  EXPECT_EQ(policy.good_until("DSA", 2048), base::Time{});
  EXPECT_EQ(policy.good_until("GOST", 256), base::Time{});
}

TEST(Policy, IsTheTableOfTheDocumentation) {
  std::ifstream page(TRUC_SOURCE_DIR "/docs/operations/trust.md");
  std::set<std::string> documented, coded;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("| Algorithm |")) inside = true;
    if (!line.starts_with("|")) inside = false;
    if (!inside || !line.starts_with("| `")) continue;
    const auto cells = base::split(line, '|');
    documented.insert(std::string(base::trim(cells.at(1))) + " " +
                      std::string(base::trim(cells.at(2))) + " " +
                      std::string(base::trim(cells.at(3))));
  }
  for (const AlgorithmRule& rule : Policy::standard().algorithms) {
    std::string until = "no end";
    if (rule.good_until == base::Time{}) {
      until = "never";
    } else if (rule.good_until) {
      until = base::iso_time_text(*rule.good_until - std::chrono::hours(1)).substr(0, 10);
    }
    coded.insert("`" + rule.name + "` " + std::to_string(rule.bits_min) + " " + until);
  }
  EXPECT_EQ(documented, coded);
}

}  // namespace
}  // namespace trust
