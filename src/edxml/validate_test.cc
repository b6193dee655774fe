#include "edxml/validate.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "edxml/reader.h"
#include "edxml/reasons.h"
#include "edxml/rules.h"
#include "edxml/testing/sample.h"

namespace edxml {
namespace {

using testing::file_with;
using testing::sample;

std::string rules_of(const std::vector<Finding>& findings) {
  std::string names;
  for (const Finding& f : findings) {
    (names += names.empty() ? "" : " ") += f.rule.substr(6);
    EXPECT_FALSE(f.message.vi.empty() || f.message.en.empty() || f.element.empty());
    EXPECT_FALSE(f.remedy.vi.empty() || f.remedy.en.empty());
    EXPECT_EQ(f.message.en.find('{'), std::string::npos) << f.message.en;
  }
  return names;
}

std::string rules_of(const std::string& file, bool elsewhere = false) {
  const auto d = read(file);
  EXPECT_TRUE(d.ok());
  return rules_of(validate(*d, elsewhere));
}

// A document without findings, but for what is changed.
Document good() {
  Document d;
  d.from.id = "H99";
  d.from.name = "A";
  d.to.resize(1);
  d.to[0].id = "G99";
  d.to[0].name = "B";
  d.document_id = "H99,2025/10/16,15/VP";
  d.code_number = "15";
  d.code_notation = "VP";
  d.promulgation = {"2025/10/16", base::Date{2025, 10, 16}};
  d.subject = "Thử";
  return d;
}

template <class Change>
std::string after(Change change) {
  Document d = good();
  change(d);
  return rules_of(validate(d));
}

TEST(Validate, AGoodDocumentHasNoFindings) {
  EXPECT_EQ(rules_of(validate(good())), "");
  EXPECT_EQ(rules_of(sample("status.edxml")), "");
}

TEST(Validate, NamesWhatIsMissing) {
  EXPECT_EQ(rules_of(file_with("")),
            "from_missing to_missing identity_missing date_missing "
            "subject_missing");
  EXPECT_EQ(after([](Document& d) { d.from = {}; }), "from_missing");
  EXPECT_EQ(after([](Document& d) { d.to.clear(); }), "to_missing");
  Document d = good();
  d.to.clear();
  EXPECT_EQ(rules_of(validate(d, true)), "");
  EXPECT_EQ(after([](Document& x) { x.code_notation.clear(); }), "code_incomplete");
  EXPECT_EQ(after([](Document& x) { x.document_id.clear(); }), "document_id_missing");
  EXPECT_EQ(after([](Document& x) { x.code_notation.clear(), x.document_id.clear(); }),
            "identity_missing");
  EXPECT_EQ(after([](Document& x) { x.to[0].name.clear(); }), "organ_name_missing");
}

TEST(Validate, RefusesStateSecrets) {
  Document d = good();
  d.subject = "[TỐI MẬT] Thử";
  const auto findings = validate(d);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].rule, "edxml.state_secret");
  EXPECT_EQ(findings[0].severity, Finding::Severity::error);
  EXPECT_NE(findings[0].message.vi.find("Tối mật"), std::string::npos);
}

TEST(Validate, WarnsOfOddValues) {
  EXPECT_EQ(after([](Document& d) { d.from.id = "H99, H98"; }), "organ_id_odd");
  EXPECT_EQ(after([](Document& d) { d.to.push_back(d.to[0]); }), "to_duplicate");
  EXPECT_EQ(after([](Document& d) {
              d.subject.clear();
              for (int i = 0; i < 501; ++i) d.subject += "ậ";
            }),
            "too_long");
  EXPECT_EQ(after([](Document& d) { d.promulgation.written = "16/10/2025"; }), "date_form");
  EXPECT_EQ(after([](Document& d) { d.due.written = "mai"; }), "date_unreadable");
  EXPECT_EQ(after([](Document& d) { d.type = "x"; }), "number_unreadable");
  EXPECT_EQ(after([](Document& d) { d.priority = "9"; }), "priority_unknown");
  EXPECT_EQ(after([](Document& d) { d.has_steering_type = true; }), "steering_type_unreadable");
  EXPECT_EQ(after([](Document& d) { d.trace = {{"H99", "hôm qua"}}; }), "timestamp_unreadable");
  EXPECT_EQ(after([](Document& d) {
              d.promulgation = {"2999/01/01", base::Date{2999, 1, 1}};
            }),
            "");
}

TEST(Validate, ChecksWhatAnOperationNeeds) {
  const auto with = [](Operation operation, auto change) {
    return after([&](Document& d) {
      d.business.emplace();
      d.business->operation = operation;
      d.business->operation_written = std::to_string(static_cast<int>(operation));
      change(d);
    });
  };
  EXPECT_EQ(with(Operation::create, [](Document&) {}), "");
  EXPECT_EQ(with(Operation::create, [](Document& d) { d.business->operation_written = "7"; }),
            "operation_unknown");
  EXPECT_EQ(with(Operation::revoke, [](Document&) {}),
            "operation_without_reason revoke_without_target");
  EXPECT_EQ(with(Operation::revoke,
                 [](Document& d) {
                   d.business->reason = "sai";
                   d.response_for.emplace_back();
                 }),
            "");
  EXPECT_EQ(with(Operation::update, [](Document&) {}), "update_without_changes");
  EXPECT_EQ(with(Operation::update, [](Document& d) { d.document_id.clear(); }),
            "document_id_missing update_without_target update_without_changes");
  EXPECT_EQ(with(Operation::replace, [](Document&) {}), "replace_without_target");
}

TEST(Validate, ChecksAttachmentsAgainstTheManifest) {
  const auto attached = [](const std::string& name, const std::string& type,
                           const std::string& text) {
    Document d = good();
    d.attachments = read(testing::with_attachment(name, type, text))->attachments;
    return d;
  };
  EXPECT_EQ(rules_of(validate(attached("a.pdf", "application/pdf", "JVBERi0xLjQK"))), "");
  EXPECT_EQ(rules_of(validate(attached("a.pdf", "application/pdf", "QUFB"))), "content_type_wrong");
  EXPECT_EQ(rules_of(validate(attached("a.pdf", "application/pdf", ""))), "attachment_empty");
  EXPECT_EQ(rules_of(validate(attached("", "", "QUFB"))), "attachment_name_missing");
  const auto bad = validate(attached("a.pdf", "application/pdf", "?"));
  EXPECT_EQ(rules_of(bad), "attachment_undecodable");
  EXPECT_NE(bad[0].message.vi.find("a.pdf"), std::string::npos);
  Document d = attached("a.pdf", "application/pdf", "JVBERi0xLjQK");
  d.has_manifest = true;
  EXPECT_EQ(rules_of(validate(d)), "reference_mismatch reference_unmatched");
}

TEST(Validate, ChecksStatusMessages) {
  EXPECT_EQ(rules_of(file_with("<StatusCode/>")),
            "from_missing response_for_missing status_code_missing timestamp_unreadable");
  const std::string rest =
      "<From><OrganId>H99</OrganId><OrganName>A</OrganName></From><ResponseFor>"
      "<OrganId>G99</OrganId></ResponseFor><Timestamp>2025/10/16 08:00:00</Timestamp>";
  EXPECT_EQ(rules_of(file_with(rest + "<StatusCode>14</StatusCode>")),
            "response_incomplete status_code_unknown");
  EXPECT_EQ(rules_of(file_with(rest + "<StatusCode>2</StatusCode>")),
            "response_incomplete status_reason_missing");
}

TEST(Validate, EveryReasonAndRuleStandsInTheDocument) {
  const std::string document = testing::file_bytes(TRUC_SOURCE_DIR "/docs/formats/edxml.md");
  const auto stands = [&](std::string_view text) {
    EXPECT_NE(document.find(text), std::string::npos) << text;
  };
  std::set<std::string_view> names;
  for (const ReasonText& reason : read_reasons()) {
    stands("`" + std::string(reason.reason) + "`");
    stands(reason.vi);
    stands(reason.en);
    EXPECT_TRUE(names.insert(reason.reason).second);
  }
  for (const Rule& rule : rules()) {
    stands("`" + std::string(rule.rule) + "`");
    for (const auto text : {rule.vi, rule.en, rule.remedy_vi, rule.remedy_en}) stands(text);
    EXPECT_TRUE(names.insert(rule.rule).second);
  }
  stands("`edxml.attachment_too_large`");
  stands("`edxml.content_changed`");
}

}  // namespace
}  // namespace edxml
