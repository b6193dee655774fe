#include "trust/signing/pdf_sign.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "base/testing/fake_clock.h"
#include "http/testing/wire.h"
#include "trust/anchors.h"
#include "trust/demo/authority.h"
#include "trust/pdf/judge.h"
#include "trust/policy.h"
#include "trust/signing/joined_source.h"
#include "trust/signing/testing/sample.h"

namespace trust::signing {
namespace {

using namespace trust::signing::testing;
const base::Time kNow = *base::parse_vietnam_time("2026/11/22 09:30:00");

// Counts authorisations.
class CountedKey : public SigningKey {
 public:
  explicit CountedKey(std::unique_ptr<SigningKey> key) : key_(std::move(key)) {}
  KeyAlgorithm algorithm() const override { return key_->algorithm(); }
  int bits() const override { return key_->bits(); }
  const std::vector<base::Bytes>& certificates() const override { return key_->certificates(); }
  base::Result<std::vector<base::Bytes>> sign(const std::vector<base::Bytes>& digests) override {
    ++calls;
    return key_->sign(digests);
  }
  int calls = 0;

 private:
  std::unique_ptr<SigningKey> key_;
};

class PdfSign : public ::testing::Test {
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
  static std::unique_ptr<CountedKey> key(const demo::Wish& wish) {
    return std::make_unique<CountedKey>(
        key_from_pem(authority_->issue(wish).value().pem(), "").value());
  }

  // The document with what was appended; the error's reason is printed.
  base::Result<base::Bytes> sign(const base::Bytes& pdf, SigningKey& with,
                                 const PdfUpdate& update) const {
    const auto source = memory_source(pdf);
    const SignedPdf made = TRY(sign_pdf(with, *source, update, {}, clock_));
    EXPECT_EQ(made.level, PdfLevel::b);
    return pdf + made.appended;
  }
  std::string reason(const base::Bytes& pdf, const PdfUpdate& update) const {
    const auto made = sign(pdf, *leader_, update);
    return made.ok() ? "" : std::string(made.error().reason());
  }

  static PdfUpdate leader_update() {
    PdfUpdate update;
    update.text_fields = {
        {.name = "So", .page = 1, .box = {85, 735, 120, 18}, .size = 13},
        {.name = "Ngay",
         .page = 1,
         .box = {300, 735, 235, 18},
         .size = 13,
         .align = Align::centre,
         .italic = true},
    };
    const Box personal{330, 200, 150, 60};
    const Box seal = seal_beside(personal, {0, 0, 102, 102});
    update.signature_fields = {{.name = "CoQuan", .page = 2, .box = seal}};
    update.signature = PdfSignature{.field = "LanhDao",
                                    .page = 2,
                                    .box = personal,
                                    .appearance = {.png = hand_signature_png()},
                                    .name = "Nguyễn Văn A",
                                    .reason = "Ký ban hành"};
    return update;
  }
  static PdfUpdate clerk_update() {
    PdfUpdate update;
    update.fillings = {{"So", "15/QĐ-UBND"}, {"Ngay", "Hà Nội, ngày 22 tháng 11 năm 2026"}};
    update.signature =
        PdfSignature{.field = "CoQuan", .appearance = {.png = seal_png()}, .name = "UBND tỉnh A"};
    return update;
  }
  // What poppler says of every signature, and qpdf of the file.
  static void expect_good(const base::Bytes& pdf, int signatures) {
    const std::string said = run_on(pdf, "pdfsig -nocert {}");
    std::size_t valid = 0;
    for (std::size_t at = 0; (at = said.find("Signature is Valid.", at)) != std::string::npos;
         ++at) {
      ++valid;
    }
    EXPECT_EQ(valid, static_cast<std::size_t>(signatures)) << said;
    int status = -1;
    const std::string checked = run_on(pdf, "qpdf --check {}", &status);
    EXPECT_EQ(status, 0) << checked;
    EXPECT_EQ(checked.find("WARNING"), std::string::npos) << checked;
    judge(pdf, signatures);
  }
  // What our own judge says.
  static void judge(const base::Bytes& pdf, int signatures) {
    Anchors anchors;
    ASSERT_TRUE(anchors.add({.certificate = authority_->root(), .name = "demo"}).ok());
    Policy policy = Policy::standard();
    policy.require_revocation = false;
    const auto source = memory_source(pdf);
    const DocumentReport report =
        judge_pdf(*source, {.anchors = anchors, .policy = policy, .now = kNow});
    EXPECT_EQ(report.signatures.size(), static_cast<std::size_t>(signatures));
    EXPECT_EQ(report.verdict(), Verdict::valid) << to_text(report, base::Language::english);
  }

  static inline std::unique_ptr<demo::Authority> authority_;
  static inline std::unique_ptr<CountedKey> leader_, seal_;
  base::testing::FakeClock clock_{kNow};
};

TEST_F(PdfSign, LeaderSignsThenClerkFillsInAndSeals) {
  const base::Bytes pdf = sample_pdf();
  const base::Bytes by_leader = sign(pdf, *leader_, leader_update()).value();
  ASSERT_TRUE(by_leader.starts_with(pdf));
  expect_good(by_leader, 1);
  const base::Bytes whole = sign(by_leader, *seal_, clerk_update()).value();
  ASSERT_TRUE(whole.starts_with(by_leader));
  expect_good(whole, 2);

  // The first signature covers the leader's file and no more; the second everything.
  const std::string said = run_on(whole, "pdfsig -nocert {}");
  EXPECT_NE(said.find("Not total document signed"), std::string::npos) << said;
  EXPECT_NE(said.find("Total document signed"), std::string::npos) << said;
  EXPECT_NE(said.find("ETSI.CAdES.detached"), std::string::npos) << said;

  const std::string text = run_on(whole, "pdftotext -layout {} - ");
  EXPECT_NE(text.find("15/QĐ-UBND"), std::string::npos) << text;
  EXPECT_NE(text.find("Hà Nội, ngày 22 tháng 11 năm 2026"), std::string::npos) << text;

  // Look: 60 dots an inch, 842 points high.
  const Picture before = rendered(by_leader, 2), page = rendered(whole, 2);
  const auto found = [&](double x0, double y0, double w, double h, auto&& is) {
    int count = 0;
    for (double y = y0; y < y0 + h; y += 1.2) {
      for (double x = x0; x < x0 + w; x += 1.2) {
        count += is(static_cast<int>(x * 60 / 72), static_cast<int>((842 - y) * 60 / 72)) ? 1 : 0;
      }
    }
    return count;
  };
  const auto was_blue = [&](int x, int y) { return before.blue(x, y); };
  const auto red = [&](int x, int y) { return page.red(x, y); };
  const auto blue = [&](int x, int y) { return page.blue(x, y); };
  EXPECT_GT(found(335, 205, 140, 50, blue), 40);  // the leader's hand
  EXPECT_GT(found(332, 182, 46, 98, red), 80);    // the seal over its first third
  EXPECT_LT(found(332, 182, 46, 98, blue), found(332, 182, 46, 98, was_blue));  // on top of it
  EXPECT_EQ(found(384, 182, 90, 98, red), 0);                                   // and not further
  EXPECT_GT(found(280, 182, 50, 98, red), 80);  // but to the left of it
}

TEST_F(PdfSign, FieldsTakeTheirTextOnce) {
  const base::Bytes by_leader = sign(sample_pdf(), *leader_, leader_update()).value();
  const base::Bytes whole = sign(by_leader, *seal_, clerk_update()).value();
  EXPECT_EQ(reason(whole, {.fillings = {{"So", "16"}}, .signature = PdfSignature{}}),
            "trust.field_filled");
  EXPECT_EQ(reason(whole, {.signature = PdfSignature{.field = "CoQuan"}}), "trust.field_signed");
  EXPECT_EQ(reason(whole, {.signature = PdfSignature{.field = "So"}}), "trust.field_bad");
  EXPECT_EQ(reason(whole, {.fillings = {{"Nowhere", "16"}}, .signature = PdfSignature{}}),
            "trust.field_missing");
  EXPECT_EQ(reason(by_leader, {.fillings = {{"So", "文書"}}, .signature = PdfSignature{}}),
            "trust.text_unwritable");
  EXPECT_EQ(reason(by_leader, {.text_fields = {{.name = "So", .box = {1, 1, 9, 9}}},
                               .signature = PdfSignature{}}),
            "trust.field_exists");
  EXPECT_EQ(reason(by_leader, {.signature = PdfSignature{.page = 3}}), "trust.page_missing");
  EXPECT_EQ(reason(by_leader, {.signature = PdfSignature{.box = Box{0, 0, -1, 5}}}),
            "trust.field_bad");
  EXPECT_EQ(reason(by_leader,
                   {.signature = PdfSignature{.box = Box{0, 0, 5, 5}, .appearance = {.png = "x"}}}),
            "trust.image_unusable");
}

TEST_F(PdfSign, EveryKindOfFileKeepsItsKind) {
  const base::Bytes plain = sample_pdf();
  for (const base::Bytes& pdf :
       {plain, through_qpdf(plain, "--object-streams=generate"), through_qpdf(plain, "--linearize"),
        through_qpdf(plain, "--linearize --object-streams=generate"), hybrid_pdf()}) {
    const int last = pdf == hybrid_pdf() ? 1 : 2;
    PdfUpdate first = leader_update();
    first.signature_fields[0].page = -1;
    first.signature->page = -1;
    const base::Bytes by_leader = sign(pdf, *leader_, first).value();
    const base::Bytes whole = sign(by_leader, *seal_, clerk_update()).value();
    expect_good(whole, 2);
    const base::Bytes added = whole.substr(pdf.size());
    const bool streams = pdf.find("/ObjStm") != std::string::npos;
    EXPECT_EQ(added.find("/XRef") != std::string::npos, streams);
    EXPECT_EQ(added.find("\ntrailer\n") != std::string::npos, !streams);
    const auto source = memory_source(whole);
    EXPECT_EQ(place_of(*source, "LanhDao").value().page, last);
  }
}

TEST_F(PdfSign, WhatCannotBeSignedIsRefused) {
  const base::Bytes plain = sample_pdf();
  const PdfUpdate update{.signature = PdfSignature{}};
  EXPECT_EQ(reason(through_qpdf(plain, "--encrypt '' owner 256 --"), update),
            "trust.pdf_encrypted");
  EXPECT_EQ(reason(through_qpdf(plain, "--encrypt user owner 256 --"), update),
            "trust.pdf_encrypted");
  EXPECT_EQ(reason("", update), "trust.pdf_malformed");
  EXPECT_EQ(reason("%PDF-1.4\n", update), "trust.pdf_malformed");
  EXPECT_EQ(reason("PK\3\4 not a PDF", update), "trust.pdf_malformed");
  EXPECT_EQ(reason("junk" + plain, update), "trust.pdf_malformed");
  EXPECT_EQ(reason(plain.substr(0, plain.size() / 2), update), "trust.pdf_malformed");
  base::Bytes shifted = plain;
  shifted.insert(20, "%%%%%%%");
  EXPECT_EQ(reason(shifted, update), "trust.pdf_malformed");
}

// 300 MiB of scans that nobody holds in memory.
class LargeScan : public Source {
 public:
  LargeScan() {
    const base::Bytes small = sample_pdf();
    // The scan stands where nothing refers to; only the offsets behind it move.
    head_ = small.substr(0, small.find("\nxref\n") + 1) + "90 0 obj\n<< /Length " +
            std::to_string(kScan) + " >>\nstream\n";
    tail_ = "\nendstream\nendobj\n" + small.substr(small.find("\nxref\n") + 1);
    const std::size_t at = tail_.find("startxref\n") + 10;
    tail_ = tail_.substr(0, at) + std::to_string(head_.size() + kScan + tail_.find("xref\n")) +
            "\n%%EOF\n";
  }
  std::uint64_t size() const override { return head_.size() + kScan + tail_.size(); }
  base::Result<std::size_t> read_at(std::uint64_t offset, char* to,
                                    std::size_t size) const override {
    std::size_t done = 0;
    while (done < size && offset < this->size()) {
      const bool before = offset < head_.size(), after = offset >= head_.size() + kScan;
      const std::uint64_t end = before ? head_.size() : after ? this->size() : head_.size() + kScan;
      const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(size - done, end - offset));
      if (before) head_.copy(to + done, n, static_cast<std::size_t>(offset));
      if (after) tail_.copy(to + done, n, static_cast<std::size_t>(offset - head_.size() - kScan));
      if (!before && !after) std::fill_n(to + done, n, 's');
      done += n;
      offset += n;
    }
    return done;
  }

 private:
  static constexpr std::uint64_t kScan = 300u << 20;
  base::Bytes head_, tail_;
};

TEST_F(PdfSign, LargeFilesAreNotHeldInMemory) {
  const LargeScan scan;
  const std::int64_t before = http::testing::resident_bytes();
  const auto made = sign_pdf(*leader_, scan, leader_update(), {}, clock_);
  ASSERT_TRUE(made.ok()) << made.error().detail();
  EXPECT_LT(http::testing::resident_bytes() - before, 32 << 20);
  const JoinedSource whole(scan, made->appended);
  EXPECT_EQ(place_of(whole, "LanhDao").value().page, 2);
}

TEST_F(PdfSign, DamagedFilesAreRefusedOrSignedButNeverCrash) {
  base::SeededRandom random(7);
  const base::Bytes plain = sign(sample_pdf(), *leader_, leader_update()).value();
  const base::Bytes packed = through_qpdf(plain, "--object-streams=generate");
  int refused = 0;
  for (int round = 0; round < 600; ++round) {
    base::Bytes damaged = round % 2 == 0 ? plain : packed;
    for (std::uint64_t i = 0; i <= random.below(4); ++i) {
      const auto at = static_cast<std::size_t>(random.below(damaged.size()));
      if (random.chance(0.2)) {
        damaged.erase(at, static_cast<std::size_t>(random.below(40)));
      } else {
        damaged[at] = static_cast<char>(random.below(256));
      }
    }
    const auto source = memory_source(damaged);
    const auto made = update_pdf(*source, {.fillings = {{"So", "15"}}});
    refused += made.ok() ? 0 : 1;
  }
  EXPECT_GT(refused, 50);
}

TEST_F(PdfSign, SeparateAttachmentsGetTheTextForm) {
  PdfUpdate update;
  update.signature = PdfSignature{.appearance = {.lines = {"15/QĐ-UBND", signing_time_text(kNow)}},
                                  .name = "UBND tỉnh A"};
  const base::Bytes whole = sign(sample_pdf(), *seal_, update).value();
  expect_good(whole, 1);
  const std::string text = run_on(whole, "pdftotext -f 1 -l 1 -layout {} -");
  EXPECT_NE(text.find("15/QĐ-UBND"), std::string::npos) << text;
  EXPECT_NE(text.find("2026-11-22T09:30:00+07:00"), std::string::npos) << text;
  const std::string fonts = run_on(whole, "pdffonts {}");
  EXPECT_NE(fonts.find("+LiberationSerif"), std::string::npos) << fonts;
  const auto source = memory_source(whole);
  const Box box = place_of(*source, "Signature1").value().box;
  EXPECT_GT(box.x, 595.0 / 2);
  EXPECT_LT(box.x + box.width, 595);
  EXPECT_GT(box.y, 842 - 60);
  EXPECT_LT(box.y + box.height, 842);
  const Picture page = rendered(whole, 1);
  int dark = 0;
  for (int y = 20; y < 50; ++y) {
    for (int x = page.width / 2; x < page.width; ++x) dark += page.dark(x, y) ? 1 : 0;
  }
  EXPECT_GT(dark, 50);
}

TEST_F(PdfSign, TurnedAndShiftedPagesAreSignedWhereOneLooks) {
  for (const int rotate : {0, 90, 180, 270}) {
    const base::Bytes pdf = sample_pdf({.pages = 1, .rotate = rotate, .left = 30, .bottom = -40});
    const Box wish{100, 50, 150, 60};
    PdfUpdate update;
    update.signature = PdfSignature{.box = wish, .appearance = {.png = hand_signature_png()}};
    const base::Bytes whole = sign(pdf, *leader_, update).value();
    expect_good(whole, 1);
    const auto source = memory_source(whole);
    const Box box = place_of(*source, "Signature1").value().box;
    EXPECT_NEAR(box.x, wish.x, 0.01);
    EXPECT_NEAR(box.y, wish.y, 0.01);
    EXPECT_NEAR(box.width, wish.width, 0.01);
    const Picture page = rendered(whole, 1);
    int inside = 0, all = 0;
    for (int y = 0; y < page.height; ++y) {
      for (int x = 0; x < page.width; ++x) {
        if (!page.blue(x, y)) continue;
        ++all;
        const double px = x * 72 / 60.0, py = (page.height - y) * 72 / 60.0;
        inside += px >= 98 && px <= 252 && py >= 48 && py <= 112 ? 1 : 0;
      }
    }
    EXPECT_GT(all, 100);
    EXPECT_EQ(inside, all) << rotate;
  }
}

TEST_F(PdfSign, ManyDocumentsUnderOneAuthorisation) {
  const base::Bytes good = sample_pdf(), broken = "not a PDF";
  const auto a = memory_source(good), b = memory_source(broken), c = memory_source(good);
  const PdfUpdate update{.signature = PdfSignature{}};
  const int before = seal_->calls;
  const auto made =
      sign_pdfs(*seal_, {{*a, update}, {*b, update}, {*c, update}}, {}, clock_).value();
  EXPECT_EQ(seal_->calls, before + 1);
  ASSERT_EQ(made.size(), 3u);
  expect_good(good + made[0]->appended, 1);
  ASSERT_FALSE(made[1].ok());
  EXPECT_EQ(made[1].error().reason(), "trust.pdf_malformed");
  expect_good(good + made[2]->appended, 1);
}

TEST_F(PdfSign, ACertifiedDocumentTakesOnlyWhatWasReserved) {
  PdfUpdate first = leader_update();
  first.signature->certify = true;
  const base::Bytes by_leader = sign(sample_pdf(), *leader_, first).value();
  EXPECT_EQ(reason(by_leader, {.signature = PdfSignature{}}), "trust.pdf_locked");
  EXPECT_EQ(reason(by_leader, {.text_fields = {{.name = "X", .box = {1, 1, 9, 9}}},
                               .signature = PdfSignature{.field = "CoQuan"}}),
            "trust.pdf_locked");
  const base::Bytes whole = sign(by_leader, *seal_, clerk_update()).value();
  expect_good(whole, 2);
  PdfUpdate again = clerk_update();
  again.signature->field = "Other";
  again.signature->certify = true;
  EXPECT_EQ(reason(sign(sample_pdf(), *leader_, {.signature = PdfSignature{}}).value(),
                   {.signature = PdfSignature{.field = "B", .certify = true}}),
            "trust.pdf_locked");
}

TEST_F(PdfSign, EveryAlgorithmSigns) {
  for (const auto algorithm : {KeyAlgorithm::ecdsa_p256, KeyAlgorithm::ecdsa_p384}) {
    demo::Wish wish{.name = "B", .organisation = "B"};
    wish.algorithm = algorithm;
    const auto with = key(wish);
    expect_good(sign(sample_pdf(), *with, {.signature = PdfSignature{}}).value(), 1);
  }
  demo::Wish wish{.name = "B", .organisation = "B"};
  wish.algorithm = KeyAlgorithm::ed25519;
  const auto with = key(wish);
  const base::Bytes whole = sign(sample_pdf(), *with, {.signature = PdfSignature{}}).value();
  int status = -1;
  run_on(whole, "qpdf --check {}", &status);
  EXPECT_EQ(status, 0);
  judge(whole, 1);
}

}  // namespace
}  // namespace trust::signing
