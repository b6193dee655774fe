// What a sender to addresses that others have chosen needs of the client, and streams read by it.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/time.h"
#include "http/address.h"
#include "http/client.h"
#include "http/testing/certificates.h"
#include "http/testing/wire.h"

namespace http {
namespace {

using testing::RunningServer;

std::vector<Route> routes() {
  return {{Method::post, "/hook", Permission::open, 1000,
           [](Request& r) {
             return Response::text(200, "text/plain",
                                   std::string(r.headers["Host"]) + " " + r.body);
           },
           ""},
          {Method::post, "/elsewhere", Permission::open, 1000,
           [](Request&) {
             Response response = Response::text(307, "text/plain", "go there");
             response.headers.add("Location", "/hook");
             return response;
           },
           ""},
          {Method::get, "/endless", Permission::open, 0,
           [](Request&) {
             struct Flood : PushSource {
               base::Result<Next> next(std::string& to, std::size_t size) override {
                 to.append(size, 'f');
                 return Next::again;
               }
             };
             return Response::events(std::make_shared<Flood>());
           },
           ""}};
}

Client::Options to(std::uint16_t port, const std::string& host, const std::string& address) {
  Client::Options options;
  options.url = *Url::parse("http://" + host + ":" + std::to_string(port));
  options.address = address;
  options.connect_timeout_ms = 3000;
  options.idle_timeout_ms = 3000;
  return options;
}

Client::Exchange hook(std::string_view body, std::string path = "/hook") {
  Client::Exchange what;
  what.method = Method::post;
  what.path = std::move(path);
  what.body = body;
  return what;
}

TEST(PinnedClient, ConnectsToTheAddressAndSpeaksToTheName) {
  RunningServer server(routes());
  // A name that leads nowhere shows that none is looked up.
  const auto client = Client::create(to(server.port, "hook.invalid", "127.0.0.1"));
  const auto answer = client->exchange(hook("x"));
  ASSERT_TRUE(answer.ok()) << answer.error().detail();
  EXPECT_EQ(answer->body, "hook.invalid:" + std::to_string(server.port) + " x");
  // And the other way round: a name that would do is not used beside an address that does not.
  const auto other = Client::create(to(server.port, "localhost", "127.0.0.2"))->exchange(hook("x"));
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().reason(), "http.connect_failed");
  const auto name = Client::create(to(server.port, "localhost", "localhost"))->exchange(hook("x"));
  ASSERT_FALSE(name.ok());
  EXPECT_EQ(name.error().reason(), "http.connect_failed");
}

TEST(PinnedClient, ChecksTheCertificateAgainstTheName) {
  testing::Certificates files;
  files.issue("DNS:hook.example");
  auto options = RunningServer::quick();
  options.certificate_file = files.certificate();
  options.key_file = files.key();
  options.head_timeout_ms = 3000;
  RunningServer server(routes(), options);
  auto mine = to(server.port, "hook.example", "127.0.0.1");
  mine.url.tls = true;
  mine.trust_file = files.authority();
  const auto answer = Client::create(mine)->exchange(hook("x"));
  ASSERT_TRUE(answer.ok()) << answer.error().detail();
  mine.url.host = "other.example";
  const auto wrong = Client::create(mine)->exchange(hook("x"));
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().reason(), "http.certificate_refused");
}

TEST(PinnedClient, JudgesTheAddressToo) {
  RunningServer server(routes());
  auto mine = to(server.port, "hook.example", "127.0.0.1");
  mine.public_only = true;
  const auto answer = Client::create(mine)->exchange(hook("x"));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().reason(), "http.address_refused");
}

TEST(PinnedClient, FollowsNoRedirect) {
  RunningServer server(routes());
  const auto client = Client::create(to(server.port, "hook.invalid", "127.0.0.1"));
  const auto answer = client->exchange(hook("x", "/elsewhere"));
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->status, 307);
  EXPECT_EQ(answer->body, "go there");
}

struct Gathering : BodySink {
  std::string all;
  std::size_t at_most = ~std::size_t{0};
  std::function<void()> after = [] {};
  base::Result<void> write(base::BytesView chunk) override {
    all += chunk;
    after();
    if (all.size() < at_most) return base::done();
    return base::Error(base::Code::too_large, "test.enough", "Enough.");
  }
};

TEST(PinnedClient, ADeadlineEndsAnAnswerWithoutAnEnd) {
  RunningServer server(routes());
  const auto client = Client::create(to(server.port, "hook.invalid", "127.0.0.1"));
  Gathering sink;
  Client::Exchange what;
  what.path = "/endless";
  what.sink = &sink;
  sink.after = [&] { sink.all.clear(); };
  const auto start = base::monotonic_micros();
  what.deadline_micros = start + 200'000;
  const auto answer = client->exchange(what);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().reason(), "http.timed_out");
  EXPECT_LT(base::monotonic_micros() - start, 2'000'000);
  sink.after = [] {};
  sink.at_most = 100000;
  what.deadline_micros = 0;
  const auto enough = client->exchange(what);
  ASSERT_FALSE(enough.ok());
  EXPECT_EQ(enough.error().reason(), "test.enough");
}

TEST(StreamingClient, GetsEachPartWhenItComes) {
  struct Clock : PushSource {
    int number = 0;
    base::Result<Next> next(std::string& to, std::size_t) override {
      to += "data: " + std::to_string(++number) + "\n\n";
      return number == 3 ? Next::end : Next::wait;
    }
  };
  std::shared_ptr<Clock> source;
  RunningServer server({{Method::get, "/events", Permission::open, 0,
                         [&](Request&) {
                           source = std::make_shared<Clock>();
                           return Response::events(source);
                         },
                         ""}});
  const auto client = Client::create(to(server.port, "localhost", "127.0.0.1"));
  Gathering sink;
  int parts = 0;
  sink.after = [&] {
    ++parts;
    source->wake();  // the next event comes only because this one has
  };
  Client::Exchange what;
  what.path = "/events";
  what.sink = &sink;
  std::string type;
  what.head = [&](const Response& response) -> base::Result<void> {
    type = response.headers["Content-Type"];
    EXPECT_EQ(parts, 0);
    return base::done();
  };
  const auto answer = client->exchange(what);
  ASSERT_TRUE(answer.ok()) << answer.error().detail();
  EXPECT_EQ(sink.all, "data: 1\n\ndata: 2\n\ndata: 3\n\n");
  EXPECT_GE(parts, 3);
  EXPECT_EQ(type, "text/event-stream");
  what.head = [](const Response&) -> base::Result<void> {
    return base::Error(base::Code::invalid, "test.unwanted", "Not this.");
  };
  sink.all.clear();
  const auto unwanted = client->exchange(what);
  ASSERT_FALSE(unwanted.ok());
  EXPECT_EQ(unwanted.error().reason(), "test.unwanted");
  EXPECT_EQ(sink.all, "");
}

TEST(StreamingClient, SendsBodiesWithEveryMethod) {
  struct Letters : BodySource {
    std::uint64_t left = 700000;
    std::uint64_t size() const override { return 700000; }
    base::Result<std::size_t> read(char* to, std::size_t size) override {
      const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(size, left));
      std::fill(to, to + n, 'L');
      left -= n;
      return n;
    }
  };
  const auto handler = [](Request& r) {
    return Response::text(200, "text/plain",
                          std::string(method_name(r.method)) + std::to_string(r.body.size()));
  };
  RunningServer server({{Method::put, "/x", Permission::open, 1 << 20, handler, ""},
                        {Method::patch, "/x", Permission::open, 1 << 20, handler, ""},
                        {Method::del, "/x", Permission::open, 1 << 20, handler, ""}});
  const auto client = Client::create(to(server.port, "localhost", "127.0.0.1"));
  for (const Method method : {Method::put, Method::patch, Method::del}) {
    Letters letters;
    Client::Exchange what;
    what.method = method;
    what.path = "/x";
    what.source = &letters;
    const auto answer = client->exchange(what);
    ASSERT_TRUE(answer.ok()) << answer.error().detail();
    EXPECT_EQ(answer->body, std::string(method_name(method)) + "700000");
  }
  Client::Exchange bare;
  bare.method = Method::del;
  bare.path = "/x";
  EXPECT_EQ(client->exchange(bare)->body, "DELETE0");
}

TEST(Addresses, AreFoundForTheCallerToJudge) {
  const auto literal = addresses_of("127.0.0.1");
  ASSERT_TRUE(literal.ok());
  EXPECT_EQ(*literal, std::vector<std::string>{"127.0.0.1"});
  const auto local = addresses_of("localhost");
  ASSERT_TRUE(local.ok());
  for (const std::string& address : *local) EXPECT_FALSE(is_public(address)) << address;
  EXPECT_TRUE(is_public("203.113.130.1"));
  EXPECT_TRUE(is_public("2405:4800::1"));
  for (const char* text : {"10.0.0.1", "::1", "fe80::1", "localhost", "", "203.113.130.1/8"}) {
    EXPECT_FALSE(is_public(std::string_view(text))) << text;
  }
  const auto nowhere = addresses_of("nowhere.invalid");
  ASSERT_FALSE(nowhere.ok());
  EXPECT_EQ(nowhere.error().reason(), "http.name_unknown");
}

}  // namespace
}  // namespace http
