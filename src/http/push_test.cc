// Streams of events.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "base/time.h"
#include "http/testing/wire.h"

namespace http {
namespace {

using testing::eventually;
using testing::get;
using testing::RunningServer;
using testing::Wire;

// Numbers, one event each.
struct Feed {
  void add() {
    ++last;
    wake();
  }
  void wake() {
    std::lock_guard lock(mutex);
    for (const auto& weak : streams) {
      if (const auto one = weak.lock()) one->wake();
    }
  }
  std::mutex mutex;
  std::vector<std::weak_ptr<PushSource>> streams;
  std::atomic<int> last{0}, end_at{1 << 30}, read{0}, ended{0}, inside{0};
};

class Numbers : public PushSource {
 public:
  explicit Numbers(Feed& feed) : feed_(feed) {}
  base::Result<Next> next(std::string& to, std::size_t size) override {
    EXPECT_EQ(++feed_.inside, 1);  // with one stream: never two at a time
    ++feed_.read;
    Next next = Next::wait;
    while (cursor_ < feed_.last) {
      if (cursor_ >= feed_.end_at) next = Next::end;
      const std::string event = "data: " + std::to_string(cursor_ + 1) + "\n\n";
      if (to.size() + event.size() > size) next = Next::again;
      if (next != Next::wait) break;
      to += event;
      ++cursor_;
    }
    --feed_.inside;
    if (cursor_ == -1) return base::Error(base::Code::internal, "x.y", "broken");
    return next;
  }
  void ended() noexcept override { ++feed_.ended; }

 private:
  Feed& feed_;
  int cursor_ = 0;
};

// Gives without an end as much as is asked for.
class Flood : public PushSource {
 public:
  explicit Flood(Feed& feed) : feed_(feed) {}
  base::Result<Next> next(std::string& to, std::size_t size) override {
    ++feed_.read;
    to.append(size, 'f');
    return Next::again;
  }
  void ended() noexcept override { ++feed_.ended; }

 private:
  Feed& feed_;
};

struct Push : ::testing::Test {
  Feed feed;
  template <class Source>
  Route route(std::string_view path) {
    return {Method::get,
            path,
            Permission::open,
            0,
            [this](Request&) {
              auto source = std::make_shared<Source>(feed);
              std::lock_guard lock(feed.mutex);
              feed.streams.push_back(source);
              return Response::events(source);
            },
            ""};
  }
  std::vector<Route> routes() {
    return {route<Numbers>("/events"),
            route<Flood>("/flood"),
            {Method::get, "/other", Permission::open, 0,
             [](Request&) { return Response::text(200, "text/plain", "other"); }, ""}};
  }
  static bool streams(RunningServer& server, int count) {
    const std::string line = "http_streams " + std::to_string(count) + "\n";
    return eventually([&] { return server.metrics.text().find(line) != std::string::npos; });
  }
};

TEST_F(Push, SendsTheHeadAtOnceAndThenWhatComesAbout) {
  RunningServer server(routes());
  Wire wire(server.port);
  wire.send(get("/events"));
  const auto head = wire.receive();
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Type"), "text/event-stream");
  EXPECT_EQ(head.header("Transfer-Encoding"), "chunked");
  EXPECT_EQ(head.header("Content-Length"), "");
  EXPECT_EQ(head.header("Cache-Control"), "no-store");
  ASSERT_TRUE(eventually([&] { return feed.read == 1; }));
  EXPECT_TRUE(wire.stays_quiet(50));
  for (int i = 1; i <= 100; ++i) {
    feed.add();
    const std::string event = "data: " + std::to_string(i) + "\n\n";
    char size[8];
    std::snprintf(size, sizeof size, "%zx", event.size());
    ASSERT_EQ(wire.until("\n\n\r\n"), std::string(size) + "\r\n" + event + "\r\n");
  }
  feed.end_at = 100;
  feed.add();
  EXPECT_EQ(wire.until("\r\n\r\n"), "0\r\n\r\n");
  EXPECT_TRUE(wire.closes(500));
  EXPECT_EQ(feed.ended, 1);
  EXPECT_TRUE(streams(server, 0));
}

TEST_F(Push, WhatWasThereBeforeComesInPieces) {
  feed.last = 20000;
  RunningServer server(routes());
  Wire wire(server.port);
  wire.send(get("/events"));
  EXPECT_EQ(wire.receive().status, 200);
  const std::string all = wire.until("data: 20000\n\n\r\n");
  EXPECT_GT(all.size(), 240000u);
  EXPECT_GT(feed.read, 10);
}

TEST_F(Push, Http10GetsAStreamUntilTheConnectionCloses) {
  feed.last = 1;
  RunningServer server(routes());
  Wire wire(server.port);
  wire.send("GET /events HTTP/1.0\r\n\r\n");
  const auto head = wire.receive();
  EXPECT_EQ(head.header("Transfer-Encoding"), "");
  EXPECT_EQ(head.header("Connection"), "close");
  EXPECT_EQ(wire.until("\n\n"), "data: 1\n\n");
  feed.end_at = 1;
  feed.add();
  EXPECT_TRUE(wire.closes(500));
  Wire asks(server.port);
  asks.send("HEAD /events HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(asks.receive(1000, false).header("Content-Type"), "text/event-stream");
  EXPECT_TRUE(asks.closes(500));
  EXPECT_EQ(asks.until("\n", 10), "");
}

TEST_F(Push, HeartbeatsComeWhenNothingElseDoes) {
  auto options = RunningServer::quick();
  options.heartbeat_ms = 100;
  RunningServer server(routes(), options);
  Wire wire(server.port);
  wire.send(get("/events"));
  wire.receive();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(wire.until(": \n\n\r\n", 1000), "4\r\n: \n\n\r\n");
  EXPECT_EQ(feed.read, 1);  // the source was not asked for them
  feed.add();
  EXPECT_NE(wire.until("data: 1\n\n"), "");
}

TEST_F(Push, ASlowClientIsReadForOnlyAsFastAsItReads) {
  auto options = RunningServer::quick();
  options.stall_timeout_ms = 700;
  RunningServer server(routes(), options);
  Wire wire(server.port);
  wire.send(get("/flood"));
  wire.receive();
  int before = -1;
  ASSERT_TRUE(eventually([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return std::exchange(before, feed.read.load()) == feed.read;
  }));
  EXPECT_LT(feed.read, 1000);  // what the kernel holds for the two ends
  wire.until("never", 50);     // takes some
  EXPECT_TRUE(eventually([&] { return feed.read > before; }));
  EXPECT_TRUE(eventually([&] { return feed.ended == 1; }));
  EXPECT_EQ(server.refused("http.stream_stalled"), 1u);
  EXPECT_TRUE(wire.closes());
}

TEST_F(Push, SlowClientsTogetherHoldNoMoreThanIsAllowed) {
  auto options = RunningServer::quick();
  options.stall_timeout_ms = 60000;
  options.memory_for_streams = 5 * 17000;
  RunningServer server(routes(), options);
  std::vector<std::unique_ptr<Wire>> wires;
  for (int i = 0; i < 8; ++i) {
    wires.push_back(std::make_unique<Wire>(server.port));
    wires.back()->send(get("/flood"));
  }
  EXPECT_TRUE(eventually([&] { return feed.ended == 3; }));
  EXPECT_EQ(server.refused("http.stream_stalled"), 3u);
  EXPECT_TRUE(streams(server, 5));
  wires.clear();  // what they held is free again
  EXPECT_TRUE(streams(server, 0));
  wires.push_back(std::make_unique<Wire>(server.port));
  wires.back()->send(get("/flood"));
  EXPECT_TRUE(streams(server, 1));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_TRUE(streams(server, 1));
}

TEST_F(Push, ClientsThatLeaveAreNoticed) {
  RunningServer server(routes());
  for (const char* path : {"/events", "/flood"}) {
    feed.ended = 0;
    {
      Wire wire(server.port);
      wire.send(get(path));
      wire.receive();
    }
    EXPECT_TRUE(eventually([&] { return feed.ended == 1; })) << path;
    EXPECT_TRUE(streams(server, 0));
    const int read = feed.read;
    feed.add();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_EQ(feed.read, read);
  }
  for (const auto& weak : feed.streams) EXPECT_TRUE(weak.expired());
}

TEST_F(Push, AStormOfWakesIsFewReadsAndLosesNothing) {
  RunningServer server(routes());
  Wire wire(server.port);
  wire.send(get("/events"));
  wire.receive();
  constexpr int kEach = 20000;
  std::vector<std::thread> storm;
  for (int t = 0; t < 3; ++t) {
    storm.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) feed.add();
    });
  }
  EXPECT_NE(wire.until("data: " + std::to_string(3 * kEach) + "\n\n", 20000), "");
  for (std::thread& thread : storm) thread.join();
  EXPECT_LT(feed.read, 3 * kEach);
}

TEST_F(Push, StormsDoNotHoldUpRequests) {
  RunningServer server(routes());  // two workers
  std::vector<std::unique_ptr<Wire>> wires;
  for (int i = 0; i < 4; ++i) {
    wires.push_back(std::make_unique<Wire>(server.port));
    wires.back()->send(get("/flood"));
  }
  std::atomic<bool> over{false};
  std::thread reading([&] {
    while (!over) {
      for (const auto& wire : wires) wire->until("f\r\n4000\r\nf", 10);
    }
  });
  Wire other(server.port);
  for (int i = 0; i < 20; ++i) {
    other.send(get("/other"));
    EXPECT_EQ(other.receive(2000).body, "other");
  }
  over = true;
  reading.join();
}

TEST_F(Push, StoppingTheServerEndsThemCleanly) {
  RunningServer server(routes());
  feed.last = 3;
  std::vector<std::unique_ptr<Wire>> wires;
  for (int i = 0; i < 30; ++i) {
    wires.push_back(std::make_unique<Wire>(server.port));
    wires.back()->send(get("/events"));
    EXPECT_NE(wires.back()->until("data: 3\n\n\r\n"), "");
  }
  std::thread stopping([&] { server.server->stop(5000); });
  for (const auto& wire : wires) EXPECT_EQ(wire->until("\r\n\r\n"), "0\r\n\r\n");
  wires.clear();
  stopping.join();
  EXPECT_EQ(feed.ended, 30);
  feed.add();  // the server is gone
}

TEST_F(Push, StoppingDuringAStormIsHarmless) {
  for (const int grace : {0, 200}) {
    feed.ended = 0;
    RunningServer server(routes());
    std::atomic<bool> over{false};
    std::thread storm([&] {
      while (!over) feed.add();
    });
    Wire one(server.port), flooded(server.port);
    one.send(get("/events"));
    one.receive();
    flooded.send(get("/flood"));
    flooded.receive();
    server.server->stop(grace);
    over = true;
    storm.join();
    EXPECT_EQ(feed.ended, 2);
  }
}

TEST_F(Push, HaveAMaximum) {
  auto options = RunningServer::quick();
  options.streams_max = 2;
  RunningServer server(routes(), options);
  Wire one(server.port), two(server.port), three(server.port);
  one.send(get("/events"));
  two.send(get("/events"));
  EXPECT_EQ(one.receive().status, 200);
  EXPECT_EQ(two.receive().status, 200);
  three.send(get("/events"));
  EXPECT_EQ(three.receive().status, 503);
  EXPECT_EQ(server.refused("http.busy"), 1u);
}

TEST_F(Push, ASourceThatFailsBreaksOff) {
  struct Broken : PushSource {
    base::Result<Next> next(std::string& to, std::size_t) override {
      to += "data: half";
      if (thrown) throw std::runtime_error("on purpose");
      return base::Error(base::Code::internal, "x.y", "on purpose");
    }
    bool thrown = false;
  };
  RunningServer server({{Method::get, "/{how}", Permission::open, 0,
                         [](Request& r) {
                           auto source = std::make_shared<Broken>();
                           source->thrown = r.parameter("how") == "throws";
                           return Response::events(source);
                         },
                         ""}});
  for (const char* path : {"/throws", "/fails"}) {
    Wire wire(server.port);
    wire.send(get(path));
    EXPECT_EQ(wire.receive().status, 200);
    EXPECT_TRUE(wire.closes(1000));
    EXPECT_EQ(wire.until("0\r\n", 10), "");  // no end: the client knows that something is missing
  }
}

TEST_F(Push, AClientThatTalksIsClosed) {
  RunningServer server(routes());
  Wire wire(server.port);
  wire.send(get("/events"));
  wire.receive();
  wire.send(std::string(1 << 20, 'x'));
  EXPECT_TRUE(eventually([&] { return feed.ended == 1; }));
}

}  // namespace
}  // namespace http
