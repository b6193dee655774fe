// Answers that come later.
#include "http/waiting.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "base/log.h"
#include "base/time.h"
#include "http/testing/wire.h"

namespace http {
namespace {

using testing::eventually;
using testing::get;
using testing::post;
using testing::RunningServer;
using testing::Wire;

// Something to wait for: a number that grows.
struct Board {
  void add() {
    std::lock_guard lock(mutex);
    ++number;
    for (const auto& weak : waiting) {
      if (const auto one = weak.lock()) one->wake();
    }
  }
  std::mutex mutex;
  std::vector<std::weak_ptr<Waiting>> waiting;
  std::atomic<int> number{0}, asked{0}, ended{0};
};

class UntilNumber : public Waiter {
 public:
  UntilNumber(Board& board, int number) : board_(board), number_(number) {}
  std::optional<Response> answer(bool last) override {
    ++board_.asked;
    const int now = board_.number;
    if (now < number_ && !last) return std::nullopt;
    return Response::text(200, "text/plain", (last ? "last " : "") + std::to_string(now));
  }
  void ended() noexcept override { ++board_.ended; }

 private:
  Board& board_;
  const int number_;
};

struct Waits : ::testing::Test {
  Board board;
  int wait_ms = 60000;
  std::vector<Route> routes() {
    return {{Method::get, "/until/{number}", Permission::open, 0,
             [this](Request& r) {
               auto waiter = std::make_shared<UntilNumber>(
                   board, std::stoi(std::string(r.parameter("number"))));
               std::lock_guard lock(board.mutex);
               board.waiting.push_back(waiter);
               if (board.number > 0) waiter->wake();  // before the server has it
               return Response::later(waiter, wait_ms);
             },
             ""},
            {Method::post, "/echo", Permission::open, 1000,
             [](Request& r) { return Response::text(200, "text/plain", r.body); }, ""}};
  }
  static bool waiting(RunningServer& server, int count) {
    const std::string line = "http_waits " + std::to_string(count) + "\n";
    return eventually([&] { return server.metrics.text().find(line) != std::string::npos; });
  }
};

TEST_F(Waits, AreAnsweredWhenWoken) {
  RunningServer server(routes());
  Wire wire(server.port);
  wire.send(get("/until/2"));
  ASSERT_TRUE(waiting(server, 1));
  board.add();
  EXPECT_TRUE(eventually([&] { return board.asked == 1; }));
  EXPECT_TRUE(wire.stays_quiet(50));  // woken, but not for this
  board.add();
  EXPECT_EQ(wire.receive().body, "2");
  EXPECT_EQ(board.ended, 1);
  EXPECT_TRUE(waiting(server, 0));
  // The connection serves on, and a ring that came before the wait is not lost.
  wire.send(post("/echo", "next"));
  EXPECT_EQ(wire.receive().body, "next");
  wire.send(get("/until/1"));
  EXPECT_EQ(wire.receive().body, "2");
  board.waiting.front().lock();
  EXPECT_EQ(board.ended, 2);
}

TEST_F(Waits, AreAnsweredWhenTheTimeIsOver) {
  wait_ms = 100;
  RunningServer server(routes());
  Wire wire(server.port);
  const auto start = base::monotonic_micros();
  wire.send(get("/until/1"));
  EXPECT_EQ(wire.receive().body, "last 0");
  EXPECT_GE(base::monotonic_micros() - start, 90'000);
  EXPECT_LT(base::monotonic_micros() - start, 2'000'000);
  EXPECT_EQ(board.asked, 1);
}

TEST_F(Waits, HoldNoWorker) {
  RunningServer server(routes());  // two workers
  std::vector<std::unique_ptr<Wire>> wires;
  for (int i = 0; i < 50; ++i) {
    wires.push_back(std::make_unique<Wire>(server.port));
    wires.back()->send(get("/until/1"));
  }
  ASSERT_TRUE(waiting(server, 50));
  Wire other(server.port);
  other.send(post("/echo", "at once"));
  EXPECT_EQ(other.receive(1000).body, "at once");
}

TEST_F(Waits, TwoThousandAreWokenTogether) {
  const std::size_t allowed = testing::allow_sockets(8192);
  const int count = allowed > 5000 ? 2000 : 300;
  RunningServer server(routes());
  std::vector<std::unique_ptr<Wire>> wires;
  for (int i = 0; i < count; ++i) {
    wires.push_back(std::make_unique<Wire>(server.port));
    ASSERT_TRUE(wires.back()->send(get("/until/1")));
  }
  ASSERT_TRUE(waiting(server, count));
  const auto start = base::monotonic_micros();
  board.add();
  for (const auto& wire : wires) EXPECT_EQ(wire->receive(10000).body, "1");
  EXPECT_LT(base::monotonic_micros() - start, 10'000'000);
  EXPECT_EQ(board.ended, count);
}

TEST_F(Waits, EndWhenTheClientLeaves) {
  RunningServer server(routes());
  {
    Wire wire(server.port);
    wire.send(get("/until/1"));
    ASSERT_TRUE(waiting(server, 1));
  }
  EXPECT_TRUE(eventually([&] { return board.ended == 1; }));
  EXPECT_TRUE(waiting(server, 0));
  EXPECT_EQ(board.asked, 0);
  board.add();  // wakes nobody, harms nobody
  EXPECT_TRUE(board.waiting.front().expired());
}

TEST_F(Waits, TheClientMayLeaveWhileItsAnswerIsMade) {
  std::atomic<bool> inside{false}, go_on{false}, ended{false};
  struct Slow : Waiter {
    std::atomic<bool>&inside, &go_on, &ended_;
    Slow(std::atomic<bool>& i, std::atomic<bool>& g, std::atomic<bool>& e)
        : inside(i), go_on(g), ended_(e) {}
    std::optional<Response> answer(bool) override {
      inside = true;
      while (!go_on) std::this_thread::yield();
      EXPECT_FALSE(ended_);  // not while it works
      return Response::text(200, "text/plain", "too late");
    }
    void ended() noexcept override { ended_ = true; }
  };
  RunningServer server({{Method::get, "/slow", Permission::open, 0,
                         [&](Request&) {
                           auto waiter = std::make_shared<Slow>(inside, go_on, ended);
                           waiter->wake();
                           return Response::later(waiter, 60000);
                         },
                         ""}});
  {
    Wire wire(server.port);
    wire.send(get("/slow"));
    ASSERT_TRUE(eventually([&] { return inside.load(); }));
  }
  ASSERT_TRUE(eventually(
      [&] { return server.metrics.text().find("http_connections 0\n") != std::string::npos; }));
  EXPECT_FALSE(ended);
  go_on = true;
  EXPECT_TRUE(eventually([&] { return ended.load(); }));
}

TEST_F(Waits, AreAnsweredWhenTheServerStops) {
  RunningServer server(routes());
  std::vector<std::unique_ptr<Wire>> wires;
  for (int i = 0; i < 100; ++i) {
    wires.push_back(std::make_unique<Wire>(server.port));
    wires.back()->send(get("/until/1"));
  }
  ASSERT_TRUE(waiting(server, 100));
  std::thread stopping([&] { server.server->stop(5000); });
  for (const auto& wire : wires) {
    const auto answer = wire->receive();
    EXPECT_EQ(answer.body, "last 0");
    EXPECT_EQ(answer.header("Connection"), "close");
  }
  wires.clear();
  stopping.join();
  EXPECT_EQ(board.ended, 100);
  board.add();  // the server is gone
}

TEST_F(Waits, StoppingWithoutPatienceEndsThem) {
  RunningServer server(routes());
  Wire wire(server.port);
  wire.send(get("/until/1"));
  ASSERT_TRUE(waiting(server, 1));
  std::atomic<bool> over{false};
  std::thread storm([&] {
    while (!over) board.add();
  });
  server.server->stop(0);
  over = true;
  storm.join();
  EXPECT_EQ(board.ended, 1);
}

TEST_F(Waits, HaveAMaximum) {
  auto options = RunningServer::quick();
  options.waits_max = 3;
  RunningServer server(routes(), options);
  std::vector<std::unique_ptr<Wire>> wires;
  for (int i = 0; i < 3; ++i) {
    wires.push_back(std::make_unique<Wire>(server.port));
    wires.back()->send(get("/until/1"));
  }
  ASSERT_TRUE(waiting(server, 3));
  Wire over(server.port);
  over.send(get("/until/1"));
  const auto answer = over.receive();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.header("Retry-After"), "5");
  EXPECT_EQ(server.refused("http.busy"), 1u);
  board.add();
  for (const auto& wire : wires) EXPECT_EQ(wire->receive().body, "1");
  over.send(get("/until/1"));
  EXPECT_EQ(over.receive().body, "1");
}

TEST_F(Waits, AStormOfWakesLosesNone) {
  RunningServer server(routes());
  std::atomic<bool> over{false};
  std::vector<std::thread> storm;
  for (int t = 0; t < 3; ++t) {
    storm.emplace_back([&] {
      while (!over) {
        {
          std::lock_guard lock(board.mutex);
          for (const auto& weak : board.waiting) {
            if (const auto one = weak.lock()) one->wake();
          }
        }
        std::this_thread::yield();
      }
    });
  }
  Wire wire(server.port);
  for (int i = 1; i <= 50; ++i) {
    wire.send(get("/until/" + std::to_string(i)));
    ++board.number;  // no wake of its own: the storm is what carries it
    const auto answer = wire.receive();
    ASSERT_EQ(answer.body, std::to_string(i));
  }
  over = true;
  for (std::thread& thread : storm) thread.join();
}

TEST_F(Waits, AWaiterThatFailsBecomesAProblem) {
  struct Broken : Waiter {
    std::optional<Response> answer(bool last) override {
      if (!last) throw std::runtime_error("on purpose");
      return std::nullopt;
    }
  };
  RunningServer server(
      {{Method::get, "/throws", Permission::open, 0,
        [](Request&) {
          auto waiter = std::make_shared<Broken>();
          waiter->wake();
          return Response::later(waiter, 60000);
        },
        ""},
       {Method::get, "/nothing", Permission::open, 0,
        [](Request&) { return Response::later(std::make_shared<Broken>(), 20); }, ""}});
  Wire wire(server.port);
  for (const char* path : {"/throws", "/nothing"}) {
    wire.send(get(path));
    const auto answer = wire.receive();
    EXPECT_EQ(answer.status, 500);
    EXPECT_NE(answer.body.find("http.handler_failed"), std::string::npos);
  }
}

TEST_F(Waits, ARequestThatDidNotWaitForItsTurnIsNotServed) {
  RunningServer server(routes());
  Wire wire(server.port);
  wire.send(get("/until/1"));
  ASSERT_TRUE(waiting(server, 1));
  wire.send(get("/until/1"));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  board.add();
  const auto answer = wire.receive();
  EXPECT_EQ(answer.body, "1");
  EXPECT_EQ(answer.header("Connection"), "close");
  // Counted once the answer is written, which its reader may be ahead of.
  EXPECT_TRUE(eventually([&] { return server.refused("http.pipelined") == 1u; }));
  Wire flood(server.port);
  board.number = 0;
  flood.send(get("/until/9"));
  ASSERT_TRUE(waiting(server, 1));
  flood.send(std::string(1 << 20, 'x'));
  EXPECT_TRUE(flood.closes());
}

}  // namespace
}  // namespace http
