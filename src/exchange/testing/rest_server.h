// The API over a real socket: a whole exchange behind a real server, callers that a test makes up,
// and the rules that every answer must keep.
#pragma once
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "exchange/feed/feed.h"
#include "exchange/rest/api.h"
#include "exchange/rest/face.h"
#include "exchange/testing/test_exchange.h"
#include "http/testing/wire.h"
#include "identity/identity.h"
#include "store/chain_watch.h"

namespace exchange::testing {

// What an answer of the API says.
struct RestAnswer {
  int status = 0;
  std::string head, body;
  base::Json json;  // null when the answer is none
  std::string header(std::string_view name) const {
    http::testing::Wire::Answer raw;
    raw.head = head;
    return raw.header(name);
  }
  std::string reason() const { return std::string(json["reason"].text()); }
  std::string text(std::string_view name) const { return std::string(json[name].text()); }
  base::Json::Array items() const { return json["items"].array(); }
};

class RestServer {
 public:
  using Rows = std::function<std::vector<rest::Route>(Exchange&)>;
  // Serves `rows`; without them, all of the API.
  explicit RestServer(std::string url = "", const Rows& rows = {},
                      rest::Face::Options options = {});
  ~RestServer();

  // "Authorization: Bearer NAME" is `principal` from now on.
  void know(const std::string& name, identity::Principal principal);
  // Not any more.
  void forget(const std::string& name);
  // A person with one role for organisations, named by their codes.
  void know_person(const std::string& name, identity::Role role,
                   const std::vector<std::string>& organisations);
  // A connected system, for everything that it serves.
  void know_system(const std::string& name, std::string_view system);

  std::uint16_t port() const { return server_->port; }
  // One request on a connection of its own. `caller` as known above; empty: a stranger. Checks the
  // rules: problems are whole and their reasons are those of the row; JSON is as the row says.
  RestAnswer ask(std::string_view method, std::string_view target, std::string_view caller = {},
                 std::string_view body = {}, std::string_view headers = {});
  RestAnswer get(std::string_view target, std::string_view caller, std::string_view headers = {}) {
    return ask("GET", target, caller, {}, headers);
  }
  RestAnswer post(std::string_view target, std::string_view caller, const base::Json& body,
                  std::string_view headers = {});

  TestExchange site;
  identity::Identity identity;
  feed::Feed feed;                   // told by feed.follow(), which nobody else calls
  webhooks::Subscriptions webhooks;  // nobody delivers
  std::unique_ptr<store::Database> search_database;
  std::unique_ptr<search::Index> search;  // filled by index_accepted(), which nobody else calls
  store::journal::ChainWatch chain;       // walked by chain.step(), which nobody else calls
  rest::Verification verification;        // without anchors
  struct Platform : rest::Platform {
    Platform() {
      told.version = "1.0";
      told.database = "sqlite";
    }
    rest::PlatformState told;
    rest::Certificates known;
    rest::PlatformState state() override { return told; }
    rest::Certificates certificates() override { return known; }
  } platform;                                 // as the test says
  std::unique_ptr<uploads::Uploads> uploads;  // swept by uploads->sweep()

 private:
  base::Result<identity::Principal> caller_of(const http::Head& head) const;
  rest::ApiParts parts();
  const rest::Route* row_of(std::string_view method, std::string_view target) const;
  void check(const rest::Route& row, const RestAnswer& answer, std::string_view request) const;
  std::map<std::string, identity::Principal, std::less<>> known_;
  mutable std::mutex mutex_;

 public:
  rest::Face face;

 private:
  std::unique_ptr<http::testing::RunningServer> server_;
};

}  // namespace exchange::testing
