#include "http/compression.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "http/conditional.h"
#include "http/testing/wire.h"

namespace http {
namespace {

std::string gunzip(const std::string& bytes) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

std::string list() {
  std::string text = "[";
  for (int i = 0; i < 500; ++i) text += "{\"number\":" + std::to_string(i) + "},";
  return text + "null]";
}

Head asking(std::string encoding) {
  Head head;
  head.headers.add("Accept-Encoding", std::move(encoding));
  return head;
}

TEST(Compression, ReadsWhatTheClientTakes) {
  for (const char* text : {"gzip", "GZIP", "deflate, gzip", "br;q=1.0, gzip;q=0.5", "*", "x-gzip",
                           "gzip; q=0.001", "identity;q=0, *;q=0.1"}) {
    EXPECT_TRUE(takes_gzip(text)) << text;
  }
  for (const char* text : {"", "br", "gzip;q=0", "gzip; q=0.000", "*;q=0", "gzip;q=0, *", "zip"}) {
    EXPECT_FALSE(takes_gzip(text)) << text;
  }
}

TEST(Compression, MakesTextSmallerOnRequest) {
  Response response = Response::json(200, list());
  response.compressible = true;
  response.headers.add("ETag", "\"7\"");
  compress(response, asking("gzip"));
  EXPECT_EQ(response.headers["Content-Encoding"], "gzip");
  EXPECT_EQ(response.headers["Vary"], "Accept-Encoding");
  EXPECT_EQ(response.headers["ETag"], "W/\"7\"");
  EXPECT_LT(response.body.size(), list().size() / 2);
  EXPECT_EQ(gunzip(response.body), list());
}

TEST(Compression, LeavesEverythingElseAlone) {
  const auto unchanged = [](Response response, const Head& head) {
    const std::string before = response.body;
    compress(response, head);
    return response.body == before && !response.headers.has("Content-Encoding");
  };
  const auto answer = [](std::string_view type, std::string body) {
    Response response = Response::text(200, type, std::move(body));
    response.compressible = true;
    return response;
  };
  EXPECT_TRUE(unchanged(Response::json(200, list()), asking("gzip")));  // not asked for
  EXPECT_TRUE(unchanged(answer("application/json", list()), asking("br")));
  EXPECT_TRUE(unchanged(answer("application/json", "[1]"), asking("gzip")));
  EXPECT_TRUE(unchanged(answer("application/pdf", list()), asking("gzip")));
  EXPECT_FALSE(unchanged(answer("Text/Plain; charset=utf-8", list()), asking("gzip")));
  EXPECT_FALSE(unchanged(answer("application/problem+json", list()), asking("gzip")));
  std::string noise;
  for (unsigned i = 0, x = 1; i < 5000; ++i)
    noise += static_cast<char>((x = x * 1664525 + 1) >> 24);
  EXPECT_TRUE(unchanged(answer("text/plain", noise), asking("gzip")));  // would grow
}

TEST(Compression, ComesThroughTheServer) {
  testing::RunningServer server({{Method::get, "/list", Permission::open, 0,
                                  [](Request& request) {
                                    if (auto same = not_modified(request, "\"v1\"")) {
                                      return std::move(*same);
                                    }
                                    Response response = Response::json(200, list());
                                    response.compressible = true;
                                    response.headers.add("ETag", "\"v1\"");
                                    response.retry_after(17);
                                    return response;
                                  },
                                  ""}});
  testing::Wire wire(server.port);
  wire.send(testing::get("/list", "Accept-Encoding: gzip\r\n"));
  const auto answer = wire.receive();
  EXPECT_EQ(answer.header("Content-Encoding"), "gzip");
  EXPECT_EQ(gunzip(answer.body), list());
  EXPECT_EQ(answer.header("Retry-After"), "17");
  wire.send(testing::get("/list", "If-None-Match: " + answer.header("ETag") + "\r\n"));
  const auto same = wire.receive();
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.header("ETag"), "\"v1\"");
  EXPECT_EQ(same.header("Content-Length"), "");
  wire.send(testing::get("/list"));
  EXPECT_EQ(wire.receive().body, list());
}

TEST(NotModified, ComparesWeakly) {
  const auto same = [](std::string value, Method method = Method::get) {
    Head head;
    head.method = method;
    head.headers.add("If-None-Match", std::move(value));
    return not_modified(head, "W/\"a,b\"").has_value();
  };
  for (const char* text : {"\"a,b\"", "W/\"a,b\"", "*", "\"x\", W/\"y\",\"a,b\""}) {
    EXPECT_TRUE(same(text)) << text;
    EXPECT_FALSE(same(text, Method::put)) << text;
  }
  for (const char* text : {"", "a,b", "\"a\"", "\"b\"", "\"a,b", "\"x\" a,b \"y\""}) {
    EXPECT_FALSE(same(text)) << text;
  }
  EXPECT_FALSE(not_modified(Head(), "\"1\"").has_value());
}

}  // namespace
}  // namespace http
