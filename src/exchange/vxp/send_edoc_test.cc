// sendEdoc over a real socket.
#include <gtest/gtest.h>

#include <thread>

#include "edxml/testing/sample.h"
#include "exchange/testing/vxp_server.h"
#include "store/journal.h"

namespace exchange::vxp {
namespace {

using testing::Answer;
using testing::kReceiver;
using testing::kSender;
using testing::Letter;
using testing::send_request;

class SendEdoc : public ::testing::Test {
 protected:
  // Refused with this code, a reason in words, and nothing kept.
  Answer refused(const std::string& file, const std::string& code, testing::Parameters more = {}) {
    const auto before = server_.documents();
    const Answer answer = server_.send(file, {}, std::move(more));
    EXPECT_EQ(answer.code(), code) << answer.body;
    EXPECT_EQ(answer.id(), "");
    EXPECT_TRUE(answer.json["DocId"].is_string());
    EXPECT_FALSE(answer.text().empty());
    EXPECT_EQ(server_.documents(), before);
    return answer;
  }
  void names(const Answer& answer, const std::string& what) {
    EXPECT_NE(answer.text().find(what), std::string::npos) << answer.text();
  }
  testing::VxpServer server_;
};

TEST_F(SendEdoc, IsAcceptedAndTheRecipientGetsExactlyTheBytes) {
  const std::string file = file_of(Letter{});
  const Answer answer = server_.send(file);
  EXPECT_EQ(answer.code(), "0");
  EXPECT_EQ(answer.text(), "Thanh cong");
  EXPECT_EQ(answer.id().size(), 24u);
  EXPECT_EQ(*server_.site.fetch(kReceiver, answer.id()), file);
}

TEST_F(SendEdoc, HashMayBePaddedOrNot) {
  // A file whose hash has a byte below 16, so that the two forms differ.
  Letter letter;
  std::string file;
  testing::Parameters unpadded;
  for (int i = 0; unpadded.empty() || unpadded[2].second.size() == 64; ++i) {
    letter.content = "bản " + std::to_string(i);
    file = file_of(letter);
    unpadded = testing::send_parameters(file);
  }
  testing::Parameters padded = unpadded;
  padded[2].second = base::hex(base::sha256(file));
  ASSERT_NE(padded[2].second, unpadded[2].second);
  const auto request = [&](const testing::Parameters& parameters) {
    return http::testing::post("/sendEdoc", file + "\r\n",
                               testing::sdk_headers({}, parameters, "application/octet-stream"));
  };
  const Answer first = server_.ask(request(unpadded)), second = server_.ask(request(padded));
  EXPECT_EQ(first.code(), "0");
  EXPECT_EQ(second.id(), first.id());
}

TEST_F(SendEdoc, ALineEndThatIsTheFilesOwnIsKept) {
  const std::string file = file_of(Letter{}) + "\r\n";
  // Without the SDK's tail: the whole body is the file.
  const Answer whole = server_.ask(http::testing::post(
      "/sendEdoc", file,
      testing::sdk_headers({}, testing::send_parameters(file), "application/octet-stream")));
  ASSERT_EQ(whole.code(), "0");
  EXPECT_EQ(*server_.site.fetch(kReceiver, whole.id()), file);
  // With the SDK's tail exactly one line end goes.
  const Answer tailed = server_.send(file + "\r\n");
  ASSERT_EQ(tailed.code(), "0");
  EXPECT_EQ(*server_.site.fetch(kReceiver, tailed.id()), file + "\r\n");
}

TEST_F(SendEdoc, BodiesInAnyPiecesGiveTheSameFile) {
  Letter letter;
  letter.content_bytes = 300'000;  // beyond what is gathered in one write
  const std::string file = file_of(letter);
  const std::string request = send_request(file);
  std::string id;
  for (const std::size_t from_end : {1u, 2u, 3u, 4u, 200'000u}) {
    http::testing::Wire wire(server_.server.port);
    ASSERT_TRUE(wire.send(request.substr(0, request.size() - from_end)));
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    ASSERT_TRUE(wire.send(request.substr(request.size() - from_end)));
    const Answer answer = testing::answer_of(wire.receive());
    ASSERT_EQ(answer.code(), "0") << answer.body;
    if (id.empty()) id = answer.id();
    EXPECT_EQ(answer.id(), id);
  }
  EXPECT_TRUE(*server_.site.fetch(kReceiver, id) == file);
}

TEST_F(SendEdoc, ChunkedBodiesAreTakenToo) {
  const std::string file = file_of(Letter{});
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", file.size());
  const Answer answer = server_.ask(
      "POST /sendEdoc HTTP/1.1\r\nHost: truc\r\nTransfer-Encoding: chunked\r\n" +
      testing::sdk_headers({}, testing::send_parameters(file), "application/octet-stream") +
      "\r\n" + size + file + "\r\n0\r\n\r\n");
  EXPECT_EQ(answer.code(), "0");
  EXPECT_EQ(*server_.site.fetch(kReceiver, answer.id()), file);
}

TEST_F(SendEdoc, ARepetitionGivesTheSameIdAndOneDocument) {
  const std::string request = send_request(file_of(Letter{}));
  const Answer first = server_.ask(request), second = server_.ask(request);
  EXPECT_EQ(second.id(), first.id());
  EXPECT_EQ(second.code(), "0");
  EXPECT_EQ(server_.documents(), 1);
}

TEST_F(SendEdoc, TheSameFileFromTwoConnectionsAtTheSameTimeIsOneDocument) {
  for (int round = 0; round < 5; ++round) {
    Letter letter;
    letter.number = std::to_string(round);
    const std::string request = send_request(file_of(letter));
    std::vector<std::string> ids(4);
    std::vector<std::thread> threads;
    for (auto& id : ids) threads.emplace_back([&] { id = server_.ask(request).id(); });
    for (auto& thread : threads) thread.join();
    for (const auto& id : ids) EXPECT_EQ(id, ids[0]);
    EXPECT_EQ(server_.documents(), round + 1);
  }
}

TEST_F(SendEdoc, ToMayBeAnArrayAStringOrABareCode) {
  int number = 0;
  const auto recipients = [&](const std::string& to) {
    Letter letter;
    letter.number = "T" + std::to_string(++number);
    letter.to = {"G99", "H98", "K97"};
    const Answer answer = server_.send(file_of(letter), {}, {{"to", to}});
    EXPECT_EQ(answer.code(), "0") << answer.body;
    std::string codes;
    for (const auto& item : server_.site.sent(kSender, answer.id())) {
      codes += server_.site.directory().by_key(item.recipient)->code + " ";
    }
    return codes;
  };
  EXPECT_EQ(recipients(R"(["G99","K97"])"), "G99 K97 ");
  EXPECT_EQ(recipients(R"("H98")"), "H98 ");
  EXPECT_EQ(recipients("H98"), "H98 ");
  EXPECT_EQ(recipients("H98, G99"), "G99 H98 ");
  // Stale, malformed or empty: the file decides.
  for (const char* to : {"[]", "", "null", "{}", "[1,2]", "[\"LA\"]", "[\"G99\"", "\"", "[null]"}) {
    EXPECT_EQ(recipients(to), "G99 H98 K97 ") << to;
  }
}

TEST_F(SendEdoc, ToNarrowsWithOldCodesToo) {
  Letter letter;
  letter.to = {"G99", "H98"};
  const Answer answer = server_.send(file_of(letter), {}, {{"to", R"(["000.00.00.H98"])"}});
  EXPECT_EQ(server_.site.sent(kSender, answer.id()).size(), 1u);
}

TEST_F(SendEdoc, ASystemThatIsUnknownDisabledOrSignsWronglyIs15) {
  const std::string file = file_of(Letter{});
  EXPECT_EQ(server_.send(file, {kSender, "wrong"}).code(), "15");
  EXPECT_EQ(server_.send(file, {"11.11.W11", "whatever"}).code(), "15");
  EXPECT_EQ(server_.send(file, {"", ""}).code(), "15");
  ASSERT_TRUE(server_.site.directory().enable_system(kSender, false));
  EXPECT_EQ(server_.send(file).code(), "15");
  ASSERT_TRUE(server_.site.directory().enable_system(kSender, true));
  EXPECT_EQ(server_.send(file).code(), "0");
  EXPECT_EQ(server_.documents(), 1);
}

TEST_F(SendEdoc, WithoutAnySignatureHeadersIs15) {
  const Answer answer =
      server_.ask(http::testing::post("/sendEdoc", "<x/>", "XroadVnpt-systemid: 00.99.W00\r\n"));
  EXPECT_EQ(answer.code(), "15");
  EXPECT_TRUE(answer.json["DocId"].is_string());
}

TEST_F(SendEdoc, ASenderOfAnotherSystemIs19InTheKnownWords) {
  Letter letter;
  letter.from = "G99";
  const Answer by_header = server_.ask(send_request(file_of(letter), {}, {}, "G99"));
  EXPECT_EQ(by_header.code(), "19");
  EXPECT_EQ(by_header.text(), "Don vi gui G99 khong dung voi ma da dang ky: 00.99.W00");
  // The header says one thing and the file another: the file counts.
  const Answer by_file = server_.ask(send_request(file_of(letter), {}, {}, "H99.01"));
  EXPECT_EQ(by_file.code(), "19");
  EXPECT_EQ(by_file.text(), "Don vi gui G99 khong dung voi ma da dang ky: 00.99.W00");
  EXPECT_EQ(server_.ask(send_request(file_of(letter), {}, {}, "KHONG-CO")).code(), "19");
  EXPECT_EQ(server_.documents(), 0);
}

TEST_F(SendEdoc, AllRecipientsUnknownIs18AndNamesThem) {
  Letter letter;
  letter.to = {"LA-1", "LA-2"};
  const Answer answer = refused(file_of(letter), "18");
  names(answer, "LA-1, LA-2");
}

TEST_F(SendEdoc, SomeUnknownRecipientsAreReportedAndTheRestIsDelivered) {
  Letter letter;
  letter.to = {"LA-1", "G99"};
  const Answer answer = server_.send(file_of(letter));
  EXPECT_EQ(answer.code(), "0");
  names(answer, "LA-1");
  EXPECT_EQ(server_.site.pending(kReceiver).size(), 1u);
  std::string body;
  const auto read =
      server_.site.database().read([&](store::Connection& connection) -> base::Result<void> {
        TRY(store::journal::verify(connection, 1,
                                   [&](const store::journal::Entry& entry) { body = entry.body; }));
        return base::done();
      });
  ASSERT_TRUE(read);
  EXPECT_NE(body.find("\"unknown\":[\"LA-1\"]"), std::string::npos) << body;
}

TEST_F(SendEdoc, AWrongHashIs10) {
  const std::string file = file_of(Letter{});
  for (const std::string& hash : {std::string(), std::string("abc"), std::string(64, '0'),
                                  base::hex(base::sha256(file + "\r\n\r\n"))}) {
    testing::Parameters parameters = testing::send_parameters(file);
    parameters[2].second = hash;
    const Answer answer = server_.ask(
        http::testing::post("/sendEdoc", file + "\r\n",
                            testing::sdk_headers({}, parameters, "application/octet-stream")));
    EXPECT_EQ(answer.code(), "10") << hash;
  }
  testing::Parameters absent = testing::send_parameters(file);
  absent.erase(absent.begin() + 2);
  EXPECT_EQ(
      server_
          .ask(http::testing::post("/sendEdoc", file,
                                   testing::sdk_headers({}, absent, "application/octet-stream")))
          .code(),
      "10");
  EXPECT_EQ(server_.documents(), 0);
}

TEST_F(SendEdoc, AnEmptyFileIs10) {
  refused("", "10");
  const Answer bare = server_.ask(http::testing::post(
      "/sendEdoc", "",
      testing::sdk_headers({}, testing::send_parameters(""), "application/octet-stream")));
  EXPECT_EQ(bare.code(), "10");
}

TEST_F(SendEdoc, ATruncatedBodyLeavesNothingAndTheConnectionCloses) {
  Letter letter;
  letter.content_bytes = 500'000;
  const std::string request = send_request(file_of(letter));
  {
    http::testing::Wire wire(server_.server.port);
    ASSERT_TRUE(wire.send(request.substr(0, request.size() - 1)));
    wire.finish_sending();
    EXPECT_TRUE(wire.closes());
  }
  {
    http::testing::Wire stalled(server_.server.port);
    ASSERT_TRUE(stalled.send(request.substr(0, request.size() / 2)));
    EXPECT_TRUE(stalled.closes(10000));
  }
  EXPECT_EQ(server_.documents(), 0);
  EXPECT_EQ(server_.ask(request).code(), "0");  // and the retry works
}

TEST_F(SendEdoc, WhatIsNoReadableEdxmlIs22AndNamesThePlace) {
  const std::string good = file_of(Letter{});
  names(refused(good.substr(0, good.size() / 2), "22"), "dong");  // line
  names(refused("chữ ở ngoài" + good, "22"), "dong 1");
  refused("không phải XML", "22");
  refused("<a/>", "22");
  refused(testing::replaced(good, "<edXML xmlns", "<!DOCTYPE edXML><edXML xmlns"), "22");
  refused(
      testing::replaced(good, "<edXML xmlns", "<!DOCTYPE edXML [<!ENTITY x \"y\">]><edXML xmlns"),
      "22");
  refused(testing::replaced(good, "V/v thử", "&lạ;"), "22");
  refused(testing::replaced(good, "V/v thử", "\xff\xfe"), "22");
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  for (int i = 0; i < 100; ++i) deep += "</a>";
  refused(testing::replaced(good, "<edXML:Subject>", deep + "<edXML:Subject>"), "22");
  refused(testing::replaced(good, "V/v thử", std::string(9 << 20, 'x')), "22");
  const auto from = good.find("<edXML:From>"), from_end = good.find("</edXML:From>") + 13;
  names(refused(std::string(good).erase(from, from_end - from), "22"),
        "MessageHeader/From/OrganId");
}

TEST_F(SendEdoc, AnAttachmentThatCannotBeDecodedIs21AndIsNamed) {
  const std::string good = file_of(Letter{});
  const auto base64_at = good.find("JVBER");
  ASSERT_NE(base64_at, std::string::npos);
  std::string bad = good;
  bad[base64_at] = '*';
  names(refused(bad, "21"), "van-ban.pdf");
  const auto zip = [&](const std::string& text) {
    return testing::replaced(
        edxml::testing::with_attachment("so-lieu.xlsx", "application/zip", text), "<edXMLHeader/>",
        "<edXMLHeader><MessageHeader><From><OrganId>H99.01</OrganId></From><To><OrganId>G99</"
        "OrganId></To>"
        "<Code><CodeNumber>1</CodeNumber><CodeNotation>A</CodeNotation></Code></MessageHeader></"
        "edXMLHeader>");
  };
  const std::string whole = edxml::testing::zip_text("a.xlsx", "bảng tính");
  EXPECT_EQ(server_.send(zip(whole)).code(), "0");
  names(refused(zip(whole.substr(0, 40)), "21"), "so-lieu.xlsx");
}

TEST_F(SendEdoc, StateSecretsAreRefusedWithTheReason) {
  for (const char* mark : {"Mật", "Tối mật", "Tuyệt mật"}) {
    Letter letter;
    const std::string file =
        testing::replaced(file_of(letter), letter.subject, "[" + std::string(mark) + "] Báo cáo");
    const Answer answer = refused(file, "22");
    names(answer, "Quyet dinh 28/2018");
    EXPECT_EQ(answer.json["reason"].text(), "edxml.state_secret");
  }
  Letter about_security;
  about_security.subject = "V/v bảo mật thông tin và bí mật kinh doanh";
  EXPECT_EQ(server_.send(file_of(about_security)).code(), "0");
}

TEST_F(SendEdoc, AStatusMessageIsRecognisedByItsContent) {
  const Letter letter;
  ASSERT_EQ(server_.send(file_of(letter)).code(), "0");
  const std::string report = file_of(testing::report_on(letter, "G99", "03"));
  // messagetype says edoc, as stale parameters do.
  EXPECT_EQ(server_.ask(send_request(report, testing::receiver(), {}, "G99")).code(), "0");
  EXPECT_EQ(server_.site.pending(kSender, edxml::Kind::status).size(), 1u);
}

TEST_F(SendEdoc, AStatusMessageWithoutCodeOrSubjectIs22) {
  const std::string report = file_of(testing::report_on(Letter{}, "H99.01", "03"));
  std::string without = report;
  for (auto at = without.find("<edXML:StatusCode>"); at != std::string::npos;
       at = without.find("<edXML:StatusCode>")) {
    without.erase(at, without.find("</edXML:StatusCode>") + 19 - at);
  }
  names(refused(without, "22"), "StatusCode");
}

TEST_F(SendEdoc, RecallOfSomebodyElsesDocumentIs19) {
  const Letter letter;
  ASSERT_EQ(server_.send(file_of(letter)).code(), "0");
  testing::Report recall = testing::recall_of(letter, "G99");
  recall.from = "H99.02";
  const Answer answer = server_.ask(send_request(file_of(recall), {}, {}, "H99.02"));
  EXPECT_EQ(answer.code(), "19");
}

TEST_F(SendEdoc, WithADamagedJournalIs20AndNothingIsAcknowledged) {
  server_.site.tamper("update journal set body = '{}' where seq = (select max(seq) from journal)");
  refused(file_of(Letter{}), "20");
}

TEST_F(SendEdoc, ADatabaseHeldByAnotherProcessIs20) {
  store::Database::Options options;
  options.url = server_.site.url();
  options.own_writer_thread = false;
  const auto other = store::Database::open(std::move(options));
  ASSERT_TRUE(other);
  static const store::Query kTouch{"test.touch", "update meta set value = value"};
  const auto held = (*other)->write([&](store::Connection& connection) -> base::Result<void> {
    TRY(connection.run(kTouch, {}));
    const Answer answer = server_.send(file_of(Letter{}));
    EXPECT_EQ(answer.code(), "20") << answer.body;
    return base::done();
  });
  ASSERT_TRUE(held);
  EXPECT_EQ(server_.documents(), 0);
  EXPECT_EQ(server_.send(file_of(Letter{})).code(), "0");
}

TEST(SendEdocLimits, ABodyOverTheLimitIs10) {
  Face::Options options;
  options.document_bytes_max = 20'000;
  testing::VxpServer server("", options);
  Letter letter;
  letter.content_bytes = 30'000;
  const Answer answer = server.send(file_of(letter));
  EXPECT_EQ(answer.code(), "10");
  EXPECT_TRUE(answer.json["DocId"].is_string());
  EXPECT_EQ(server.send(file_of(Letter{})).code(), "0");
}

TEST(SendEdocLimits, AHeaderOverTheLimitIs22) {
  Face::Options options;
  options.read.header_bytes = 3000;
  testing::VxpServer server("", options);
  Letter letter;
  for (int i = 0; i < 50; ++i) letter.to.push_back("X" + std::to_string(i));
  EXPECT_EQ(server.send(file_of(letter)).code(), "22");
}

}  // namespace
}  // namespace exchange::vxp
