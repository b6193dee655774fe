// The order of an office: the leader signs, the clerk gives number and date and seals, the record
// is made to last. None of it may harm the signatures before.
#include <gtest/gtest.h>

#include "base/testing/fake_clock.h"
#include "trust/demo/authority.h"
#include "trust/pdf/history.h"
#include "trust/signing/pdf_sign.h"
#include "trust/signing/testing/sample.h"
#include "trust/testing/pdf_writer.h"

namespace trust::pdf {
namespace {

using namespace trust::signing;
using namespace trust::signing::testing;

const base::Time kNow = *base::parse_vietnam_time("2026/11/22 09:30:00");

std::string said(const std::string& bytes, const std::string& field, Verdict verdict) {
  const auto source = memory_source(bytes);
  Budget budget(Limits{}, 0);
  const auto file = File::open(*source, source->size(), false, budget).value();
  auto signatures = signatures_of(*file, Limits{}).value();
  const History history = history_of(*file, *source, signatures).value();
  EXPECT_EQ(history.survey.damaged, 0u);
  for (const Signature& signature : signatures) {
    if (signature.field != field) continue;
    EXPECT_FALSE(signature.wrong.has_value()) << signature.wrong->en;
    std::string out;
    const Later later = later_than(history, signature);
    for (const base::Text& text : later.texts) out += text.en + "\n";
    EXPECT_EQ(later.verdict, verdict) << out;
    return out;
  }
  return "no such signature";
}

class PdfOffice : public ::testing::TestWithParam<bool> {
 protected:
  static void SetUpTestSuite() {
    authority_ = demo::Authority::create({"", 2048, kNow}).value();
    leader_ = key({.name = "Nguyễn Văn A", .organisation = "UBND tỉnh A"});
    seal_ = key({.name = "UBND tỉnh A", .organisation = "UBND tỉnh A"});
  }
  static void TearDownTestSuite() {
    authority_.reset();
    leader_.reset();
    seal_.reset();
  }
  static std::unique_ptr<SigningKey> key(const demo::Wish& wish) {
    return key_from_pem(authority_->issue(wish).value().pem(), "").value();
  }
  base::Bytes sign(const base::Bytes& pdf, SigningKey& with, const PdfUpdate& update) const {
    const auto source = memory_source(pdf);
    return pdf + sign_pdf(with, *source, update, {}, clock_).value().appended;
  }
  static PdfUpdate leader_update(bool certify) {
    PdfUpdate update;
    update.text_fields = {{.name = "So", .page = 1, .box = {85, 735, 120, 18}},
                          {.name = "Ngay", .page = 1, .box = {300, 735, 235, 18}}};
    const Box personal{330, 200, 150, 60};
    update.signature_fields = {
        {.name = "CoQuan", .page = 1, .box = seal_beside(personal, {0, 0, 102, 102})}};
    update.signature = PdfSignature{.field = "LanhDao",
                                    .page = 1,
                                    .box = personal,
                                    .appearance = {.png = hand_signature_png()},
                                    .certify = certify};
    return update;
  }
  static PdfUpdate clerk_update() {
    PdfUpdate update;
    update.fillings = {{"So", "15/QĐ-UBND"}, {"Ngay", "Hà Nội, ngày 22 tháng 11 năm 2026"}};
    update.signature = PdfSignature{.field = "CoQuan", .appearance = {.png = seal_png()}};
    return update;
  }

  static inline std::unique_ptr<demo::Authority> authority_;
  static inline std::unique_ptr<SigningKey> leader_, seal_;
  base::testing::FakeClock clock_{kNow};
};

TEST_P(PdfOffice, TheClerkFillsInAndSeals) {
  const base::Bytes plain = sample_pdf();
  for (const base::Bytes& pdf :
       {plain, through_qpdf(plain, "--object-streams=generate"),
        through_qpdf(plain, "--linearize --object-streams=generate"), hybrid_pdf()}) {
    const base::Bytes by_leader = sign(pdf, *leader_, leader_update(GetParam()));
    EXPECT_EQ(said(by_leader, "LanhDao", Verdict::valid), "");
    const base::Bytes whole = sign(by_leader, *seal_, clerk_update());
    const std::string changes = said(whole, "LanhDao", Verdict::valid);
    EXPECT_NE(changes.find("the form field “So” was filled\n"), std::string::npos) << changes;
    EXPECT_NE(changes.find("the form field “Ngay” was filled\n"), std::string::npos) << changes;
    EXPECT_NE(changes.find("a later signature was added in the field “CoQuan” on page 1\n"),
              std::string::npos)
        << changes;
    EXPECT_EQ(said(whole, "CoQuan", Verdict::valid), "");
  }
}

TEST_P(PdfOffice, ALaterSignatureInAnotherPlace) {
  const base::Bytes by_leader = sign(sample_pdf(), *leader_, leader_update(GetParam()));
  if (GetParam()) return;  // signing refuses it
  const base::Bytes whole = sign(
      by_leader, *seal_, {.signature = PdfSignature{.field = "Khac", .box = Box{10, 10, 90, 40}}});
  EXPECT_NE(said(whole, "LanhDao", Verdict::valid).find("“Khac” on page 1\n"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Certified, PdfOffice, ::testing::Bool());

}  // namespace
}  // namespace trust::pdf
