#include "http/range.h"

#include <gtest/gtest.h>

#include <cstring>

namespace http {
namespace {

class TextBody : public BodySource {
 public:
  TextBody(std::string text, bool starts) : text_(std::move(text)), starts_(starts) {}
  std::uint64_t size() const override { return text_.size(); }
  base::Result<std::size_t> read(char* to, std::size_t size) override {
    const std::size_t got = std::min<std::size_t>({size, text_.size() - at_, 3});
    std::memcpy(to, text_.data() + at_, got);
    at_ += got;
    return got;
  }
  base::Result<bool> start_at(std::uint64_t offset) override {
    if (starts_) at_ = offset;
    return starts_;
  }

 private:
  const std::string text_;
  const bool starts_;
  std::size_t at_ = 0;
};

struct Asked {
  std::string range = {}, if_range = {};
  Method method = Method::get;
  std::string text = "0123456789";
  bool starts = true;
};

// "206 bytes 2-4/10: 234", "200: 0123456789", or the reason.
std::string answer(const Asked& asked) {
  Head head;
  head.method = asked.method;
  if (!asked.range.empty()) head.headers.add("Range", asked.range);
  if (!asked.if_range.empty()) head.headers.add("If-Range", asked.if_range);
  Response response;
  response.headers.add("ETag", "\"a\"");
  response.source = std::make_unique<TextBody>(asked.text, asked.starts);
  if (auto taken = take_range(head, response); !taken)
    return std::string(taken.error().reason()) + " " + unsatisfied(response);
  EXPECT_EQ(response.headers["Accept-Ranges"], "bytes");
  std::string text(response.source->size(), '?');
  for (std::size_t at = 0; at < text.size();) {
    const auto got = response.source->read(text.data() + at, text.size() - at);
    if (!got || *got == 0) return "ended early";
    at += *got;
  }
  char more = 0;
  EXPECT_EQ(response.source->read(&more, 1).value(), 0U);
  const std::string where(response.headers["Content-Range"]);
  return std::to_string(response.status) + (where.empty() ? "" : " " + where) + ": " + text;
}

TEST(Range, GivesOnePart) {
  EXPECT_EQ(answer({"bytes=2-4"}), "206 bytes 2-4/10: 234");
  EXPECT_EQ(answer({"bytes=0-0"}), "206 bytes 0-0/10: 0");
  EXPECT_EQ(answer({"bytes=7-"}), "206 bytes 7-9/10: 789");
  EXPECT_EQ(answer({"bytes=7-999"}), "206 bytes 7-9/10: 789");
  EXPECT_EQ(answer({"bytes=-3"}), "206 bytes 7-9/10: 789");
  EXPECT_EQ(answer({"bytes=-99"}), "206 bytes 0-9/10: 0123456789");
  EXPECT_EQ(answer({"bytes=2-4", "\"a\""}), "206 bytes 2-4/10: 234");
}

TEST(Range, StaysWholeForWhatIsNoSingleRangeOfThisVersion) {
  const std::string whole = "200: 0123456789";
  for (const char* range :
       {"", "bytes=", "bytes=-", "bytes=a-b", "bytes=4-2", "bytes=0-1,3-4", "items=0-1",
        "bytes=+1-2", "bytes=99999999999999999999-", "bytes=1", "bytes=0x1-2"})
    EXPECT_EQ(answer({range}), whole) << range;
  EXPECT_EQ(answer({"bytes=2-4", "\"b\""}), whole);
  EXPECT_EQ(answer({"bytes=2-4", "W/\"a\""}), whole);
  EXPECT_EQ(answer({"bytes=2-4", "Sun, 22 Nov 2026 02:30:00 GMT"}), whole);
  EXPECT_EQ(answer({"bytes=2-4", "", Method::head}), whole);
  EXPECT_EQ(answer({"bytes=2-4", "", Method::get, "0123456789", false}), whole);
}

TEST(Range, SaysHowMuchThereIsWhenNothingLiesThere) {
  EXPECT_EQ(answer({"bytes=10-"}), "http.range_unsatisfiable bytes */10");
  EXPECT_EQ(answer({"bytes=-0"}), "http.range_unsatisfiable bytes */10");
  EXPECT_EQ(answer({"bytes=0-", "", Method::get, ""}), "http.range_unsatisfiable bytes */0");
  EXPECT_EQ(answer({"bytes=-1", "", Method::get, ""}), "http.range_unsatisfiable bytes */0");
}

}  // namespace
}  // namespace http
