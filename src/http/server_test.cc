#include "http/server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/log.h"
#include "base/time.h"
#include "http/testing/wire.h"

namespace http {
namespace {

using testing::get;
using testing::post;
using testing::RunningServer;
using testing::Wire;

Response echo(Request& request) {
  Response response = Response::text(200, "text/plain", std::move(request.body));
  response.headers.add("X-Path", request.path);
  response.headers.add("X-Remote", request.remote);
  return response;
}

std::vector<Route> echo_routes() {
  return {{Method::post, "**/sendEdoc", Permission::open, 1 << 20, echo, ""},
          {Method::get, "/healthz", Permission::open, 0, echo, ""},
          {Method::get, "/inside", Permission::loopback, 0, echo, ""},
          {Method::get, "/large", Permission::open, 0,
           [](Request&) {
             Response response;
             response.shared_body = std::make_shared<const std::string>(3 << 20, 'x');
             return response;
           },
           ""},
          {Method::get, "/throws", Permission::open, 0,
           [](Request&) -> Response { throw std::runtime_error("broken on purpose"); }, ""},
          {Method::get, "/empty", Permission::open, 0,
           [](Request&) { return Response::text(204, "text/plain", ""); }, ""}};
}

TEST(Server, KeepsTheConnectionOverManyRequests) {
  RunningServer server(echo_routes());
  Wire wire(server.port);
  std::string id;
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(wire.send(post("/sendEdoc", std::string(static_cast<std::size_t>(i) * 997, 'a'))));
    const auto answer = wire.receive();
    ASSERT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body.size(), static_cast<std::size_t>(i) * 997);
    EXPECT_EQ(answer.header("Server"), "truc");
    EXPECT_EQ(answer.header("Connection"), "keep-alive");
    EXPECT_NE(answer.header("Date"), "");
    EXPECT_EQ(answer.header("X-Remote"), "127.0.0.1");
    EXPECT_NE(answer.header("X-Request-Id"), id);
    id = answer.header("X-Request-Id");
  }
}

TEST(Server, TakesAnyPrefixAndDoubleSlashes) {
  RunningServer server(echo_routes());
  Wire wire(server.port);
  for (const char* path : {"/sendEdoc", "//sendEdoc", "/XrdAdapter/adapter/sendEdoc",
                           "/XrdAdapter//adapter///sendEdoc", "/a/send%45doc?x=1"}) {
    ASSERT_TRUE(wire.send(post(path, "{}")));
    EXPECT_EQ(wire.receive().status, 200) << path;
  }
}

TEST(Server, GivesTheParametersOfATemplateToItsHandler) {
  RunningServer server({{Method::get, "/documents/{id}/attachments/{number}", Permission::caller, 0,
                         [](Request& r) {
                           return Response::text(200, "text/plain",
                                                 std::string(r.parameter("id")) + " " +
                                                     std::string(r.parameter("number")));
                         },
                         ""}});
  Wire wire(server.port);
  wire.send(get("/documents/05%2FUBND/attachments/1"));
  EXPECT_EQ(wire.receive().body, "05/UBND 1");
  wire.send(get("/documents/6/attachments/2"));
  EXPECT_EQ(wire.receive().body, "6 2");
  wire.send(post("/documents/6/attachments/2", ""));
  const auto answer = wire.receive();
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("Allow"), "GET, HEAD");
}

TEST(Server, AnswersUnknownPathsAndMethodsWithAProblem) {
  RunningServer server(echo_routes());
  Wire wire(server.port);
  wire.send(get("/nothing"));
  auto answer = wire.receive();
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
  wire.send(get("/sendEdoc"));
  answer = wire.receive();
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("Allow"), "POST");
  wire.send(get("/inside"));
  EXPECT_EQ(wire.receive().status, 200);
  wire.send(post("/nothing", "a body that nobody reads"));
  answer = wire.receive();
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_TRUE(wire.closes());
  EXPECT_EQ(server.refused("http.not_found"), 2u);
}

TEST(Server, ServesHeadWithoutABody) {
  RunningServer server(echo_routes());
  Wire wire(server.port);
  wire.send("HEAD /large HTTP/1.1\r\nHost: t\r\n\r\n");
  const auto head = wire.receive(5000, false);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Length"), std::to_string(3 << 20));
  wire.send(get("/empty"));
  const auto empty = wire.receive();
  EXPECT_EQ(empty.status, 204);
  EXPECT_EQ(empty.header("Content-Length"), "");
  wire.send(get("/large"));
  EXPECT_EQ(wire.receive().body.size(), 3u << 20);
}

TEST(Server, SaysContinueAtOnce) {
  RunningServer server(echo_routes());
  Wire wire(server.port);
  wire.send(
      "POST /sendEdoc HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(wire.receive(1000).status, 100);
  wire.send("{}");
  const auto answer = wire.receive();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "{}");
  // With the body already there, or refused, no 100.
  wire.send(post("/sendEdoc", "{}", "Expect: 100-continue\r\n"));
  EXPECT_EQ(wire.receive().status, 200);
  wire.send("POST /none HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(wire.receive(1000).status, 404);
}

TEST(Server, Http10ClosesUnlessAsked) {
  RunningServer server(echo_routes());
  Wire kept(server.port);
  kept.send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(kept.receive().header("Connection"), "keep-alive");
  kept.send("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_EQ(kept.receive().header("Connection"), "close");
  EXPECT_TRUE(kept.closes());
}

TEST(Server, AnswersAHalfClosedSocket) {
  RunningServer server(echo_routes());
  Wire wire(server.port);
  wire.send(post("/sendEdoc", "last words"));
  wire.finish_sending();
  EXPECT_EQ(wire.receive().body, "last words");
  EXPECT_TRUE(wire.closes());
}

TEST(Server, AHandlerThatThrowsBecomesAProblem) {
  const auto before = base::log::error_count();
  RunningServer server(echo_routes());
  Wire wire(server.port);
  wire.send(get("/throws"));
  const auto answer = wire.receive();
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("on purpose"), std::string::npos);
  EXPECT_EQ(base::log::error_count(), before + 1);
  wire.send(get("/healthz"));
  EXPECT_EQ(wire.receive().status, 200);
}

TEST(Server, CountsByRouteAndClass) {
  RunningServer server(echo_routes());
  Wire wire(server.port);
  wire.send(post("/a/sendEdoc", "{}"));
  wire.receive();
  wire.send(get("/nothing"));
  wire.receive();
  const std::string text = server.metrics.text();
  const std::string route = "route=\"**/sendEdoc\",method=\"POST\"";
  EXPECT_NE(text.find("http_requests_total{" + route + ",status=\"2xx\"} 1"), std::string::npos);
  EXPECT_NE(text.find("http_requests_total{route=\"none\",method=\"any\",status=\"4xx\"} 1"),
            std::string::npos);
  EXPECT_NE(text.find("http_request_seconds_count{" + route + "} 1"), std::string::npos);
  EXPECT_NE(text.find("http_connections 1"), std::string::npos);
}

TEST(Server, RefusesPlainHttpOffLoopbackAndBadAddresses) {
  const Router router;
  base::Metrics metrics;
  base::SystemRandom random;
  Server::Options options;
  options.host = "0.0.0.0";
  const auto refused = Server::start(options, router, metrics, random);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().reason(), "http.plain_refused");
  EXPECT_FALSE(refused.error().text().vi.empty());
  options.plain_anywhere = true;
  EXPECT_TRUE(Server::start(options, router, metrics, random).ok());
  options.host = "192.0.2.77";
  EXPECT_EQ(Server::start(options, router, metrics, random).error().reason(), "http.bad_address");
  options.host = "no such host";
  EXPECT_EQ(Server::start(options, router, metrics, random).error().reason(), "http.bad_address");
  RunningServer server(echo_routes());
  options.host = "127.0.0.1";
  options.port = server.port;
  EXPECT_EQ(Server::start(options, router, metrics, random).error().reason(),
            "http.address_in_use");
}

TEST(Server, SeveralLoopsShareTheConnections) {
  auto options = RunningServer::quick();
  options.loops = 3;
  options.workers = 4;
  RunningServer server(echo_routes(), options);
  std::atomic<int> right{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&, c] {
      Wire wire(server.port);
      for (int i = 0; i < 100; ++i) {
        const std::string body(static_cast<std::size_t>(c * 1000 + i), 'z');
        if (wire.send(post("/sendEdoc", body)) && wire.receive().body == body) ++right;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(right, 800);
}

// A gate that handlers wait at.
struct Gate {
  std::mutex mutex;
  std::condition_variable changed;
  int waiting = 0;
  bool open = false;
  void pass() {
    std::unique_lock lock(mutex);
    ++waiting;
    changed.notify_all();
    changed.wait(lock, [&] { return open; });
  }
  void await(int count) {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, std::chrono::seconds(5), [&] { return waiting >= count; });
  }
  void open_up() {
    std::lock_guard lock(mutex);
    open = true;
    changed.notify_all();
  }
};

TEST(Server, AFullQueueRefusesInTheRoutesOwnWords) {
  Gate gate;
  Route route{Method::post,
              "/work",
              Permission::open,
              1000,
              [&](Request&) {
                gate.pass();
                return Response::text(200, "text/plain", "done");
              },
              ""};
  route.refuse = [](const Head&, const base::Error& error) {
    return Response::text(200, "application/json",
                          "{\"refused\":\"" + std::string(error.reason()) + "\"}");
  };
  auto options = RunningServer::quick();
  options.workers = 1;
  options.waiting_max = 1;
  RunningServer server({route}, options);
  Wire working(server.port), waiting(server.port), refused(server.port);
  working.send(post("/work", "a"));
  gate.await(1);
  waiting.send(post("/work", "b"));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  refused.send(post("/work", "c"));
  const auto answer = refused.receive();
  EXPECT_EQ(answer.body, "{\"refused\":\"http.busy\"}");
  EXPECT_EQ(answer.header("Connection"), "keep-alive");
  EXPECT_EQ(server.refused("http.busy"), 1u);
  gate.open_up();
  EXPECT_EQ(working.receive().body, "done");
  EXPECT_EQ(waiting.receive().body, "done");
}

TEST(Server, UrgentWorkGoesFirst) {
  Gate gate;
  std::mutex mutex;
  std::string order;
  Route route{Method::post,
              "/work",
              Permission::open,
              1000,
              [&](Request& request) {
                if (request.body == "first") gate.pass();
                std::lock_guard lock(mutex);
                order += request.body + " ";
                return Response();
              },
              ""};
  route.lane = [](const Head& head, base::BytesView body) {
    EXPECT_EQ(head.path, "/work");
    return body == "urgent" ? base::Lane::urgent : base::Lane::normal;
  };
  auto options = RunningServer::quick();
  options.workers = 1;
  RunningServer server({route}, options);
  Wire first(server.port), normal(server.port), urgent(server.port);
  first.send(post("/work", "first"));
  gate.await(1);
  normal.send(post("/work", "normal"));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  urgent.send(post("/work", "urgent"));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  gate.open_up();
  EXPECT_EQ(first.receive().status, 200);
  EXPECT_EQ(normal.receive().status, 200);
  EXPECT_EQ(urgent.receive().status, 200);
  EXPECT_EQ(order, "first urgent normal ");
}

TEST(Server, StopLetsRequestsUnderWayFinish) {
  Gate gate;
  RunningServer server({{Method::post, "/work", Permission::open, 1000,
                         [&](Request&) {
                           gate.pass();
                           return Response::text(200, "text/plain", "done");
                         },
                         ""}});
  Wire busy(server.port), idle(server.port);
  busy.send(post("/work", "x"));
  gate.await(1);
  std::thread stopper([&] { server.server->stop(5000); });
  EXPECT_TRUE(idle.closes());
  EXPECT_FALSE(Wire(server.port).connected());
  gate.open_up();
  const auto answer = busy.receive();
  EXPECT_EQ(answer.body, "done");
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_TRUE(busy.closes());
  stopper.join();
  server.server->stop(5000);  // again: nothing happens
}

TEST(Server, StopDoesNotWaitBeyondTheGrace) {
  RunningServer server(echo_routes());
  Wire half(server.port);
  half.send("POST /sendEdoc HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\nabc");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const auto before = base::monotonic_micros();
  server.server->stop(100);
  EXPECT_LT(base::monotonic_micros() - before, 2'000'000);
  EXPECT_TRUE(half.closes());
}

}  // namespace
}  // namespace http
