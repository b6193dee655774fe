// What holds for every call: signatures, paths, answer rules as both SDK versions read them.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "exchange/testing/vxp_server.h"

namespace exchange::vxp {
namespace {

using testing::Answer;
using testing::call_request;
using testing::Caller;
using testing::kReceiver;
using testing::kSecret;
using testing::kSender;
using testing::Letter;

enum class Sdk { v200, v201 };

// What an SDK of that version makes of an answer (vxp-protocol §4.2): nothing when it gives its
// caller an object with null fields, which integrators crash on.
std::optional<std::string> sdk_reads(Sdk version, std::string_view call, const base::Json& json) {
  if (!json.is_object()) return std::nullopt;
  for (const char* name : {"status", "ErrorCode", "ErrorDesc"}) {
    if (!json[name].is_string()) return std::nullopt;
  }
  if (call == "sendEdoc" && !json["DocId"].is_string()) return std::nullopt;
  if (call == "getEdoc" && version == Sdk::v200 && !json["data"].is_string()) return std::nullopt;
  if (call == "getEdoc" && json.has("data") && !json["data"].is_string()) return std::nullopt;
  if (call.find("List") != std::string_view::npos || call == "getSynchronizeUnit") {
    if (!json["data"].is_array()) return std::nullopt;
    for (const auto& item : json["data"].array()) {
      for (const auto& [name, value] : item.object()) {
        if (!value.is_string()) return std::nullopt;  // a null empties the list
      }
    }
  }
  if (call.starts_with("count") && !json["count"].is_number()) return std::nullopt;
  return std::string(json["ErrorCode"].text());
}

constexpr const char* kPosts[] = {
    "sendEdoc",           "getReceivedEdocList", "getSentEdocList",  "getEdoc",
    "updateStatus",       "getAgenciesList",     "registerAgency",   "deleteAgency",
    "getSynchronizeUnit", "getAgenciesListQD20", "countReceiveEdoc", "countReceiveStatus"};

class Routes : public ::testing::Test {
 protected:
  void read_by_both(std::string_view call, const Answer& answer, const std::string& code) {
    for (const Sdk version : {Sdk::v200, Sdk::v201}) {
      EXPECT_EQ(sdk_reads(version, call, answer.json), code)
          << call << " " << answer.body.substr(0, 300);
    }
  }
  testing::VxpServer server_;
};

TEST_F(Routes, EveryCallWithAWrongSignatureIs15InAFormThatBothSdksRead) {
  for (const char* name : kPosts)
    read_by_both(name, server_.call(name, {kSender, "wrong secret"}), "15");
  for (const char* name : kPosts)
    read_by_both(name, server_.call(name, {"no.such.system", "x"}), "15");
  for (const char* name : kPosts)
    read_by_both(name, server_.ask(http::testing::post("/" + std::string(name), "{}")), "15");
  ASSERT_TRUE(server_.site.directory().enable_system(kSender, false));
  for (const char* name : kPosts) read_by_both(name, server_.call(name), "15");
}

TEST_F(Routes, EveryCallSucceedsInAFormThatBothSdksRead) {
  const Answer sent = server_.send(file_of(Letter{}));
  read_by_both("sendEdoc", sent, "0");
  ASSERT_EQ(server_
                .ask(testing::send_request(file_of(testing::report_on(Letter{}, "G99", "03")),
                                           testing::receiver(), {}, "G99"))
                .code(),
            "0");
  for (const char* name :
       {"getReceivedEdocList", "getSentEdocList", "getAgenciesList", "getSynchronizeUnit",
        "getAgenciesListQD20", "countReceiveEdoc", "countReceiveStatus"}) {
    read_by_both(name, server_.call(name), "0");
    read_by_both(name, server_.call(name, testing::receiver()), "0");
  }
  read_by_both("getEdoc",
               server_.call("getEdoc", testing::receiver(), {{"docId", sent.id()}}, "{}"), "0");
  read_by_both("updateStatus",
               server_.call("updateStatus", testing::receiver(),
                            {{"docid", sent.id()}, {"status", "done"}}, "{}"),
               "0");
  read_by_both("registerAgency",
               server_.call("registerAgency", {}, {}, R"({"code":"H99.03","name":"Sở Mới"})"), "0");
  read_by_both("deleteAgency", server_.call("deleteAgency", {}, {{"AgencyCode", "H99.03"}}, "{}"),
               "0");
}

TEST_F(Routes, EveryErrorOfACallKeepsItsForm) {
  read_by_both("getEdoc",
               server_.call("getEdoc", {}, {{"docId", "68ee1c50c2dcb14db773f484"}}, "{}"), "18");
  read_by_both("getEdoc", server_.call("getEdoc", {}, {}, "{}"), "18");
  read_by_both("updateStatus",
               server_.call("updateStatus", {}, {{"docid", "x"}, {"status", "done"}}, "{}"), "18");
  read_by_both("deleteAgency", server_.call("deleteAgency", {}, {{"AgencyCode", "G99"}}, "{}"),
               "19");
  read_by_both("deleteAgency", server_.call("deleteAgency", {}, {}, "{}"), "19");
  // A body over the route's limit is refused before its handler runs.
  read_by_both("getEdoc", server_.call("getEdoc", {}, {}, std::string(70'000, 'x')), "10");
  read_by_both("getReceivedEdocList",
               server_.call("getReceivedEdocList", {}, {}, std::string(70'000, 'x')), "10");
}

TEST_F(Routes, DownloadErrorsHaveNoBodyAtAll) {
  const auto refused = [&](const std::string& headers) {
    const auto raw = server_.raw(http::testing::get("/downloadEdoc", headers));
    EXPECT_NE(raw.status, 0);
    EXPECT_EQ(raw.body, "");
    EXPECT_EQ(raw.header("Content-Length"), "0");
  };
  refused("");  // as downloadEdoc2 of SDK 2.0.1 calls it
  refused(testing::sdk_headers({kSender, "wrong"}, {{"docId", "x"}}, "application/json"));
  refused(testing::sdk_headers({}, {{"docId", "x"}}, "application/json"));
  refused(testing::sdk_headers({}, {}, "application/json"));
}

TEST_F(Routes, AnyBasePathAndDoubleSlashesWork) {
  for (const char* path :
       {"/getAgenciesList", "//getAgenciesList", "/XrdAdapter/adapter/getAgenciesList",
        "/XrdAdapter/adapter//getAgenciesList", "///a//b///getAgenciesList"}) {
    EXPECT_EQ(server_.ask(call_request(path)).code(), "0") << path;
  }
  EXPECT_EQ(server_.raw(call_request("/getAgenciesLis")).status, 404);
  EXPECT_EQ(server_.raw(call_request("/getagencieslist")).status, 404);
  EXPECT_EQ(server_.raw(http::testing::get("/getAgenciesList")).status, 405);
}

TEST_F(Routes, ExpectContinueIsAnsweredBeforeTheBody) {
  http::testing::Wire wire(server_.server.port);
  ASSERT_TRUE(
      wire.send("POST /countReceiveEdoc HTTP/1.1\r\nHost: truc\r\nContent-Length: 2\r\nExpect: "
                "100-continue\r\n" +
                testing::sdk_headers({}, {}, "application/json") + "\r\n"));
  EXPECT_EQ(wire.receive(2000).status, 100);
  ASSERT_TRUE(wire.send("{}"));
  EXPECT_EQ(testing::answer_of(wire.receive()).code(), "0");
  // A client that does not wait is served as well.
  ASSERT_TRUE(
      wire.send("POST /countReceiveEdoc HTTP/1.1\r\nHost: truc\r\nContent-Length: 2\r\nExpect: "
                "100-continue\r\n" +
                testing::sdk_headers({}, {}, "application/json") + "\r\n{}"));
  auto answer = wire.receive();
  if (answer.status == 100) answer = wire.receive();
  EXPECT_EQ(testing::answer_of(answer).code(), "0");
}

TEST_F(Routes, AConnectionIsKeptForManyCalls) {
  http::testing::Wire wire(server_.server.port);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(wire.send(call_request(i % 2 == 0 ? "/countReceiveEdoc" : "/getReceivedEdocList")));
    EXPECT_EQ(testing::answer_of(wire.receive()).code(), "0");
  }
}

TEST_F(Routes, UnsignedParameterHeadersAreIgnored) {
  const Answer sent = server_.send(file_of(Letter{}));
  std::string request =
      call_request("/updateStatus", testing::receiver(), {{"docid", sent.id()}}, "{}");
  request =
      testing::replaced(request, "\r\n", "\r\nXroadVnpt-status: done\r\nXroadVnpt-docId: x\r\n");
  EXPECT_EQ(server_.ask(request).code(), "0");
  // "done" was not signed: the item is still there.
  EXPECT_EQ(server_.site.pending(kReceiver).size(), 1u);
}

TEST_F(Routes, AParameterHeaderThatContradictsItsSignatureIsIgnored) {
  const Answer sent = server_.send(file_of(Letter{}));
  std::string request = call_request("/getEdoc", testing::receiver(), {{"docId", sent.id()}}, "{}");
  request = testing::replaced(request, "XroadVnpt-docId: " + sent.id(),
                              "XroadVnpt-docId: something-else");
  EXPECT_EQ(server_.ask(request).code(), "0");
}

TEST_F(Routes, TheSystemHeaderMustBeTheSignedOne) {
  std::string request = call_request("/countReceiveEdoc");
  request =
      testing::replaced(request, "XroadVnpt-systemid: 00.99.W00", "XroadVnpt-systemid: 00.98.W00");
  EXPECT_EQ(server_.ask(request).code(), "15");
}

TEST_F(Routes, AnOldTimestampAndARepeatedRequestAreFine) {
  // §3.3: made once per service object, reused for the life of the process.
  server_.site.clock.advance(std::chrono::hours(24 * 400));
  const std::string request = call_request("/countReceiveEdoc");
  EXPECT_EQ(server_.ask(request).code(), "0");
  EXPECT_EQ(server_.ask(request).code(), "0");
}

TEST_F(Routes, NonAsciiParametersThatDoNotVerifyAre15) {
  // §3.5: HttpClient cuts every character to its low byte.
  const std::string json = testing::sdk_json({{"systemid", kSender}, {"description", "ã nhãn"}});
  std::string cut = testing::sdk_json({{"systemid", kSender}, {"description", "\xe3 nh\xe3n"}});
  const Answer answer = server_.ask(http::testing::post(
      "/updateStatus", "{}",
      "XroadVnpt-systemid: 00.99.W00\r\nXroadVnpt-sign-header: " + cut +
          "\r\nXroadVnpt-hash-header: " + testing::sign(kSecret, json) + "\r\n"));
  EXPECT_EQ(answer.code(), "15");
}

// "đ" cut to its low byte is a control byte: the client got a bare 400 that it cannot read.
TEST_F(Routes, AControlByteInAParameterIs15AndForgesNoLogLine) {
  std::vector<std::string> lines;
  base::log::set_level(base::log::Level::warning);
  base::log::set_sink([&](std::string_view line) { lines.emplace_back(line); });
  const std::string json = testing::sdk_json({{"systemid", kSender}, {"description", "đã"}});
  const std::string cut = testing::sdk_json({{"systemid", kSender}, {"description", "\x11\xe3"}});
  for (const std::string& system : {std::string(kSender), std::string("00\x1b[2J\x08\x7f\x01")}) {
    for (const char* name : kPosts) {
      const Answer answer = server_.ask(http::testing::post(
          "/" + std::string(name), "{}",
          "XroadVnpt-systemid: " + system + "\r\nXroadVnpt-description: \x11\xe3" +
              "\r\nXroadVnpt-sign-header: " + cut +
              "\r\nXroadVnpt-hash-header: " + testing::sign(kSecret, json) + "\r\n"));
      read_by_both(name, answer, "15");
    }
  }
  base::log::set_sink({});
  base::log::set_level(base::log::Level::error);
  EXPECT_FALSE(lines.empty());
  for (const std::string& line : lines) {
    EXPECT_TRUE(std::none_of(line.begin(), line.end(), [](char c) { return c >= 0 && c < 0x20; }));
    EXPECT_TRUE(base::Json::parse(line)) << line;
  }
  EXPECT_EQ(base::Json::parse(lines.back())->operator[]("system").text(), "00\x1b[2J\x08\x7f\x01");
}

TEST_F(Routes, RefusedSignaturesAreCountedAndLoggedOnlyUpToALimit) {
  int lines = 0;
  base::log::set_level(base::log::Level::warning);
  base::log::set_sink([&](std::string_view line) {
    EXPECT_EQ(line.find("wrong secret"), std::string_view::npos);
    if (line.find("vxp.signature_refused") != std::string_view::npos) ++lines;
  });
  for (int i = 0; i < 40; ++i)
    EXPECT_EQ(server_.call("countReceiveEdoc", {kSender, "wrong secret"}).code(), "15");
  server_.site.clock.advance(std::chrono::minutes(1));
  EXPECT_EQ(server_.call("countReceiveEdoc", {kSender, "wrong secret"}).code(), "15");
  base::log::set_sink({});
  base::log::set_level(base::log::Level::error);
  EXPECT_EQ(lines, 31);
  EXPECT_EQ(server_.site.metrics.counter("truc_vxp_refused_total", "").value(), 41u);
  SeenCalls seen;
  const auto look = [&](store::Connection& connection) -> base::Result<void> {
    seen = TRY(server_.site.exchange().calls().of(connection, server_.site.key_of(kSender)));
    return base::done();
  };
  ASSERT_TRUE(server_.site.database().read(look).ok());
  ASSERT_EQ(seen.refused.size(), 1U);
  EXPECT_EQ(seen.refused[0].reason, "vxp.signature");
  EXPECT_EQ(seen.refused[0].calls, 41);
  EXPECT_EQ(seen.refused[0].last.protocol, CallProtocol::vxp);
  EXPECT_FALSE(seen.last.has_value());
  // And what a signed call is refused for.
  EXPECT_NE(server_.call("getEdoc", {kSender, kSecret}).code(), "0");
  EXPECT_EQ(server_.call("countReceiveEdoc", {kSender, kSecret}).code(), "0");
  ASSERT_TRUE(server_.site.database().read(look).ok());
  EXPECT_EQ(seen.refused.size(), 2U);
  EXPECT_TRUE(seen.last.has_value());
}

TEST_F(Routes, StrangersBytesInEveryHeaderNeverBreakTheServer) {
  for (const char* name : kPosts) {
    for (const std::string& value :
         {std::string("\xff\xfe\x80"), std::string(60'000, 'A'), std::string("{}{}[]\"\\")}) {
      http::testing::Wire wire(server_.server.port);
      wire.send("POST /" + std::string(name) +
                " HTTP/1.1\r\nHost: truc\r\nContent-Length: 0\r\nXroadVnpt-systemid: " +
                value.substr(0, 100) + "\r\nXroadVnpt-sign-header: " + value +
                "\r\nXroadVnpt-hash-header: zz\r\n\r\n");
      const auto raw = wire.receive();
      EXPECT_NE(raw.status, 0) << name;
      EXPECT_NE(raw.status, 500) << name;
    }
  }
  EXPECT_EQ(server_.call("countReceiveEdoc").code(), "0");
}

}  // namespace
}  // namespace exchange::vxp
