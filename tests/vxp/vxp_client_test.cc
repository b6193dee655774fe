#include "vxp/vxp_client.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "vxp/documents.h"

namespace vxp_client {
namespace {

const Credentials kTest = {"00.99.W00", "test-secret-Key+/=0123", "22112026T022438+0568"};

TEST(Signature, ListHeadIsTheSdksByteForByte) {
  const std::string expected =
      "POST /getReceivedEdocList HTTP/1.1\r\n"
      "XroadVnpt-systemid: 00.99.W00\r\n"
      "XroadVnpt-servicetype: eDoc\r\n"
      "XroadVnpt-messagetype: edoc\r\n"
      "XroadVnpt-timestamp: 22112026T022438+0568\r\n"
      "Content-Type: application/json\r\n"
      "XroadVnpt-Content-Type: application/json\r\n"
      "XroadVnpt-sign-header-key: systemid;servicetype;messagetype;timestamp;Content-Type\r\n"
      "XroadVnpt-sign-header: {\"XroadVnpt-systemid\":\"00.99.W00\",\"XroadVnpt-servicetype\":"
      "\"eDoc\",\"XroadVnpt-messagetype\":\"edoc\",\"XroadVnpt-timestamp\":"
      "\"22112026T022438+0568\",\"XroadVnpt-Content-Type\":\"application/json\"}\r\n"
      "XroadVnpt-hash-header: "
      "95ab2a1e6a140608f7db6398601e4c8bd96000ca363af97d9dfaae5362ee6667\r\n"
      "User-Agent: JAVASDKAgent/1.0.0 XRoad/VPCP\r\n"
      "XroadVnpt-version: 3.0.201608\r\n"
      "Content-Length: 0\r\n"
      "Host: 127.0.0.1:41259\r\n"
      "Connection: Keep-Alive\r\n"
      "Accept-Encoding: gzip,deflate\r\n\r\n";
  EXPECT_EQ(Caller(kTest, "127.0.0.1:41259").received_list(MessageType::edoc), expected);
}

TEST(Signature, JsonTextInAParameterIsEscapedBeforeSigning) {
  const Parameters parameters = {
      {"systemid", "00.99.W00"},
      {"servicetype", "eDoc"},
      {"messagetype", "edoc"},
      {"hash-file", "1e7b918279dedaa5122e8e2c016aaaef2a7256b64d7e2993c33fa86b2bff29d"},
      {"from", "H99.01"},
      {"to", "[\"G99\",\"000.00.01.H98\"]"},
      {"timestamp", "22112026T022438+0553"},
      {"Content-Type", "application/octet-stream"}};
  const Signature signature = sign(parameters, kTest.secret);
  EXPECT_EQ(signature.key_list,
            "systemid;servicetype;messagetype;hash-file;from;to;timestamp;Content-Type");
  EXPECT_NE(signature.header.find("[\\\"G99\\\",\\\"000.00.01.H98\\\"]"), std::string::npos);
  EXPECT_EQ(signature.hash, "2260b7e377de5b59cf6d01192897edf22adbef8951a23717c6278160d96f33d2");
}

TEST(Digest, UnpaddedFormDropsTheLeadingZeroOfEveryByte) {
  Digest digest{};
  digest[0] = 0x0a;
  digest[1] = 0xb0;
  EXPECT_EQ(unpadded_hex(digest), "ab0" + std::string(30, '0'));
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Base64, DecodesInPiecesOfAnySize) {
  const std::string bytes = document_back(500, 7);
  for (std::size_t size = 0; size < 7; ++size) {
    const std::string text = base64(bytes.substr(0, 100 + size));
    for (std::size_t piece = 1; piece < 9; ++piece) {
      Base64Decoder decoder;
      std::string out;
      for (std::size_t i = 0; i < text.size(); i += piece) {
        decoder.decode(std::string_view(text).substr(i, piece), &out);
      }
      EXPECT_EQ(out, bytes.substr(0, 100 + size)) << size << " in pieces of " << piece;
    }
  }
}

TEST(Answer, ReadsListsAndSkipsWhatNobodyAsksFor) {
  const auto answer = parse_answer(
      "{\"status\": \"OK\", \"ErrorCode\": 0, \"ErrorDesc\": \"Th\\u00e0nh\", \"more\": {\"a\": "
      "[1, {}]}, \"data\": [{\"docId\": \"d1\", \"to\": \"H1\", \"n\": [\"x\"]}, {}]}");
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->ok());
  EXPECT_EQ(answer->error_desc, "Thành");
  ASSERT_EQ(answer->items.size(), 2u);
  EXPECT_EQ(answer->items[0]["docId"], "d1");
  EXPECT_EQ(answer->items[0]["to"], "H1");
  EXPECT_EQ(answer->items[0]["n"], "");
  EXPECT_FALSE(parse_answer("<html>"));
  EXPECT_FALSE(parse_answer("{\"data\": [{\"docId\": \"d1\"}"));
}

TEST(ChunkedBody, IsReadInPiecesOfAnySize) {
  const std::string wire = "5\r\nhello\r\n1;x=y\r\n \r\nB\r\nworld world\r\n0\r\nT: 1\r\n\r\nrest";
  for (std::size_t piece = 1; piece < wire.size(); ++piece) {
    ChunkedBody body;
    std::string content;
    std::size_t taken = 0;
    for (std::size_t i = 0; i < wire.size() && !body.done(); i += piece) {
      taken += body.take(std::string_view(wire).substr(i, piece),
                         [&](std::string_view bytes) { content.append(bytes); });
    }
    EXPECT_EQ(content, "hello world world");
    EXPECT_EQ(wire.substr(taken), "rest");
  }
}

TEST(Document, HasTheSizeAskedForAndEachItsOwnNumber) {
  Draft draft;
  draft.from = {"H49.1", "Sở Thử"};
  draft.to = {{"H49.2", "Sở Khác"}, {"H49.3", "Sở Nữa"}};
  draft.number = "17";
  const std::string text = document(draft, 20480, 1);
  EXPECT_NEAR(static_cast<double>(text.size()), 20480, 4);
  EXPECT_NE(text.find("<edXML:DocumentId>H49.1,2025/10/16,17/VP-DO</edXML:DocumentId>"),
            std::string::npos);
  EXPECT_EQ(text.substr(text.size() - 10), "</edXML>\r\n");
  draft.number = "18";
  EXPECT_NE(sha256(text), sha256(document(draft, 20480, 1)));
}

}  // namespace
}  // namespace vxp_client
