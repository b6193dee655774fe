// What a stranger with a file is told of it, on both engines.
#include "exchange/fingerprints.h"

#include <algorithm>

#include "base/hash.h"
#include "exchange/testing/engines.h"
#include "exchange/testing/rest_server.h"

namespace exchange {
namespace {

using namespace std::chrono_literals;
using testing::kReceiver;
using testing::kSender;
using testing::Letter;

constexpr const char* kContent = "noi dung dinh kem";
Letter letter(const std::string& number = "15", const std::string& content = kContent) {
  Letter letter;
  letter.number = number;
  letter.attachment = content;
  return letter;
}

class Fingerprints : public testing::OnEngine {
 public:
  Fingerprints() {
    Judging::Parts parts{site.database(), site.blobs(), site.clock, site.metrics, {}};
    parts.intake.spool_directory = site.directory_path();
    parts.budget = 20s;
    judging_ = std::make_unique<Judging>(std::move(parts));
    site.judge_with(judging_.get());
  }
  std::vector<KnownDocument> known(std::string_view file) {
    return known_by(site.exchange(), base::sha256(file)).value();
  }
  std::vector<std::string> changes(std::string_view file) {
    std::vector<std::string> words;
    for (const KnownDocument& one : known(file)) {
      for (const Change& change : one.changes) words.emplace_back(word_of(change.kind));
    }
    return words;
  }
  // The sender asks everybody for it back.
  void ask_back(const Letter& letter) {
    for (const std::string& recipient : letter.to)
      ASSERT_TRUE(site.send(kSender, testing::recall_of(letter, recipient)).ok());
  }

 private:
  std::unique_ptr<Judging> judging_;
};
ON_BOTH_ENGINES(Fingerprints);
using Words = std::vector<std::string>;

TEST_P(Fingerprints, TheFileAndWhatIsAttachedToItAreKnown) {
  site.send(letter());
  for (const auto& [file, attachment] :
       {std::pair{file_of(letter()), false}, std::pair{std::string(kContent), true}}) {
    const auto found = known(file);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].attachment, attachment);
    EXPECT_EQ(found[0].issuer, site.directory().find("H99.01")->name);
    EXPECT_EQ(found[0].code, "15/SGD-VP");
    EXPECT_EQ(found[0].issued_on, "2026/11/18");
    EXPECT_EQ(found[0].type, "Công văn");
    EXPECT_EQ(found[0].accepted_at, site.clock.now());
    ASSERT_TRUE(found[0].judgement.has_value());
    EXPECT_EQ(word_of(*found[0].judgement), "unsigned");
    EXPECT_TRUE(found[0].changes.empty());
    EXPECT_FALSE(found[0].evidence);
  }
  EXPECT_TRUE(known("another file").empty());
  // Passed on: whose it says it is, and who is known to have sent it.
  Letter passed = letter("77", "chuyen tiep");
  passed.document_id = "K97,2026/11/10,77/SGD-VP";
  site.send(passed);
  EXPECT_EQ(known("chuyen tiep").at(0).issuer, site.directory().find("K97")->name);
  EXPECT_EQ(known("chuyen tiep").at(0).sender, site.directory().find("H99.01")->name);
  // The same file in later documents: the first ones are told.
  for (int i = 0; i < 8; ++i) {
    site.clock.advance(1min);
    site.send(letter(std::to_string(20 + i)));
  }
  const auto found = known(kContent);
  ASSERT_EQ(found.size(), 5u);
  EXPECT_EQ(found[0].code, "15/SGD-VP");
  EXPECT_EQ(found[4].code, "23/SGD-VP");
}

TEST_P(Fingerprints, WhatItsIssuerDidLaterIsTold) {
  Letter back = letter();
  back.to = {"G99", "H98"};
  site.send(back);
  ASSERT_TRUE(site.fetch(kReceiver, site.pending(kReceiver).at(0).id).ok());
  const base::Time accepted = site.clock.now();
  site.clock.advance(1h);
  ask_back(back);
  EXPECT_EQ(changes(kContent), Words{"recall_requested"});
  site.clock.advance(1h);
  ASSERT_TRUE(site.send(kReceiver, testing::report_on(back, "G99", "15")).ok());
  EXPECT_EQ(changes(kContent), Words{"recalled"});
  EXPECT_EQ(known(kContent)[0].changes[0].at, accepted + 2h);
  // One copy that is asked back is between two organisations.
  Letter partly = letter("16", "mot phan");
  partly.to = {"G99", "H98"};
  site.send(partly);
  ASSERT_TRUE(site.send(kSender, testing::recall_of(partly, "G99")).ok());
  EXPECT_EQ(changes("mot phan"), Words{});

  const Letter original = letter("17", "ban goc");
  site.send(original);
  site.clock.advance(1h);
  for (const auto operation :
       {edxml::Operation::update, edxml::Operation::replace, edxml::Operation::revoke}) {
    const int written = static_cast<int>(operation);
    Letter later = letter(std::to_string(30 + written), "ban sau " + std::to_string(written));
    later.business = edxml::Business{};
    later.business->operation = operation;
    later.business->operation_written = std::to_string(written);
    later.business->document_id = document_id(original);
    if (operation == edxml::Operation::update) later.business->document_info = "1";
    if (operation == edxml::Operation::replace)
      later.business->replacements = {{document_id(original), {"G99"}}};
    if (operation == edxml::Operation::revoke) {
      later.business->reason = "Ban hành nhầm";
      later.about = {document_id(original)};
    }
    site.clock.advance(1min);
    site.send(later);
  }
  EXPECT_EQ(changes("ban goc"), (Words{"updated", "replaced", "revoked"}));
}

TEST_P(Fingerprints, WhatMayNotBeToldIsNotThere) {
  site.send(letter());
  site.tamper("update document set subject = '[TỐI MẬT] Kế hoạch'");
  EXPECT_TRUE(known(kContent).empty());
  EXPECT_TRUE(known(file_of(letter())).empty());
  site.tamper("update document set subject = 'Kế hoạch'");
  EXPECT_EQ(known(kContent).size(), 1u);
  // As malware that is found later is withdrawn.
  site.tamper("update delivery set state = 4");
  EXPECT_TRUE(known(kContent).empty());
  // Status messages are nobody's business.
  const testing::Report report = testing::report_on(letter(), "G99", "03");
  ASSERT_TRUE(site.send(kReceiver, report).ok());
  EXPECT_TRUE(known(testing::file_of(report)).empty());
}

TEST_P(Fingerprints, MalwareIsForgotten) {
  const Accepted sent = site.send(letter());
  const auto key = parse_id(site.exchange().site(), sent.id)->document;
  trust::IntakeReport report;
  report.attachments.resize(1);
  report.attachments[0].sha256 = base::sha256(kContent);
  report.attachments[0].scan.emplace();
  report.attachments[0].scan->outcome = trust::Scan::Outcome::infected;
  ASSERT_TRUE(site.database()
                  .write([&](store::Connection& connection) {
                    return judgements::replace(connection, key, report, site.clock.now());
                  })
                  .ok());
  EXPECT_TRUE(known(kContent).empty());
}

class RestFingerprints : public ::testing::TestWithParam<std::string> {
 public:
  RestFingerprints() : server(testing::fresh_database(GetParam())) {}
  // Accepted, and judged afterwards.
  void accept(const Letter& letter) {
    const Accepted sent = server.site.send(letter);
    trust::IntakeReport report;
    report.attachments.resize(1);
    report.attachments[0].sha256 = base::sha256(letter.attachment);
    const auto key = parse_id(server.site.exchange().site(), sent.id)->document;
    const auto done = server.site.database().write([&](store::Connection& connection) {
      return judgements::insert(connection, key, report, server.site.clock.now());
    });
    ASSERT_TRUE(done.ok());
  }
  testing::RestServer server;
};
ON_BOTH_ENGINES(RestFingerprints);

TEST_P(RestFingerprints, AStrangerAsksWithoutSendingTheFile) {
  accept(letter());
  const base::Bytes hash = base::sha256(kContent);
  const auto ask = [&](const std::string& print) {
    return server.get("/api/v1/verify/" + print, "");
  };
  const auto answer = ask(base::hex(hash));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_TRUE(answer.json["known"].boolean());
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  const base::Json one = answer.json["documents"].array().at(0);
  EXPECT_EQ(one["file"].text(), "attachment");
  EXPECT_EQ(one["code"].text(), "15/SGD-VP");
  EXPECT_EQ(one["issued_on"].text(), "2026-11-18");
  EXPECT_EQ(one["signatures"]["text"]["vi"].text(), "không có chữ ký số");
  EXPECT_FALSE(one["evidence"]["logged"].boolean());
  for (const char* kept : {"thử trục", "G99", "van-ban.pdf", "noi dung"})
    EXPECT_EQ(answer.body.find(kept), std::string::npos) << kept << answer.body;

  std::string url = base::base64(hash).substr(0, 43);
  std::replace(url.begin(), url.end(), '+', '-');
  std::replace(url.begin(), url.end(), '/', '_');
  EXPECT_EQ(ask(url).body, answer.body);
  const auto unknown = ask(std::string(64, 'A'));
  EXPECT_EQ(unknown.status, 200);
  EXPECT_FALSE(unknown.json["known"].boolean(true));
  EXPECT_TRUE(unknown.json["documents"].array().empty());
  for (const std::string& wrong :
       {std::string(64, 'g'), std::string(50, 'a'), std::string(43, '*'), std::string(43, '~'),
        std::string(42, 'A') + "B", std::string(42, 'A') + "="})
    EXPECT_EQ(ask(wrong).reason(), "rest.bad_fingerprint") << wrong;
  EXPECT_EQ(ask("abc").status, 400);
  EXPECT_EQ(ask(std::string(65, 'a')).status, 400);
}

TEST_P(RestFingerprints, NobodyAsksEndlessly) {
  int answered = 0;
  const std::string target = "/api/v1/verify/" + std::string(64, 'a');
  while (answered < 100 && server.get(target, "").status == 200) ++answered;
  EXPECT_EQ(answered, 30);
  const auto refused = server.get(target, "");
  EXPECT_EQ(refused.status, 429);
  EXPECT_FALSE(refused.header("Retry-After").empty());
  server.site.clock.advance(2s);
  EXPECT_EQ(server.get(target, "").status, 200);
}

}  // namespace
}  // namespace exchange
