// Revocation in all its forms, timestamps, capacity, and the signers of other formats.
#include <gtest/gtest.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>

#include <atomic>
#include <thread>

#include "base/hash.h"
#include "trust/capacity.h"
#include "trust/judge.h"
#include "trust/remembered.h"
#include "trust/revocation_answer.h"
#include "trust/testing/judging.h"
#include "trust/testing/material.h"

namespace trust {
namespace {

using namespace std::chrono_literals;
using demo::Wish;
using testing::anchors;
using testing::authority;
using testing::content;
using testing::invalid;
using testing::issue;
using testing::kDay;
using testing::kNow;
using testing::kValid;
using testing::sign;
using testing::undetermined;
using testing::Verdicts;
using Sub = SubIndication;

Wish quick(const char* name) {
  Wish out{.name = name, .organisation = "B"};
  out.algorithm = KeyAlgorithm::ecdsa_p256;
  return out;
}

Context context_at(base::Time now) {
  static const Policy policy = Policy::standard();
  return {.anchors = anchors(), .policy = policy, .now = now};
}

std::vector<base::Bytes> lists(base::Time at) {
  return {authority().crl(at).value(), authority().root_crl(at).value()};
}

Verdicts verdict(const CmsInput& input, const Context& context) {
  const auto report = judge_cms(input, context).at(0);
  return {report.verdict, report.sub};
}

CmsInput input_of(const base::Bytes& cms) {
  CmsInput out;
  out.der = cms;
  out.content = testing::feed_of(content());
  return out;
}

base::Bytes ocsp_for(demo::Authority& by, const demo::Credential& of, base::Time at) {
  const auto request =
      ocsp_request(*make_certificate(of.certificates[0]), *make_certificate(of.certificates[1]));
  return by.ocsp(request, at).value();
}

// Answers what a test wants.
class Scripted : public RevocationSource {
 public:
  base::Result<base::Bytes> crl(const std::string& url, base::Time, std::int64_t) override {
    ++asked;
    return authority_answer(url.ends_with("/root-crl") ? root_list : list);
  }
  base::Result<base::Bytes> ocsp(const std::string&, base::BytesView, base::Time,
                                 std::int64_t) override {
    ++asked;
    return authority_answer(answer);
  }
  void disbelieve(const std::string&, base::BytesView) override { ++disbelieved; }
  int asked = 0, disbelieved = 0;
  base::Bytes list, root_list, answer;

 private:
  static base::Result<base::Bytes> authority_answer(const base::Bytes& it) {
    if (it.empty()) return base::Error(base::Code::unavailable, "test.nothing", "nothing");
    return it;
  }
};

TEST(Revocation, BelievesOcspAnswersOfTheRightResponder) {
  const auto credential = issue(quick("A"));
  const base::Bytes cms = sign(credential);
  const auto context = context_at(kNow);
  demo::Credential issuing;
  issuing.certificates = {authority().issuing(), authority().root()};
  auto input = input_of(cms);
  input.ocsp_responses = {ocsp_for(authority(), credential, kNow),
                          ocsp_for(authority(), issuing, kNow)};
  EXPECT_EQ(verdict(input, context), kValid);
  // The answer for the authority above is missing.
  input.ocsp_responses.pop_back();
  EXPECT_EQ(verdict(input, context), undetermined(Sub::try_later));
  // Another's certificate.
  const auto other = issue(quick("A2"));
  input.ocsp_responses = {ocsp_for(authority(), other, kNow), ocsp_for(authority(), issuing, kNow)};
  EXPECT_EQ(verdict(input, context), undetermined(Sub::try_later));
  // A bent answer.
  auto bent = ocsp_for(authority(), credential, kNow);
  bent[bent.size() / 3] = static_cast<char>(bent[bent.size() / 3] ^ 1);
  input.ocsp_responses[0] = bent;
  EXPECT_EQ(verdict(input, context), undetermined(Sub::try_later));
  // The inner structure alone, as CAdES keeps it.
  const auto whole = ocsp_for(authority(), credential, kNow);
  const unsigned char* at = unsigned_of(base::BytesView(whole));
  const Handle<OCSP_RESPONSE> response(
      d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(whole.size())));
  const Handle<OCSP_BASICRESP> basic(OCSP_response_get1_basic(response.get()));
  base::Bytes inner(static_cast<std::size_t>(i2d_OCSP_BASICRESP(basic.get(), nullptr)), '\0');
  unsigned char* to = unsigned_of(inner);
  i2d_OCSP_BASICRESP(basic.get(), &to);
  input.ocsp_responses[0] = inner;
  EXPECT_EQ(verdict(input, context), kValid);
  // Too old, and from the future.
  for (const auto when : {kNow - 2 * kDay, kNow + kDay}) {
    input.ocsp_responses[0] = ocsp_for(authority(), credential, when);
    EXPECT_EQ(verdict(input, context), undetermined(Sub::try_later));
  }
  ASSERT_TRUE(authority().revoke(credential.certificates[0], kNow - 1h));
  input.ocsp_responses[0] = ocsp_for(authority(), credential, kNow);
  EXPECT_EQ(verdict(input, context), undetermined(Sub::revoked_no_poe));
}

TEST(Revocation, RefusesResponderThatNobodyAppointed) {
  // A certificate of the same issuer without the extended key usage answers.
  const auto credential = issue(quick("A"));
  auto plain = quick("Not a responder");
  const auto answered_by = [&](const demo::Credential& by) {
    const auto issuer = make_certificate(authority().issuing());
    const auto own = make_certificate(credential.certificates[0]);
    const Handle<OCSP_BASICRESP> basic(OCSP_BASICRESP_new());
    const Handle<OCSP_CERTID> id(OCSP_cert_to_id(EVP_sha1(), own->x509.get(), issuer->x509.get()));
    const auto from = asn1_time(kNow), until = asn1_time(kNow + kDay);
    OCSP_basic_add1_status(basic.get(), id.get(), V_OCSP_CERTSTATUS_GOOD, 0, nullptr, from.get(),
                           until.get());
    const auto certificate = read_certificate(by.certificates[0]);
    const Handle<BIO> pem(BIO_new_mem_buf(by.key_pem.data(), static_cast<int>(by.key_pem.size())));
    const Handle<EVP_PKEY> key(PEM_read_bio_PrivateKey(pem.get(), nullptr, nullptr, nullptr));
    OCSP_basic_sign(basic.get(), certificate.get(), key.get(), EVP_sha256(), nullptr, 0);
    base::Bytes out(static_cast<std::size_t>(i2d_OCSP_BASICRESP(basic.get(), nullptr)), '\0');
    unsigned char* to = unsigned_of(out);
    i2d_OCSP_BASICRESP(basic.get(), &to);
    return read_ocsp(out, *own, *issuer, nullptr);
  };
  EXPECT_FALSE(answered_by(issue(plain)));
  // With the extended key usage, but from an issuer that is not this certificate's.
  auto sub = quick("Sub CA");
  sub.authority = true;
  const auto elsewhere = issue(sub);
  plain.ocsp_signing = true;
  plain.not_before = base::Time{};  // signing here is by the machine's clock
  plain.not_after = kNow + 3650 * kDay;
  EXPECT_TRUE(answered_by(issue(plain)));
  plain.issuer = &elsewhere;
  EXPECT_FALSE(answered_by(issue(plain)));
  plain.issuer = nullptr;
  plain.not_after = base::Time{} + kDay;
  EXPECT_FALSE(answered_by(issue(plain)));
}

TEST(Revocation, OfAnAuthorityCountsToo) {
  const auto own = demo::Authority::create({"", 2048, kNow}).value();
  Anchors trusted;
  Anchor root;
  root.certificate = own->root();
  ASSERT_TRUE(trusted.add(root));
  auto wish = quick("A");
  wish.not_before = kNow - 10 * kDay;
  const base::Bytes cms = sign(own->issue(wish).value());
  ASSERT_TRUE(own->revoke(own->issuing(), kNow - kDay));
  const Policy policy = Policy::standard();
  const Context context{.anchors = trusted, .policy = policy, .now = kNow};
  auto input = input_of(cms);
  input.crls = {own->crl(kNow).value(), own->root_crl(kNow).value()};
  EXPECT_EQ(verdict(input, context), undetermined(Sub::revoked_ca_no_poe));
  input.proven_at = kNow - 2 * kDay;
  EXPECT_EQ(verdict(input, context), kValid);
}

TEST(Revocation, IsAskedForOnlyWhereItCanMatter) {
  Scripted source;
  source.list = lists(kNow)[0];
  source.root_list = lists(kNow)[1];
  auto context = context_at(kNow);
  context.revocation = &source;
  const auto credential = issue(quick("A"));
  const base::Bytes cms = sign(credential);
  EXPECT_EQ(verdict(input_of(cms), context), kValid);
  EXPECT_EQ(source.asked, 4);  // OCSP, then the list, for two certificates
  // What is embedded and new enough needs no question.
  auto input = input_of(cms);
  input.crls = lists(kNow);
  source.asked = 0;
  EXPECT_EQ(verdict(input, context), kValid);
  EXPECT_EQ(source.asked, 0);
  // Embedded, still current, but something newer may be had: it was revoked in between.
  ASSERT_TRUE(authority().revoke(credential.certificates[0], kNow - 1h));
  input.crls = lists(kNow - 2h);
  source.list = lists(kNow)[0];
  EXPECT_EQ(verdict(input, context), undetermined(Sub::revoked_no_poe));
  EXPECT_GT(source.asked, 0);
  // Nobody asks about who did not sign.
  source.asked = 0;
  input.content = testing::feed_of("other");
  EXPECT_EQ(verdict(input, context), invalid(Sub::hash_failure));
  EXPECT_EQ(source.asked, 0);
  // An answer that nobody signed is not kept.
  source.list = source.answer = "garbage";
  EXPECT_EQ(verdict(input_of(cms), context), undetermined(Sub::try_later));
  EXPECT_GE(source.disbelieved, 2);
}

TEST(Revocation, MayBeWaived) {
  Policy policy = Policy::standard();
  policy.require_revocation = false;
  const Context context{.anchors = anchors(), .policy = policy, .now = kNow};
  const base::Bytes cms = sign(issue(quick("A")));
  EXPECT_EQ(verdict(input_of(cms), context), kValid);
}

// --- timestamps ----------------------------------------------------------------------------------

SignatureReport stamp_report(const base::Bytes& token, base::Time now = kNow,
                             base::BytesView over = "content") {
  CmsInput input;
  input.der = token;
  input.content = testing::feed_of(over);
  input.crls = lists(now);
  input.certificates = {authority().issuing()};
  return judge_timestamp(input, context_at(now));
}

TEST(Timestamps, ProveATime) {
  const auto at = kNow - 3 * kDay;
  for (const char* digest : {"SHA256", "SHA384", "SHA512"}) {
    const auto report = stamp_report(testing::token_over(authority(), "content", at, digest));
    EXPECT_EQ(report.verdict, Verdict::valid) << name_of(report.sub);
    EXPECT_EQ(report.proven_at, at);
    EXPECT_EQ(report.format, Format::timestamp);
    EXPECT_EQ(report.profile, "RFC 3161");
  }
}

TEST(Timestamps, AreRefusedForCause) {
  const auto sub = [](const SignatureReport& report) {
    EXPECT_FALSE(report.proven_at);
    return Verdicts{report.verdict, report.sub};
  };
  const auto good = testing::token_over(authority(), "content", kNow);
  EXPECT_EQ(sub(stamp_report(good, kNow, "other")), invalid(Sub::hash_failure));
  EXPECT_EQ(sub(stamp_report(testing::token_over(authority(), "content", kNow + 1h))),
            undetermined(Sub::timestamp_order_failure));
  EXPECT_EQ(stamp_report(testing::token_over(authority(), "content", kNow + 2min)).verdict,
            Verdict::valid);
  EXPECT_EQ(sub(stamp_report("garbage")), invalid(Sub::format_failure));
  EXPECT_EQ(sub(stamp_report(good + "x")), invalid(Sub::format_failure));
  EXPECT_EQ(sub(stamp_report(sign(issue(quick("A"))))), invalid(Sub::format_failure));
  EXPECT_EQ(sub(stamp_report(testing::token_over(authority(), "content", kNow, "SHA1"))),
            undetermined(Sub::crypto_constraints_failure));
  auto bent = good;
  bent[bent.size() - 5] = static_cast<char>(bent[bent.size() - 5] ^ 1);
  EXPECT_EQ(sub(stamp_report(bent)), invalid(Sub::sig_crypto_failure));
}

TEST(Timestamps, NeedACertificateForTimestamps) {
  auto tsa = quick("TSA");
  tsa.algorithm = KeyAlgorithm::rsa;
  tsa.timestamping = true;
  EXPECT_EQ(stamp_report(testing::token_by(issue(tsa), "content", kNow)).verdict, Verdict::valid);
  auto expired = tsa;
  expired.not_after = kNow - kDay;
  EXPECT_EQ(stamp_report(testing::token_by(issue(expired), "content", kNow - 1h)).sub,
            Sub::expired);
  EXPECT_EQ(stamp_report(testing::token_by(issue(expired), "content", kNow - 25h)).sub,
            Sub::out_of_bounds_no_poe);
  const auto revoked = issue(tsa);
  ASSERT_TRUE(authority().revoke(revoked.certificates[0], kNow - kDay));
  EXPECT_EQ(stamp_report(testing::token_by(revoked, "content", kNow)).sub, Sub::revoked);
  EXPECT_EQ(stamp_report(testing::token_by(revoked, "content", kNow - 2 * kDay)).sub,
            Sub::revoked_no_poe);
}

TEST(Timestamps, NeedAnAnchorForTimestamps) {
  Anchors others;
  Anchor root;
  root.certificate = authority().root();
  root.timestamps = false;
  ASSERT_TRUE(others.add(root));
  const Policy policy = Policy::standard();
  const Context context{.anchors = others, .policy = policy, .now = kNow};
  const base::Bytes digest = base::sha256("content");
  const auto token = testing::token_over(authority(), "content", kNow);
  EXPECT_EQ(judge_timestamp(token, digest, "SHA-256", {}, context).sub,
            Sub::no_certificate_chain_found);
  EXPECT_EQ(judge_timestamp(token, digest, "SHA-256", {}, context_at(kNow)).sub, Sub::try_later);
  EXPECT_EQ(judge_timestamp(token, base::sha256("x"), "SHA-256", {}, context_at(kNow)).sub,
            Sub::hash_failure);
}

TEST(Timestamps, OnASignatureThatDoNotHoldProveNothing) {
  const auto credential = issue(quick("A"));
  const auto cms = sign(credential, {.stamped = kNow + 1h});
  auto input = input_of(cms);
  input.crls = lists(kNow);
  const auto report = judge_cms(input, context_at(kNow)).at(0);
  EXPECT_EQ(report.verdict, Verdict::valid);  // by itself
  EXPECT_FALSE(report.proven_at);
  ASSERT_EQ(report.timestamps.size(), 1u);
  EXPECT_EQ(report.timestamps[0].sub, Sub::timestamp_order_failure);
}

// --- the signers of other formats
// ------------------------------------------------------------------

TEST(JudgeSigner, AddsItsBlocksToWhatTheFormatFound) {
  const auto credential = issue(quick("A"));
  SignerInput input;
  input.certificate = credential.certificates[0];
  input.certificates = credential.certificates;
  input.crls = lists(kNow);
  input.digest = "SHA-256";
  input.signature = "ECDSA-SHA-256";
  SignatureReport report;
  report.verdict = Verdict::valid;
  judge_signer(input, context_at(kNow), report);
  EXPECT_EQ(report.verdict, Verdict::valid) << name_of(report.sub);
  EXPECT_EQ(report.chain.size(), 3u);
  EXPECT_EQ(report.capacity, SignatureReport::Capacity::person);
  EXPECT_EQ(report.steps.back().block.substr(0, 3), "5.3");

  input.signature = "RSA-SHA-1";
  report = {};
  report.verdict = Verdict::valid;
  judge_signer(input, context_at(kNow), report);
  EXPECT_EQ(report.sub, Sub::crypto_constraints_failure_no_poe);

  report = {};
  report.verdict = Verdict::invalid;
  report.sub = Sub::hash_failure;
  judge_signer(input, context_at(kNow), report);
  EXPECT_EQ(report.sub, Sub::hash_failure);
  EXPECT_EQ(report.chain.size(), 3u);

  input.certificate = "garbage";
  report = {};
  report.verdict = Verdict::valid;
  judge_signer(input, context_at(kNow), report);
  EXPECT_EQ(report.sub, Sub::no_signing_certificate_found);
}

// --- capacity
// --------------------------------------------------------------------------------------

TEST(Capacity, IsReadFromTheCertificate) {
  using Capacity = SignatureReport::Capacity;
  struct Row {
    const char *name, *organisation, *personal_id, *organisation_id, *policy;
    Capacity expected;
  };
  const Row rows[] = {
      {"UBND tỉnh A", "UBND tỉnh A", "", "", "", Capacity::organisation},
      {"Nguyễn Văn A", "UBND tỉnh A", "", "", "", Capacity::person},
      {"Nguyễn Văn A", "", "CCCD:012345678901", "", "", Capacity::person},
      {"Nguyễn Văn A", "Nguyễn Văn A", "CMND:012345678", "", "", Capacity::person},
      {"Chữ ký số A", "UBND tỉnh A", "MST:0100109106", "", "", Capacity::organisation},
      {"Hệ thống A", "UBND tỉnh A", "", "VATVN-0100109106", "", Capacity::organisation},
      {"SỞ NỘI VỤ", "UBND tỉnh A", "", "", "", Capacity::organisation},
      {"Ủy ban Nhân dân xã B", "UBND huyện C", "", "", "", Capacity::organisation},
      {"Vũ Văn Bộ", "UBND tỉnh A", "", "", "", Capacity::person},
      {"Hệ thống A", "UBND tỉnh A", "", "", "DER:300b3009060704008bec400103",
       Capacity::organisation},
      {"", "UBND tỉnh A", "", "", "", Capacity::unknown},
  };
  for (const Row& row : rows) {
    auto wish = quick(row.name);
    wish.organisation = row.organisation;
    wish.personal_id = row.personal_id;
    wish.organisation_id = row.organisation_id;
    if (*row.policy != 0) wish.extensions = {{"certificatePolicies", row.policy}};
    const auto made = authority().issue(wish);
    ASSERT_TRUE(made) << row.name << row.policy;
    const auto certificate = make_certificate(made->certificates[0]);
    EXPECT_EQ(capacity_of(*certificate, Policy::standard()), row.expected) << row.name;
  }
}

// --- the cache
// ---------------------------------------------------------------------------------------

TEST(ChainCache, ChangesNoVerdict) {
  ChainCache cache(8);
  auto context = context_at(kNow);
  context.cache = &cache;
  const auto good = issue(quick("A")), bad = issue(quick("B"));
  ASSERT_TRUE(authority().revoke(bad.certificates[0], kNow - kDay));
  const base::Bytes first = sign(good), second = sign(bad);
  for (int i = 0; i < 3; ++i) {
    auto input = input_of(first);
    input.crls = lists(kNow);
    EXPECT_EQ(verdict(input, context), kValid);
    input.der = second;
    EXPECT_EQ(verdict(input, context), undetermined(Sub::revoked_no_poe));
    input.der = first;
    input.crls.clear();
    EXPECT_EQ(verdict(input, context), undetermined(Sub::try_later));
  }
  // Other anchors do not profit from what these found.
  const Anchors none;
  const Policy policy = Policy::standard();
  const Context others{.anchors = none, .policy = policy, .now = kNow, .cache = &cache};
  auto input = input_of(first);
  input.crls = lists(kNow);
  EXPECT_EQ(verdict(input, others), undetermined(Sub::no_certificate_chain_found));
  for (int i = 0; i < 20; ++i) certificate_of(issue(quick("C")).certificates[0], &cache);
  EXPECT_LE(cache.impl().certificates.size(), 10u);
}

TEST(ChainCache, ServesManyThreads) {
  ChainCache cache(16);
  auto context = context_at(kNow);
  context.cache = &cache;
  std::vector<base::Bytes> signatures;
  for (int i = 0; i < 4; ++i) signatures.push_back(sign(issue(quick("A")), {.stamped = kNow}));
  const auto crls = lists(kNow);
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        auto input = input_of(signatures[static_cast<std::size_t>((i + t) % 4)]);
        input.crls = crls;
        good += verdict(input, context) == kValid ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 80);
}

}  // namespace
}  // namespace trust
