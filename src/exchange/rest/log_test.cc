// What anybody may ask of the transparency log besides its files, on both engines.
#include "exchange/rest/log.h"

#include "base/hash.h"
#include "exchange/testing/engines.h"
#include "exchange/testing/rest_server.h"

namespace exchange::rest {
namespace {

using testing::RestServer;
using trust::log::NoteVerifier;

constexpr const char* kKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

class RestLog : public ::testing::TestWithParam<std::string> {
 public:
  RestLog()
      : key(NoteVerifier::parse(kKey).value()),
        server(testing::fresh_database(GetParam()),
               [this](Exchange& exchange) { return log_rows(exchange, key, {key}); }) {}
  // An evidence of the database, in no batch yet. Gives its id.
  std::string evidence(const std::string& document) {
    std::string id;
    const auto write = [&](store::Connection& connection) -> base::Result<void> {
      trust::evidence::Facts facts;
      facts.document_id = document;
      facts.document_hash = base::sha256(document);
      const auto written = TRY(book.add(connection, server.site.clock.now(), facts));
      id = written.id;
      hash = written.hash;
      return base::done();
    };
    const auto done = server.site.database().write(write);
    EXPECT_TRUE(done.ok());
    return id;
  }
  base::SystemRandom random;
  trust::evidence::EvidenceBook book{{"thu.truc", base::sha256("certificate")}, random};
  base::Bytes hash;  // of the last
  NoteVerifier key;
  RestServer server;
};
ON_BOTH_ENGINES(RestLog);

TEST_P(RestLog, ItsKeysAreForEverybody) {
  const auto answer = server.get("/api/v1/log", "");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_TRUE(answer.json["given"].boolean());
  EXPECT_EQ(answer.text("origin"), "PeterNeumann");
  EXPECT_EQ(answer.text("key"), kKey);
  EXPECT_EQ(answer.json["witnesses"].array().at(0)["key"].text(), kKey);
  EXPECT_FALSE(answer.json.has("newest_at"));
  evidence("a");
  EXPECT_EQ(server.get("/api/v1/log", "").json["waiting"].integer(), 1);
}

TEST_P(RestLog, AnEvidenceIsFoundByItsIdOnceItIsLogged) {
  const std::string first = evidence("a"), second = evidence("b");
  const std::string target = "/api/v1/log/evidences/" + second;
  const auto waiting = server.get(target, "");
  ASSERT_EQ(waiting.status, 200) << waiting.body;
  EXPECT_EQ(waiting.text("hash"), base::hex(hash));
  EXPECT_FALSE(waiting.json.has("log_index"));
  // Both in one batch, which is in the log from its 40th entry.
  server.site.tamper(
      "insert into evidence_batch (number, first_seq, last_seq, opened_at, note, log_from, "
      "log_index, degraded) values (1, 1, 2, 0, '', 0, 40, '')");
  EXPECT_EQ(server.get(target, "").json["log_index"].integer(), 41);
  EXPECT_EQ(server.get("/api/v1/log/evidences/" + first, "").json["log_index"].integer(), 40);
  for (const char* told : {"\"b\"", "document", "thu.truc"})
    EXPECT_EQ(server.get(target, "").body.find(told), std::string::npos) << told;
  EXPECT_EQ(server.get("/api/v1/log/evidences/" + std::string(32, '0'), "").reason(),
            "trust.evidence_unknown");
}

TEST_P(RestLog, NobodyAsksEndlessly) {
  int answered = 0;
  while (answered < 100 && server.get("/api/v1/log/evidences/x", "").status == 404) ++answered;
  EXPECT_EQ(answered, 30);
  EXPECT_EQ(server.get("/api/v1/log/evidences/x", "").status, 429);
}

TEST(RestLogOff, AnExchangeWithoutEvidencesHasNone) {
  RestServer server("", [](Exchange& exchange) { return log_rows(exchange, std::nullopt, {}); });
  const auto answer = server.get("/api/v1/log", "");
  EXPECT_FALSE(answer.json["given"].boolean(true));
  EXPECT_FALSE(answer.json.has("key"));
}

}  // namespace
}  // namespace exchange::rest
