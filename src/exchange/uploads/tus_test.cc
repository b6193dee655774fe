#include "exchange/uploads/tus.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/text.h"
#include "exchange/testing/test_exchange.h"
#include "http/testing/wire.h"

namespace exchange::uploads {
namespace {

using http::testing::Wire;

base::Result<Owner> who(const http::Head& head, std::string_view) {
  const std::string_view header = head.headers["Authorization"];
  if (header.empty()) return base::Error(base::Code::unauthenticated, "test.who", "who?");
  return Owner{std::string(header), 7};
}

class TusTest : public ::testing::Test {
 protected:
  TusTest() {
    Options options;
    options.directory = site.blobs_path() + "/upload";
    options.free_bytes_min = 0;
    options.upload_bytes_max = 10'000'000;
    options.owner_uploads_max = 10;
    uploads =
        Uploads::open({base::real_files(), site.database(), site.blobs(), site.clock, site.random},
                      options)
            .value();
    tus = std::make_unique<Tus>(*uploads, who, "/files");
    server = std::make_unique<http::testing::RunningServer>(tus->routes());
  }
  Wire::Answer call(const std::string& line, const std::string& headers,
                    const std::string& body = "") {
    Wire wire(server->port);
    EXPECT_TRUE(wire.send(line + " HTTP/1.1\r\nHost: t\r\nAuthorization: a\r\n" +
                          "Tus-Resumable: 1.0.0\r\n" + headers +
                          "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body));
    return wire.receive(5000, !line.starts_with("HEAD"));
  }
  std::string begin(const std::string& headers) {
    const auto answer = call("POST /files", headers);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.header("Location");
  }
  Wire::Answer patch(const std::string& location, std::uint64_t offset, const std::string& body,
                     const std::string& more = "") {
    return call("PATCH " + location,
                "Content-Type: application/offset+octet-stream\r\nUpload-Offset: " +
                    std::to_string(offset) + "\r\n" + more,
                body);
  }
  base::Bytes digest(const std::string& location) {
    return uploads->digest({"a", 7}, location.substr(7)).value();
  }

  exchange::testing::TestExchange site;
  std::unique_ptr<Uploads> uploads;
  std::unique_ptr<Tus> tus;
  std::unique_ptr<http::testing::RunningServer> server;
};

TEST_F(TusTest, SaysWhatItCan) {
  Wire wire(server->port);
  ASSERT_TRUE(wire.send("OPTIONS /files HTTP/1.1\r\nHost: t\r\n\r\n"));
  const auto answer = wire.receive();
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.header("Tus-Version"), "1.0.0");
  EXPECT_EQ(answer.header("Tus-Max-Size"), "10000000");
  EXPECT_EQ(answer.header("Tus-Checksum-Algorithm"), "sha1,sha256");
  EXPECT_NE(answer.header("Tus-Extension").find("termination"), std::string::npos);
}

TEST_F(TusTest, TakesAnUploadInPieces) {
  const std::string location = begin("Upload-Length: 11\r\nUpload-Metadata: filename aGkudHh0\r\n");
  ASSERT_TRUE(location.starts_with("/files/")) << location;
  auto answer = patch(location, 0, "hello ");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.header("Upload-Offset"), "6");
  EXPECT_EQ(answer.header("Tus-Resumable"), "1.0.0");
  EXPECT_TRUE(answer.header("Upload-Expires").ends_with("GMT"));
  answer = call("HEAD " + location, "");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Upload-Offset"), "6");
  EXPECT_EQ(answer.header("Upload-Length"), "11");
  EXPECT_EQ(answer.header("Upload-Metadata"), "filename aGkudHh0");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(patch(location, 5, "world").status, 409);
  EXPECT_EQ(patch(location, 6, "world").header("Upload-Offset"), "11");
  EXPECT_EQ(digest(location), base::sha256("hello world"));
}

TEST_F(TusTest, AnswersEveryMistakeWithItsStatus) {
  const std::string location = begin("Upload-Length: 4\r\n");
  const auto status = [&](const std::string& line, const std::string& headers,
                          const std::string& body = "") {
    const auto answer = call(line, headers, body);
    EXPECT_EQ(answer.header("Tus-Resumable"), "1.0.0") << line << headers;
    return answer.status;
  };
  EXPECT_EQ(status("POST /files", ""), 400);
  EXPECT_EQ(status("POST /files", "Upload-Length: x\r\n"), 400);
  EXPECT_EQ(status("POST /files", "Upload-Length: -1\r\n"), 400);
  EXPECT_EQ(status("POST /files", "Upload-Length: 1\r\nUpload-Defer-Length: 1\r\n"), 400);
  EXPECT_EQ(status("POST /files", "Upload-Defer-Length: 2\r\n"), 400);
  EXPECT_EQ(status("POST /files", "Upload-Length: 1\r\nUpload-Metadata: a b,a b\r\n"), 400);
  EXPECT_EQ(status("POST /files", "Upload-Length: 1\r\nUpload-Concat: odd\r\n"), 400);
  EXPECT_EQ(status("POST /files", "Upload-Length: 10000001\r\n"), 413);
  EXPECT_EQ(status("POST " + location, "Upload-Length: 1\r\n"), 405);
  EXPECT_EQ(patch(location, 0, "12345").status, 413);
  EXPECT_EQ(patch(location, 1, "1").status, 409);
  EXPECT_EQ(status("PATCH " + location, "Upload-Offset: 0\r\nContent-Type: text/plain\r\n", "1"),
            415);
  EXPECT_EQ(status("PATCH " + location, "Content-Type: application/offset+octet-stream\r\n", "1"),
            400);
  const std::string unknown = "/files/0123456789abcdef0123456789abcdef";
  EXPECT_EQ(patch(unknown, 0, "1").status, 404);
  EXPECT_EQ(status("HEAD " + unknown, ""), 404);
  EXPECT_EQ(status("DELETE " + unknown, ""), 404);
  Wire wire(server->port);
  ASSERT_TRUE(
      wire.send("HEAD " + location +
                " HTTP/1.1\r\nHost: t\r\nAuthorization: a\r\nTus-Resumable: 0.2.2\r\n\r\n"));
  auto answer = wire.receive(5000, false);
  EXPECT_EQ(answer.status, 412);
  EXPECT_EQ(answer.header("Tus-Version"), "1.0.0");
  ASSERT_TRUE(wire.send("HEAD " + location +
                        " HTTP/1.1\r\nHost: t\r\nAuthorization: b\r\n"
                        "Tus-Resumable: 1.0.0\r\n\r\n"));
  EXPECT_EQ(wire.receive(5000, false).status, 404) << "another's";
  ASSERT_TRUE(
      wire.send("HEAD " + location + " HTTP/1.1\r\nHost: t\r\nTus-Resumable: 1.0.0\r\n\r\n"));
  EXPECT_EQ(wire.receive(5000, false).status, 401);
  site.clock.advance(std::chrono::hours(25));
  EXPECT_EQ(status("HEAD " + location, ""), 410);
}

TEST_F(TusTest, KeepsWhatArrivedWhenTheConnectionBreaks) {
  const std::string whole = base::SeededRandom(5).bytes(3'000'000);
  const std::string location = begin("Upload-Length: 3000000\r\n");
  {
    Wire wire(server->port);
    ASSERT_TRUE(wire.send("PATCH " + location +
                          " HTTP/1.1\r\nHost: t\r\nAuthorization: a\r\n"
                          "Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
                          "Content-Type: application/offset+octet-stream\r\n"
                          "Content-Length: 3000000\r\n\r\n" +
                          whole.substr(0, 2'000'000)));
    for (int i = 0; i < 500 && call("HEAD " + location, "").header("Upload-Offset") == "0"; ++i) {
    }
    const auto busy = patch(location, 0, whole);
    EXPECT_EQ(busy.status, 423) << busy.body;
  }
  std::uint64_t offset = 0;
  for (int i = 0; i < 200; ++i) {
    const auto answer = call("HEAD " + location, "");
    offset = std::stoull(answer.header("Upload-Offset"));
    const auto on = patch(location, offset, whole.substr(offset));
    if (on.status == 204) break;
    EXPECT_TRUE(on.status == 423 || on.status == 409) << on.status;
  }
  EXPECT_GT(offset, 1'400'000U);
  EXPECT_EQ(digest(location), base::sha256(whole));
}

TEST_F(TusTest, ChecksSums) {
  const std::string location = begin("Upload-Length: 6\r\n");
  base::Sha1 sha1;
  sha1.update("abc");
  const std::string good = "Upload-Checksum: sha1 " + base::base64(sha1.finish()) + "\r\n";
  EXPECT_EQ(patch(location, 0, "abd", good).status, 460);
  EXPECT_EQ(call("HEAD " + location, "").header("Upload-Offset"), "0");
  EXPECT_EQ(patch(location, 0, "abc", good).status, 204);
  const std::string sha256 = "Upload-Checksum: sha256 " + base::base64(base::sha256("def"));
  EXPECT_EQ(patch(location, 3, "xef", sha256 + "\r\n").status, 460);
  EXPECT_EQ(patch(location, 3, "def", sha256 + "\r\n").status, 204);
  EXPECT_EQ(patch(location, 6, "", "Upload-Checksum: md5 abc=\r\n").status, 400);
  EXPECT_EQ(digest(location), base::sha256("abcdef"));
}

TEST_F(TusTest, BringsTheFirstBytesAlong) {
  const std::string type = "Content-Type: application/offset+octet-stream\r\n";
  auto answer = call("POST /files", type + "Upload-Length: 6\r\n", "abc");
  ASSERT_EQ(answer.status, 201);
  EXPECT_EQ(answer.header("Upload-Offset"), "3");
  EXPECT_EQ(patch(answer.header("Location"), 3, "def").status, 204);
  EXPECT_EQ(call("POST /files", "Upload-Length: 6\r\n", "abc").status, 415);
  EXPECT_EQ(call("POST /files", type + "Upload-Length: 2\r\n", "abc").status, 413);
  const auto files = base::real_files().list(uploads->options().directory).value();
  EXPECT_EQ(files.size(), 2U) << "nothing is left of one whose address nobody knows";
}

TEST_F(TusTest, LearnsTheSizeLaterJoinsAndGivesUp) {
  const std::string open_end = begin("Upload-Defer-Length: 1\r\n");
  EXPECT_EQ(call("HEAD " + open_end, "").header("Upload-Defer-Length"), "1");
  EXPECT_EQ(patch(open_end, 0, "abc").status, 204);
  EXPECT_EQ(patch(open_end, 3, "d", "Upload-Length: 4\r\n").status, 204);
  EXPECT_EQ(call("HEAD " + open_end, "").header("Upload-Length"), "4");

  const std::string a = begin("Upload-Length: 3\r\nUpload-Concat: partial\r\n");
  const std::string b = begin("Upload-Length: 2\r\nUpload-Concat: partial\r\n");
  const std::string final = "Upload-Concat: final;" + a + " http://host" + b + "\r\n";
  EXPECT_EQ(call("POST /files", final).status, 409);
  EXPECT_EQ(patch(a, 0, "abc").status, 204);
  EXPECT_EQ(patch(b, 0, "de").status, 204);
  const std::string joined = begin(final);
  EXPECT_EQ(digest(joined), base::sha256("abcde"));
  EXPECT_TRUE(call("HEAD " + joined, "").header("Upload-Concat").starts_with("final;"));
  EXPECT_EQ(call("HEAD " + a, "").header("Upload-Concat"), "partial");
  EXPECT_EQ(patch(joined, 5, "").status, 403);

  EXPECT_EQ(call("DELETE " + a, "").status, 204);
  EXPECT_EQ(call("HEAD " + a, "").status, 404);
  EXPECT_EQ(call("POST " + b, "X-HTTP-Method-Override: DELETE\r\n").status, 204);
  const std::string c = begin("Upload-Length: 1\r\n");
  EXPECT_EQ(call("POST " + c,
                 "X-HTTP-Method-Override: PATCH\r\nUpload-Offset: 0\r\n"
                 "Content-Type: application/offset+octet-stream\r\n",
                 "x")
                .status,
            204);
}

TEST_F(TusTest, StopsAtTheQuota) {
  for (int i = 0; i < 10; ++i) begin("Upload-Length: 0\r\n");
  const auto answer = call("POST /files", "Upload-Length: 0\r\n");
  EXPECT_EQ(answer.status, 429);
  EXPECT_NE(answer.body.find("exchange.upload_too_many"), std::string::npos);
}

TEST(TusMetadata, IsReadStrictly) {
  const auto pairs = parse_metadata("filename Y8O0bmcgdsSDbi5wZGY=,draft,note  ").value();
  ASSERT_EQ(pairs.size(), 3U);
  EXPECT_EQ(pairs[0].second, "công văn.pdf");
  EXPECT_EQ(pairs[1].first, "draft");
  EXPECT_EQ(pairs[1].second, "");
  EXPECT_TRUE(parse_metadata("").value().empty());
  for (const char* bad : {",", "a b!", "a YQ==,a YQ==", "ă YQ=="}) {
    EXPECT_FALSE(parse_metadata(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace exchange::uploads
