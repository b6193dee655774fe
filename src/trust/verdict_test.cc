#include "trust/verdict.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

namespace trust {
namespace {

constexpr int kLast = static_cast<int>(SubIndication::signed_data_not_found);

SignatureReport report_of(Verdict verdict, SubIndication sub) {
  SignatureReport out;
  out.format = Format::pdf;
  out.profile = "PAdES-B-B";
  out.where = "Signature1";
  out.verdict = verdict;
  out.sub = sub;
  out.steps.push_back({"5.2.2 Format checking", Verdict::valid, {"đọc được", "it can be read"}});
  CertificateSummary signer;
  signer.name = signer.organisation = "Sở Nội vụ";
  signer.demonstration = true;
  out.chain.push_back(signer);
  out.capacity = SignatureReport::Capacity::organisation;
  return out;
}

TEST(Verdict, EverySubIndicationHasItsNameAndAdvice) {
  std::set<std::string_view> names;
  for (int i = 1; i <= kLast; ++i) {
    const auto sub = static_cast<SubIndication>(i);
    EXPECT_TRUE(names.insert(name_of(sub)).second);
    EXPECT_EQ(name_of(sub).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"), std::string::npos);
    EXPECT_GT(text_of(sub).vi.size(), 20u);
    EXPECT_GT(text_of(sub).en.size(), 20u);
  }
  EXPECT_EQ(name_of(SubIndication::none), "");
}

TEST(Verdict, TheDocumentationHasEverySubIndication) {
  std::ifstream file(TRUC_SOURCE_DIR "/docs/formats/signature-report.md");
  std::stringstream page;
  page << file.rdbuf();
  for (int i = 1; i <= kLast; ++i) {
    const std::string row = "\n| `" + std::string(name_of(static_cast<SubIndication>(i))) + "` | ";
    EXPECT_NE(page.str().find(row), std::string::npos) << row;
  }
}

TEST(Verdict, OfADocumentIsTheWorstOfItsSignatures) {
  DocumentReport document;
  EXPECT_FALSE(document.is_signed());
  document.signatures.push_back(report_of(Verdict::valid, SubIndication::none));
  EXPECT_EQ(document.verdict(), Verdict::valid);
  document.incomplete = true;
  EXPECT_EQ(document.verdict(), Verdict::undetermined);
  document.signatures.push_back(report_of(Verdict::invalid, SubIndication::hash_failure));
  document.signatures.push_back(report_of(Verdict::undetermined, SubIndication::try_later));
  EXPECT_EQ(document.verdict(), Verdict::invalid);
}

TEST(Verdict, IsSaidInJson) {
  DocumentReport document;
  document.name = "a.pdf";
  auto signature = report_of(Verdict::invalid, SubIndication::hash_failure);
  signature.proven_at = base::from_micros(1'700'000'000'000'000);
  signature.timestamps.push_back(report_of(Verdict::valid, SubIndication::none));
  document.signatures.push_back(std::move(signature));
  document.remarks.push_back({"tệp bị hỏng", "the file is damaged"});
  document.scan = Scan{Scan::Outcome::infected, "Eicar", {}};
  const auto json = base::Json::parse(to_json(document).dump()).value();
  EXPECT_EQ(json["indication"].text(), "TOTAL-FAILED");
  const base::Json& one = json["signatures"].array().at(0);
  EXPECT_EQ(one["sub_indication"].text(), "HASH_FAILURE");
  EXPECT_EQ(one["proven_at"].text(), "2023-11-14T22:13:20.000000Z");
  EXPECT_FALSE(one.has("claimed_at"));
  EXPECT_EQ(one["steps"].array().at(0)["text"]["vi"].text(), "đọc được");
  EXPECT_EQ(one["timestamps"].array().at(0)["verdict"].text(), "valid");
  EXPECT_FALSE(one["timestamps"].array().at(0).has("sub_indication"));
  EXPECT_EQ(one["chain"].array().at(0)["demonstration"].boolean(), true);
  EXPECT_EQ(json["scan"]["malware"].text(), "Eicar");
  EXPECT_FALSE(to_json(DocumentReport{}).has("verdict"));
}

TEST(Verdict, IsSaidOnATerminalInBothLanguages) {
  DocumentReport document;
  document.name = "a.pdf";
  document.signatures.push_back(report_of(Verdict::invalid, SubIndication::hash_failure));
  const auto vi = to_text(document, base::Language::vietnamese);
  EXPECT_NE(vi.find("a.pdf: không hợp lệ"), std::string::npos) << vi;
  EXPECT_NE(vi.find("Tư cách: cơ quan, tổ chức"), std::string::npos) << vi;
  EXPECT_NE(vi.find("TRÌNH DIỄN"), std::string::npos) << vi;
  const auto en = to_text(document, base::Language::english);
  EXPECT_NE(en.find("invalid (TOTAL-FAILED, HASH_FAILURE)"), std::string::npos) << en;
  EXPECT_NE(en.find("✓ 5.2.2 Format checking: it can be read"), std::string::npos) << en;
}

}  // namespace
}  // namespace trust
