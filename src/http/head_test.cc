#include "http/head.h"

#include <gtest/gtest.h>

#include "http/answer.h"
#include "http/chunked.h"

namespace http {
namespace {

std::string reason_of(std::string_view bytes) {
  const auto parsed = parse_request_head(bytes);
  return parsed.ok() ? "ok" : std::string(parsed.error().reason());
}

std::string with(std::string_view lines) {
  return "POST /x HTTP/1.1\r\nHost: t\r\n" + std::string(lines) + "\r\n";
}

TEST(Head, ReadsARequest) {
  const auto parsed = parse_request_head(
      "POST //XrdAdapter//adapter/send%45doc?a=1%20 HTTP/1.1\r\nHost: t\r\n"
      "XroadVnpt-from:  \xe1\xbb\xa7y ban \r\nExpect: 100-Continue\r\nContent-Length: 12\r\n\r\n");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->head.method, Method::post);
  EXPECT_EQ(parsed->head.path, "/XrdAdapter/adapter/sendEdoc");
  EXPECT_EQ(parsed->head.query, "a=1%20");
  EXPECT_EQ(parsed->head.target, "//XrdAdapter//adapter/send%45doc?a=1%20");
  EXPECT_EQ(parsed->head.headers["xroadvnpt-FROM"], "\xe1\xbb\xa7y ban");
  EXPECT_EQ(parsed->head.body_bytes, 12);
  EXPECT_TRUE(parsed->expects_continue);
  EXPECT_TRUE(parsed->keep_alive);
}

TEST(Head, KnowsWhetherTheConnectionStays) {
  EXPECT_TRUE(parse_request_head("GET / HTTP/1.1\r\nHost: t\r\n\r\n")->keep_alive);
  EXPECT_FALSE(
      parse_request_head("GET / HTTP/1.1\r\nHost: t\r\nConnection: a, Close\r\n\r\n")->keep_alive);
  EXPECT_FALSE(parse_request_head("GET / HTTP/1.0\r\n\r\n")->keep_alive);
  EXPECT_TRUE(parse_request_head("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")->keep_alive);
}

TEST(Head, RefusesWhatTwoProgramsCouldReadDifferently) {
  EXPECT_EQ(reason_of(with("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n")),
            "http.head_malformed");
  EXPECT_EQ(reason_of(with("Content-Length: 4\r\nContent-Length: 5\r\n")), "http.head_malformed");
  EXPECT_EQ(reason_of(with("Content-Length: 4\r\nContent-Length: 4\r\n")), "http.head_malformed");
  EXPECT_EQ(reason_of(with("Content-Length: 4, 4\r\n")), "http.head_malformed");
  EXPECT_EQ(reason_of(with("Content-Length: +4\r\n")), "http.head_malformed");
  EXPECT_EQ(reason_of(with("Content-Length: -4\r\n")), "http.head_malformed");
  EXPECT_EQ(reason_of(with("Content-Length: 99999999999999999999\r\n")), "http.head_malformed");
  EXPECT_EQ(reason_of(with("Content-Length:\r\n")), "http.head_malformed");
  EXPECT_EQ(reason_of(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")),
            "http.head_malformed");
  EXPECT_EQ(reason_of(with("Transfer-Encoding: gzip, chunked\r\n")), "http.coding_unknown");
  EXPECT_EQ(reason_of(with("Transfer-Encoding: identity\r\n")), "http.coding_unknown");
  EXPECT_EQ(reason_of(with("Transfer-Encoding : chunked\r\n")), "http.head_malformed");
  EXPECT_EQ(reason_of(with("X: a\r\n b\r\n")), "http.head_malformed");
  EXPECT_EQ(reason_of(with(" X: a\r\n")), "http.head_malformed");
  EXPECT_EQ(reason_of(with("Host: other\r\n")), "http.head_malformed");
  EXPECT_EQ(reason_of(with("No colon\r\n")), "http.head_malformed");
  EXPECT_EQ(reason_of(with(std::string_view("X: a\0b\r\n", 8))), "http.head_malformed");
  EXPECT_EQ(reason_of("GET / HTTP/1.1\r\n\r\n"), "http.head_malformed");
  EXPECT_EQ(reason_of("GET / HTTP/1.1\nHost: t\n\n"), "http.head_malformed");
  EXPECT_EQ(reason_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
            "http.head_malformed");
  EXPECT_EQ(reason_of(with("X: a\r\n")), "ok");
}

// Clients that cut "đ" (U+0111) to its low byte send 0x11; they were refused here, below the
// protocol that has an answer for them.
TEST(Head, ControlBytesWithinAValueAreKeptAsTheyCame) {
  for (int byte = 1; byte < 0x80; byte = byte == 0x1f ? 0x7f : byte + 1) {
    if (byte == '\t' || byte == '\r' || byte == '\n') continue;
    const std::string c(1, static_cast<char>(byte));
    const auto parsed = parse_request_head(
        with("XroadVnpt-a:  " + c + "x:" + c + " \r\nXroadVnpt-b:" + c + "\r\nXroadVnpt-c: y\r\n"));
    ASSERT_TRUE(parsed.ok()) << byte;
    EXPECT_EQ(parsed->head.headers["XroadVnpt-a"], c + "x:" + c);
    EXPECT_EQ(parsed->head.headers["XroadVnpt-b"], c);
    EXPECT_EQ(parsed->head.headers["XroadVnpt-c"], "y");
  }
}

TEST(Head, ControlBytesAnywhereElseAreRefused) {
  for (int byte = 0; byte < 0x80; byte = byte == 0x1f ? 0x7f : byte + 1) {
    const std::string c(1, static_cast<char>(byte));
    if (byte != '\t') {
      for (const char* framing : {"Content-Length: 4", "Transfer-Encoding: chunked",
                                  "Connection: x", "Connection: close", "Expect: 100-continue"}) {
        EXPECT_EQ(reason_of(with(framing + c + "\r\n")), "http.head_malformed") << framing << byte;
      }
      EXPECT_EQ(reason_of("GET / HTTP/1.1\r\nHost: t" + c + "\r\n\r\n"), "http.head_malformed");
    }
    EXPECT_EQ(reason_of(with("X" + c + "Y: a\r\n")), "http.head_malformed") << byte;
    EXPECT_EQ(reason_of("GET /" + c + " HTTP/1.1\r\nHost: t\r\n\r\n"), "http.head_malformed");
  }
  for (const char c : {'\r', '\n', '\0'}) {
    const std::string value = std::string("X: a") + c + "b\r\n";
    EXPECT_EQ(reason_of(with(value)), "http.head_malformed");
    EXPECT_EQ(reason_of(with("Y: \x01\r\n" + value)), "http.head_malformed");
  }
}

TEST(Head, BoundsTheNumberOfHeaders) {
  std::string lines;
  for (std::size_t i = 1; i < kHeadersMax; ++i) lines += "X: " + std::to_string(i) + "\r\n";
  EXPECT_EQ(reason_of(with(lines)), "ok");
  EXPECT_EQ(reason_of(with(lines + "X: y\r\n")), "http.head_too_large");
}

TEST(Head, DecodesAndRefusesTargets) {
  std::string path, query;
  EXPECT_TRUE(split_target("/a%2Fb//c%20d", path, query));
  EXPECT_EQ(path, "/a/b/c d");
  EXPECT_TRUE(split_target("https://proxy:8443/x?q=/../", path, query));
  EXPECT_EQ(path, "/x");
  EXPECT_EQ(query, "q=/../");
  EXPECT_TRUE(split_target("*", path, query));
  for (const char* bad :
       {"", "x", "/%", "/%4", "/%zz", "/%00", "/a/../b", "/..", "/%2e%2e/b", "/a/.", "/a#b"}) {
    EXPECT_FALSE(split_target(bad, path, query)) << bad;
  }
}

TEST(Head, KnowsEarlyWhatCannotBecomeARequest) {
  EXPECT_TRUE(is_hopeless("\x16\x03\x01"));
  EXPECT_TRUE(is_hopeless("GET / HTTP/1.1\n"));
  EXPECT_FALSE(is_hopeless("GET / HTTP/1.1\r\nHo"));
  EXPECT_EQ(find_head_end("GET / HTTP/1.1\r\n\r\nrest", 0), 18u);
  EXPECT_EQ(find_head_end("GET / HTTP/1.1\r\n\r\n", 17), 18u);
  EXPECT_EQ(find_head_end("GET / HTTP/1.1\r\n\r", 0), std::string_view::npos);
}

TEST(Head, ReadsAnAnswer) {
  const auto parsed =
      parse_answer_head("HTTP/1.1 503 Busy\r\nContent-Length: 3\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->status, 503);
  EXPECT_EQ(parsed->body_bytes, 3);
  EXPECT_FALSE(parsed->keep_alive);
  EXPECT_EQ(parse_answer_head("SSH-2.0-x\r\n\r\n").error().reason(), "http.answer_malformed");
}

TEST(Answer, LeavesOutHeadersThatWouldSplitIt) {
  Response response = Response::text(200, "text/plain", "x");
  response.headers.add("X-Bad", "a\r\nSet-Cookie: b");
  response.headers.add("Bad name", "a");
  response.headers.add("Content-Length", "999");
  response.headers.add("X-Good", "\xe1\xbb\xa7");
  AnswerFraming framing;
  framing.body_bytes = 1;
  framing.date = "D";
  const std::string head = answer_head(response, framing);
  EXPECT_EQ(head.find("Set-Cookie"), std::string::npos);
  EXPECT_EQ(head.find("Bad name"), std::string::npos);
  EXPECT_EQ(head.find("999"), std::string::npos);
  EXPECT_NE(head.find("Content-Length: 1\r\n"), std::string::npos);
  EXPECT_NE(head.find("X-Good: \xe1\xbb\xa7\r\n"), std::string::npos);
  EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(Chunked, DecodesWhereverItIsCut) {
  const std::string coded = "5;a=b\r\nhello\r\nB\r\n wonderful \r\n0\r\nTrailer: x\r\n\r\nNEXT";
  for (std::size_t cut = 0; cut <= coded.size(); ++cut) {
    ChunkedDecoder decoder;
    std::string out;
    std::size_t used = decoder.decode(coded.substr(0, cut), out);
    if (used == cut) used += decoder.decode(coded.substr(cut), out);
    EXPECT_TRUE(decoder.done());
    EXPECT_EQ(out, "hello wonderful ");
    EXPECT_EQ(coded.substr(used), "NEXT");
  }
}

TEST(Chunked, RefusesWhatIsMalformed) {
  for (const std::string& bad :
       {std::string("x\r\n"), std::string("\r\n"), std::string("5\nhello"),
        std::string("5\r\nhelloX"), std::string("-1\r\n"), std::string("0x5\r\n"),
        std::string("fffffffffffffffff\r\n"), "1;" + std::string(10000, 'e'),
        "0\r\n" + std::string(10000, 't')}) {
    ChunkedDecoder decoder;
    std::string out;
    decoder.decode(bad, out);
    EXPECT_TRUE(decoder.failed()) << bad.substr(0, 20);
  }
}

}  // namespace
}  // namespace http
