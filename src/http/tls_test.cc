#include "http/tls.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

#include "http/client.h"
#include "http/testing/certificates.h"
#include "http/testing/wire.h"

namespace http {
namespace {

using testing::Certificates;
using testing::RunningServer;

struct Tls : ::testing::Test {
  Certificates files;
  std::vector<Route> routes() {
    return {{Method::post, "/echo", Permission::open, 8 << 20,
             [](Request& r) {
               Response response = Response::text(200, "text/plain", std::move(r.body));
               response.headers.add("X-Tls", r.tls ? "yes" : "no");
               return response;
             },
             ""}};
  }
  Server::Options options() {
    auto o = RunningServer::quick();
    o.certificate_file = files.certificate();
    o.key_file = files.key();
    o.head_timeout_ms = 3000;
    return o;
  }
  std::unique_ptr<Client> client(std::uint16_t port, const std::string& host = "localhost",
                                 bool trusting = true) {
    Client::Options o;
    o.url = *Url::parse("https://" + host + ":" + std::to_string(port));
    if (trusting) o.trust_file = files.authority();
    o.idle_timeout_ms = 5000;
    return Client::create(o);
  }
  // What `openssl s_client` with these options says about the connection.
  std::string s_client(std::uint16_t port, const std::string& arguments) {
    const std::string log = files.directory() + "/s_client";
    const std::string command = "openssl s_client -connect 127.0.0.1:" + std::to_string(port) +
                                " " + arguments + " -CAfile " + files.authority() +
                                " </dev/null >" + log + " 2>&1";
    const int exit = std::system(command.c_str());
    std::ifstream in(log);
    return (exit == 0 ? "ok " : "failed ") + std::string(std::istreambuf_iterator<char>(in), {});
  }
};

Client::Exchange echo(const std::string& body) {
  Client::Exchange what;
  what.method = Method::post;
  what.path = "/echo";
  what.body = body;
  return what;
}

TEST_F(Tls, CarriesSmallAndLargeBodies) {
  RunningServer server(routes(), options());
  auto connection = client(server.port);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{20}, std::size_t{16000}, std::size_t{5} << 20}) {
    const std::string body(size, 'e');
    const auto answer = connection->exchange(echo(body));
    ASSERT_TRUE(answer.ok()) << answer.error().detail();
    EXPECT_EQ(answer->body, body);
    EXPECT_EQ(answer->headers["X-Tls"], "yes");
  }
  EXPECT_NE(server.metrics.text().find("http_connections 1"), std::string::npos);
}

TEST_F(Tls, Versions12And13WorkAnd11IsRefused) {
  RunningServer server(routes(), options());
  EXPECT_NE(s_client(server.port, "-tls1_2").find("TLSv1.2"), std::string::npos);
  EXPECT_EQ(s_client(server.port, "-tls1_2").substr(0, 3), "ok ");
  EXPECT_EQ(s_client(server.port, "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA").substr(0, 3), "ok ");
  EXPECT_NE(s_client(server.port, "-tls1_3").find("TLSv1.3"), std::string::npos);
  EXPECT_EQ(s_client(server.port, "-tls1_3").substr(0, 3), "ok ");
  EXPECT_EQ(s_client(server.port, "-tls1_1 -cipher ALL:@SECLEVEL=0").substr(0, 6), "failed");
}

TEST_F(Tls, ClientsJudgeTheCertificate) {
  RunningServer server(routes(), options());
  const auto unknown = client(server.port, "localhost", false)->exchange(echo("x"));
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().reason(), "http.certificate_refused");
  EXPECT_TRUE(client(server.port, "127.0.0.1")->exchange(echo("x")).ok());
  files.issue("DNS:elsewhere.example");
  ASSERT_TRUE(server.server->reload_certificates().ok());
  for (const char* host : {"localhost", "127.0.0.1"}) {
    const auto wrong = client(server.port, host)->exchange(echo("x"));
    ASSERT_FALSE(wrong.ok());
    EXPECT_EQ(wrong.error().reason(), "http.certificate_refused");
  }
}

TEST_F(Tls, ReloadingServesNewConnectionsAndKeepsOldOnes) {
  RunningServer server(routes(), options());
  auto old = client(server.port);
  EXPECT_TRUE(old->exchange(echo("before")).ok());
  const std::string first = s_client(server.port, "-showcerts");
  files.issue();
  ASSERT_TRUE(server.server->reload_certificates().ok());
  const std::string second = s_client(server.port, "-showcerts");
  const auto pem = [](const std::string& text) {
    return text.substr(text.find("-----BEGIN"), 300);
  };
  EXPECT_NE(pem(first), pem(second));
  EXPECT_TRUE(old->exchange(echo("after")).ok());
  // Files that cannot be used change nothing.
  std::ofstream(files.certificate()) << "not PEM";
  const auto spoilt = server.server->reload_certificates();
  ASSERT_FALSE(spoilt.ok());
  EXPECT_EQ(spoilt.error().reason(), "http.certificate_unusable");
  EXPECT_TRUE(client(server.port)->exchange(echo("still")).ok());
}

TEST_F(Tls, ACertificateWithoutItsKeyIsRefused) {
  auto o = options();
  o.key_file.clear();
  const Router router;
  base::Metrics metrics;
  base::SystemRandom random;
  EXPECT_EQ(Server::start(o, router, metrics, random).error().reason(),
            "http.certificate_unusable");
  o.key_file = files.authority();
  EXPECT_EQ(Server::start(o, router, metrics, random).error().reason(),
            "http.certificate_unusable");
}

TEST_F(Tls, PlainTextAndSilenceOnATlsPortAreCutOff) {
  auto o = options();
  o.head_timeout_ms = 300;
  RunningServer server(routes(), o);
  testing::Wire plain(server.port), silent(server.port);
  plain.send(testing::get("/echo"));
  EXPECT_TRUE(plain.closes(2000));
  EXPECT_TRUE(silent.closes(2000));
}

TEST_F(Tls, ManyClientsAtOnce) {
  auto o = options();
  o.loops = 2;
  RunningServer server(routes(), o);
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&, t] {
      auto connection = client(server.port);
      for (int i = 0; i < 30; ++i) {
        const std::string body(static_cast<std::size_t>(t * 5000 + i * 777), 'q');
        const auto answer = connection->exchange(echo(body));
        if (answer.ok() && answer->body == body) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 180);
}

struct MutualTls : Tls {
  Certificates others;  // of an authority that the server does not know
  std::vector<Route> who() {
    return {{Method::get, "/who", Permission::open, 0,
             [](Request& r) {
               if (!r.client_certificate) return Response::text(200, "text/plain", "nobody");
               return Response::text(
                   200, "text/plain",
                   r.client_certificate->fingerprint + " " + r.client_certificate->subject);
             },
             ""}};
  }
  Server::Options asking() {
    auto o = options();
    o.client_ca_file = files.authority();
    return o;
  }
  std::unique_ptr<Client> client_with(std::uint16_t port, const Certificates* from,
                                      const std::string& name = "h11") {
    Client::Options o;
    o.url = *Url::parse("https://localhost:" + std::to_string(port));
    o.trust_file = files.authority();
    if (from != nullptr) {
      o.certificate_file = from->client_certificate(name);
      o.key_file = from->client_key(name);
    }
    return Client::create(o);
  }
  static std::string ask(Client& client) {
    Client::Exchange what;
    what.path = "/who";
    what.headers.add("X-SSL-Client-Cert", "CN=somebody");
    what.headers.add("X-Forwarded-Client-Cert", "Hash=00;Subject=CN=somebody");
    const auto answer = client.exchange(what);
    return answer.ok() ? answer->body : std::string(answer.error().reason());
  }
  // As the openssl command says it.
  std::string fingerprint(const std::string& file) {
    const std::string log = files.directory() + "/fingerprint";
    const std::string command =
        "openssl x509 -in " + file + " -outform DER | openssl dgst -sha256 -r >" + log;
    EXPECT_EQ(std::system(command.c_str()), 0);
    std::ifstream in(log);
    return std::string(std::istreambuf_iterator<char>(in), {}).substr(0, 64);
  }
};

TEST_F(MutualTls, GivesTheCertificateThatWasVerified) {
  files.issue_client("h11", "/O=UBND tỉnh A/CN=H11, văn thư");
  RunningServer server(who(), asking());
  const std::string expected =
      fingerprint(files.client_certificate("h11")) + " CN=H11\\, văn thư,O=UBND tỉnh A";
  const auto client = client_with(server.port, &files);
  EXPECT_EQ(ask(*client), expected);
  EXPECT_EQ(ask(*client), expected);  // and on the next request of the connection
  EXPECT_EQ(ask(*client_with(server.port, nullptr)), "nobody");
}

TEST_F(MutualTls, RefusesACertificateOfAnotherAuthority) {
  others.issue_client("h11", "/CN=H11");
  RunningServer server(who(), asking());
  const auto client = client_with(server.port, &others);
  const std::string answer = ask(*client);
  EXPECT_TRUE(answer == "http.broken_off" || answer == "http.connect_failed") << answer;
  // Who is not asked shows nothing.
  RunningServer indifferent(who(), options());
  EXPECT_EQ(ask(*client_with(indifferent.port, &others)), "nobody");
}

TEST_F(MutualTls, ReloadingReadsTheAuthoritiesAgain) {
  files.issue_client("h11", "/CN=H11");
  others.issue_client("h11", "/CN=H22");
  auto o = asking();
  o.client_ca_file = files.directory() + "/clients.pem";
  const auto copy_authority = [&](const Certificates& from) {
    std::ofstream(o.client_ca_file) << std::ifstream(from.authority()).rdbuf();
  };
  copy_authority(files);
  RunningServer server(who(), o);
  const auto kept = client_with(server.port, &files);
  const std::string h11 = fingerprint(files.client_certificate("h11")) + " CN=H11";
  EXPECT_EQ(ask(*kept), h11);
  copy_authority(others);
  ASSERT_TRUE(server.server->reload_certificates().ok());
  EXPECT_EQ(ask(*client_with(server.port, &others)),
            fingerprint(others.client_certificate("h11")) + " CN=H22");
  EXPECT_NE(ask(*client_with(server.port, &files)), h11);
  EXPECT_EQ(ask(*kept), h11);  // was verified when it connected
}

TEST_F(MutualTls, AuthoritiesThatCannotBeUsedAreSaid) {
  const Router router;
  base::Metrics metrics;
  base::SystemRandom random;
  auto o = asking();
  o.client_ca_file = files.key();
  EXPECT_EQ(Server::start(o, router, metrics, random).error().reason(),
            "http.certificate_unusable");
  o = RunningServer::quick();  // no TLS
  o.client_ca_file = files.authority();
  EXPECT_EQ(Server::start(o, router, metrics, random).error().reason(),
            "http.certificate_unusable");
}

}  // namespace
}  // namespace http
