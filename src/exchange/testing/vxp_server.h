// The national protocol over a real socket: a whole exchange behind a real server, requests written
// byte for byte, and the rules that every answer must keep.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/json.h"
#include "exchange/testing/test_exchange.h"
#include "exchange/vxp/face.h"
#include "http/testing/wire.h"

namespace exchange::testing {

using Parameters = std::vector<std::pair<std::string, std::string>>;

struct Caller {
  std::string system = kSender;
  std::string secret = kSecret;
};
inline Caller receiver() { return {kReceiver, "another-secret-9876"}; }

// A JSON text as the SDK writes it: only quotes and backslashes are escaped.
inline std::string sdk_json(const Parameters& parameters) {
  std::string json = "{";
  for (const auto& [name, value] : parameters) {
    if (json.size() > 1) json += ',';
    json += "\"XroadVnpt-" + name + "\":\"";
    for (const char c : value) {
      if (c == '"' || c == '\\') json += '\\';
      json += c;
    }
    json += '"';
  }
  return json + "}";
}

inline std::string sign(std::string_view secret, std::string_view text) {
  return base::hex(base::hmac_sha256(secret, text));
}

// The headers of a call as the SDK sends them.
inline std::string sdk_headers(const Caller& caller, Parameters parameters,
                               const std::string& content_type) {
  parameters.insert(parameters.begin(), {"systemid", caller.system});
  parameters.emplace_back("timestamp", "22112026T022438+0353");
  parameters.emplace_back("Content-Type", content_type);
  std::string headers = "Content-Type: " + content_type + "\r\n", keys;
  for (const auto& [name, value] : parameters) {
    headers += "XroadVnpt-" + name + ": " + value + "\r\n";
    keys += (keys.empty() ? "" : ";") + name;
  }
  const std::string json = sdk_json(parameters);
  headers += "XroadVnpt-sign-header-key: " + keys + "\r\nXroadVnpt-sign-header: " + json +
             "\r\nXroadVnpt-hash-header: " + sign(caller.secret, json) + "\r\n";
  return headers + "User-Agent: JAVASDKAgent/1.0.0 XRoad/VPCP\r\nXroadVnpt-version: 3.0.201608\r\n";
}

inline std::string call_request(std::string_view path, const Caller& caller = {},
                                Parameters parameters = {}, std::string_view body = "") {
  return http::testing::post(path, body,
                             sdk_headers(caller, std::move(parameters), "application/json"));
}

// sendEdoc with the file, its unpadded hash and the line end that the SDK adds.
inline Parameters send_parameters(const std::string& file, const std::string& from = "H99.01") {
  std::string unpadded;
  for (const char byte : base::sha256(file)) {
    const std::string two = base::hex({&byte, 1});
    unpadded += two[0] == '0' ? two.substr(1) : two;
  }
  return {
      {"servicetype", "eDoc"}, {"messagetype", "edoc"}, {"hash-file", unpadded}, {"from", from}};
}
inline std::string send_request(const std::string& file, const Caller& caller = {},
                                Parameters more = {}, const std::string& from = "H99.01") {
  Parameters parameters = send_parameters(file, from);
  for (auto& one : more) parameters.push_back(std::move(one));
  return http::testing::post(
      "/sendEdoc", file + "\r\n",
      sdk_headers(caller, std::move(parameters), "application/octet-stream"));
}

// What an SDK finds in an answer; see the rules that answer_of() checks.
struct Answer {
  int http = 0;
  base::Json json;
  std::string body;
  std::string code() const { return std::string(json["ErrorCode"].text()); }
  std::string text() const { return std::string(json["ErrorDesc"].text()); }
  std::string id() const { return std::string(json["DocId"].text()); }
  base::Json::Array data() const {
    return json["data"].array();
  }  // a copy: answers are temporaries
};

inline bool has_null(const base::Json& json) {
  if (json.is_null()) return true;
  for (const auto& one : json.array()) {
    if (has_null(one)) return true;
  }
  for (const auto& member : json.object()) {
    if (has_null(member.second)) return true;
  }
  return false;
}

// vxp-protocol §4.1: 200, JSON, ASCII only, the three members, no null, nothing compressed.
inline Answer answer_of(const http::testing::Wire::Answer& raw) {
  Answer answer;
  answer.http = raw.status;
  answer.body = raw.body;
  EXPECT_EQ(raw.status, 200) << raw.head;
  EXPECT_EQ(raw.header("Content-Encoding"), "");
  EXPECT_EQ(raw.header("Content-Type"), "application/json");
  EXPECT_TRUE(
      std::all_of(raw.body.begin(), raw.body.end(), [](char c) { return c >= 0x20 && c < 0x7f; }));
  auto json = base::Json::parse(raw.body);
  if (!json) {
    ADD_FAILURE() << "not JSON: " << raw.body.substr(0, 300);
    return answer;
  }
  answer.json = *std::move(json);
  EXPECT_TRUE(answer.json.is_object());
  for (const char* name : {"status", "ErrorCode", "ErrorDesc"}) {
    EXPECT_TRUE(answer.json[name].is_string()) << name << " in " << raw.body.substr(0, 300);
  }
  EXPECT_EQ(answer.json["status"].text(), answer.code() == "0" ? "OK" : "FAIL");
  EXPECT_FALSE(has_null(answer.json)) << raw.body.substr(0, 300);
  return answer;
}

class VxpServer {
 public:
  explicit VxpServer(std::string url = "", vxp::Face::Options options = {}, Policy policy = {},
                     bool usual_systems = true)
      : site(std::move(url), policy),
        face(site.exchange(), site.metrics, options),
        server(face.routes(), settings()) {
    if (usual_systems) site.add_usual_systems();
  }
  static http::Server::Options settings() {
    http::Server::Options options = http::testing::RunningServer::quick();
    options.workers = 6;
    options.body_timeout_ms = 1500;
    return options;
  }
  // One request on a connection of its own.
  http::testing::Wire::Answer raw(std::string_view request, int timeout_ms = 20000) {
    http::testing::Wire wire(server.port);
    EXPECT_TRUE(wire.send(request));
    return wire.receive(timeout_ms);
  }
  Answer ask(std::string_view request) { return answer_of(raw(request)); }
  Answer call(std::string_view name, const Caller& caller = {}, Parameters parameters = {},
              std::string_view body = "") {
    return ask(call_request("/" + std::string(name), caller, std::move(parameters), body));
  }
  Answer send(const std::string& file, const Caller& caller = {}, Parameters more = {}) {
    return ask(send_request(file, caller, std::move(more)));
  }
  std::int64_t documents() {
    static const store::Query kCount{"test.vxp_documents", "select count(*) from document"};
    return site.number(kCount);
  }

  TestExchange site;
  vxp::Face face;
  http::testing::RunningServer server;
};

}  // namespace exchange::testing
