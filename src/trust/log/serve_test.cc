#include "trust/log/serve.h"

#include <gtest/gtest.h>

#include <deque>

#include "http/testing/wire.h"
#include "trust/log/monitor.h"
#include "trust/log/testing/small_log.h"
#include "trust/log/witness.h"

namespace trust::log {
namespace {

using testing::SmallLog;

TEST(LogServe, KnowsItsPaths) {
  for (const char* good :
       {"checkpoint", "checkpoint.witnessed", "tile/0/000", "tile/63/x001/x234/067",
        "tile/entries/001.p/12", "tile/0/x001/067.p/255"}) {
    EXPECT_TRUE(is_log_path(good)) << good;
  }
  for (const char* bad : {"",
                          "tile",
                          "tile/0",
                          "tile/0/",
                          "tile/64/000",
                          "tile/00/000",
                          "tile/0/00",
                          "tile/0/0000",
                          "tile/0/x001",
                          "tile/0/001/002",
                          "tile/0/000.p/0",
                          "tile/0/000.p/256",
                          "tile/0/000.p/01",
                          "tile/0/000.p",
                          "tile/../../etc/passwd",
                          "tile/0/..",
                          "../checkpoint",
                          "/checkpoint",
                          "checkpoint.next",
                          "checkpoint.tmp",
                          "tile/entries/../0/000",
                          "tile/0/x000/001",
                          "tile/0/000.p/1/2"}) {
    EXPECT_FALSE(is_log_path(bad)) << bad;
  }
}

TEST(LogServe, AnswersForFilesThatAreThere) {
  SmallLog small;
  ASSERT_TRUE(small.open().ok());
  small.grow(3);
  const auto source = small.log->source();
  const auto head = serve(*source, "checkpoint");
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(head->body, small.log->head_note());
  EXPECT_EQ(head->content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(head->cache_control, "no-cache");
  const auto tile = serve(*source, "tile/0/000.p/3");
  ASSERT_TRUE(tile.ok());
  EXPECT_EQ(tile->body.size(), 96U);
  EXPECT_EQ(serve(*source, "tile/0/000").error().reason(), "trust.log_file_missing");
  EXPECT_EQ(serve(*source, "../key").error().reason(), "trust.log_file_missing");
}

// A log, a monitor and a witness with a network between them.
TEST(LogServe, WorksOverHttp) {
  SmallLog small;
  ASSERT_TRUE(small.open().ok());
  small.grow(300);
  const auto witness_key = testing::key_of("w.example", 3, NoteAlgorithm::cosignature);
  const auto witness =
      Witness::open(
          {small.files(), "witness", *witness_key, small.clock, {small.signer->verifier()}})
          .value();
  const auto source = small.log->source();
  std::deque<std::string> paths;
  std::vector<http::Route> routes;
  for (const char* path : {"checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1",
                           "tile/entries/000", "tile/entries/001.p/44"}) {
    paths.push_back(std::string("/log/") + path);
    routes.push_back({http::Method::get, paths.back(), http::Permission::open, 0,
                      [&](http::Request& request) {
                        auto file = serve(*source, request.path.substr(5));
                        if (!file) return http::problem(file.error(), request.path);
                        return http::Response::text(200, file->content_type, file->body);
                      },
                      "log"});
  }
  routes.push_back({http::Method::post, "/w/add-checkpoint", http::Permission::open,
                    kAddCheckpointBytesMax,
                    [&](http::Request& request) {
                      const WitnessAnswer answer = witness->add_checkpoint(request.body);
                      return http::Response::text(answer.status, answer.content_type, answer.body);
                    },
                    "witness"});
  const http::testing::RunningServer server(std::move(routes));
  const std::string url = "http://127.0.0.1:" + std::to_string(server.port);

  const auto remote = http_source(url + "/log").value();
  const auto report = monitor({}, *remote, {small.signer->verifier(), {}, false});
  EXPECT_TRUE(report.findings.empty()) << report.findings.front().text.en;
  EXPECT_EQ(report.entries, 300U);
  EXPECT_EQ(remote->read("tile/0/002").error().reason(), "trust.log_file_missing");

  Witnesses witnesses(*small.log);
  witnesses.add(witness_key->verifier(), http_witness(url + "/w").value());
  witnesses.add(testing::key_of("gone.example", 4, NoteAlgorithm::cosignature)->verifier(),
                http_witness("http://127.0.0.1:1").value());
  const auto outcomes = witnesses.ask();
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_TRUE(outcomes[0].result.ok()) << outcomes[0].result.error().detail();
  EXPECT_EQ(outcomes[1].result.error().reason(), "trust.witness_unavailable");
  const auto again =
      monitor(report.state, *remote, {small.signer->verifier(), {witness_key->verifier()}, true});
  EXPECT_TRUE(again.findings.empty());
  EXPECT_EQ(again.cosignatures.size(), 1U);
}

}  // namespace
}  // namespace trust::log
