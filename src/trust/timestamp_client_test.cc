#include <gtest/gtest.h>
#include <openssl/ts.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "base/hash.h"
#include "base/testing/fake_clock.h"
#include "http/testing/wire.h"
#include "trust/certificate.h"
#include "trust/demo/authority.h"
#include "trust/timestamp.h"

namespace trust {
namespace {

const base::Time kNow = *base::parse_vietnam_time("2026/11/22 09:30:00");

enum class Mood {
  good,
  down,
  slow,
  trickling,
  replays,
  other_imprint,
  future,
  past,
  garbage,
  forged
};

// A timestamp authority behind a real server, in whatever mood a test wants.
class MoodyTsa {
 public:
  explicit MoodyTsa(demo::Authority& authority) : authority_(authority), server_(routes()) {}
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port) + "/tsa"; }
  std::atomic<Mood> mood = Mood::good;
  std::atomic<int> asked = 0;

 private:
  std::vector<http::Route> routes() {
    return {{http::Method::post, "/tsa", http::Permission::open, 65536,
             [this](http::Request& request) { return answer(request.body); }, "a timestamp"}};
  }
  http::Response answer(const base::Bytes& request) {
    ++asked;
    if (mood == Mood::slow) {
      std::this_thread::sleep_for(std::chrono::milliseconds(900));
      return http::Response::text(200, "text/plain", "");
    }
    const std::lock_guard lock(mutex_);
    base::Bytes body;
    switch (mood) {
      case Mood::down:
        return http::Response::text(503, "text/plain", "");
      case Mood::slow:
        break;
      case Mood::trickling: {
        struct Drops : http::BodySource {
          std::uint64_t size() const override { return 15; }
          base::Result<std::size_t> read(char* to, std::size_t) override {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            *to = 'x';
            return std::size_t{1};
          }
        };
        http::Response response = http::Response::text(200, "text/plain", "");
        response.source = std::make_unique<Drops>();
        return response;
      }
      case Mood::garbage:
        body = "\x30\x03\x02\x01\x05 and more";
        break;
      case Mood::replays:
        if (first_.empty()) first_ = authority_.timestamp(request, kNow).value();
        body = first_;
        break;
      case Mood::other_imprint: {
        base::Bytes changed = request;  // the imprint is the longest OCTET STRING of the request
        changed[changed.find("\x04\x20") + 2] ^= 1;
        body = authority_.timestamp(changed, kNow).value();
        break;
      }
      case Mood::future:
        body = authority_.timestamp(request, kNow + std::chrono::hours(1)).value();
        break;
      case Mood::past:
        body = authority_.timestamp(request, kNow - std::chrono::hours(1)).value();
        break;
      case Mood::forged:
        body = authority_.timestamp(request, kNow).value();
        body.back() ^= 1;  // the end of the signature
        break;
      case Mood::good:
        body = authority_.timestamp(request, kNow).value();
    }
    return http::Response::text(200, "application/timestamp-reply", body);
  }

  demo::Authority& authority_;
  std::mutex mutex_;
  base::Bytes first_;
  http::testing::RunningServer server_;
};

class TimestampClientTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { authority_ = demo::Authority::create({"", 2048, kNow}).value(); }
  static void TearDownTestSuite() { authority_.reset(); }
  std::unique_ptr<TimestampClient> client(int timeout_ms = 3000) {
    TimestampOptions options;
    options.authorities = {first.url(), second.url()};
    options.timeout_ms = timeout_ms;
    return timestamp_client(options, clock);
  }
  static inline std::unique_ptr<demo::Authority> authority_;
  MoodyTsa first{*authority_}, second{*authority_};
  base::testing::FakeClock clock{kNow};
  const base::Bytes digest = base::sha256("văn bản");
};

TEST_F(TimestampClientTest, TheFirstThatAnswersIsTaken) {
  const auto stamps = client();
  for (int i = 0; i < 3; ++i) {
    const Stamp stamp = stamps->stamp(digest, 5000).value();
    EXPECT_EQ(stamp.at, kNow);
    EXPECT_EQ(stamp.authority, first.url());
    const unsigned char* at = unsigned_of(base::BytesView(stamp.token));
    PKCS7* token = d2i_PKCS7(nullptr, &at, static_cast<long>(stamp.token.size()));
    const Handle<TS_TST_INFO> info(PKCS7_to_TS_TST_INFO(token));
    ASSERT_TRUE(info);
    const ASN1_OCTET_STRING* covered =
        TS_MSG_IMPRINT_get_msg(TS_TST_INFO_get_msg_imprint(info.get()));
    EXPECT_EQ(base::Bytes(reinterpret_cast<const char*>(ASN1_STRING_get0_data(covered)), 32),
              digest);
    PKCS7_free(token);
  }
  EXPECT_EQ(second.asked, 0);
}

TEST_F(TimestampClientTest, EveryFailureFallsBackAndHealsByItself) {
  for (const Mood mood : {Mood::down, Mood::garbage, Mood::replays, Mood::other_imprint,
                          Mood::future, Mood::past, Mood::forged, Mood::slow, Mood::trickling}) {
    const auto stamps = client(400);
    if (mood == Mood::replays) {
      first.mood = mood;
      EXPECT_EQ(stamps->stamp(digest, 5000).value().authority, first.url());  // the one to replay
    }
    first.mood = mood;
    const std::int64_t began = base::monotonic_micros();
    EXPECT_EQ(stamps->stamp(digest, 5000).value().authority, second.url())
        << static_cast<int>(mood);
    EXPECT_LT(base::monotonic_micros() - began, 3'000'000);
    // Left alone for a while, whatever its mood.
    first.mood = Mood::good;
    const int before = first.asked;
    EXPECT_EQ(stamps->stamp(digest, 5000).value().authority, second.url());
    EXPECT_EQ(first.asked, before);
    clock.advance(std::chrono::seconds(31));
    EXPECT_EQ(stamps->stamp(digest, 5000).value().authority, first.url()) << static_cast<int>(mood);
  }
}

TEST_F(TimestampClientTest, WhenNobodyAnswersEachFailureIsNamed) {
  first.mood = Mood::down;
  second.mood = Mood::forged;
  const auto stamps = client();
  const auto refused = stamps->stamp(digest, 5000);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().reason(), "trust.timestamp_unavailable");
  EXPECT_EQ(refused.error().code(), base::Code::unavailable);
  const std::string said = refused.error().detail();
  EXPECT_NE(
      said.find(first.url() + ": The timestamp is not taken: it answered with HTTP status 503"),
      std::string::npos);
  EXPECT_NE(said.find(second.url() + ": The timestamp is not taken: the token's signature"),
            std::string::npos)
      << said;
  EXPECT_NE(stamps->stamp(digest, 5000).error().detail().find("a moment ago"), std::string::npos);
}

TEST_F(TimestampClientTest, TheBudgetIsKept) {
  first.mood = second.mood = Mood::slow;
  const std::int64_t began = base::monotonic_micros();
  EXPECT_FALSE(client(5000)->stamp(digest, 300).ok());
  EXPECT_LT(base::monotonic_micros() - began, 800'000);
  TimestampOptions none;
  EXPECT_EQ(timestamp_client(none, clock)->stamp(digest, 300).error().reason(),
            "trust.timestamp_unavailable");
  none.authorities = {"nonsense"};
  EXPECT_EQ(timestamp_client(none, clock)->stamp(digest, 300).error().reason(),
            "trust.timestamp_unavailable");
  EXPECT_EQ(client()->stamp("short", 300).error().reason(), "trust.digest_malformed");
}

}  // namespace
}  // namespace trust
