#include "trust/pdf/digests.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/random.h"
#include "trust/testing/judging.h"

namespace trust::pdf {
namespace {

using Range = std::array<std::uint64_t, 4>;

// Gives what it likes, fewer bytes than asked for, as a file may.
class Stingy : public Source {
 public:
  explicit Stingy(base::Bytes bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  base::Result<std::size_t> read_at(std::uint64_t offset, char* to,
                                    std::size_t size) const override {
    if (offset >= broken_at) {
      return base::Error(base::Code::unavailable, "base.read_failed", "broken", "hỏng");
    }
    const auto part = base::BytesView(bytes_).substr(static_cast<std::size_t>(offset),
                                                     std::min<std::size_t>(size, 7001));
    std::copy(part.begin(), part.end(), to);
    return part.size();
  }
  std::optional<base::Bytes> sha256() const override { return known; }

  std::uint64_t broken_at = ~std::uint64_t{0};
  std::optional<base::Bytes> known;

 private:
  const base::Bytes bytes_;
};

struct PdfDigests : ::testing::Test {
  base::SeededRandom random{7};
  const base::Bytes bytes = random.bytes(400'000);
  const Policy policy = Policy::standard();
  Context context{testing::anchors(), policy, nullptr, testing::kNow, 0, {}, nullptr};

  base::Bytes expected(const Range& range) const {
    return base::sha256(bytes.substr(range[0], range[1]) + bytes.substr(range[2], range[3]));
  }
};

TEST_F(PdfDigests, AreThoseOfEachRangeByItself) {
  // One inside the next, two with the same gap, one that covers only the beginning.
  const std::vector<Range> ranges = {{0, 300'000, 310'000, 90'000},
                                     {0, 100'000, 120'000, 30'000},
                                     {0, 100'000, 100'001, 299'999},
                                     {0, 1, 3, 1},
                                     {0, 131'072, 131'073, 131'071}};
  for (const bool known : {false, true}) {
    Stingy source(bytes);
    if (known) source.known = base::sha256(bytes);
    const auto found = digests_of(source, ranges, context);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->whole, base::sha256(bytes));
    ASSERT_EQ(found->covered.size(), ranges.size());
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      EXPECT_EQ(found->covered[i], expected(ranges[i])) << i;
    }
  }
  EXPECT_EQ(digests_of(Stingy(bytes), {}, context)->whole, base::sha256(bytes));
  EXPECT_EQ(digests_of(Stingy({}), {}, context)->whole, base::sha256(""));
}

TEST_F(PdfDigests, AreNotGivenForWhatWasNotRead) {
  Stingy source(bytes);
  source.broken_at = 200'000;
  EXPECT_FALSE(digests_of(source, {}, context).has_value());
  // Nobody asks for more than the range when the file's own digest is known.
  source.known = base::sha256(bytes);
  const std::vector<Range> early = {{0, 1000, 2000, 3000}};
  const auto found = digests_of(source, early, context);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->covered[0], expected(early[0]));
  context.deadline_micros = 1;
  EXPECT_FALSE(digests_of(Stingy(bytes), early, context).has_value());
}

}  // namespace
}  // namespace trust::pdf
