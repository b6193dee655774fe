// Signatures that are made to cost time and memory: each gets a verdict, never "valid".
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <functional>

#include "trust/judge_file.h"
#include "trust/signing/der.h"
#include "trust/testing/judging.h"
#include "trust/testing/material.h"

namespace trust {
namespace {

namespace der = signing::der;
using base::Bytes;

constexpr std::size_t kMany = 2'000'000;

Bytes many(base::BytesView one) {
  Bytes out;
  out.reserve(kMany * one.size());
  for (std::size_t i = 0; i < kMany; ++i) out += one;
  return out;
}

// [number] with this content.
Bytes tagged(unsigned char number, base::BytesView content) {
  return der::element(static_cast<unsigned char>(0xa0 | number), content);
}

struct Parts {
  // Contents, but the whole of `content`.
  Bytes digests = {}, content = {}, certificates = {}, crls = {}, signers = {};
};
Bytes cms_of(const Parts& parts) {
  const Bytes data =
      parts.content.empty() ? der::sequence({der::oid("1.2.840.113549.1.7.1")}) : parts.content;
  const Bytes signed_data = der::sequence({der::integer(1), der::element(0x31, parts.digests), data,
                                           tagged(0, parts.certificates), tagged(1, parts.crls),
                                           der::element(0x31, parts.signers)});
  return der::sequence({der::oid("1.2.840.113549.1.7.2"), tagged(0, signed_data)});
}

Bytes signer_with(base::BytesView signed_attributes) {
  const Bytes sha256 = der::algorithm("2.16.840.1.101.3.4.2.1", false);
  return der::sequence({der::integer(1), der::sequence({der::sequence({}), der::integer(1)}),
                        sha256, tagged(0, signed_attributes),
                        der::algorithm("1.2.840.113549.1.1.1", true), der::octets("signature")});
}

Bytes nested(base::BytesView opening, std::size_t times) {
  Bytes out;
  for (std::size_t i = 0; i < times; ++i) out += opening;
  return out;
}

std::int64_t peak_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// Not valid, with its reason, soon, and without memory beyond a few times its size.
void expect_refused(const Bytes& cms, const std::string& what) {
  const Policy policy = Policy::standard();
  const Context context{testing::anchors(), policy, nullptr, testing::kNow, 0, {}, nullptr};
  const std::int64_t before = base::monotonic_micros(), memory = peak_kib();
  const auto source = memory_source(cms);
  const DocumentReport report = judge_file(*source, "hostile.p7s", context);
  ASSERT_FALSE(report.signatures.empty()) << what;
  EXPECT_NE(report.verdict(), Verdict::valid) << what;
  for (const SignatureReport& signature : report.signatures) {
    EXPECT_NE(signature.sub, SubIndication::none) << what;
    EXPECT_FALSE(signature.steps.empty()) << what;
  }
  EXPECT_LT(base::monotonic_micros() - before, 5'000'000) << what;
  EXPECT_LT(peak_kib() - memory, 256 << 10) << what;
}

TEST(Hostile, MillionsOfElements) {
  const Bytes empty = der::sequence({}), set = der::set({});
  const Bytes signer = signer_with(set);
  expect_refused(cms_of({.digests = many(empty), .signers = signer}), "digest algorithms");
  expect_refused(cms_of({.certificates = many(empty), .signers = signer}), "certificates");
  expect_refused(cms_of({.certificates = many(set), .signers = signer}), "unknown certificates");
  expect_refused(cms_of({.crls = many(empty), .signers = signer}), "lists");
  expect_refused(cms_of({.crls = many(tagged(1, "")), .signers = signer}), "unknown lists");
  expect_refused(cms_of({.signers = many(empty)}), "signers");
  expect_refused(cms_of({.signers = signer_with(many(empty))}), "attributes");
  const Bytes type = der::oid("1.2.840.113549.1.9.4");
  expect_refused(
      cms_of({.signers = signer_with(der::sequence({type, der::element(0x31, many(empty))}))}),
      "values");
  const Bytes pieces = der::element(0x24, many(der::octets("")));
  expect_refused(
      cms_of({.content = der::sequence({der::oid("1.2.840.113549.1.7.1"), tagged(0, pieces)}),
              .signers = signer}),
      "pieces of the content");
}

TEST(Hostile, NestedWithoutEnd) {
  const Bytes head = der::oid("1.2.840.113549.1.7.2");
  for (const std::string_view opening : {"\x30\x80", "\x24\x80", "\xa0\x80", "\x31\x80"}) {
    expect_refused("\x30\x80" + head + nested(opening, kMany), "nested");
    // Closed again, each of them.
    expect_refused(
        "\x30\x80" + head + nested(opening, kMany) + nested(base::BytesView("\0\0", 2), kMany + 1),
        "nested and closed");
  }
}

TEST(Hostile, LargerThanTheLimit) {
  const Limits limits;
  const Bytes content(static_cast<std::size_t>(limits.cms_bytes), 'x');
  const Bytes cms = cms_of({.content = der::sequence({der::oid("1.2.840.113549.1.7.1"),
                                                      tagged(0, der::octets(content))}),
                            .signers = signer_with("")});
  const Policy policy = Policy::standard();
  const Context context{testing::anchors(), policy, nullptr, testing::kNow, 0, {}, nullptr};
  const DocumentReport report = judge_file(*memory_source(cms), "large.p7s", context);
  EXPECT_TRUE(report.incomplete);
  EXPECT_FALSE(report.remarks.empty());
}

// What a length says and what is there, in every combination that a header can have.
TEST(Hostile, LengthsThatLie) {
  const Bytes good = testing::sign(testing::issue({.name = "A", .organisation = "B"}));
  for (std::size_t at = 0; at < std::min<std::size_t>(good.size(), 400); ++at) {
    for (const int length : {0x00, 0x7f, 0x80, 0x81, 0x84, 0x88, 0xff}) {
      Bytes bent = good;
      bent[at] = static_cast<char>(length);
      CmsInput input;
      input.der = bent;
      input.content = testing::feed_of("another content");
      const Policy policy = Policy::standard();
      const Context context{testing::anchors(), policy, nullptr, testing::kNow, 0, {}, nullptr};
      for (const SignatureReport& report : judge_cms(input, context)) {
        EXPECT_NE(report.verdict, Verdict::valid) << at << " " << length;
      }
    }
  }
}

}  // namespace
}  // namespace trust
