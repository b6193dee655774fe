#include "exchange/vxp/client.h"

#include <gtest/gtest.h>

#include "base/time.h"
#include "exchange/testing/vxp_server.h"

namespace exchange::vxp {
namespace {

using testing::kReceiver;
using testing::kSecret;
using testing::kSender;
using testing::Letter;

std::unique_ptr<Client> client_of(std::uint16_t port, const testing::Caller& caller,
                                  const std::string& path = "") {
  static const base::SystemClock kClock;
  Client::Options options;
  options.url = "http://127.0.0.1:" + std::to_string(port) + path;
  options.system = caller.system;
  options.secret = caller.secret;
  return std::move(Client::create(std::move(options), kClock)).value();
}

base::Result<base::Json> send(Client& client, const std::string& file) {
  return client.send(
      [&](std::uint64_t offset, char* to, std::size_t size) -> base::Result<std::size_t> {
        return file.copy(to, size, offset);
      },
      file.size(), base::sha256(file), "H99.01", false);
}

base::Result<std::string> fetch(Client& client, std::string_view id) {
  std::string bytes;
  TRY(client.fetch(id, [&](base::BytesView piece) -> base::Result<void> {
    bytes += piece;
    return base::done();
  }));
  return bytes;
}

TEST(VxpClient, SendsListsFetchesAndAcknowledges) {
  testing::VxpServer server;
  Letter letter;
  letter.content_bytes = 700'000;
  const std::string file = file_of(letter);
  const auto sender = client_of(server.server.port, {}, "/some/base/");
  const auto sent = send(*sender, file);
  ASSERT_TRUE(sent) << sent.error().detail();
  const std::string id((*sent)["DocId"].text());
  const auto recipient = client_of(server.server.port, testing::receiver());
  const auto list = recipient->call("getReceivedEdocList", {});
  ASSERT_TRUE(list);
  ASSERT_EQ((*list)["data"].array().size(), 1u);
  const auto fetched = fetch(*recipient, id);
  ASSERT_TRUE(fetched) << fetched.error().detail();
  EXPECT_TRUE(*fetched == file);
  Parameters parameters;
  parameters.add("docid", id);
  parameters.add("status", "done");
  EXPECT_TRUE(recipient->call("updateStatus", parameters, "{}"));
  EXPECT_TRUE(server.site.pending(kReceiver).empty());
}

TEST(VxpClient, ARefusalCarriesTheServersCodeAndWords) {
  testing::VxpServer server;
  const auto client = client_of(server.server.port, {kSender, "wrong secret"});
  const auto refused = client->call("getReceivedEdocList", {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason(), "vxp.refused");
  EXPECT_NE(refused.error().detail().find("(15)"), std::string::npos);
  const auto other = client_of(server.server.port, {});
  const auto unknown = fetch(*other, "68ee1c50c2dcb14db773f484");
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().detail().find("(18)"), std::string::npos) << unknown.error().detail();
}

// A server of another make whose answer to getEdoc is `body`.
class Foreign {
 public:
  explicit Foreign(std::string body)
      : server_(routes(std::move(body))), client_(client_of(server_.port, {})) {}
  base::Result<std::string> get() { return fetch(*client_, "x"); }

 private:
  static std::vector<http::Route> routes(std::string body) {
    return {{http::Method::post, "**/getEdoc", http::Permission::open, 1000,
             [body](http::Request&) { return http::Response::json(200, body); }, "test"}};
  }
  http::testing::RunningServer server_;
  std::unique_ptr<Client> client_;
};

std::string ok_with(const std::string& data) {
  return R"({"status":"OK","ErrorCode":"0","ErrorDesc":"Thanh cong","data":")" + data + "\"}";
}

// Java's Gson writes '=' as an escape; its four digits were taken for base64.
TEST(VxpClient, Base64InEveryFormThatServersUse) {
  const std::string content = "\xfb\xff\xfe edXML?";  // "+//+" and padding
  const std::string text = base::base64(content);
  ASSERT_EQ(text, "+//+IGVkWE1MPw==");
  for (const std::string& data :
       {text, std::string("-__-IGVkWE1MPw=="), std::string("+\\/\\/+IGVkWE1MPw=="),
        std::string("+//+IGVk\\r\\nWE1MPw=="), std::string("+//+IGVkWE1MPw\\u003d\\u003d"),
        std::string("\\u002b//+IGVkWE1MPw"), std::string("-__-IGVkWE1MPw")}) {
    const auto got = Foreign(ok_with(data)).get();
    ASSERT_TRUE(got) << data << ": " << got.error().detail();
    EXPECT_EQ(*got, content) << data;
  }
  EXPECT_EQ(
      *Foreign(R"({ "data" : ")" + text + R"(", "status": "OK", "ErrorCode": 0, "ErrorDesc": "" })")
           .get(),
      content);
}

TEST(VxpClient, OddAnswersAreErrorsAndNotDocuments) {
  for (const std::string& body :
       {std::string(), std::string("<html>"), std::string("[]"), std::string("{}"),
        std::string("null"), ok_with("***"), ok_with("A"), ok_with("=AAA"),
        std::string(R"({"status":"FAIL","ErrorCode":18,"ErrorDesc":"x","data":""})"),
        std::string(100'000, ' '), std::string(R"({"status":"OK")"),
        ok_with("AAAA").substr(0, 60)}) {
    const auto got = Foreign(body).get();
    EXPECT_FALSE(got) << body.substr(0, 80);
  }
}

TEST(VxpClient, NobodyListeningIsSaidSo) {
  std::uint16_t port = 0;
  {
    http::testing::RunningServer gone({});
    port = gone.port;
  }
  const auto refused = client_of(port, {})->call("getAgenciesList", {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason(), "http.connect_failed");
}

}  // namespace
}  // namespace exchange::vxp
