#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "base/hash.h"
#include "http/testing/wire.h"
#include "trust/demo/authority.h"
#include "trust/demo/service.h"
#include "trust/revocation.h"
#include "trust/signing/cms_sign.h"
#include "trust/testing/material.h"

namespace trust {
namespace {

using namespace std::chrono_literals;

class FixedClock : public base::Clock {
 public:
  explicit FixedClock(base::Time time) : time_(time) {}
  base::Time now() const override { return time_.load(); }
  void set(base::Time time) { time_ = time; }

 private:
  std::atomic<base::Time> time_;
};

const base::Time kNow = *base::parse_vietnam_time("2026/11/22 09:30:00");

// The servers of these tests are on this machine.
std::unique_ptr<RevocationSource> asking_here(FetchOptions options = {}) {
  options.private_addresses = true;
  return fetching_revocation_source(options);
}

// Made once: keys take time.
demo::Authority& stranger() {
  static const auto authority = demo::Authority::create({"", 2048, kNow}).value();
  return *authority;
}

http::Response answer(int status, base::Bytes body) {
  http::Response out;
  out.status = status;
  out.body = std::move(body);
  return out;
}

http::Route route(std::string_view path, http::Handler handler) {
  return {http::Method::get, path, http::Permission::open, 1000, std::move(handler), "test"};
}

// A server whose only resource counts how often it was asked.
struct Counted {
  std::atomic<int> asked = 0;
  base::Bytes body = "an answer";
  int status = 200;
  int wait_ms = 0;
  std::string location;
  http::testing::RunningServer server{
      {route("/crl",
             [this](http::Request&) {
               ++asked;
               std::this_thread::sleep_for(std::chrono::milliseconds(wait_ms));
               auto out = answer(status, body);
               if (!location.empty()) out.headers.add("Location", location);
               return out;
             }),
       route("/moved", [this](http::Request&) { return answer(200, body); })}};
  std::string url(const std::string& path = "/crl") const {
    return "http://127.0.0.1:" + std::to_string(server.port) + path;
  }
};

TEST(Fetch, AsksInPrivateNetworksOnlyWhenToldTo) {
  Counted server;
  const auto guarded = fetching_revocation_source();
  const std::string port = std::to_string(server.server.port);
  for (const std::string host : {"127.0.0.1", "localhost", "[::ffff:7f00:1]", "0.0.0.0", "127.1"}) {
    const auto answer = guarded->crl("http://" + host + ":" + port + "/crl", kNow, 0);
    ASSERT_FALSE(answer.ok()) << host;
    EXPECT_EQ(answer.error().reason(), "trust.revocation_unavailable");
  }
  EXPECT_EQ(server.asked, 0);
  EXPECT_TRUE(asking_here()->crl(server.url(), kNow, 0).ok());
}

TEST(Fetch, KeepsAnAnswerUntilItsNextUpdate) {
  Counted server;
  server.body = stranger().crl(kNow, 1h).value();
  const auto source = asking_here();
  EXPECT_EQ(source->crl(server.url(), kNow, 0).value(), server.body);
  EXPECT_EQ(source->crl(server.url(), kNow + 59min, 0).value(), server.body);
  EXPECT_EQ(server.asked, 1);
  EXPECT_TRUE(source->crl(server.url(), kNow + 61min, 0));
  EXPECT_EQ(server.asked, 2);
}

TEST(Fetch, KeepsNothingLongerThanADay) {
  Counted server;
  server.body = stranger().crl(kNow, 24h * 365).value();
  const auto source = asking_here();
  EXPECT_TRUE(source->crl(server.url(), kNow, 0));
  EXPECT_TRUE(source->crl(server.url(), kNow + 25h, 0));
  EXPECT_EQ(server.asked, 2);
}

TEST(Fetch, LeavesAFailedSourceAlone) {
  Counted server;
  server.status = 500;
  const auto source = asking_here({.retry_after = 300ms});
  for (int i = 0; i < 3; ++i) {
    const auto got = source->crl(server.url(), kNow, 0);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().reason(), "trust.revocation_unavailable");
    EXPECT_NE(got.error().text().vi.find("500"), std::string::npos);
  }
  EXPECT_EQ(server.asked, 1);
  std::this_thread::sleep_for(350ms);
  server.status = 200;
  EXPECT_TRUE(source->crl(server.url(), kNow, 0));
  EXPECT_EQ(server.asked, 2);
}

TEST(Fetch, GivesUpOnASlowSource) {
  Counted server;
  server.wait_ms = 700;
  const auto source = asking_here({.timeout_ms = 200});
  auto began = base::monotonic_micros();
  EXPECT_FALSE(source->crl(server.url(), kNow, 0));
  EXPECT_LT(base::monotonic_micros() - began, 600'000);
  // The caller's own deadline counts too.
  const auto patient = asking_here({.timeout_ms = 5000});
  began = base::monotonic_micros();
  EXPECT_FALSE(patient->crl(server.url(), kNow, began + 100'000));
  EXPECT_LT(base::monotonic_micros() - began, 600'000);
}

TEST(Fetch, BoundsTheAnswer) {
  Counted server;
  server.body = base::Bytes(20000, 'x');
  const auto source = asking_here({.bytes_max = 10000});
  EXPECT_FALSE(source->crl(server.url(), kNow, 0));
}

TEST(Fetch, AsksOnlyTheWeb) {
  const auto source = asking_here();
  for (const char* url : {"ldap://127.0.0.1/cn=x", "file:///etc/passwd", "ftp://a/b", "", "http://",
                          "http://127.0.0.1:1/a b", "http://127.0.0.1:1/a\r\nX: y"}) {
    EXPECT_FALSE(source->crl(url, kNow, 0)) << url;
  }
  EXPECT_FALSE(source->crl("http://127.0.0.1:1/nobody-here", kNow, 0));
}

TEST(Fetch, FollowsAFewRedirections) {
  Counted server;
  server.status = 302;
  server.location = server.url("/moved");
  const auto source = asking_here({.retry_after = 0s});
  EXPECT_EQ(source->crl(server.url(), kNow, 0).value(), "an answer");
  server.location = server.url();
  const auto fresh = asking_here();
  EXPECT_FALSE(fresh->crl(server.url(), kNow, 0));
  EXPECT_LE(server.asked, 5);
  server.location = "file:///etc/passwd";
  EXPECT_FALSE(asking_here()->crl(server.url(), kNow, 0));
}

TEST(Fetch, ReadsPem) {
  const auto crl = stranger().crl(kNow).value();
  Counted server;
  server.body = "-----BEGIN X509 CRL-----\n" + base::base64(crl) + "\n-----END X509 CRL-----\n";
  EXPECT_EQ(asking_here()->crl(server.url(), kNow, 0).value(), crl);
}

TEST(Fetch, ManyThreadsAskOnce) {
  Counted server;
  server.wait_ms = 200;
  const auto source = asking_here();
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { good += source->crl(server.url(), kNow, 0).ok() ? 1 : 0; });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 8);
  EXPECT_EQ(server.asked, 1);
}

TEST(Fetch, KeepsABoundedNumber) {
  Counted server;
  const auto source = asking_here({.entries_max = 4});
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(source->crl(server.url("/crl?" + std::to_string(i)), kNow, 0));
  }
  EXPECT_EQ(server.asked, 20);
  EXPECT_TRUE(source->crl(server.url("/crl?19"), kNow, 0));
  EXPECT_EQ(server.asked, 20);
  EXPECT_TRUE(source->crl(server.url("/crl?0"), kNow, 0));
  EXPECT_EQ(server.asked, 21);
}

// The whole way: a signature whose certificate names a server of the demonstration.
class FetchAndJudge : public ::testing::Test {
 protected:
  void SetUp() override {
    // The port is known only once the server runs, and the certificates name it.
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), size), 0);
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    ::close(socket);
    const std::string url = "http://127.0.0.1:" + std::to_string(port_) + "/pki";
    authority_ = demo::Authority::create({url, 2048, kNow}).value();
    Anchor root;
    root.certificate = authority_->root();
    ASSERT_TRUE(anchors_.add(root));
    signer_ = authority_->issue({.name = "Nguyễn Văn A", .organisation = "UBND"}).value();
    const auto key = key_from_pem(signer_.pem(), "").value();
    cms_ = signing::sign_cms(*key, base::sha256(content_), {}, nullptr, 0).value();
  }
  void serve(std::vector<http::Route> routes) {
    auto options = http::testing::RunningServer::quick();
    options.port = port_;
    server_ = std::make_unique<http::testing::RunningServer>(std::move(routes), options);
  }
  SignatureReport judge(RevocationSource* source) {
    const Policy policy = Policy::standard();
    const Context context{
        .anchors = anchors_, .policy = policy, .revocation = source, .now = clock_.now()};
    CmsInput input;
    input.der = cms_;
    input.content = testing::feed_of(content_);
    return judge_cms(input, context).at(0);
  }

  const base::Bytes content_ = "Quyết định";
  FixedClock clock_{kNow};
  std::uint16_t port_ = 0;
  std::unique_ptr<demo::Authority> authority_;
  Anchors anchors_;
  demo::Credential signer_;
  base::Bytes cms_;
  std::unique_ptr<http::testing::RunningServer> server_;
};

TEST_F(FetchAndJudge, AsksTheAuthority) {
  demo::Service service(*authority_, clock_);
  serve(service.routes());
  const auto source = asking_here();
  auto report = judge(source.get());
  EXPECT_EQ(report.verdict, Verdict::valid) << name_of(report.sub);
  ASSERT_TRUE(authority_->revoke(signer_.certificates[0], kNow));
  // The answer is kept until its nextUpdate, a day later.
  EXPECT_EQ(judge(source.get()).verdict, Verdict::valid);
  clock_.set(kNow + 25h);
  EXPECT_EQ(judge(source.get()).sub, SubIndication::revoked_no_poe);
}

TEST_F(FetchAndJudge, SaysWhenNobodyAnswers) {
  const auto source = asking_here();
  const auto report = judge(source.get());
  EXPECT_EQ(report.sub, SubIndication::try_later);
  EXPECT_EQ(judge(nullptr).sub, SubIndication::try_later);
}

// Whoever forges a certificate writes into it where this machine should ask. Only what leads to an
// anchor is believed so far.
TEST_F(FetchAndJudge, NobodyIsAskedForAForgedCertificate) {
  Counted trap;
  const std::string url = trap.url();
  const std::vector<std::pair<std::string, std::string>> leads = {
      {"crlDistributionPoints", "URI:" + url},
      {"authorityInfoAccess", "OCSP;URI:" + url + ",caIssuers;URI:" + url}};
  const auto forger = demo::Authority::create({url, 2048, kNow}).value();
  demo::Wish wish{.name = "Nguyễn Văn A", .organisation = "UBND", .extensions = leads};
  std::vector<demo::Credential> forged = {forger->issue(wish).value()};
  // Without its issuer; with the true authority in place of it; issued by who may not.
  forged.push_back(forged[0]);
  forged.back().certificates.resize(1);
  forged.push_back(forged[0]);
  forged.back().certificates = {forged[0].certificates[0], authority_->issuing(),
                                authority_->root()};
  wish.issuer = &signer_;
  forged.push_back(authority_->issue(wish).value());
  const auto source = asking_here();
  for (const demo::Credential& one : forged) {
    const auto key = key_from_pem(one.pem(), "").value();
    cms_ = signing::sign_cms(*key, base::sha256(content_), {}, nullptr, 0).value();
    const auto report = judge(source.get());
    EXPECT_NE(report.verdict, Verdict::valid) << report.chain.size();
    EXPECT_FALSE(report.steps.empty());
  }
  EXPECT_EQ(trap.asked, 0);
}

TEST_F(FetchAndJudge, DisbelievesALiar) {
  // Another authority answers in the right form: "not revoked" by whoever may not say so.
  demo::Service service(stranger(), clock_);
  serve(service.routes());
  const auto source = asking_here({.retry_after = 0s});
  EXPECT_EQ(judge(source.get()).sub, SubIndication::try_later);
  server_.reset();
  demo::Service honest(*authority_, clock_);
  serve(honest.routes());
  EXPECT_EQ(judge(source.get()).verdict, Verdict::valid);
}

TEST_F(FetchAndJudge, FallsBackFromOcspToTheList) {
  demo::Service service(*authority_, clock_);
  auto routes = service.routes();
  std::erase_if(routes, [](const http::Route& one) { return one.path.ends_with("/ocsp"); });
  serve(std::move(routes));
  const auto source = asking_here();
  EXPECT_EQ(judge(source.get()).verdict, Verdict::valid);
}

}  // namespace
}  // namespace trust
