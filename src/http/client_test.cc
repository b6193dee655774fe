#include "http/client.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <thread>

#include "base/time.h"
#include "http/testing/wire.h"

namespace http {
namespace {

using testing::RunningServer;

// A server that answers each connection with bytes written down in the test.
class Script {
 public:
  // One entry a connection: its parts are sent one after another, each after a request was read.
  explicit Script(std::vector<std::vector<std::string>> connections)
      : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    ::listen(listener_, 8);
    port = ntohs(address.sin_port);
    thread_ = std::thread([this, connections] {
      for (const auto& parts : connections) serve(parts);
    });
  }
  ~Script() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  std::uint16_t port = 0;
  std::string requests;  // read after the exchanges are over

 private:
  void serve(const std::vector<std::string>& parts) {
    const int fd = ::accept(listener_, nullptr, nullptr);
    if (fd < 0) return;
    for (const std::string& part : parts) {
      char buffer[65536];
      const ssize_t n = ::recv(fd, buffer, sizeof buffer, 0);
      if (n <= 0) break;
      requests.append(buffer, static_cast<std::size_t>(n));
      if (::send(fd, part.data(), part.size(), MSG_NOSIGNAL) < 0) break;
    }
    ::shutdown(fd, SHUT_WR);
    char rest[4096];
    while (::recv(fd, rest, sizeof rest, 0) > 0) {
    }
    ::close(fd);
  }
  int listener_;
  std::thread thread_;
};

std::unique_ptr<Client> client_of(std::uint16_t port, int idle_timeout_ms = 3000) {
  Client::Options options;
  options.url = *Url::parse("http://127.0.0.1:" + std::to_string(port));
  options.idle_timeout_ms = idle_timeout_ms;
  options.connect_timeout_ms = 3000;
  return Client::create(options);
}

Client::Exchange asking(Method method, std::string path) {
  Client::Exchange what;
  what.method = method;
  what.path = std::move(path);
  return what;
}

std::string reason_of(const base::Result<Response>& answer) {
  return answer.ok() ? "ok " + answer->body : std::string(answer.error().reason());
}

TEST(Url, Parses) {
  const auto url = Url::parse("https://[2001:db8::1]:8443/a/b/");
  ASSERT_TRUE(url.ok());
  EXPECT_TRUE(url->tls);
  EXPECT_EQ(url->host, "2001:db8::1");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->path, "/a/b");
  EXPECT_EQ(Url::parse("HTTPS://truc.gov.vn")->port, 443);
  EXPECT_EQ(Url::parse("http://10.0.0.1/")->path, "");
  for (const char* bad :
       {"", "truc.gov.vn", "ftp://x", "http://", "http://:80", "http://h:0", "http://h:99999",
        "http://h:", "http://h:8x", "http://a b/", "http://h/a b", "http://u@h/", "http://[::1",
        "http://[::1]x", "http://h/\r\nX: y", "http://h/a?b"}) {
    EXPECT_EQ(Url::parse(bad).ok(), false) << bad;
  }
}

class Letters : public BodySource {
 public:
  explicit Letters(std::uint64_t size) : size_(size) {}
  std::uint64_t size() const override { return size_; }
  base::Result<std::size_t> read(char* to, std::size_t size) override {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(size, size_ - at_));
    std::fill(to, to + n, 'L');
    at_ += n;
    return n;
  }

 private:
  const std::uint64_t size_;
  std::uint64_t at_ = 0;
};

class Tally : public BodySink {
 public:
  base::Result<void> write(base::BytesView chunk) override {
    bytes += chunk.size();
    if (bytes > fail_after) return base::Error(base::Code::unavailable, "base.disk_full", "Full.");
    return base::done();
  }
  std::uint64_t bytes = 0, fail_after = ~std::uint64_t{0};
};

std::vector<Route> routes() {
  return {
      {Method::post, "/size", Permission::open, 64 << 20,
       [](Request& r) { return Response::text(200, "text/plain", std::to_string(r.body.size())); },
       ""},
      {Method::post, "/tiny", Permission::open, 10, [](Request&) { return Response(); }, ""},
      {Method::get, "/out", Permission::open, 0,
       [](Request&) {
         Response response;
         response.source = std::make_unique<Letters>(20 << 20);
         return response;
       },
       ""}};
}

TEST(Client, SendsAndTakesStreamsAndTellsProgress) {
  RunningServer server(routes());
  auto client = client_of(server.port);
  Letters source(20 << 20);
  auto what = asking(Method::post, "/size");
  what.source = &source;
  std::uint64_t sent = 0;
  what.progress = [&](bool sending, std::uint64_t done, std::uint64_t total) {
    if (!sending) return;
    EXPECT_EQ(total, 20u << 20);
    sent = done;
  };
  EXPECT_EQ(reason_of(client->exchange(what)), "ok " + std::to_string(20 << 20));
  EXPECT_EQ(sent, 20u << 20);
  Tally sink;
  auto out = asking(Method::get, "/out");
  out.sink = &sink;
  EXPECT_EQ(reason_of(client->exchange(out)), "ok ");
  EXPECT_EQ(sink.bytes, 20u << 20);
  out.sink = nullptr;
  out.answer_bytes_max = 1 << 20;
  EXPECT_EQ(reason_of(client->exchange(out)), "http.answer_too_large");
  Tally full;
  full.fail_after = 1000;
  out.sink = &full;
  EXPECT_EQ(reason_of(client->exchange(out)), "base.disk_full");
  EXPECT_EQ(client->exchange(asking(Method::head, "/out"))->headers["Content-Length"],
            std::to_string(20 << 20));
}

TEST(Client, SeesARefusalBeforeEverythingIsSent) {
  RunningServer server(routes());
  auto client = client_of(server.port);
  Letters source(50 << 20);
  auto what = asking(Method::post, "/tiny");
  what.source = &source;
  const auto answer = client->exchange(what);
  ASSERT_TRUE(answer.ok()) << answer.error().detail();
  EXPECT_EQ(answer->status, 413);
  EXPECT_EQ(client->exchange(asking(Method::post, "/tiny"))->status, 200);
}

TEST(Client, WritesACleanRequest) {
  Script script({{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}});
  {
    auto client = client_of(script.port);
    auto what = asking(Method::post, "/p");
    what.body = "abc";
    what.headers.add("X-A", "b");
    ASSERT_TRUE(client->exchange(what).ok());
    what.headers.add("X-Bad", "a\r\nX-Injected: 1");
    EXPECT_EQ(reason_of(client->exchange(what)), "http.bad_header");
    EXPECT_EQ(reason_of(client->exchange(asking(Method::get, "/a b"))), "http.bad_url");
  }
  EXPECT_EQ(script.requests, "POST /p HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(script.port) +
                                 "\r\nUser-Agent: truc\r\nContent-Length: 3\r\nX-A: b\r\n\r\nabc");
}

TEST(Client, ReadsChunkedAnswersContinuesAndAnswersThatEndWithTheConnection) {
  Script script(
      {{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\nuntil the end"}});
  auto client = client_of(script.port);
  EXPECT_EQ(reason_of(client->exchange(asking(Method::get, "/"))), "ok abcde");
  EXPECT_EQ(client->exchange(asking(Method::get, "/"))->status, 204);
  EXPECT_EQ(reason_of(client->exchange(asking(Method::get, "/"))), "ok until the end");
}

TEST(Client, OpensAKeptConnectionAgainOnce) {
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  Script script({{answer}, {answer}});
  auto client = client_of(script.port);
  EXPECT_EQ(reason_of(client->exchange(asking(Method::get, "/"))), "ok ok");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(reason_of(client->exchange(asking(Method::get, "/"))), "ok ok");
}

TEST(Client, TriesAgainWhenTheServerClosesInsteadOfAnswering) {
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  Script script(
      {{answer, ""}, {answer}});  // the second request on the first connection gets nothing
  auto client = client_of(script.port);
  EXPECT_EQ(reason_of(client->exchange(asking(Method::get, "/"))), "ok ok");
  EXPECT_EQ(reason_of(client->exchange(asking(Method::get, "/"))), "ok ok");
  Script fresh({{""}});  // but never on a new one
  EXPECT_EQ(reason_of(client_of(fresh.port)->exchange(asking(Method::get, "/"))),
            "http.broken_off");
}

TEST(Client, MalformedCutAndSilentServersAreErrors) {
  const auto ask = [](const std::string& answer) {
    Script script({{answer}});
    return reason_of(client_of(script.port)->exchange(asking(Method::get, "/")));
  };
  EXPECT_EQ(ask("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), "http.broken_off");
  EXPECT_EQ(ask("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"), "http.broken_off");
  EXPECT_EQ(ask("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
            "http.answer_malformed");
  EXPECT_EQ(ask("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"), "http.answer_malformed");
  EXPECT_EQ(ask("220 smtp ready\r\n\r\n"), "http.answer_malformed");
  EXPECT_EQ(ask("HTTP/1.1 200 OK\r\nX: " + std::string(400 * 1024, 'x')), "http.answer_malformed");
  const int silent = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(silent, reinterpret_cast<sockaddr*>(&address), size), 0);
  ::getsockname(silent, reinterpret_cast<sockaddr*>(&address), &size);
  const auto port = ntohs(address.sin_port);
  EXPECT_EQ(reason_of(client_of(port)->exchange(asking(Method::get, "/"))), "http.connect_failed");
  ::listen(silent, 4);
  const auto start = base::monotonic_micros();
  EXPECT_EQ(reason_of(client_of(port, 200)->exchange(asking(Method::get, "/"))), "http.timed_out");
  EXPECT_LT(base::monotonic_micros() - start, 2'000'000);
  ::close(silent);
}

TEST(Client, SpeaksIpv6) {
  auto options = RunningServer::quick();
  options.host = "::1";
  const int probe = ::socket(AF_INET6, SOCK_STREAM, 0);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  const bool has_ipv6 = ::bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(probe);
  Client::Options to;
  if (!has_ipv6) {  // a machine without IPv6 still reads the address and says what is wrong
    to.url = *Url::parse("http://[::1]:9");
    EXPECT_EQ(reason_of(Client::create(to)->exchange(asking(Method::get, "/"))),
              "http.connect_failed");
    return;
  }
  RunningServer server(routes(), options);
  to.url = *Url::parse("http://[::1]:" + std::to_string(server.port));
  auto what = asking(Method::post, "/size");
  what.body = "1234";
  EXPECT_EQ(reason_of(Client::create(to)->exchange(what)), "ok 4");
}

}  // namespace
}  // namespace http
