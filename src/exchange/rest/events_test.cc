// Events by pages, by waiting, and as a stream, over a real socket.
#include <gtest/gtest.h>

#include <thread>

#include "exchange/testing/engines.h"
#include "exchange/testing/rest_server.h"

namespace exchange::rest {
namespace {

using namespace std::chrono_literals;
using http::testing::Wire;
using testing::Letter;
using testing::RestServer;

class RestEvents : public ::testing::TestWithParam<std::string> {
 public:
  RestEvents() : server(testing::fresh_database(GetParam())) {
    server.know_system("A", testing::kSender);
    server.know_system("B", testing::kReceiver);
    server.know_person("clerk", identity::Role::clerk, {"K97"});
    server.know_person("operator", identity::Role::operator_, {});
    follow();
  }
  void follow() {
    while (server.feed.follow().value() > 0) {
    }
  }
  void send(const std::string& to) {
    Letter letter;
    letter.to = {to};
    letter.number = std::to_string(++sent_);
    server.site.send(letter);
    follow();
  }
  static std::string types(const testing::RestAnswer& answer) {
    std::string all;
    for (const auto& item : answer.items()) all += std::string(item["type"].text()) + " ";
    return all;
  }
  std::string now(const std::string& caller) {
    return server.get("/api/v1/events", caller).text("cursor");
  }
  static std::string request(const std::string& target, const std::string& caller,
                             const std::string& headers = {}) {
    return http::testing::get(
        target, "Authorization: Bearer " + caller + "\r\nAccept: text/event-stream\r\n" + headers);
  }
  RestServer server;
  int sent_ = 0;
};
ON_BOTH_ENGINES(RestEvents);

TEST_P(RestEvents, PagesGiveEachEventOnceToWhomItConcerns) {
  const std::string begin = now("clerk");
  for (int i = 0; i < 3; ++i) send("K97");
  send("G99");
  std::string cursor = begin, seen;
  for (int round = 0; round < 9; ++round) {
    const auto page = server.get("/api/v1/events?limit=1&after=" + cursor, "clerk");
    seen += types(page);
    cursor = page.text("cursor");
    if (!page.json["more"].boolean()) break;
  }
  EXPECT_EQ(seen, "delivery.available delivery.available delivery.available ");
  EXPECT_EQ(types(server.get("/api/v1/events?after=" + cursor, "clerk")), "");
  EXPECT_EQ(types(server.get("/api/v1/events?from=beginning&types=document.accepted", "A")),
            "document.accepted document.accepted document.accepted document.accepted ");
  EXPECT_EQ(
      server.get("/api/v1/events?after=" + begin + "&organisation=G99", "clerk").items().size(),
      0u);
}

TEST_P(RestEvents, WhatIsWrongIsSaidBeforeAnythingBegins) {
  for (const char* more : {"", "&wait=5", "&stream=true"}) {
    const std::string with(more);
    EXPECT_EQ(server.get("/api/v1/events?after=xyz" + with, "clerk").reason(),
              "exchange.bad_cursor");
    EXPECT_EQ(server.get("/api/v1/events?from=yesterday" + with, "clerk").reason(),
              "exchange.bad_start");
    EXPECT_EQ(server.get("/api/v1/events?types=x.y" + with, "clerk").reason(),
              "rest.event_type_unknown");
  }
  EXPECT_EQ(server.get("/api/v1/events?wait=61", "clerk").status, 400);
  EXPECT_EQ(server.get("/api/v1/events", "operator").reason(), "rest.organisation_missing");
  EXPECT_EQ(server.get("/api/v1/events?organisation=K97", "operator").status, 200);
}

TEST_P(RestEvents, WaitingEndsWithTheFirstEvent) {
  const std::string cursor = now("clerk");
  testing::RestAnswer answer;
  std::thread waiting(
      [&] { answer = server.get("/api/v1/events?wait=30&after=" + cursor, "clerk"); });
  EXPECT_TRUE(http::testing::eventually([&] { return server.feed.hub().listeners() == 1; }));
  send("G99");  // not the clerk's
  send("K97");
  waiting.join();
  EXPECT_EQ(types(answer), "delivery.available ");
  const auto nothing = server.get("/api/v1/events?wait=1&after=" + answer.text("cursor"), "clerk");
  EXPECT_EQ(nothing.status, 200);
  EXPECT_EQ(types(nothing), "");
}

TEST_P(RestEvents, AStreamThatBreaksGoesOnWithoutLossOrRepetition) {
  std::string id;
  {
    Wire wire(server.port());
    ASSERT_TRUE(wire.send(request("/api/v1/events", "clerk")));
    const std::string head = wire.until("\r\n\r\n");
    EXPECT_NE(head.find("text/event-stream"), std::string::npos) << head;
    EXPECT_NE(wire.until("\n\n").find("retry: "), std::string::npos);
    send("K97");
    const std::string event = wire.until("\ndata: ");
    EXPECT_NE(event.find("event: delivery.available"), std::string::npos) << event;
    const auto at = event.find("id: ");
    ASSERT_NE(at, std::string::npos) << event;
    id = event.substr(at + 4, 42);
  }
  send("K97");
  send("G99");
  send("K97");
  Wire wire(server.port());
  ASSERT_TRUE(wire.send(
      request("/api/v1/events?from=beginning", "clerk", "Last-Event-ID: " + id + "\r\n")));
  EXPECT_FALSE(wire.until("event: delivery.available").empty());
  EXPECT_FALSE(wire.until("event: delivery.available").empty());
  EXPECT_EQ(wire.until("event: ", 600), "");
}

TEST_P(RestEvents, AStreamEndsWithItsCallersRights) {
  Wire wire(server.port());
  ASSERT_TRUE(wire.send(request("/api/v1/events", "clerk")));
  EXPECT_FALSE(wire.until("retry: ").empty());
  send("K97");
  EXPECT_FALSE(wire.until("event: delivery.available").empty());
  // Another organisation's clerk now: the stream goes on with what they may.
  server.know_person("clerk", identity::Role::clerk, {"G99"});
  server.site.clock.advance(31s);
  send("G99");
  EXPECT_NE(wire.until("\"recipient\":\"G99\"").find("event: delivery.available"),
            std::string::npos);
  server.forget("clerk");
  server.site.clock.advance(31s);
  EXPECT_TRUE(wire.closes());
  EXPECT_TRUE(http::testing::eventually([&] { return server.feed.hub().listeners() == 0; }));
}

TEST(RestEventStreams, OneCallerHasSoManyAndNoMore) {
  RestServer server;
  server.know_person("clerk", identity::Role::clerk, {"K97"});
  std::vector<std::unique_ptr<Wire>> wires;
  for (std::size_t i = 0; i < ApiOptions().streams_of_caller_max; ++i) {
    wires.push_back(std::make_unique<Wire>(server.port()));
    ASSERT_TRUE(wires.back()->send(RestEvents::request("/api/v1/events", "clerk")));
    ASSERT_FALSE(wires.back()->until("retry: ").empty()) << i;
  }
  EXPECT_EQ(server.get("/api/v1/events?stream=true", "clerk").reason(), "rest.too_many_streams");
  EXPECT_EQ(server.get("/api/v1/events", "clerk").status, 200);
  wires.pop_back();
  EXPECT_TRUE(http::testing::eventually([&] {
    Wire again(server.port());
    again.send(RestEvents::request("/api/v1/events", "clerk"));
    return !again.until("retry: ", 500).empty();
  }));
}

}  // namespace
}  // namespace exchange::rest
