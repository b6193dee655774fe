#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace base {
namespace {

Error no_luck() { return Error(Code::conflict, "test.no_luck", "no luck", "không may"); }

Result<int> half(int value) {
  if (value % 2 != 0) return no_luck();
  return value / 2;
}

Result<std::string> quarter_text(int value) {
  const int once = TRY(half(value));
  const int twice = TRY(half(once));
  return std::to_string(twice);
}

Result<void> need_even(int value, int& steps) {
  TRY(half(value));
  ++steps;
  return done();
}

TEST(Result, CarriesAValue) {
  const Result<int> result = half(8);
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(static_cast<bool>(result));
  EXPECT_EQ(*result, 4);
}

TEST(Result, CarriesAnError) {
  const Result<int> result = half(7);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code(), Code::conflict);
  EXPECT_EQ(result.error().reason(), "test.no_luck");
  EXPECT_EQ(result.error().detail(), "no luck");
}

TEST(Result, TryGivesTheValueOrReturnsTheError) {
  EXPECT_EQ(*quarter_text(12), "3");
  EXPECT_EQ(quarter_text(3).error().reason(), "test.no_luck");
  EXPECT_EQ(quarter_text(6).error().reason(), "test.no_luck");  // the second step fails
}

TEST(Result, TryWorksWithoutAValue) {
  int steps = 0;
  EXPECT_TRUE(need_even(2, steps).ok());
  EXPECT_EQ(steps, 1);
  EXPECT_FALSE(need_even(3, steps).ok());
  EXPECT_EQ(steps, 1);
}

TEST(Result, MovesWhatCannotBeCopied) {
  const auto make = []() -> Result<std::unique_ptr<int>> { return std::make_unique<int>(7); };
  const auto pass = [&]() -> Result<int> {
    const std::unique_ptr<int> held = TRY(make());
    return *held;
  };
  EXPECT_EQ(*pass(), 7);
}

TEST(Result, AnErrorTypeInsideAResultOfText) {
  Result<std::string> result = std::string("a");
  EXPECT_EQ(result->size(), 1u);
  result = no_luck();
  EXPECT_FALSE(result);
}

TEST(Error, SpeaksBothLanguages) {
  const Error error = no_luck();
  EXPECT_EQ(error.text().in(Language::vietnamese), "không may");
  EXPECT_EQ(error.text().in(Language::english), "no luck");
}

TEST(Error, FallsBackToEnglish) {
  const Error error(Code::internal, "test.bare", "bare");
  EXPECT_EQ(error.text().in(Language::vietnamese), "bare");
}

TEST(Error, WithAddsWhatWasBeingDone) {
  const Error error = no_luck().with("a.csv");
  EXPECT_EQ(error.detail(), "a.csv: no luck");
  EXPECT_EQ(error.text().vi, "a.csv: không may");
  const Error english_only = Error(Code::internal, "test.bare", "bare").with("b");
  EXPECT_EQ(english_only.text().vi, "");
}

TEST(ResultDeathTest, TakingTheValueOfAnErrorIsAProgrammersError) {
  EXPECT_DEATH(static_cast<void>(half(7).value()), "no luck");
}

}  // namespace
}  // namespace base
