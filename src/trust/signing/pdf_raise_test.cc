#include <gtest/gtest.h>

#include "base/testing/fake_clock.h"
#include "http/testing/wire.h"
#include "trust/anchors.h"
#include "trust/demo/authority.h"
#include "trust/demo/service.h"
#include "trust/pdf/judge.h"
#include "trust/policy.h"
#include "trust/signing/joined_source.h"
#include "trust/signing/pdf_sign.h"
#include "trust/signing/testing/sample.h"
#include "trust/signing/validation_data.h"

namespace trust::signing {
namespace {

using namespace trust::signing::testing;
const base::Time kNow = *base::parse_vietnam_time("2026/11/22 09:30:00");

// Asks the authority without a network.
class Direct : public RevocationSource {
 public:
  explicit Direct(demo::Authority& authority) : authority_(authority) {}
  base::Result<base::Bytes> crl(const std::string& url, base::Time now, std::int64_t) override {
    if (down) return gone();
    return url.ends_with("/root-crl") ? authority_.root_crl(now) : authority_.crl(now);
  }
  base::Result<base::Bytes> ocsp(const std::string&, base::BytesView request, base::Time now,
                                 std::int64_t) override {
    if (down || no_ocsp) return gone();
    return authority_.ocsp(request, now);
  }
  bool down = false, no_ocsp = false;

 private:
  static base::Error gone() {
    return {base::Code::unavailable, "trust.revocation_unavailable", "It is down."};
  }
  demo::Authority& authority_;
};

class PdfRaise : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    authority_ = demo::Authority::create({"http://127.0.0.1:1/pki", 2048, kNow}).value();
  }
  static void TearDownTestSuite() { authority_.reset(); }
  PdfRaise() {
    how.level = PdfLevel::lta;
    how.timestamps = stamps_.get();
    how.revocation = &revocation;
    how.certificates = {authority_->issuing(), authority_->root()};
  }
  static demo::Credential credential() {
    return authority_->issue({.name = "Nguyễn Văn A", .organisation = "UBND tỉnh A"}).value();
  }
  static std::size_t count(const base::Bytes& in, std::string_view what) {
    std::size_t n = 0;
    for (std::size_t at = 0; (at = in.find(what, at)) != std::string::npos; ++at) ++n;
    return n;
  }
  static inline std::unique_ptr<demo::Authority> authority_;
  base::testing::FakeClock clock{kNow};
  Direct revocation{*authority_};
  demo::Service service_{*authority_, clock};
  http::testing::RunningServer server_{service_.routes()};

 private:
  std::unique_ptr<TimestampClient> stamps_ = timestamp_client(
      {.authorities = {"http://127.0.0.1:" + std::to_string(server_.port) + "/pki/tsa"}}, clock);

 public:
  PdfSigning how;
};

TEST_F(PdfRaise, EveryLevelAddsItsPart) {
  const base::Bytes pdf = sample_pdf();
  const auto key = key_from_pem(credential().pem(), "").value();
  const auto source = memory_source(pdf);
  for (const PdfLevel level : {PdfLevel::b, PdfLevel::t, PdfLevel::lt, PdfLevel::lta}) {
    how.level = level;
    const SignedPdf made =
        sign_pdf(*key, *source, {.signature = PdfSignature{}}, how, clock).value();
    EXPECT_FALSE(made.shortfall) << made.shortfall->detail();
    EXPECT_EQ(made.level, level);
    const base::Bytes whole = pdf + made.appended;
    EXPECT_EQ(count(whole, "/DSS"),
              level >= PdfLevel::lt ? (level == PdfLevel::lta ? 3u : 2u) : 0u);
    EXPECT_EQ(count(whole, "/DocTimeStamp"), level == PdfLevel::lta ? 1u : 0u);
    int status = -1;
    const std::string checked = run_on(whole, "qpdf --check {}", &status);
    EXPECT_EQ(status, 0) << checked;
    const std::string said = run_on(whole, "pdfsig -nocert {}");
    EXPECT_NE(said.find("Signature is Valid."), std::string::npos) << said;
    EXPECT_EQ(said.find("Timestamp1") != std::string::npos, level == PdfLevel::lta) << said;
  }
}

// What our own judge says, years later when the signer's certificate is over.
TEST_F(PdfRaise, TheJudgeAgrees) {
  const base::Bytes pdf = sample_pdf();
  const auto leader = key_from_pem(credential().pem(), "").value();
  const demo::Wish wish{.name = "UBND tỉnh A", .organisation = "UBND tỉnh A"};
  const auto seal = key_from_pem(authority_->issue(wish).value().pem(), "").value();
  Anchors anchors;
  ASSERT_TRUE(anchors.add({.certificate = authority_->root(), .name = "demo"}).ok());
  const Policy policy = Policy::standard();
  const auto judged = [&](const base::Bytes& file, base::Time now) {
    const auto source = memory_source(file);
    // Today from what is in the file alone; later whether the TSA still stands must be asked.
    RevocationSource* outside = now == kNow ? nullptr : &revocation;
    return judge_pdf(*source,
                     {.anchors = anchors, .policy = policy, .revocation = outside, .now = now});
  };

  for (const PdfLevel level : {PdfLevel::lt, PdfLevel::lta}) {
    how.level = level;
    PdfUpdate first;
    first.text_fields = {{.name = "So", .box = {85, 735, 120, 18}},
                         {.name = "Ngay", .box = {300, 735, 235, 18}, .italic = true}};
    first.signature = PdfSignature{.field = "LanhDao",
                                   .page = 2,
                                   .box = Box{330, 200, 150, 60},
                                   .appearance = {.png = hand_signature_png()}};
    first.signature_fields = {{.name = "CoQuan", .page = 2, .box = {280, 180, 100, 100}}};
    const auto source = memory_source(pdf);
    const base::Bytes by_leader =
        pdf + sign_pdf(*leader, *source, first, how, clock).value().appended;
    PdfUpdate second;
    second.fillings = {{"So", "15/QĐ-UBND"}, {"Ngay", "Hà Nội, ngày 22 tháng 11 năm 2026"}};
    second.signature = PdfSignature{.field = "CoQuan", .appearance = {.png = seal_png()}};
    const auto then = memory_source(by_leader);
    const base::Bytes whole =
        by_leader + sign_pdf(*seal, *then, second, how, clock).value().appended;

    const base::Time later = kNow + std::chrono::hours(24 * 365 * 3);
    for (const auto& [file, at] : {std::pair{by_leader, kNow}, {whole, kNow}, {whole, later}}) {
      const DocumentReport report = judged(file, at);
      EXPECT_EQ(report.verdict(), Verdict::valid) << to_text(report, base::Language::english);
    }
  }
}

TEST_F(PdfRaise, ASignatureIsNotLostWhenOthersAreDown) {
  const base::Bytes pdf = sample_pdf();
  const auto key = key_from_pem(credential().pem(), "").value();
  const auto source = memory_source(pdf);
  revocation.down = true;
  SignedPdf made = sign_pdf(*key, *source, {.signature = PdfSignature{}}, how, clock).value();
  EXPECT_EQ(made.level, PdfLevel::t);
  ASSERT_TRUE(made.shortfall);
  EXPECT_EQ(made.shortfall->reason(), "trust.revocation_unavailable");
  // Later, without the key.
  revocation.down = false;
  revocation.no_ocsp = true;
  const JoinedSource so_far(*source, made.appended);
  const base::Bytes more = raise_pdf(so_far, how, clock).value();
  const base::Bytes whole = pdf + made.appended + more;
  EXPECT_NE(more.find("/CRLs"), std::string::npos);
  EXPECT_EQ(more.find("/OCSPs"), std::string::npos);
  // Again adds only what is new.
  revocation.no_ocsp = false;
  const auto again = memory_source(whole);
  const base::Bytes third = raise_pdf(*again, how, clock).value();
  int status = -1;
  const std::string checked = run_on(whole + third, "qpdf --check {}", &status);
  EXPECT_EQ(status, 0) << checked;

  how.timestamps = nullptr;
  made = sign_pdf(*key, *source, {.signature = PdfSignature{}}, how, clock).value();
  EXPECT_EQ(made.level, PdfLevel::b);
  EXPECT_EQ(made.shortfall->reason(), "trust.timestamp_unavailable");
  EXPECT_EQ(raise_pdf(*source, how, clock).error().reason(), "trust.pdf_unsigned");
}

TEST_F(PdfRaise, GathersChainsAndAnswers) {
  const demo::Credential mine = credential();
  const auto deadline = base::monotonic_micros() + 10'000'000;
  const auto data =
      gather({mine.certificates[0]}, how.certificates, revocation, kNow, deadline).value();
  EXPECT_GE(data.certificates.size(), 3u);
  EXPECT_GE(data.ocsp_responses.size() + data.crls.size(), 2u);
  EXPECT_EQ(gather({mine.certificates[0]}, {}, revocation, kNow, deadline).error().reason(),
            "trust.chain_incomplete");
  ASSERT_TRUE(authority_->revoke(mine.certificates[0], kNow - std::chrono::hours(1)));
  for (const bool no_ocsp : {false, true}) {
    revocation.no_ocsp = no_ocsp;
    EXPECT_EQ(gather({mine.certificates[0]}, how.certificates, revocation, kNow, deadline)
                  .error()
                  .reason(),
              "trust.certificate_revoked");
  }
}

}  // namespace
}  // namespace trust::signing
