#include "trust/judge.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "trust/testing/judging.h"
#include "trust/testing/material.h"

namespace trust {
namespace {

using namespace std::chrono_literals;
using demo::Wish;
using testing::anchors;
using testing::authority;
using testing::feed_of;
using testing::invalid;
using testing::issue;
using testing::kDay;
using testing::kNow;
using testing::kValid;
using testing::OpensslWish;
using testing::sign;
using testing::Signing;
using testing::undetermined;
using testing::Verdicts;

struct Case {
  base::Time now = kNow;
  bool revocation = true;                // fresh CRLs come with it
  std::vector<base::Time> crls_at = {};  // instead of `now`
  std::optional<base::Time> proven_at = {};
  bool pdf = false;
  Policy policy = Policy::standard();
  std::vector<base::Bytes> ocsp = {};
};

class JudgeTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    signer_ = issue({.name = "Nguyễn Văn A", .organisation = "UBND tỉnh A"});
  }

  static CmsInput input_of(const base::Bytes& cms, const Case& with) {
    CmsInput input;
    input.der = cms;
    input.content = feed_of(testing::content());
    input.pdf = with.pdf;
    input.proven_at = with.proven_at;
    if (with.revocation) {
      auto times = with.crls_at;
      if (times.empty()) times.push_back(with.now);
      for (const base::Time at : times) {
        input.crls.push_back(authority().crl(at).value());
        input.crls.push_back(authority().root_crl(at).value());
      }
    }
    input.ocsp_responses = with.ocsp;
    return input;
  }
  static SignatureReport judge(const base::Bytes& cms, const Case& with) {
    const Context context{.anchors = anchors(), .policy = with.policy, .now = with.now};
    const auto reports = judge_cms(input_of(cms, with), context);
    EXPECT_EQ(reports.size(), 1u);
    return reports.at(0);
  }
  static SignatureReport judge(const base::Bytes& cms) { return judge(cms, Case{}); }
  static Verdicts verdict(const base::Bytes& cms, const Case& with) {
    const auto report = judge(cms, with);
    return {report.verdict, report.sub};
  }
  static Verdicts verdict(const base::Bytes& cms) { return verdict(cms, Case{}); }

  static base::Bytes openssl(const OpensslWish& wish) {
    return testing::openssl_cms(testing::content(), wish);
  }
  static inline demo::Credential signer_;
};

TEST_F(JudgeTest, AcceptsEveryKindOfKey) {
  for (const auto& [algorithm, bits, text] :
       {std::tuple{KeyAlgorithm::rsa, 2048, "RSA-2048 PKCS#1 v1.5"},
        {KeyAlgorithm::rsa, 3072, "RSA-3072 PKCS#1 v1.5"},
        {KeyAlgorithm::ecdsa_p256, 256, "ECDSA P-256"},
        {KeyAlgorithm::ecdsa_p384, 384, "ECDSA P-384"},
        {KeyAlgorithm::ed25519, 256, "Ed25519"}}) {
    Wish wish{.name = "Nguyễn Văn A", .organisation = "UBND tỉnh A"};
    wish.algorithm = algorithm;
    wish.bits = bits;
    const auto report = judge(sign(issue(wish), {.claimed = kNow}));
    EXPECT_EQ(report.verdict, Verdict::valid) << text << " " << name_of(report.sub);
    EXPECT_EQ(report.signature, text);
    EXPECT_EQ(report.profile, "CAdES-B-B");
    EXPECT_EQ(report.claimed_at, kNow);
    ASSERT_EQ(report.chain.size(), 3u);
    EXPECT_EQ(report.chain[0].name, "Nguyễn Văn A");
    EXPECT_TRUE(report.chain[0].demonstration);
  }
}

TEST_F(JudgeTest, NamesTheBlocksInOrder) {
  const auto report = judge(sign(signer_, {.stamped = kNow - 1h}));
  std::vector<std::string> blocks;
  for (const Step& step : report.steps) {
    EXPECT_EQ(step.outcome, Verdict::valid) << step.block << step.message.en;
    EXPECT_FALSE(step.message.vi.empty());
    blocks.emplace_back(step.block.substr(0, step.block.find(' ')));
  }
  EXPECT_EQ(blocks, (std::vector<std::string>{"5.2.2", "5.2.3", "5.2.4", "5.2.5", "5.2.5", "5.2.6",
                                              "5.2.7", "5.2.8", "5.4", "5.5", "5.5"}));
}

TEST_F(JudgeTest, ReadsWhatOpensslWrites) {
  const auto with = [&](OpensslWish wish) {
    wish.signers = {&signer_};
    wish.signed_at = kNow;
    return judge(openssl(wish));
  };
  EXPECT_EQ(with({}).profile, "CAdES-B-B");
  EXPECT_EQ(with({.ess = false}).profile, "CMS");
  for (const OpensslWish& wish :
       {OpensslWish{}, OpensslWish{.digest = "SHA512"},
        OpensslWish{.attributes = false, .ess = false}, OpensslWish{.ess = false},
        OpensslWish{.key_id = true}, OpensslWish{.pss = true}, OpensslWish{.detached = false},
        OpensslWish{.detached = false, .indefinite = true}}) {
    const auto report = with(wish);
    EXPECT_EQ(report.verdict, Verdict::valid) << name_of(report.sub) << " " << wish.digest;
  }
  EXPECT_EQ(with({.pss = true}).signature, "RSA-2048 PSS");
  EXPECT_EQ(with({.digest = "SHA512"}).digest, "SHA-512");
  EXPECT_EQ(with({.certificates = false}).sub, SubIndication::no_signing_certificate_found);
}

TEST_F(JudgeTest, TakesTheContentFromInsideWhenThereIsNoOther) {
  const Context context{.anchors = anchors(), .policy = Policy::standard(), .now = kNow};
  for (const bool detached : {false, true}) {
    const auto cms = openssl({.signers = {&signer_}, .detached = detached, .signed_at = kNow});
    auto input = input_of(cms, {});
    input.content = nullptr;
    const auto report = judge_cms(input, context).at(0);
    EXPECT_EQ(report.sub, detached ? SubIndication::signed_data_not_found : SubIndication::none);
  }
}

TEST_F(JudgeTest, ReportsEachSigner) {
  const auto second = issue(
      {.name = "Văn thư", .organisation = "UBND tỉnh A", .algorithm = KeyAlgorithm::ecdsa_p384});
  const auto cms = openssl({.signers = {&signer_, &second}, .digest = "SHA384", .signed_at = kNow});
  const Context context{.anchors = anchors(), .policy = Policy::standard(), .now = kNow};
  const auto reports = judge_cms(input_of(cms, {}), context);
  ASSERT_EQ(reports.size(), 2u);
  EXPECT_EQ(reports[0].verdict, Verdict::valid);
  EXPECT_EQ(reports[1].verdict, Verdict::valid);
  EXPECT_NE(reports[0].chain[0].name, reports[1].chain[0].name);
  // As a PDF the profile is PAdES.
  EXPECT_EQ(judge(sign(signer_), {.pdf = true}).profile, "PAdES-B-B");
  EXPECT_EQ(judge(openssl({.signers = {&signer_}, .ess = false}), {.pdf = true}).profile,
            "adbe.pkcs7.detached");
  EXPECT_EQ(judge(sign(signer_, {.stamped = kNow}), {.pdf = true}).profile, "PAdES-B-LT");
  EXPECT_EQ(judge(sign(signer_, {.stamped = kNow}), {.revocation = false, .pdf = true}).profile,
            "PAdES-B-T");
}

TEST_F(JudgeTest, TellsAChangedContentFromAForgedSignature) {
  const base::Bytes cms = sign(signer_);
  const Context context{.anchors = anchors(), .policy = Policy::standard(), .now = kNow};
  auto input = input_of(cms, {});
  const base::Bytes other = testing::content() + "!";
  input.content = feed_of(other);
  EXPECT_EQ(judge_cms(input, context).at(0).sub, SubIndication::hash_failure);
  base::Bytes bent = cms;
  bent[bent.size() - 10] = static_cast<char>(bent[bent.size() - 10] ^ 1);  // in the signature
  EXPECT_EQ(verdict(bent), invalid(SubIndication::sig_crypto_failure));
  // Without signed attributes RSA still tells.
  const base::Bytes bare = openssl({.signers = {&signer_}, .attributes = false, .ess = false});
  input = input_of(bare, {});
  input.content = feed_of(other);
  EXPECT_EQ(judge_cms(input, context).at(0).sub, SubIndication::hash_failure);
  bent = bare;
  bent[bent.size() - 10] = static_cast<char>(bent[bent.size() - 10] ^ 1);
  EXPECT_EQ(verdict(bent), invalid(SubIndication::sig_crypto_failure));
}

TEST_F(JudgeTest, NoticesAnExchangedCertificate) {
  // Another certificate for the same key and with the same serial would let a signer be renamed.
  const auto other = issue({.name = "Trần Thị B", .organisation = "UBND tỉnh B"});
  auto both = signer_;
  const base::Bytes cms = openssl({.signers = {&both}, .certificates = false, .signed_at = kNow});
  const Context context{.anchors = anchors(), .policy = Policy::standard(), .now = kNow};
  auto input = input_of(cms, {});
  input.certificates = {other.certificates[0], authority().issuing()};
  EXPECT_EQ(judge_cms(input, context).at(0).sub, SubIndication::no_signing_certificate_found);
  input.certificates.push_back(signer_.certificates[0]);
  EXPECT_EQ(judge_cms(input, context).at(0).verdict, Verdict::valid);
}

TEST_F(JudgeTest, RefusesWhatIsMalformed) {
  const base::Bytes cms = sign(signer_);
  const auto format = invalid(SubIndication::format_failure);
  EXPECT_EQ(verdict(""), format);
  EXPECT_EQ(verdict("hello"), format);
  EXPECT_EQ(verdict(cms + base::Bytes(500, '\0')), kValid);
  EXPECT_EQ(verdict(cms + "x"), format);
  EXPECT_EQ(verdict(cms + base::Bytes(500, '\0') + "x"), format);
  for (std::size_t size = 0; size < cms.size(); size += 37) {
    EXPECT_EQ(verdict(cms.substr(0, size)), format) << size;
  }
  for (std::size_t at = 0; at < cms.size(); at += 3) {
    base::Bytes bent = cms;
    bent[at] = static_cast<char>(bent[at] ^ 0x21);
    const auto result = verdict(bent);
    if (result.verdict == Verdict::valid) {
      // Only what nothing protects may change: certificates besides the signer's, versions.
      EXPECT_EQ(judge(bent).chain.at(0).name, "Nguyễn Văn A") << at;
    }
  }
}

TEST_F(JudgeTest, BoundsWhatItReads) {
  const base::Bytes cms = sign(signer_);
  Context context{.anchors = anchors(), .policy = Policy::standard(), .now = kNow};
  context.limits.cms_bytes = 1000;
  EXPECT_EQ(judge_cms(input_of(cms, {}), context).at(0).verdict, Verdict::undetermined);
  context.limits = {};
  context.limits.certificates = 1;
  EXPECT_EQ(judge_cms(input_of(cms, {}), context).at(0).verdict, Verdict::undetermined);
  context.limits = {};
  context.limits.signatures = 0;
  EXPECT_EQ(judge_cms(input_of(cms, {}), context).at(0).verdict, Verdict::undetermined);
  context.limits = {};
  context.deadline_micros = base::monotonic_micros() - 1;
  const auto late = judge_cms(input_of(cms, {}), context).at(0);
  EXPECT_EQ(late.verdict, Verdict::undetermined);
  EXPECT_EQ(late.sub, SubIndication::try_later);
}

TEST_F(JudgeTest, SaysWhyACertificateDoesNot) {
  struct Row {
    const char* what;
    Wish wish;
    Verdicts expected;
  };
  Wish sub{.name = "Sub CA", .organisation = "Sub CA"};
  sub.authority = true;
  sub.revocation_urls = false;
  sub.extensions = {{"basicConstraints", "critical,CA:TRUE,pathlen:0"}};
  const auto narrow = issue(sub);
  sub.name = "Below";
  sub.issuer = &narrow;
  const auto below = issue(sub);
  sub.issuer = nullptr;
  sub.extensions = {{"nameConstraints", "critical,permitted;dirName:only"}};
  const auto other = demo::Authority::create({"", 2048, kNow}).value();
  std::vector<Row> rows;
  const auto row = [&](const char* what, const auto& change, Verdicts expected) {
    Wish wish{.name = "A", .organisation = "B"};
    wish.algorithm = KeyAlgorithm::ecdsa_p256;
    change(wish);
    rows.push_back({what, wish, expected});
  };
  row(
      "good", [](Wish&) {}, kValid);
  row(
      "not for signing", [](Wish& w) { w.can_sign = false; },
      undetermined(SubIndication::chain_constraints_failure));
  row(
      "for timestamps", [](Wish& w) { w.timestamping = true; },
      undetermined(SubIndication::chain_constraints_failure));
  row(
      "for OCSP", [](Wish& w) { w.ocsp_signing = true; },
      undetermined(SubIndication::chain_constraints_failure));
  row(
      "expired", [](Wish& w) { w.not_after = kNow - kDay; },
      undetermined(SubIndication::out_of_bounds_no_poe));
  row(
      "not yet valid", [](Wish& w) { w.not_before = kNow + kDay; },
      invalid(SubIndication::not_yet_valid));
  row(
      "just made, the clocks differ", [](Wish& w) { w.not_before = kNow + 2min; }, kValid);
  row(
      "MD5", [](Wish& w) { w.digest = "MD5"; },
      undetermined(SubIndication::crypto_constraints_failure));
  row(
      "SHA-1", [](Wish& w) { w.digest = "SHA1"; },
      undetermined(SubIndication::crypto_constraints_failure_no_poe));
  row(
      "RSA-1024",
      [](Wish& w) {
        w.algorithm = KeyAlgorithm::rsa;
        w.bits = 1024;
      },
      undetermined(SubIndication::crypto_constraints_failure_no_poe));
  row(
      "path too long", [&](Wish& w) { w.issuer = &below; },
      undetermined(SubIndication::chain_constraints_failure));
  row(
      "unknown critical extension",
      [](Wish& w) {
        w.extensions = {{"1.3.6.1.4.1.99999.7", "critical,ASN1:NULL"}};
      },
      undetermined(SubIndication::chain_constraints_failure));
  const auto leaf = issue({.name = "Leaf", .organisation = "Leaf"});
  row(
      "issued by no authority", [&](Wish& w) { w.issuer = &leaf; },
      undetermined(SubIndication::chain_constraints_failure));
  for (const Row& one : rows) {
    EXPECT_EQ(verdict(sign(issue(one.wish))), one.expected) << one.what;
  }
  Wish stranger{.name = "A", .organisation = "B"};
  EXPECT_EQ(verdict(sign(other->issue(stranger).value())),
            undetermined(SubIndication::no_certificate_chain_found));
  // Its issuer has the right name and another key.
  auto forged = other->issue(stranger).value();
  forged.certificates[1] = authority().issuing();
  forged.certificates[2] = authority().root();
  EXPECT_NE(verdict(sign(forged)).verdict, Verdict::valid);
}

TEST_F(JudgeTest, KeepsNameConstraints) {
  Wish sub{.name = "Sub CA", .organisation = "Sub CA"};
  sub.authority = true;
  sub.revocation_urls = false;
  sub.extensions = {{"nameConstraints", "critical,permitted;email:tinh-a.gov.vn"}};
  const auto narrow = issue(sub);
  for (const auto& [address, expected] :
       {std::pair{"email:a@tinh-a.gov.vn", SubIndication::try_later},
        {"email:a@tinh-b.gov.vn", SubIndication::chain_constraints_failure}}) {
    Wish wish{.name = "A", .organisation = "B"};
    wish.issuer = &narrow;
    wish.extensions = {{"subjectAltName", address}};
    EXPECT_EQ(verdict(sign(issue(wish))), undetermined(expected)) << address;
  }
}

TEST_F(JudgeTest, JudgesAtTheProvenTime) {
  using Sub = SubIndication;
  struct Row {
    const char* what;
    std::optional<base::Time> revoked, not_after;
    Signing how;
    std::vector<base::Time> crls_at;
    Verdicts expected;
  };
  const base::Time t = kNow - 10 * kDay;  // signed and stamped
  const std::vector<Row> rows = {
      {"revoked afterwards, stamped", t + kDay, {}, {.stamped = t}, {}, kValid},
      {"revoked afterwards, only claimed",
       t + kDay,
       {},
       {.claimed = t},
       {},
       undetermined(Sub::revoked_no_poe)},
      {"revoked afterwards, nothing said", t + kDay, {}, {}, {}, undetermined(Sub::revoked_no_poe)},
      {"revoked before, says so", t - kDay, {}, {.claimed = t}, {}, invalid(Sub::revoked)},
      {"revoked before, stamped, says so",
       t - kDay,
       {},
       {.claimed = t, .stamped = t},
       {},
       invalid(Sub::revoked)},
      {"revoked before, stamped, claims older",
       t - kDay,
       {},
       {.claimed = t - 2 * kDay, .stamped = t},
       {},
       undetermined(Sub::revoked_no_poe)},
      {"revoked before, stamped, silent",
       t - kDay,
       {},
       {.stamped = t},
       {},
       undetermined(Sub::revoked_no_poe)},
      {"expired now, stamped, words from then",
       {},
       t + kDay,
       {.stamped = t},
       {t + 1h, kNow},
       kValid},
      {"expired now, stamped, words from now",
       {},
       t + kDay,
       {.stamped = t},
       {},
       undetermined(Sub::revocation_out_of_bounds_no_poe)},
      {"expired now, not stamped",
       {},
       t + kDay,
       {.claimed = t},
       {},
       undetermined(Sub::out_of_bounds_no_poe)},
      {"expired now, known unrevoked then",
       {},
       t + kDay,
       {.claimed = t},
       {t + kDay - 1h},
       undetermined(Sub::out_of_bounds_not_revoked)},
      {"expired before, says so", {}, t - kDay, {.claimed = t}, {}, invalid(Sub::expired)},
      {"expired before, stamped, says so",
       {},
       t - kDay,
       {.claimed = t, .stamped = t},
       {},
       invalid(Sub::expired)},
      {"expired before, stamped, silent",
       {},
       t - kDay,
       {.stamped = t},
       {},
       undetermined(Sub::out_of_bounds_no_poe)},
      {"words too old", {}, {}, {}, {kNow - 2 * kDay}, undetermined(Sub::try_later)},
      {"words from before the stamp, current then", {}, {}, {.stamped = t}, {t - 1h, kNow}, kValid},
      {"words from the future", {}, {}, {}, {kNow + kDay}, undetermined(Sub::try_later)},
  };
  for (const Row& row : rows) {
    Wish wish{.name = "A", .organisation = "B"};
    wish.algorithm = KeyAlgorithm::ecdsa_p256;
    wish.not_before = kNow - 100 * kDay;
    wish.not_after = row.not_after;
    const auto credential = issue(wish);
    if (row.revoked) {
      ASSERT_TRUE(authority().revoke(credential.certificates[0], *row.revoked));
    }
    EXPECT_EQ(verdict(sign(credential, row.how), {.crls_at = row.crls_at}), row.expected)
        << row.what;
  }
}

}  // namespace
}  // namespace trust
