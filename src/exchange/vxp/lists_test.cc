// getReceivedEdocList, getSentEdocList, countReceive*, getEdoc, downloadEdoc and updateStatus.
#include <gtest/gtest.h>

#include <filesystem>

#include "exchange/testing/vxp_server.h"

namespace exchange::vxp {
namespace {

using testing::Answer;
using testing::kReceiver;
using testing::kSender;
using testing::Letter;
using testing::receiver;

class Lists : public ::testing::Test {
 protected:
  std::string send(const std::string& number, const std::string& priority = "0",
                   std::vector<std::string> to = {"G99"}) {
    Letter letter;
    letter.number = number;
    letter.priority = priority;
    letter.to = std::move(to);
    const Answer answer = server_.send(file_of(letter));
    EXPECT_EQ(answer.code(), "0");
    return answer.id();
  }
  base::Json::Array received(testing::Parameters parameters = {{"messagetype", "edoc"}}) {
    return server_.call("getReceivedEdocList", receiver(), std::move(parameters)).data();
  }
  base::Json::Array sent(testing::Parameters parameters = {}) {
    return server_.call("getSentEdocList", {}, std::move(parameters)).data();
  }
  testing::VxpServer server_;
};

TEST_F(Lists, AReceivedItemHasTheMembersThatTheSdkReads) {
  send("1");
  const auto items = received();
  ASSERT_EQ(items.size(), 1u);
  const auto text = [&](std::string_view name) { return items[0][name].text(); };
  EXPECT_EQ(text("docId").size(), 36u);
  EXPECT_EQ(text("serviceType"), "eDoc");
  EXPECT_EQ(text("messageType"), "edoc");
  EXPECT_EQ(text("created_time"), base::vietnam_time_text(server_.site.clock.now(), '-'));
  EXPECT_EQ(text("from"), "H99.01");
  EXPECT_EQ(text("to"), "G99");
  EXPECT_EQ(text("status"), "initial");
  EXPECT_EQ(text("status_desc"), "Chờ bên nhận lấy");
}

TEST_F(Lists, UrgentDocumentsComeFirst) {
  send("1");
  send("2", "3");
  const auto items = received();
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0]["priority"].text(), "3");
  EXPECT_EQ(items[1]["priority"].text(), "0");
}

TEST_F(Lists, DatesAndPagesFilter) {
  send("1");
  server_.site.clock.advance(std::chrono::hours(24));
  send("2");
  const std::string middle =
      base::vietnam_time_text(server_.site.clock.now() - std::chrono::hours(1), '/');
  const std::string form = middle.substr(8, 2) + "/" + middle.substr(5, 2) + "/" +
                           middle.substr(0, 4) + middle.substr(10);
  EXPECT_EQ(received({{"messagetype", "edoc"}, {"fromDate", form}}).size(), 1u);
  EXPECT_EQ(received({{"messagetype", "edoc"}, {"toDate", form}}).size(), 1u);
  EXPECT_EQ(received({{"messagetype", "edoc"}, {"fromDate", "không phải ngày"}}).size(), 2u);
  EXPECT_EQ(received({{"pageSize", "1"}, {"pageIndex", "1"}}).size(), 1u);
  EXPECT_EQ(received({{"pageSize", "x"}, {"pageIndex", "-1"}}).size(), 2u);
}

TEST_F(Lists, StaleParametersDoNotNarrowTheLists) {
  const std::string first = send("1");
  send("2");
  const testing::Parameters stale = {{"servicetype", "EDOC"}, {"messagetype", "eDoc"},
                                     {"status", "done"},      {"docId", "68ee1c50c2dcb14db773f484"},
                                     {"docid", first},        {"from", "X"},
                                     {"to", "[\"K97\"]"},     {"hash-file", "0"},
                                     {"filePath", "/tmp"}};
  EXPECT_EQ(received(stale).size(), 2u);
  EXPECT_EQ(sent(stale).size(), 2u);
  EXPECT_EQ(sent({{"docId", first}}).size(), 1u);
}

TEST_F(Lists, MessageTypeSeparatesDocumentsFromStatusMessages) {
  send("15");
  const Answer reported = server_.ask(testing::send_request(
      file_of(testing::report_on(Letter{}, "G99", "03")), receiver(), {}, "G99"));
  ASSERT_EQ(reported.code(), "0");
  const auto statuses = server_.call("getReceivedEdocList", {}, {{"messagetype", "STATUS"}}).data();
  ASSERT_EQ(statuses.size(), 1u);
  EXPECT_EQ(statuses[0]["messageType"].text(), "status");
  EXPECT_TRUE(server_.call("getReceivedEdocList", {}, {{"messagetype", "edoc"}}).data().empty());
  EXPECT_EQ(server_.call("countReceiveStatus").json["count"].integer(), 1);
  EXPECT_EQ(server_.call("countReceiveEdoc").json["count"].integer(), 0);
  EXPECT_EQ(server_.call("countReceiveEdoc", receiver()).json["count"].integer(), 1);
  EXPECT_EQ(server_.call("getSentEdocList", receiver(), {{"messagetype", "status"}}).data().size(),
            1u);
}

TEST_F(Lists, ASentItemShowsBothLayersOfStatus) {
  const std::string id = send("15", "0", {"G99", "H98"});
  const std::string delivery(received().at(0)["docId"].text());
  server_.site.clock.advance(std::chrono::minutes(10));
  ASSERT_EQ(server_.call("getEdoc", receiver(), {{"docId", delivery}}, "{}").code(), "0");
  const std::string fetched_at = base::vietnam_time_text(server_.site.clock.now(), '-');
  server_.site.clock.advance(std::chrono::hours(1));
  ASSERT_EQ(
      server_.call("updateStatus", receiver(), {{"docid", delivery}, {"status", "done"}}, "{}")
          .code(),
      "0");
  ASSERT_EQ(server_
                .ask(testing::send_request(file_of(testing::report_on(Letter{}, "G99", "03")),
                                           receiver(), {}, "G99"))
                .code(),
            "0");
  const auto items = sent();
  ASSERT_EQ(items.size(), 2u);
  const auto text = [&](std::size_t i, std::string_view name) { return items[i][name].text(); };
  EXPECT_EQ(text(0, "senderDocId"), id);
  EXPECT_EQ(text(0, "receiverDocId"), delivery);
  EXPECT_EQ(text(0, "fromCode"), "H99.01");
  EXPECT_EQ(text(0, "toCode"), "G99");
  EXPECT_EQ(text(0, "title"), Letter{}.subject);
  EXPECT_EQ(text(0, "notation"), "15/SGD-VP");
  EXPECT_EQ(text(0, "sendStatus"), "done");
  EXPECT_EQ(text(0, "receiveStatus"), "done");
  EXPECT_EQ(text(0, "receivedTime"), fetched_at);
  EXPECT_EQ(text(0, "businessStatus"), "03");
  EXPECT_EQ(text(1, "toCode"), "H98");
  EXPECT_EQ(text(1, "receiveStatus"), "initial");
  EXPECT_FALSE(items[1].has("receivedTime"));
}

TEST_F(Lists, GetEdocGivesTheFileAsBase64) {
  const std::string file = file_of(Letter{});
  const Answer accepted = server_.send(file);
  const Answer got = server_.call("getEdoc", receiver(), {{"docId", accepted.id()}}, "{}");
  EXPECT_EQ(base::from_base64(got.json["data"].text()), file);
  const auto raw = server_.raw(http::testing::get(
      "/downloadEdoc",
      testing::sdk_headers(receiver(), {{"docId", accepted.id()}}, "application/json")));
  EXPECT_EQ(raw.status, 200);
  EXPECT_EQ(raw.body, file);
}

TEST_F(Lists, GetEdocOfEveryLengthModuloThree) {
  for (int extra = 0; extra < 4; ++extra) {
    Letter letter;
    letter.number = "M" + std::to_string(extra);
    letter.content_bytes = 400'000;
    const std::string file = file_of(letter) + std::string(static_cast<std::size_t>(extra), ' ');
    const Answer accepted = server_.send(file);
    const Answer got = server_.call("getEdoc", receiver(), {{"docId", accepted.id()}}, "{}");
    EXPECT_TRUE(base::from_base64(got.json["data"].text()) == file) << extra;
  }
}

TEST_F(Lists, TheIdOfGetEdocIsDocIdAndOnlyWithoutItDocid) {
  const std::string id = send("1");
  EXPECT_EQ(server_.call("getEdoc", receiver(), {{"docid", id}}, "{}").code(), "0");
  EXPECT_EQ(server_
                .call("getEdoc", receiver(),
                      {{"docid", "stale"}, {"docId", id}, {"status", "done"}}, "{}")
                .code(),
            "0");
  EXPECT_EQ(server_.call("getEdoc", receiver(), {{"docid", id}, {"docId", "wrong"}}, "{}").code(),
            "18");
  EXPECT_EQ(server_.call("getEdoc", receiver(), {{"DOCID", id}}, "{}").code(), "18");
}

TEST_F(Lists, OnlyPartiesGetTheDocument) {
  const std::string id = send("1");
  ASSERT_TRUE(server_.site.directory().put_system("00.66.W00", "secret-of-stranger", {"S66"}));
  const Answer stranger =
      server_.call("getEdoc", {"00.66.W00", "secret-of-stranger"}, {{"docId", id}}, "{}");
  EXPECT_EQ(stranger.code(), "18");
  EXPECT_EQ(stranger.json["data"].text(), "");
  EXPECT_EQ(server_.call("getEdoc", {}, {{"docId", id}}, "{}").code(), "0");  // its sender
}

TEST_F(Lists, AWithdrawnDocumentIsRefusedWithTheReason) {
  const std::string id = send("15");
  ASSERT_EQ(server_.ask(testing::send_request(file_of(testing::recall_of(Letter{}, "G99")))).code(),
            "0");
  EXPECT_TRUE(received().empty());
  const Answer refused = server_.call("getEdoc", receiver(), {{"docId", id}}, "{}");
  EXPECT_EQ(refused.code(), "10");
  EXPECT_NE(refused.text().find("thu hoi"), std::string::npos);
  const auto raw = server_.raw(http::testing::get(
      "/downloadEdoc", testing::sdk_headers(receiver(), {{"docId", id}}, "application/json")));
  EXPECT_EQ(raw.body, "");
}

TEST_F(Lists, AMissingBlobIs20AndTheItemStaysListed) {
  Letter letter;
  letter.content_bytes = 200'000;  // a file of its own
  const std::string id = server_.send(file_of(letter)).id();
  std::filesystem::remove_all(server_.site.blobs_path() + "/file");
  const Answer answer = server_.call("getEdoc", receiver(), {{"docId", id}}, "{}");
  EXPECT_EQ(answer.code(), "20");
  EXPECT_EQ(answer.json["data"].text(), "");
  ASSERT_EQ(received().size(), 1u);
  EXPECT_EQ(received().at(0)["status"].text(), "initial");
}

TEST_F(Lists, UpdateStatusIsIdempotentAndUnknownWordsAreFine) {
  send("1");
  const std::string id(received().at(0)["docId"].text());
  for (const char* word : {"processing", "inbox", "acceptance", "", "từ-lạ", "[1]"}) {
    EXPECT_EQ(
        server_.call("updateStatus", receiver(), {{"docid", id}, {"status", word}}, "{}").code(),
        "0")
        << word;
    EXPECT_EQ(received().size(), 1u) << word;
  }
  EXPECT_EQ(received().at(0)["status"].text(), "processing");
  for (const char* word : {"DONE", "done", "fail", "processing"}) {
    EXPECT_EQ(
        server_.call("updateStatus", receiver(), {{"docid", id}, {"status", word}}, "{}").code(),
        "0")
        << word;
    EXPECT_TRUE(received().empty());
  }
  EXPECT_EQ(sent().at(0)["receiveStatus"].text(), "done");
}

TEST_F(Lists, TheIdOfUpdateStatusIsDocidAndOnlyWithoutItDocId) {
  const std::string first = send("1"), second = send("2");
  EXPECT_EQ(server_
                .call("updateStatus", receiver(),
                      {{"docId", first}, {"docid", second}, {"status", "done"}}, "{}")
                .code(),
            "0");
  ASSERT_EQ(received().size(), 1u);
  EXPECT_EQ(sent({{"docId", second}}).at(0)["receiveStatus"].text(), "done");
  EXPECT_EQ(server_
                .call("updateStatus", receiver(),
                      {{"docId", first}, {"status", "fail"}, {"description", "Tệp trùng"}}, "{}")
                .code(),
            "0");
  EXPECT_EQ(sent({{"docId", first}}).at(0)["receiveStatus"].text(), "fail");
}

TEST_F(Lists, NobodyAcknowledgesForOthers) {
  const std::string id = send("1");
  EXPECT_EQ(server_.call("updateStatus", {}, {{"docid", id}, {"status", "done"}}, "{}").code(),
            "18");
  EXPECT_EQ(received().size(), 1u);
}

TEST_F(Lists, TheIntegratorsLoopEndsWithAnEmptyList) {
  for (int i = 0; i < 5; ++i) send(std::to_string(i));
  for (const auto& item : received()) {
    const std::string id(item["docId"].text());
    EXPECT_EQ(server_.call("getEdoc", receiver(), {{"docId", id}}, "{}").code(), "0");
    EXPECT_EQ(server_
                  .call("updateStatus", receiver(),
                        {{"docid", id}, {"docId", id}, {"status", "done"}}, "{}")
                  .code(),
              "0");
  }
  EXPECT_TRUE(received().empty());
}

}  // namespace
}  // namespace exchange::vxp
