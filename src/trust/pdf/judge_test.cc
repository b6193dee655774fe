#include "trust/pdf/judge.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "trust/signing/testing/sample.h"
#include "trust/testing/demo_world.h"
#include "trust/testing/material.h"
#include "trust/testing/pdf_writer.h"

namespace trust {
namespace {

using namespace trust::testing;

DemoWorld& world() { return DemoWorld::get(); }

DocumentReport judge(const std::string& bytes, const Context& context) {
  const auto source = memory_source(bytes);
  return judge_pdf(*source, context);
}
DocumentReport judge(const std::string& bytes) { return judge(bytes, world().context()); }

std::string told(const DocumentReport& report) { return to_text(report, base::Language::english); }

bool remarks(const DocumentReport& report, const std::string& words) {
  for (const base::Text& remark : report.remarks) {
    if (remark.en.find(words) != std::string::npos && !remark.vi.empty()) return true;
  }
  return false;
}

Letter signed_letter(const SignWish& wish = {}, bool stamped = false) {
  Letter letter{sample_letter()};
  sign(letter, world().key("rsa"), wish, stamped ? &world().timestamps() : nullptr);
  return letter;
}

void add_lists(Letter& letter) {
  demo::Authority& authority = world().authority();
  add_store(letter, {authority.issuing()},
            {authority.crl(world().now).value(), authority.root_crl(world().now).value()}, {});
}

TEST(PdfJudge, ASignatureOverTheWholeFile) {
  const std::string bytes = signed_letter().pdf.bytes;
  const DocumentReport report = judge(bytes);
  EXPECT_EQ(report.media_type, "application/pdf");
  EXPECT_EQ(report.sha256, base::sha256(bytes));
  EXPECT_EQ(report.size, bytes.size());
  EXPECT_TRUE(report.remarks.empty());
  ASSERT_EQ(report.signatures.size(), 1u);
  const SignatureReport& signature = report.signatures[0];
  EXPECT_EQ(signature.verdict, Verdict::valid) << told(report);
  EXPECT_EQ(signature.profile, "PAdES-B-B");
  EXPECT_EQ(signature.format, Format::pdf);
  EXPECT_EQ(signature.where, "Ky1");
  EXPECT_TRUE(signature.covers_whole);
  EXPECT_TRUE(signature.later_changes.empty());
  EXPECT_EQ(base::iso_time_text(signature.claimed_at.value()), "2026-11-22T02:30:00.000000Z");
}

TEST(PdfJudge, EveryKindOfKeyAndTable) {
  for (const char* kind : {"rsa", "ecdsa", "ecdsa384"}) {
    for (const auto table : {PdfWriter::Table::table, PdfWriter::Table::stream}) {
      Letter letter{sample_letter(table)};
      SignWish wish;
      wish.table = table;
      sign(letter, world().key(kind), wish);
      EXPECT_EQ(judge(letter.pdf.bytes).signatures.at(0).verdict, Verdict::valid) << kind;
    }
  }
}

TEST(PdfJudge, ProfilesUpToTheArchive) {
  Letter letter = signed_letter({}, true);
  EXPECT_EQ(judge(letter.pdf.bytes).signatures.at(0).profile, "PAdES-B-T");
  add_lists(letter);
  DocumentReport report = judge(letter.pdf.bytes);
  EXPECT_EQ(report.signatures.at(0).profile, "PAdES-B-LT") << told(report);
  EXPECT_EQ(report.signatures.at(0).verdict, Verdict::valid);
  EXPECT_FALSE(report.signatures.at(0).covers_whole);
  const std::size_t with_lists = letter.pdf.bytes.size();
  // The catalog stays as add_store wrote it.
  stamp(letter, world().timestamps());
  report = judge(letter.pdf.bytes, world().context_without_revocation());
  ASSERT_EQ(report.signatures.size(), 2u) << told(report);
  EXPECT_EQ(report.signatures[0].profile, "PAdES-B-LTA") << told(report);
  EXPECT_EQ(report.signatures[0].verdict, Verdict::valid) << told(report);
  EXPECT_EQ(report.signatures[0].proven_at, world().now);
  EXPECT_EQ(report.signatures[1].profile, "ETSI.RFC3161");
  EXPECT_EQ(report.signatures[1].format, Format::timestamp);
  EXPECT_EQ(report.signatures[1].verdict, Verdict::valid) << told(report);
  // A byte of what the timestamp covers, in what the signature does not.
  std::string changed = letter.pdf.bytes;
  changed[with_lists - 12] ^= 1;
  report = judge(changed);
  EXPECT_NE(report.verdict(), Verdict::valid);
}

TEST(PdfJudge, ADocumentTimestampProvesWhatItCovers) {
  Letter letter = signed_letter();
  add_lists(letter);
  stamp(letter, world().timestamps());
  Context later = world().context();
  later.now = world().now + std::chrono::hours(24 * 365 * 3);  // the signer's certificate has ended
  const DocumentReport report = judge(letter.pdf.bytes, later);
  ASSERT_EQ(report.signatures.size(), 2u);
  EXPECT_EQ(report.signatures[0].proven_at, world().now) << told(report);
  EXPECT_EQ(report.verdict(), Verdict::valid) << told(report);
  const DocumentReport alone = judge(signed_letter().pdf.bytes, later);
  EXPECT_EQ(alone.signatures.at(0).verdict, Verdict::undetermined);
  EXPECT_EQ(alone.signatures.at(0).sub, SubIndication::out_of_bounds_no_poe);
}

TEST(PdfJudge, LaterSignaturesAndWhatTheyAdd) {
  Letter letter = signed_letter();
  SignWish second;
  second.field = "Duyet";
  sign(letter, world().key("ecdsa"), second);
  const DocumentReport report = judge(letter.pdf.bytes);
  ASSERT_EQ(report.signatures.size(), 2u);
  EXPECT_EQ(report.verdict(), Verdict::valid) << told(report);
  EXPECT_FALSE(report.signatures[0].covers_whole);
  ASSERT_EQ(report.signatures[0].later_changes.size(), 1u);
  EXPECT_EQ(report.signatures[0].later_changes[0].vi,
            "chữ ký sau được thêm vào trường “Duyet” ở trang 1");
  EXPECT_TRUE(report.signatures[1].covers_whole);
}

TEST(PdfJudge, ChangedBytes) {
  const Letter letter = signed_letter();
  std::string bytes = letter.pdf.bytes;
  bytes[bytes.find("Hai tram dong")] = 'B';
  const SignatureReport signature = judge(bytes).signatures.at(0);
  EXPECT_EQ(signature.verdict, Verdict::invalid);
  EXPECT_EQ(signature.sub, SubIndication::hash_failure);
}

TEST(PdfJudge, ChangedContent) {
  Letter letter = signed_letter();
  letter.pdf.put_stream(kContent, "", "BT /F1 24 Tf 100 600 Td (Ba tram dong) Tj ET");
  letter.pdf.finish();
  const SignatureReport signature = judge(letter.pdf.bytes).signatures.at(0);
  EXPECT_EQ(signature.verdict, Verdict::invalid);
  EXPECT_EQ(signature.sub, SubIndication::format_failure);
  EXPECT_EQ(signature.later_changes.at(0).vi,
            "nội dung bị thay thế ở trang 1 (chữ ký không cho phép)");
  ASSERT_GE(signature.steps.size(), 2u);
  const Step& found = signature.steps[signature.steps.size() - 2];  // before the conclusion
  EXPECT_NE(found.message.en.find("the content was replaced on page 1"), std::string::npos);
  EXPECT_EQ(signature.steps.back().outcome, Verdict::invalid);
}

TEST(PdfJudge, ChangedInAWayThatNobodyKnows) {
  Letter letter = signed_letter();
  letter.pdf.put(kCatalog, "<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /Unheard true >>");
  letter.pdf.finish();
  const SignatureReport signature = judge(letter.pdf.bytes).signatures.at(0);
  EXPECT_EQ(signature.verdict, Verdict::undetermined);
  EXPECT_EQ(signature.sub, SubIndication::sig_constraints_failure);
}

TEST(PdfJudge, AWrongRangeIsInvalidWhateverItsContents) {
  Letter letter{sample_letter()};
  const Signed at = prepare(letter, {});
  fill(letter.pdf.bytes, at, "\x30\x80");
  std::string& bytes = letter.pdf.bytes;
  bytes.replace(at.range_at + 1, 8, "0 1 2 3 ");
  const SignatureReport signature = judge(bytes).signatures.at(0);
  EXPECT_EQ(signature.verdict, Verdict::invalid);
  EXPECT_EQ(signature.sub, SubIndication::format_failure);
  EXPECT_FALSE(signature.covers_whole);
}

TEST(PdfJudge, EmptyContents) {  // universal signature forgery
  for (const base::BytesView der :
       {base::BytesView(""), base::BytesView("\x30\x00", 2), base::BytesView("\x05\x00", 2)}) {
    Letter letter{sample_letter()};
    fill(letter.pdf.bytes, prepare(letter, {}), der);
    EXPECT_EQ(judge(letter.pdf.bytes).signatures.at(0).verdict, Verdict::invalid);
    Letter stamped{sample_letter()};
    SignWish wish;
    wish.kind = "ETSI.RFC3161";
    fill(stamped.pdf.bytes, prepare(stamped, wish), der);
    EXPECT_NE(judge(stamped.pdf.bytes).signatures.at(0).verdict, Verdict::valid);
  }
}

TEST(PdfJudge, OlderKinds) {
  const auto with = [](const std::string& kind, const OpensslWish& by) {
    Letter letter{sample_letter()};
    SignWish wish;
    wish.kind = kind;
    const Signed at = prepare(letter, wish);
    const std::string& pdf = letter.pdf.bytes;
    fill(letter.pdf.bytes, at, openssl_cms(pdf.substr(0, at.gap) + pdf.substr(at.gap_end), by));
    return judge(letter.pdf.bytes).signatures.at(0);
  };
  const demo::Credential one =
      world().authority().issue({.name = "Trần Thị B", .organisation = "UBND tỉnh A"}).value();
  const demo::Credential two =
      world().authority().issue({.name = "Lê Văn C", .organisation = "UBND tỉnh A"}).value();
  const SignatureReport detached =
      with("adbe.pkcs7.detached", {.signers = {&one}, .ess = false, .signed_at = world().now});
  EXPECT_EQ(detached.profile, "adbe.pkcs7.detached");
  EXPECT_EQ(detached.verdict, Verdict::valid) << detached.steps.back().message.en;
  const SignatureReport plain =
      with("ETSI.CAdES.detached", {.signers = {&one}, .ess = false, .signed_at = world().now});
  EXPECT_EQ(plain.profile, "ETSI.CAdES.detached");
  const SignatureReport many = with(
      "adbe.pkcs7.detached", {.signers = {&one, &two}, .ess = false, .signed_at = world().now});
  EXPECT_EQ(many.sub, SubIndication::format_failure);
  EXPECT_EQ(many.verdict, Verdict::invalid);
  for (const char* kind : {"adbe.pkcs7.sha1", "adbe.x509.rsa_sha1"}) {
    const SignatureReport old = with(kind, {.signers = {&one}});
    EXPECT_EQ(old.profile, kind);
    EXPECT_EQ(old.verdict, Verdict::undetermined);
    EXPECT_EQ(old.sub, SubIndication::crypto_constraints_failure);
  }
  EXPECT_EQ(with("Unheard.of", {.signers = {&one}}).verdict, Verdict::undetermined);
}

TEST(PdfJudge, CertificatesStillCount) {
  for (const char* kind : {"expired", "revoked"}) {
    Letter letter{sample_letter()};
    sign(letter, world().key(kind));
    EXPECT_NE(judge(letter.pdf.bytes).signatures.at(0).verdict, Verdict::valid) << kind;
  }
}

TEST(PdfJudge, FilesWithoutSignatures) {
  const DocumentReport report = judge(sample_letter().bytes);
  EXPECT_FALSE(report.is_signed());
  EXPECT_TRUE(report.remarks.empty());
  const DocumentReport nothing = judge("%PDF-1.7\nnothing");
  EXPECT_FALSE(nothing.is_signed());
  EXPECT_TRUE(remarks(nothing, "damaged"));
}

TEST(PdfJudge, FilesThatNeedRepair) {
  const std::string good = signed_letter().pdf.bytes;
  // The table is gone: another reader would find the objects, and the signature.
  std::string bytes = good;
  bytes.replace(bytes.rfind("xref\n", bytes.rfind("startxref") - 1), 4, "xerf");
  DocumentReport report = judge(bytes);
  ASSERT_EQ(report.signatures.size(), 1u);
  EXPECT_EQ(report.signatures[0].verdict, Verdict::undetermined);
  EXPECT_EQ(report.signatures[0].sub, SubIndication::signed_data_not_found);
  EXPECT_TRUE(report.incomplete);
  EXPECT_TRUE(remarks(report, "damaged"));
  // One object is damaged, and was when it was signed.
  Letter letter{sample_letter()};
  letter.pdf.bytes.replace(letter.pdf.bytes.find("10 0 obj"), 8, "10 0 jbo");
  sign(letter, world().key("rsa"));
  report = judge(letter.pdf.bytes);
  EXPECT_EQ(report.signatures.at(0).verdict, Verdict::undetermined) << told(report);
  EXPECT_TRUE(remarks(report, "needs repair"));
}

TEST(PdfJudge, BytesBeforeAndAfter) {
  const std::string good = signed_letter().pdf.bytes;
  const DocumentReport junk = judge("junk\n" + good);
  EXPECT_NE(junk.signatures.at(0).verdict, Verdict::valid);
  EXPECT_TRUE(remarks(junk, "before the PDF's header"));
  const DocumentReport loose = judge(good + "loose");
  EXPECT_EQ(loose.signatures.at(0).verdict, Verdict::undetermined);
  EXPECT_TRUE(remarks(loose, "after the end of the file"));
  EXPECT_EQ(judge(good + "\r\n").signatures.at(0).verdict, Verdict::valid);
}

TEST(PdfJudge, EncryptedFiles) {
  Letter letter{sample_letter()};
  letter.pdf.trailer_more += " /Encrypt << /Filter /Standard /V 1 /R 2 /P -1 /O (x) /U (x) >>";
  sign(letter, world().key("rsa"));
  const DocumentReport report = judge(letter.pdf.bytes);
  EXPECT_EQ(report.signatures.at(0).verdict, Verdict::undetermined);
  EXPECT_TRUE(remarks(report, "encrypted"));
  for (const char* how :
       {"--encrypt '' owner 256 --", "--object-streams=generate --encrypt user owner 256 --"}) {
    const std::string locked = signing::testing::through_qpdf(signing::testing::sample_pdf(), how);
    EXPECT_TRUE(remarks(judge(locked), "encrypted")) << how;
  }
}

TEST(PdfJudge, ASignatureThatNoFieldNames) {
  Letter letter = signed_letter();
  letter.pdf.put(kForm, form_body("7 0 R 9 0 R"));
  letter.pdf.finish();
  const DocumentReport report = judge(letter.pdf.bytes);
  EXPECT_FALSE(report.is_signed());
  EXPECT_TRUE(remarks(report, "is a signature that no form field names"));
}

TEST(PdfJudge, OutOfTime) {
  Context context = world().context();
  context.deadline_micros = 1;
  const DocumentReport report = judge(signed_letter().pdf.bytes, context);
  EXPECT_TRUE(report.incomplete);
  EXPECT_EQ(report.signatures.at(0).verdict, Verdict::undetermined);
  EXPECT_EQ(report.signatures.at(0).sub, SubIndication::try_later);
}

TEST(PdfJudge, LargerThanTheLimits) {
  Letter letter{sample_letter()};
  SignWish wish;
  wish.room = 20'000;
  sign(letter, world().key("rsa"), wish);
  Context context = world().context();
  context.limits.cms_bytes = 10'000;
  EXPECT_EQ(judge(letter.pdf.bytes, context).signatures.at(0).verdict, Verdict::undetermined);
  context.limits.cms_bytes = 100'000;
  context.limits.signatures = 1;
  wish.field = "Ky2";
  sign(letter, world().key("rsa"), wish);
  const DocumentReport many = judge(letter.pdf.bytes, context);
  EXPECT_EQ(many.verdict(), Verdict::undetermined);
  EXPECT_TRUE(remarks(many, "more signatures"));
}

}  // namespace
}  // namespace trust
