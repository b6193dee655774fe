// Signed files of strangers: judged, and nothing kept.
#include <filesystem>

#include "exchange/testing/rest_server.h"
#include "trust/testing/signed_pdf.h"

namespace exchange::rest {
namespace {

using testing::RestServer;

constexpr const char* kPdf = "Content-Type: application/pdf\r\n";
constexpr const char* kAny = "Content-Type: application/octet-stream\r\n";

class RestVerify : public ::testing::Test {
 public:
  static trust::demo::Authority& authority() {
    static const auto made =
        trust::demo::Authority::create({"", 2048, base::SystemClock().now()}).value();
    return *made;
  }
  static const std::string& signed_file() {
    static const std::string file = [] {
      trust::demo::Wish wish;
      wish.name = "Nguyễn Văn An";
      const auto signer = authority().issue(wish).value();
      return trust::testing::signed_pdf({&signer}, base::SystemClock().now());
    }();
    return file;
  }
  RestVerify() {
    server.site.clock.set(base::SystemClock().now());
    trust::Anchor root;
    root.certificate = authority().root();
    root.name = "demonstration";
    root.demonstration = true;
    EXPECT_TRUE(server.verification.anchors.add(root).ok());
  }
  testing::RestAnswer verify(const std::string& file, const char* type = kAny) {
    return server.ask("POST", "/api/v1/verify?name=a.pdf", "", file, type);
  }
  RestServer server;
};

TEST_F(RestVerify, AStrangerLearnsWhatASignatureIsWorth) {
  const auto good = verify(signed_file(), kPdf);
  ASSERT_EQ(good.status, 200) << good.body;
  // Nothing in the file says that the certificate was not revoked, and nobody is asked.
  EXPECT_EQ(good.text("verdict"), "undetermined");
  EXPECT_EQ(good.json["file"]["signatures"].array().size(), 1U);
  EXPECT_EQ(good.json["size"].integer(), static_cast<std::int64_t>(signed_file().size()));
  EXPECT_FALSE(good.json["explanation"].array().at(0)["vi"].text().empty());
  EXPECT_EQ(good.header("Cache-Control"), "no-store");
  std::string altered = signed_file();
  altered[altered.find("BT") + 20] ^= 1;
  EXPECT_EQ(verify(altered, kPdf).text("verdict"), "invalid");
  const auto text = verify("just text");
  EXPECT_EQ(text.text("verdict"), "unsigned");
  EXPECT_EQ(text.json["file"]["sha256"].text(), text.text("sha256"));
  testing::Letter letter;
  letter.attachment = "just text";
  const auto plain = verify(testing::file_of(letter));
  EXPECT_EQ(plain.text("verdict"), "unsigned");
  EXPECT_EQ(plain.json["attachments"]["attachments"].array().size(), 1U) << plain.body;
  letter.attachment = signed_file();
  EXPECT_EQ(verify(testing::file_of(letter)).text("verdict"), "undetermined");
  letter.attachment = altered;
  EXPECT_EQ(verify(testing::file_of(letter)).text("verdict"), "invalid");
}

TEST_F(RestVerify, ADocumentOfTheExchangeIsJudgedAsAnyOther) {
  const std::string file = testing::file_of(testing::Letter{});
  const auto before = verify(file);
  ASSERT_TRUE(server.site.hand_in(testing::kSender, file).ok());
  EXPECT_EQ(verify(file).json["verdict"].text(), before.json["verdict"].text());
  EXPECT_EQ(verify(file).json["text"].dump(), before.json["text"].dump());
}

TEST_F(RestVerify, WhatIsWrongIsSaid) {
  EXPECT_EQ(verify("").reason(), "rest.body_missing");
  EXPECT_EQ(server.ask("POST", "/api/v1/verify", "", "x", "Content-Type: text/html\r\n").reason(),
            "rest.type_unsupported");
  for (const std::string& file :
       {std::string("%PDF-1.7\n"), std::string("<edXML:x"), std::string("PK\x03\x04"),
        std::string("\x30\x82\xff\xff"), std::string(2 << 20, '(')})
    EXPECT_EQ(verify(file).status, 200) << file.substr(0, 10);
}

TEST_F(RestVerify, OneAddressDoesNotTakeItAll) {
  int served = 0;
  testing::RestAnswer last;
  for (int i = 0; i < 12; ++i) {
    last = verify("x");
    if (last.status == 200) ++served;
  }
  EXPECT_EQ(served, 10);
  EXPECT_EQ(last.status, 429);
  EXPECT_EQ(last.reason(), "rest.too_many_requests");
  server.site.clock.advance(std::chrono::minutes(1));
  EXPECT_EQ(verify("x").status, 200);
}

TEST_F(RestVerify, NothingIsKept) {
  const auto files = [&] {
    std::size_t count = 0;
    for (const auto& one :
         std::filesystem::recursive_directory_iterator(server.site.directory_path()))
      count += one.is_regular_file() ? 1 : 0;
    return count;
  };
  const auto before = files();
  static const store::Query kEntries{"test.entries", "select count(*) from journal"};
  const auto entries = server.site.number(kEntries);
  EXPECT_EQ(verify(std::string(3 << 20, 'x')).status, 200);
  EXPECT_EQ(files(), before);
  EXPECT_EQ(server.site.number(kEntries), entries);
}

}  // namespace
}  // namespace exchange::rest
