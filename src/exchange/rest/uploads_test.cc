// Uploads over the API, and what is handed in from them.
#include "base/hash.h"
#include "base/text.h"
#include "exchange/testing/engines.h"
#include "exchange/testing/rest_server.h"

namespace exchange::rest {
namespace {

using testing::Letter;
using testing::RestAnswer;
using testing::RestServer;

constexpr const char* kTus = "Tus-Resumable: 1.0.0\r\n";
constexpr const char* kUploads = "/api/v1/uploads";

class RestUploads : public ::testing::TestWithParam<std::string> {
 public:
  RestUploads() : server(testing::fresh_database(GetParam())) {
    server.know_system("A", testing::kSender);  // H99.01 and H99.02
    server.know_system("B", testing::kReceiver);
    server.know_person("clerk", identity::Role::clerk, {"K97"});
    server.know_person("other", identity::Role::clerk, {"K97"});
    server.know_person("auditor", identity::Role::auditor, {"K97"});
  }
  RestAnswer begin(const std::string& caller, std::size_t size, const std::string& query = "",
                   const std::string& more = "") {
    return server.ask("POST", kUploads + query, caller, {},
                      kTus + ("Upload-Length: " + std::to_string(size) + "\r\n") + more);
  }
  RestAnswer patch(const std::string& at, const std::string& caller, std::size_t offset,
                   const std::string& bytes, const std::string& more = "") {
    return server.ask("PATCH", at, caller, bytes,
                      std::string(kTus) + "Content-Type: application/offset+octet-stream\r\n" +
                          "Upload-Offset: " + std::to_string(offset) + "\r\n" + more);
  }
  RestAnswer look(const std::string& at, const std::string& caller) {
    return server.ask("HEAD", at, caller, {}, kTus);
  }
  // The id of a complete upload.
  std::string upload(const std::string& caller, const std::string& bytes,
                     const std::string& name = "", const std::string& query = "") {
    const std::string metadata =
        name.empty() ? "" : "Upload-Metadata: filename " + base::base64(name) + "\r\n";
    const auto begun = begin(caller, bytes.size(), query, metadata);
    EXPECT_EQ(begun.status, 201) << begun.body;
    const std::string at = begun.header("Location");
    EXPECT_EQ(patch(at, caller, 0, bytes).status, 204);
    return at.substr(at.rfind('/') + 1);
  }
  base::Json letter(const std::string& from, const std::string& attachments) {
    const std::string sender = from.empty() ? "" : R"("from": {"id": ")" + from + R"("},)";
    return base::Json::parse("{" + sender + R"("to": [{"id": "G99"}], "code_number": "05",
      "code_notation": "SGD-VP", "promulgation_date": "2026/11/22", "type": "2",
      "type_name": "Công văn", "subject": "Về việc phối hợp", "priority": "1",
      "signer_name": "Nguyễn Văn A", "attachments": )" +
                             attachments + "}")
        .value();
  }
  static std::string by_id(const std::string& id) { return R"([{"upload": ")" + id + R"("}])"; }
  RestServer server;
};
ON_BOTH_ENGINES(RestUploads);

TEST_P(RestUploads, FromTheFirstByteToItsRecipient) {
  const std::string pdf = "%PDF-1.7\n" + std::string(300'000, 'x') + "\n%%EOF\n";
  const auto begun = begin("A", pdf.size(), "?organisation=H99.01",
                           "Upload-Metadata: filename " + base::base64("quyết định.pdf") + "\r\n");
  ASSERT_EQ(begun.status, 201) << begun.body;
  EXPECT_EQ(begun.header("Tus-Resumable"), "1.0.0");
  const std::string at = begun.header("Location");
  ASSERT_TRUE(at.starts_with("/api/v1/uploads/")) << at;
  EXPECT_EQ(patch(at, "A", 0, pdf.substr(0, 100'000)).header("Upload-Offset"), "100000");
  const auto half = look(at, "A");
  EXPECT_EQ(half.status, 200);
  EXPECT_EQ(half.header("Upload-Offset"), "100000");
  EXPECT_EQ(half.header("Upload-Length"), std::to_string(pdf.size()));
  const std::string id = at.substr(at.rfind('/') + 1);
  EXPECT_EQ(server.post("/api/v1/submissions", "A", letter("H99.01", by_id(id))).reason(),
            "exchange.upload_incomplete");
  EXPECT_EQ(patch(at, "A", 100'000, pdf.substr(100'000)).status, 204);

  const auto sent = server.post("/api/v1/submissions", "A", letter("H99.01", by_id(id)));
  ASSERT_EQ(sent.status, 201) << sent.body;
  EXPECT_EQ(sent.json["deliveries"].integer(), 1);
  const std::string document = "/api/v1/documents/" + sent.text("id");
  const auto files = server.get(document + "/attachments", "B").items();
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0]["name"].text(), "quyết định.pdf");
  EXPECT_EQ(server.get(document + "/attachments/1", "B").body, pdf);
  EXPECT_EQ(server.get(document, "B").json["sender"]["code"].text(), "H99.01");
  // What was made of it stays when it goes.
  EXPECT_EQ(server.ask("DELETE", at, "A", {}, kTus).status, 204);
  EXPECT_EQ(look(at, "A").status, 404);
  EXPECT_EQ(server.get(document + "/attachments/1", "B").body, pdf);
  EXPECT_EQ(server.site.findings(), "");
}

TEST_P(RestUploads, TheSameSubmissionAgainIsTheSameDocument) {
  // Zipped on its way in: the entry's name is made up, and the same each time.
  const std::string text(1000, 'v'), id = upload("clerk", text, "phụ lục.txt");
  const auto first = server.post("/api/v1/submissions", "clerk", letter("", by_id(id)));
  ASSERT_EQ(first.status, 201) << first.body;
  const auto again = server.post("/api/v1/submissions", "clerk", letter("", by_id(id)));
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(again.text("id"), first.text("id"));
  // By its hash, from another upload of the same bytes.
  const std::string other = upload("clerk", text, "phụ lục.txt");
  ASSERT_TRUE(
      server.uploads->digest({"person:clerk", server.site.directory().find("K97")->key}, other)
          .ok());
  const std::string hash = base::hex(base::sha256(text));
  const auto by_hash = server.post("/api/v1/submissions", "clerk",
                                   letter("K97", R"([{"sha256": ")" + hash + R"("}])"));
  EXPECT_EQ(by_hash.text("id"), first.text("id")) << by_hash.body;
  // With a key, the first answer comes again as it was.
  const auto keyed = server.post("/api/v1/submissions", "clerk",
                                 letter("", R"([{"upload": ")" + id + R"(", "name": "b.txt"}])"),
                                 "Idempotency-Key: k1\r\n");
  EXPECT_EQ(keyed.status, 201) << keyed.body;
  EXPECT_NE(keyed.text("id"), first.text("id"));
  const auto replayed = server.post("/api/v1/submissions", "clerk",
                                    letter("", R"([{"upload": ")" + id + R"(", "name": "b.txt"}])"),
                                    "Idempotency-Key: k1\r\n");
  EXPECT_EQ(replayed.status, 201);
  EXPECT_EQ(replayed.header("Idempotency-Replayed"), "true");
  EXPECT_EQ(replayed.body, keyed.body);
}

// They were taken as they came, and every date that could not be read was none.
TEST_P(RestUploads, ADayThatIsNoneAndAnEmptySubjectAreRefusedByName) {
  const auto refused = [&](const std::string& member, base::Json value) {
    base::Json body{base::Json::Object{}};
    const base::Json right = letter("H99.01", "[]");
    for (const auto& [name, was] : right.object())
      if (name != member) body.add(name, was);
    body.add(member, std::move(value));
    const auto answer = server.post("/api/v1/submissions", "A", body);
    return std::to_string(answer.status) + " " + answer.reason() + " " + answer.text("pointer");
  };
  const std::string bad = "400 exchange.assembly_bad_member ";
  EXPECT_EQ(refused("promulgation_date", "2026/13/20"), bad + "/promulgation_date");
  EXPECT_EQ(refused("due_date", "x"), bad + "/due_date");
  EXPECT_EQ(refused("due_date", "2026/02/30"), bad + "/due_date");
  EXPECT_EQ(refused("subject", ""), bad + "/subject");
  EXPECT_EQ(refused("subject", "  "), bad + "/subject");
  const auto answers =
      base::Json::parse(R"([{"code": "01/UBND"}, {"promulgation_date": "20/20/2026"}])").value();
  EXPECT_EQ(refused("response_for", answers), bad + "/response_for/1/promulgation_date");
  const auto nobody = base::Json::parse(R"([{"id": "X1"}])").value();
  EXPECT_EQ(refused("to", nobody), "422 exchange.recipients_unknown /to");
  EXPECT_TRUE(server.get("/api/v1/documents?box=sent", "A").items().empty());
}

TEST_P(RestUploads, AWholeFileGoesAsItIs) {
  Letter letter;
  letter.to = {"G99"};
  const std::string file = testing::file_of(letter);
  const std::string id = upload("A", file, "", "?organisation=H99.01");
  base::Json body;
  body.add("upload", id);
  const auto sent = server.post("/api/v1/submissions", "A", body);
  ASSERT_EQ(sent.status, 201) << sent.body;
  EXPECT_EQ(server.get("/api/v1/documents/" + sent.text("id") + "/content", "B").body, file);
  // To some of those that the file names, and to nobody else.
  letter.to = {"G99", "K97"};
  body = base::Json();
  body.add("upload", upload("A", testing::file_of(letter), "", "?organisation=H99.01"));
  const auto to = [](std::string_view code) {
    base::Json all, one;
    all.push(one.add("id", code));
    return all;
  };
  base::Json narrowed = body, widened = body;
  const auto refused = server.post("/api/v1/submissions", "A", widened.add("to", to("H98")));
  EXPECT_EQ(refused.reason(), "exchange.assembly_bad_member");
  EXPECT_EQ(refused.text("pointer"), "/to/0");
  EXPECT_EQ(server.post("/api/v1/submissions", "A", narrowed.add("to", to("K97"))).status, 201);
  EXPECT_EQ(server.get("/api/v1/deliveries", "clerk").items().size(), 1U);
  EXPECT_EQ(server.get("/api/v1/deliveries", "B").items().size(), 1U);
  body.add("subject", "khác");
  const auto mixed = server.post("/api/v1/submissions", "A", body);
  EXPECT_EQ(mixed.reason(), "exchange.assembly_bad_member");
  EXPECT_EQ(mixed.text("pointer"), "/subject");
  // Begun for one of its organisations, and saying the other.
  letter.from = "H99.02";
  base::Json wrong;
  wrong.add("upload", upload("A", testing::file_of(letter), "", "?organisation=H99.01"));
  EXPECT_EQ(server.post("/api/v1/submissions", "A", wrong).reason(), "exchange.sender_differs");
  // Not edXML at all.
  base::Json odd;
  odd.add("upload", upload("A", "hello", "", "?organisation=H99.01"));
  EXPECT_EQ(server.post("/api/v1/submissions", "A", odd).status, 400);
}

TEST_P(RestUploads, WhatIsOthersIsNotThere) {
  const std::string id = upload("clerk", "hello", "a.txt"), at = std::string(kUploads) + "/" + id;
  for (const char* stranger : {"B", "other"}) {
    EXPECT_EQ(look(at, stranger).status, 404) << stranger;
    EXPECT_EQ(patch(at, stranger, 5, "x").reason(), "exchange.upload_unknown") << stranger;
    EXPECT_EQ(server.ask("DELETE", at, stranger, {}, kTus).status, 404) << stranger;
    base::Json body;
    body.add("upload", id);
    EXPECT_EQ(server.post("/api/v1/submissions", stranger, body).status, 404) << stranger;
  }
  EXPECT_EQ(server.post("/api/v1/submissions", "other", letter("", by_id(id))).status, 404);
  EXPECT_EQ(look(at, "").status, 401);
  EXPECT_EQ(look(at, "auditor").status, 403);
  EXPECT_EQ(look(at, "clerk").header("Upload-Offset"), "5");
  // Whoever may not send for the organisation any more has lost it too.
  server.know_person("clerk", identity::Role::clerk, {"G99"});
  EXPECT_EQ(look(at, "clerk").status, 404);
}

TEST_P(RestUploads, SaysForWhomItIs) {
  const auto several = begin("A", 4);
  EXPECT_EQ(several.status, 400);
  EXPECT_EQ(several.reason(), "exchange.sender_missing");
  EXPECT_EQ(begin("A", 4, "?organisation=G99").reason(), "exchange.sender_unknown");
  EXPECT_EQ(begin("A", 4, "?organisation=G99").status, 403);
  EXPECT_EQ(begin("A", 4, "?organisation=H99.02").status, 201);
  EXPECT_EQ(server.post("/api/v1/submissions", "A", letter("", "[]")).reason(),
            "exchange.sender_missing");
  const auto other = server.post("/api/v1/submissions", "A", letter("G99", "[]"));
  EXPECT_EQ(other.reason(), "exchange.sender_unknown");
  EXPECT_EQ(other.text("pointer"), "/from/id");
  EXPECT_EQ(begin("A", 4, "?organization=H99.01").reason(), "rest.parameter_unknown");
  // Attachments need a name from somewhere.
  const std::string nameless = upload("clerk", "hello");
  for (const std::string name : {"", "  "}) {
    const auto refused = server.post(
        "/api/v1/submissions", "clerk",
        letter("", R"([{"upload": ")" + nameless + R"(", "name": ")" + name + R"("}])"));
    EXPECT_EQ(refused.reason(), "exchange.assembly_bad_member") << refused.body;
  }
}

TEST_P(RestUploads, EveryMistakeHasItsStatusInBothLanguages) {
  const std::string at = begin("clerk", 5).header("Location");
  const auto offset = patch(at, "clerk", 3, "ab");
  EXPECT_EQ(offset.status, 409);
  EXPECT_EQ(offset.reason(), "exchange.upload_wrong_offset");
  EXPECT_EQ(offset.header("Tus-Resumable"), "1.0.0");
  EXPECT_NE(offset.text("detail_vi").find("byte"), std::string::npos);
  const auto version = server.ask("PATCH", at, "clerk", "ab",
                                  "Content-Type: application/offset+octet-stream\r\n"
                                  "Upload-Offset: 0\r\nAccept-Language: en\r\n");
  EXPECT_EQ(version.status, 412);
  EXPECT_EQ(version.header("Tus-Version"), "1.0.0");
  EXPECT_EQ(version.text("detail"), version.text("detail_en"));
  EXPECT_EQ(server.ask("HEAD", at, "clerk").status, 412);
  EXPECT_EQ(
      server.ask("PATCH", at, "clerk", "ab", std::string(kTus) + "Upload-Offset: 0\r\n").status,
      415);
  EXPECT_EQ(patch(at, "clerk", 0, "abcdef").status, 413);
  EXPECT_EQ(
      patch(at, "clerk", 0, "ab", "Upload-Checksum: sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=\r\n").status,
      460);
  EXPECT_EQ(begin("clerk", (1 << 20) + 1).status, 413);
  EXPECT_EQ(server.ask("POST", kUploads, "clerk", {}, kTus).reason(), "exchange.upload_bad_header");
  EXPECT_EQ(patch(std::string(kUploads) + "/no", "clerk", 0, "x").status, 404);
  EXPECT_EQ(server.ask("OPTIONS", kUploads, "").header("Tus-Max-Size"), std::to_string(1 << 20));
  // Where a proxy lets nothing but POST through.
  const auto post =
      server.ask("POST", at, "clerk", "hello",
                 std::string(kTus) + "X-HTTP-Method-Override: PATCH\r\n" +
                     "Content-Type: application/offset+octet-stream\r\n" + "Upload-Offset: 0\r\n");
  EXPECT_EQ(post.status, 204) << post.body;
  EXPECT_EQ(
      server.ask("POST", at, "clerk", {}, std::string(kTus) + "X-HTTP-Method-Override: DELETE\r\n")
          .status,
      204);
}

TEST_P(RestUploads, TheFirstBytesMayComeAlongAndPartsBeJoined) {
  const std::string bytes = std::string(kTus) + "Content-Type: application/offset+octet-stream\r\n";
  const auto a = server.ask("POST", kUploads, "clerk", "hello ",
                            bytes + "Upload-Length: 6\r\nUpload-Concat: partial\r\n");
  ASSERT_EQ(a.status, 201) << a.body;
  EXPECT_EQ(a.header("Upload-Offset"), "6");
  const auto b = server.ask("POST", kUploads, "clerk", "world",
                            bytes + "Upload-Length: 5\r\nUpload-Concat: partial\r\n");
  const auto whole = server.ask("POST", kUploads, "clerk", {},
                                kTus + ("Upload-Concat: final;" + a.header("Location") + " " +
                                        b.header("Location") + "\r\n"));
  ASSERT_EQ(whole.status, 201) << whole.body;
  EXPECT_EQ(look(whole.header("Location"), "clerk").header("Upload-Offset"), "11");
  EXPECT_EQ(patch(whole.header("Location"), "clerk", 11, "!").status, 403);
}

TEST_P(RestUploads, WhatIsAbandonedIsRemoved) {
  const std::string id = upload("clerk", "hello", "a.txt"), at = std::string(kUploads) + "/" + id;
  server.site.clock.advance(std::chrono::hours(23));
  EXPECT_EQ(server.uploads->sweep().value(), 0U);
  EXPECT_EQ(look(at, "clerk").status, 200);
  server.site.clock.advance(std::chrono::hours(2));
  EXPECT_EQ(look(at, "clerk").status, 410);
  EXPECT_EQ(server.uploads->sweep().value(), 1U);
  EXPECT_EQ(look(at, "clerk").status, 404);
  EXPECT_FALSE(base::real_files().exists(server.site.blobs_path() + "/upload/" + id));
}

}  // namespace
}  // namespace exchange::rest
