// Bodies that arrive in part, as resumable uploads send them.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>

#include "http/client.h"
#include "http/testing/wire.h"

namespace http {
namespace {

using testing::eventually;
using testing::RunningServer;
using testing::Wire;

// What is kept of an upload.
struct Upload {
  std::mutex mutex;
  std::string bytes;
  int opened = 0, closed = 0;
  std::atomic<int> handled{0};
  std::size_t size() {
    std::lock_guard lock(mutex);
    return bytes.size();
  }
  int closings() {
    std::lock_guard lock(mutex);
    return closed;
  }
};

class UploadSink : public BodySink {
 public:
  explicit UploadSink(Upload& upload) : upload_(upload) {
    std::lock_guard lock(upload_.mutex);
    ++upload_.opened;
  }
  ~UploadSink() override {
    std::lock_guard lock(upload_.mutex);
    ++upload_.closed;
  }
  base::Result<void> write(base::BytesView chunk) override {
    std::lock_guard lock(upload_.mutex);
    upload_.bytes += chunk;
    return base::done();
  }

 private:
  Upload& upload_;
};

struct PartialBody : ::testing::Test {
  Upload upload;
  std::vector<Route> routes(bool keeps_partial_body = true) {
    Route route{Method::patch,
                "/uploads/{id}",
                Permission::open,
                1 << 20,
                [this](Request& r) {
                  ++upload.handled;
                  r.sink.reset();
                  return Response::text(204, "text/plain", "");
                },
                ""};
    route.open_body = [this](const Head& head) -> base::Result<std::unique_ptr<BodySink>> {
      EXPECT_EQ(head.parameter("id"), "7");
      return std::unique_ptr<BodySink>(std::make_unique<UploadSink>(upload));
    };
    route.refuse = [](const Head&, const base::Error& error) {
      return Response::text(413, "text/plain", "refused: " + std::string(error.reason()));
    };
    route.keeps_partial_body = keeps_partial_body;
    return {route};
  }
  static std::string patch(std::size_t announced, std::string_view more = "") {
    return "PATCH /uploads/7 HTTP/1.1\r\nHost: t\r\n" + std::string(more) +
           "Content-Length: " + std::to_string(announced) + "\r\n\r\n";
  }
  static std::string text(std::size_t size) {
    std::string made;
    while (made.size() < size) made += std::to_string(made.size()) + " ";
    made.resize(size);
    return made;
  }
};

TEST_F(PartialBody, WhatCameBeforeABreakReachesTheSink) {
  RunningServer server(routes());
  // Less than one piece, a few pieces and a bit, and one byte.
  for (const std::size_t came : {std::size_t{1000}, std::size_t{700001}, std::size_t{1}}) {
    upload.bytes.clear();
    upload.opened = upload.closed = 0;
    const std::string all = text(1000000);
    {
      Wire wire(server.port);
      wire.send(patch(all.size()));
      ASSERT_TRUE(wire.send(all.substr(0, came)));
      wire.finish_sending();
      EXPECT_TRUE(wire.closes());
    }
    ASSERT_TRUE(eventually([&] { return upload.closings() == 1; })) << came;
    EXPECT_EQ(upload.bytes, all.substr(0, came));
    EXPECT_EQ(upload.opened, 1);
  }
  EXPECT_EQ(upload.handled, 0);
  EXPECT_EQ(server.refused("http.cut_off"), 3u);
}

TEST_F(PartialBody, ChunkedBodiesAndSilenceAreBreaksToo) {
  auto options = RunningServer::quick();
  options.body_timeout_ms = 200;
  RunningServer server(routes(), options);
  Wire wire(server.port);
  wire.send("PATCH /uploads/7 HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
  wire.send("a\r\n0123456789\r\n5\r\nabc");
  EXPECT_TRUE(wire.closes(3000));
  ASSERT_TRUE(eventually([&] { return upload.closings() == 1; }));
  EXPECT_EQ(upload.bytes, "0123456789abc");
  EXPECT_EQ(upload.handled, 0);
  EXPECT_EQ(server.refused("http.timed_out"), 1u);
}

TEST_F(PartialBody, NothingIsWrittenForARouteThatWantsWholeBodies) {
  RunningServer server(routes(false));
  {
    Wire wire(server.port);
    wire.send(patch(1000) + text(500));
    wire.finish_sending();
    EXPECT_TRUE(wire.closes());
  }
  EXPECT_EQ(upload.size(), 0u);
  EXPECT_EQ(upload.opened, 0);
}

TEST_F(PartialBody, AWholeBodyIsHandledOnce) {
  RunningServer server(routes());
  Wire wire(server.port);
  wire.send(patch(600000) + text(600000));
  EXPECT_EQ(wire.receive().status, 204);
  EXPECT_EQ(upload.bytes, text(600000));
  EXPECT_EQ(upload.handled, 1);
  EXPECT_EQ(upload.closed, 1);
}

TEST_F(PartialBody, ExpectContinueIsAnsweredAndTooMuchIsRefusedAsTheRouteSays) {
  RunningServer server(routes());
  Wire wire(server.port);
  wire.send(patch(600000, "Expect: 100-continue\r\n"));
  EXPECT_EQ(wire.receive(1000).status, 100);
  wire.send(text(600000));
  EXPECT_EQ(wire.receive().status, 204);
  wire.send(patch((1 << 20) + 1, "Expect: 100-continue\r\n"));
  auto answer = wire.receive(1000);  // before any of the body is sent
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.body, "refused: http.body_too_large");
  EXPECT_EQ(upload.opened, 1);
  // Without a length it shows on the way.
  Wire chunked(server.port);
  chunked.send("PATCH /uploads/7 HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string piece = "10000\r\n" + text(0x10000) + "\r\n";
  for (int i = 0; i < 17; ++i) chunked.send(piece);
  answer = chunked.receive();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.body, "refused: http.body_too_large");
  EXPECT_EQ(upload.handled, 1);
}

}  // namespace
}  // namespace http
