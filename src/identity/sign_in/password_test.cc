#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "identity/sign_in/password_hash.h"
#include "identity/sign_in/password_policy.h"

namespace identity {
namespace {

const PasswordCost kCheap{1, 8192, 2, 4};

TEST(PasswordHash, OnlyThePasswordMatches) {
  PasswordHasher hasher(kCheap, "");
  const auto kept = hasher.hash("mưa phùn tháng ba");
  ASSERT_TRUE(kept.ok());
  EXPECT_TRUE(kept->starts_with("$argon2id$"));
  EXPECT_TRUE(*hasher.matches("mưa phùn tháng ba", *kept));
  EXPECT_FALSE(*hasher.matches("mưa phùn tháng tư", *kept));
  EXPECT_FALSE(*hasher.matches("", *kept));
  EXPECT_NE(*hasher.hash("mưa phùn tháng ba"), *kept);
}

TEST(PasswordHash, NobodysPasswordIsNeverRight) {
  PasswordHasher hasher(kCheap, "");
  EXPECT_FALSE(*hasher.matches("", ""));
  EXPECT_FALSE(*hasher.matches("x", ""));
}

TEST(PasswordHash, WithoutThePepperNothingMatches) {
  PasswordHasher peppered(kCheap, "tiêu"), plain(kCheap, ""), other(kCheap, "ớt");
  const auto kept = peppered.hash("một hai ba bốn");
  EXPECT_TRUE(*peppered.matches("một hai ba bốn", *kept));
  EXPECT_FALSE(*plain.matches("một hai ba bốn", *kept));
  EXPECT_FALSE(*other.matches("một hai ba bốn", *kept));
}

TEST(PasswordHash, AnOtherCostIsNoticed) {
  PasswordHasher cheap(kCheap, ""), dearer({2, 16384, 2, 4}, "");
  const auto kept = cheap.hash("một hai ba bốn");
  EXPECT_FALSE(cheap.outdated(*kept));
  EXPECT_TRUE(dearer.outdated(*kept));
  EXPECT_TRUE(*dearer.matches("một hai ba bốn", *kept));
}

TEST(PasswordHash, TooManyAtOnceAreTurnedAway) {
  PasswordHasher hasher({3, 32 << 20, 1, 1}, "");
  std::atomic<int> busy{0}, fine{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const auto kept = hasher.hash("một hai ba bốn");
      const bool refused = !kept && kept.error().reason() == "identity.sign_in_busy";
      EXPECT_TRUE(kept.ok() || refused);
      ++(kept.ok() ? fine : busy);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(fine.load(), 1);
  EXPECT_GE(busy.load(), 1);
  EXPECT_EQ(fine + busy, 8);
}

std::string why(std::string_view password, std::string_view login = "an.nv") {
  const auto checked = check_new_password(password, login);
  return checked ? "" : std::string(checked.error().reason());
}

TEST(PasswordPolicy, LengthIsCountedInCharacters) {
  EXPECT_EQ(why("mưaphùnthág"), "identity.password_short");  // 11, but more bytes
  EXPECT_EQ(why("mưaphùnthágg"), "");
  EXPECT_EQ(why(std::string(129, 'x') + "abcde"), "identity.password_long");
  EXPECT_EQ(why("abcdefghijkl\xff"), "identity.password_short");
}

TEST(PasswordPolicy, WhatIsGuessedFirstIsRefused) {
  for (const char* common :
       {"matkhau123456", "MatKhau@2026!", "P@ssw0rd12345", "anhyeuem1234", "Anh yêu em 123",
        "hanoivietnam2026", "123456789012", "aaaaaaaaaaaa", "abababababab", "nguyenvan1990",
        "qwertyuiop123", "adminadmin123", "iloveyou201314", "ubnd2026!!!!"}) {
    EXPECT_EQ(why(common), "identity.password_common") << common;
  }
}

TEST(PasswordPolicy, ASentenceIsFine) {
  for (const char* good : {"mưa phùn tháng ba đường làng", "correct horse battery staple",
                           "Tôi đi chợ mua ba cân cam", "7f9aK2mq0xPz"}) {
    EXPECT_EQ(why(good), "") << good;
  }
}

TEST(PasswordPolicy, TheLoginWithALittleMoreIsRefused) {
  EXPECT_EQ(why("nguyen.van.an1", "nguyen.van.an"), "identity.password_is_login");
  EXPECT_EQ(why("NGUYEN.VAN.AN!!", "nguyen.van.an"), "identity.password_is_login");
  EXPECT_EQ(why("nguyen.van.an thích câu cá mùa lũ", "nguyen.van.an"), "");
}

}  // namespace
}  // namespace identity
