#include "trust/evidence/evidence.h"

#include <gtest/gtest.h>

#include <set>

#include "base/hash.h"
#include "base/json.h"
#include "trust/evidence/batch.h"
#include "trust/evidence/canonical.h"

namespace trust::evidence {
namespace {

Evidence example() {
  Evidence evidence;
  evidence.facts.event = Event::content_consignment;
  evidence.facts.document_id = "054fc494-8680-8000-a000-0000da1e18ad";
  evidence.facts.document_hash = base::sha256("document");
  evidence.facts.document_size = 123;
  evidence.facts.sender = "H11";
  evidence.facts.recipient = "H22";
  evidence.facts.verdict = VerdictSummary{"valid", 2, base::sha256("report")};
  evidence.facts.degradations = {"timestamp_unavailable"};
  evidence.exchange = {"Trục Bộ A", base::sha256("certificate")};
  evidence.id = std::string(32, 'a');
  evidence.at = base::from_micros(1'795'319'309'892'424);
  evidence.previous = base::sha256("previous");
  return evidence;
}

TEST(EvidenceForm, IsCanonical) {
  const Evidence evidence = example();
  const base::Bytes bytes = evidence.bytes().value();
  EXPECT_EQ(bytes,
            R"({"degradations":["timestamp_unavailable"],"document":{"hash":")" +
                base::hex(base::sha256("document")) +
                R"(","id":"054fc494-8680-8000-a000-0000da1e18ad","size":123},)"
                R"("event":"ContentConsignment","exchange":{"certificate":")" +
                base::hex(base::sha256("certificate")) +
                R"(","name":"Trục Bộ A"},"id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","previous":")" +
                base::hex(base::sha256("previous")) +
                R"(","recipient":"H22","sender":"H11","time":")" +
                base::iso_time_text(evidence.at) + R"(","verdict":{"report":")" +
                base::hex(base::sha256("report")) +
                R"(","signatures":2,"verdict":"valid"},"version":"truc-evidence/1"})");
  const auto again = Evidence::parse(bytes);
  ASSERT_TRUE(again.ok()) << again.error().detail();
  EXPECT_EQ(*again, evidence);
}

TEST(EvidenceForm, WhatIsEmptyIsNotThere) {
  Evidence evidence = example();
  evidence.facts.verdict.reset();
  evidence.facts.degradations.clear();
  evidence.facts.recipient.clear();
  evidence.previous.clear();
  const base::Bytes bytes = evidence.bytes().value();
  for (const char* name : {"verdict", "degradations", "recipient", "previous", "reason"}) {
    EXPECT_EQ(bytes.find("\"" + std::string(name) + "\":"), bytes.npos) << name;
  }
  EXPECT_EQ(Evidence::parse(bytes).value(), evidence);
}

TEST(EvidenceForm, EverythingElseIsRefused) {
  const base::Bytes good = example().bytes().value();
  const auto refused = [](const base::Bytes& bytes) {
    const auto parsed = Evidence::parse(bytes);
    return !parsed.ok() && parsed.error().reason() == "trust.evidence_malformed";
  };
  EXPECT_FALSE(refused(good));
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused("[]"));
  EXPECT_TRUE(refused(" " + good));
  EXPECT_TRUE(refused(good + "\n"));
  const auto with = [&](const std::string& from, const std::string& to) {
    base::Bytes changed = good;
    const std::size_t at = changed.find(from);
    EXPECT_NE(at, changed.npos) << from;
    return changed.replace(at, from.size(), to);
  };
  EXPECT_TRUE(refused(with("\"size\":123", "\"size\":123.0")));
  EXPECT_TRUE(refused(with("\"size\":123", "\"size\":\"123\"")));
  EXPECT_TRUE(refused(with("ContentConsignment", "ContentInvention")));
  EXPECT_TRUE(refused(with("truc-evidence/1", "truc-evidence/2")));
  EXPECT_TRUE(refused(with("\"id\":\"aaaa", "\"id\":\"aaa")));
  EXPECT_TRUE(refused(with("\"sender\":", "\"secret\":\"x\",\"sender\":"))) << "an unknown member";
  EXPECT_TRUE(refused(with("H22", "H\\u00322"))) << "another way to write it";
  for (std::size_t at = 0; at < good.size(); ++at) {
    base::Bytes cut = good.substr(0, at);
    EXPECT_TRUE(refused(cut)) << at;
  }
  Evidence large = example();
  large.facts.reason = std::string(kEvidenceBytesMax, 'x');
  EXPECT_EQ(large.bytes().error().reason(), "trust.evidence_malformed");
  Evidence wrong = example();
  wrong.facts.reason = "\xff";
  EXPECT_EQ(wrong.bytes().error().reason(), "trust.evidence_malformed");
}

// The examples of RFC 8785: §3.2.2 and §3.2.3, without their fractions.
TEST(EvidenceCanonical, IsThatOfRfc8785) {
  const auto text = [](const char* json) { return canonical(base::Json::parse(json).value()); };
  EXPECT_EQ(
      text(
          R"({"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]})")
          .value(),
      "{\"literals\":[null,true,false],\"string\":\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/"
      "\"}");
  EXPECT_EQ(
      text("{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,"
           "\"\\u00f6\":7}")
          .value(),
      "{\"\\r\":2,\"1\":4,\"\xc2\x80\":6,\"\xc3\xb6\":7,\"\xe2\x82\xac\":1,"
      "\"\xf0\x9f\x98\x80\":5,\"\xef\xac\xb3\":3}");
  EXPECT_EQ(text("[-7,0,9007199254740992]").value(), "[-7,0,9007199254740992]");
  EXPECT_FALSE(text("[1.5]").ok());
  EXPECT_FALSE(text("[9007199254740993]").ok());
  EXPECT_FALSE(text("{\"a\":1,\"a\":2}").ok());
}

TEST(EvidenceEvents, HaveNamesAndTexts) {
  std::set<std::string_view> names;
  for (int i = 0; i < kEvents; ++i) {
    const auto event = static_cast<Event>(i);
    EXPECT_EQ(event_of(name_of(event)), event);
    EXPECT_TRUE(names.insert(name_of(event)).second);
    EXPECT_FALSE(text_of(event).vi.empty());
    EXPECT_FALSE(text_of(event).en.empty());
  }
  EXPECT_EQ(code_of(Event::content_handover), "E.1");
  EXPECT_EQ(code_of(Event::received_from_non_erds), "F.3");
  EXPECT_EQ(code_of(Event::recalled), "");
}

TEST(EvidenceBatch, NoteIsReadStrictly) {
  const BatchNote note{"Trục Bộ A", 7, 3, base::sha256("root"), example().at};
  const std::string text = note.text();
  const auto again = BatchNote::parse(text);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->text(), text);
  EXPECT_EQ(again->at, note.at);
  EXPECT_FALSE(BatchNote::parse(text + "\n").ok());
  EXPECT_FALSE(BatchNote::parse(text.substr(0, text.size() - 1)).ok());
  EXPECT_FALSE(BatchNote::parse("x" + text).ok());
  EXPECT_FALSE(BatchNote::parse(BatchNote{"a", 7, 0, note.root, note.at}.text()).ok());
  EXPECT_FALSE(BatchNote::parse(BatchNote{"a\nb", 7, 1, note.root, note.at}.text()).ok());
}

}  // namespace
}  // namespace trust::evidence
