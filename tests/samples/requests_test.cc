// Replays raw requests of the unmodified national SDK, byte for byte and in call order, against a
// fresh server. With TRUC_SAMPLES set, the directory it names holds requests-sdk200/*.req and
// responses/*.json from outside; without, requests of the same form under testdata/requests are
// sent.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "base/text.h"
#include "exchange/testing/vxp_server.h"

namespace {

using exchange::testing::Answer;

std::string contents(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return std::string((std::istreambuf_iterator<char>(in)), {});
}

std::filesystem::path samples() {
  const char* directory = std::getenv("TRUC_SAMPLES");
  return directory == nullptr ? std::filesystem::path() : std::filesystem::path(directory);
}

struct RawRequest {
  std::string name;  // "001_send_edoc_sendEdoc"
  std::string call;  // "sendEdoc"
  std::string bytes;
  std::string body() const { return bytes.substr(bytes.find("\r\n\r\n") + 4); }
};

std::vector<RawRequest> requests() {
  const bool outside = !samples().empty();
  const std::filesystem::path directory =
      outside ? samples() / "requests-sdk200"
              : std::filesystem::path(TRUC_SOURCE_DIR "/tests/samples/testdata/requests");
  if (!outside)
    std::printf(
        "TRUC_SAMPLES is not set: no samples from outside; the project's own are replayed\n");
  std::vector<RawRequest> all;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() != ".req") continue;
    const std::string name = entry.path().stem();
    all.push_back({name, name.substr(name.rfind('_') + 1), contents(entry.path())});
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

class Replay : public ::testing::Test {
 protected:
  void SetUp() override {
    auto& directory = server_.site.directory();
    ASSERT_TRUE(directory.put_system("00.99.W00", "test-secret-Key+/=0123",
                                     {"H99.01", "G99", "000.00.01.H98"}));
  }
  // On a connection of its own, passing over 100 Continue.
  Answer send(const RawRequest& request) {
    http::testing::Wire wire(server_.server.port);
    EXPECT_TRUE(wire.send(request.bytes));
    auto raw = wire.receive();
    if (raw.status == 100) raw = wire.receive();
    return exchange::testing::answer_of(raw);
  }
  exchange::testing::VxpServer server_{"", {}, {}, false};
};

TEST_F(Replay, EveryRequestIsAnsweredAsTheSdkNeeds) {
  const auto all = requests();
  ASSERT_GE(all.size(), 3u);
  std::map<std::string, std::string> ids;  // by body: what was sent, and the id it got
  for (const RawRequest& request : all) {
    SCOPED_TRACE(request.name);
    const Answer answer = send(request);
    if (request.call == "sendEdoc") {
      EXPECT_EQ(answer.code(), "0") << answer.body;
      ASSERT_FALSE(answer.id().empty());
      const auto [known, fresh] = ids.emplace(request.body(), answer.id());
      EXPECT_EQ(known->second, answer.id()) << (fresh ? "" : "the same file is one document");
    } else if (request.call == "getEdoc" || request.call == "updateStatus") {
      // Their ids are those of the server that the requests were recorded with.
      EXPECT_EQ(answer.code(), "18") << answer.body;
      if (request.call == "getEdoc") {
        EXPECT_TRUE(answer.json["data"].is_string());
        EXPECT_EQ(answer.json["data"].text(), "");
      }
    } else {
      EXPECT_EQ(answer.code(), "0") << answer.body;
      if (request.call.starts_with("get")) {
        EXPECT_TRUE(answer.json["data"].is_array());
        EXPECT_FALSE(answer.data().empty());
      }
    }
    if (request.call == "registerAgency") {
      const auto json = base::Json::parse(request.body());
      ASSERT_TRUE(json);
      const auto registered = server_.site.directory().find((*json)["code"].text());
      ASSERT_TRUE(registered);
      EXPECT_EQ(registered->name, (*json)["name"].text());
    }
  }
  // What was sent is kept to the byte, without the SDK's line end.
  for (const auto& [body, id] : ids) {
    ASSERT_TRUE(body.ends_with("\r\n"));
    EXPECT_EQ(*server_.site.fetch("00.99.W00", id), body.substr(0, body.size() - 2));
  }
  EXPECT_EQ(server_.site.findings(), "");
}

TEST_F(Replay, EveryRequestTwiceIsNoTrouble) {
  // The SDK repeats requests when a connection drops.
  const auto all = requests();
  std::map<std::string, std::string> ids;
  for (int round = 0; round < 2; ++round) {
    for (const RawRequest& request : all) {
      SCOPED_TRACE(request.name);
      const Answer answer = send(request);
      if (request.call != "sendEdoc") continue;
      const auto [known, fresh] = ids.emplace(request.body(), answer.id());
      EXPECT_EQ(known->second, answer.id()) << fresh;
    }
  }
  EXPECT_EQ(server_.documents(), static_cast<std::int64_t>(ids.size()));
}

TEST_F(Replay, ARequestChangedByOneByteIsRefused) {
  for (const RawRequest& request : requests()) {
    SCOPED_TRACE(request.name);
    RawRequest changed = request;
    const auto at = changed.bytes.find("XroadVnpt-sign-header: {") + 40;
    changed.bytes[at] = changed.bytes[at] == '0' ? '1' : '0';
    EXPECT_EQ(send(changed).code(), "15");
    if (request.call != "sendEdoc") continue;
    changed = request;
    char& byte = changed.bytes[changed.bytes.size() - 10];
    byte = byte == 'x' ? 'y' : 'x';
    EXPECT_EQ(send(changed).code(), "10");
  }
}

// Members of the answers that the SDK accepts, by file under responses/.
struct Shape {
  const char* file;
  const char* call;
  const char* members;  // when there is no such file at hand
};
constexpr Shape kShapes[] = {
    {"received_ok.json", "getReceivedEdocList",
     "docId serviceType messageType created_time updated_time from to status status_desc"},
    {"sent_ok.json", "getSentEdocList",
     "senderDocId receiverDocId fromCode toCode serviceType messageType title notation sentTime "
     "receivedTime sendStatus "
     "sendStatusDesc receiveStatus receiveStatusDesc"},
    {"agencies_ok.json", "getAgenciesList", "code oldCode id mail name pid"},
    {"agencies_qd20_ok.json", "getAgenciesListQD20", "code code102 id mail name"},
    {"sync_unit_ok.json", "getSynchronizeUnit",
     "code id mail name pid version centerCode deleted modifyDate isAgency"},
    {"count_ok.json", "countReceiveEdoc", ""},
    {"getEdoc_ok.json", "getEdoc", ""},
    {"simple_ok.json", "updateStatus", ""}};

TEST_F(Replay, OurAnswersHaveTheMembersOfTheAnswersThatTheSdkAccepts) {
  exchange::testing::Letter letter;
  const Answer sent = server_.send(file_of(letter));
  ASSERT_EQ(sent.code(), "0");
  for (const Shape& shape : kShapes) {
    SCOPED_TRACE(shape.call);
    const Answer answer =
        server_.call(shape.call, {},
                     {{"docId", sent.id()}, {"docid", sent.id()}, {"status", "processing"}}, "{}");
    ASSERT_EQ(answer.code(), "0") << answer.body;
    std::vector<std::string> item_members;
    for (const auto name : base::split(shape.members, ' ')) {
      if (!name.empty()) item_members.emplace_back(name);
    }
    if (!samples().empty()) {
      const auto example = base::Json::parse(contents(samples() / "responses" / shape.file));
      ASSERT_TRUE(example);
      for (const auto& [name, value] : example->object())
        EXPECT_TRUE(answer.json.has(name)) << name;
      item_members.clear();
      if ((*example)["data"].is_array()) {
        for (const auto& member : (*example)["data"].array().at(0).object())
          item_members.push_back(member.first);
      }
    }
    if (item_members.empty()) continue;
    ASSERT_FALSE(answer.data().empty());
    for (const std::string& name : item_members) {
      if (name == "receivedTime" && !answer.data()[0].has(name))
        continue;  // not fetched: nothing to say
      EXPECT_TRUE(answer.data()[0][name].is_string()) << name;
    }
  }
}

TEST_F(Replay, OurErrorsHaveTheMembersOfTheErrorsThatTheSdkAccepts) {
  const Answer send_failed = server_.ask(http::testing::post("/sendEdoc", "x"));
  const Answer get_failed = server_.call("getEdoc", {}, {{"docId", "x"}}, "{}");
  const Answer list_failed = server_.call("getReceivedEdocList", {"00.99.W00", "wrong secret"});
  EXPECT_TRUE(send_failed.json["DocId"].is_string());
  EXPECT_TRUE(get_failed.json["data"].is_string());
  EXPECT_TRUE(list_failed.json["data"].is_array());
  if (samples().empty()) return;
  for (const auto& [file, answer] :
       {std::pair{"sendEdoc_fail.json", &send_failed}, std::pair{"getEdoc_fail.json", &get_failed},
        std::pair{"received_fail.json", &list_failed}}) {
    const auto example = base::Json::parse(contents(samples() / "responses" / file));
    ASSERT_TRUE(example);
    for (const auto& member : example->object())
      EXPECT_TRUE(answer->json.has(member.first)) << file << " " << member.first;
  }
}

}  // namespace
