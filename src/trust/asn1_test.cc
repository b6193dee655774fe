#include "trust/asn1.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "trust/algorithms.h"
#include "trust/signed_data.h"

namespace trust {
namespace {

base::Bytes bytes(std::string_view hex) { return *base::from_hex(hex); }

TEST(Asn1, ReadsElements) {
  const auto der = bytes("300602010504010a");
  asn1::Reader outside(der);
  const auto sequence = outside.next(asn1::kSequence);
  ASSERT_TRUE(sequence);
  EXPECT_TRUE(outside.at_end());
  asn1::Reader in(sequence->content);
  EXPECT_FALSE(in.next(asn1::kOctetString));  // another one comes first
  EXPECT_EQ(asn1::integer(in.next(asn1::kInteger)->content), 5);
  EXPECT_EQ(in.next(asn1::kOctetString)->content, "\n");
  EXPECT_FALSE(in.next());
  EXPECT_FALSE(in.failed());
}

TEST(Asn1, ReadsIndefiniteLengths) {
  const auto ber = bytes("3080240c0402414204020000040243440000ff");
  asn1::Reader outside(ber);
  const auto sequence = outside.next();
  ASSERT_TRUE(sequence);
  EXPECT_EQ(outside.rest(), "\xff");
  const auto octets = asn1::octets(*asn1::Reader(sequence->content).next());
  EXPECT_EQ(octets, std::string("AB\0\0CD", 6));
}

TEST(Asn1, RefusesWhatIsMalformed) {
  for (const char* hex : {"30", "3002", "300201", "3084ffffffff", "30890100000000000000000000",
                          "1f8101", "0480", "3080", "30800000ff00", "3f"}) {
    const auto der = bytes(hex);
    asn1::Reader reader(der);
    const auto element = reader.next();
    EXPECT_EQ(!element, reader.failed()) << hex;
    EXPECT_TRUE(!element || hex == std::string("30800000ff00")) << hex;
  }
  base::Bytes deep;
  for (int i = 0; i < 100000; ++i) deep += "\x30\x80";
  asn1::Reader reader(deep);
  EXPECT_FALSE(reader.next());
}

TEST(Asn1, ReadsObjectIdentifiers) {
  EXPECT_EQ(asn1::oid_text(bytes("2a864886f70d010702")), "1.2.840.113549.1.7.2");
  EXPECT_EQ(asn1::oid_text(bytes("04008bec400103")), "0.4.0.194112.1.3");
  EXPECT_EQ(asn1::oid_text(bytes("883703")), "2.999.3");
  EXPECT_EQ(asn1::oid_text(""), "");
  EXPECT_EQ(asn1::oid_text("\x81"), "");
  EXPECT_EQ(asn1::oid_text(base::Bytes(20, '\xff')), "");
}

TEST(Asn1, ReadsTimes) {
  const auto time = [](unsigned char tag, std::string_view text) {
    return asn1::time({tag, text, {}});
  };
  const auto expected = *base::parse_vietnam_time("2026/11/22 09:30:00");
  EXPECT_EQ(time(asn1::kUtcTime, "261122023000Z"), expected);
  EXPECT_EQ(time(asn1::kGeneralizedTime, "20261122023000Z"), expected);
  EXPECT_EQ(time(asn1::kGeneralizedTime, "20261122023000.25Z"),
            expected + std::chrono::milliseconds(250));
  EXPECT_EQ(time(asn1::kUtcTime, "991231235959Z"),
            *base::parse_vietnam_time("2000/01/01 06:59:59"));
  for (const char* bad : {"20261122023000", "20261322023000Z", "20260230000000Z", "2026",
                          "20261122253000Z", "20261122023000+0700", "20261122023000.Zx"}) {
    EXPECT_FALSE(time(asn1::kGeneralizedTime, bad)) << bad;
  }
}

TEST(Algorithms, KnowsThemByTheirIdentifiers) {
  const auto read = [](std::string_view hex) {
    const auto der = bytes(hex);
    asn1::Reader in(der);
    return signature_algorithm(*asn1::algorithm(in));
  };
  using Kind = SignatureAlgorithm::Kind;
  EXPECT_EQ(read("300d06092a864886f70d01010b0500").kind, Kind::rsa_pkcs1);
  EXPECT_EQ(read("300d06092a864886f70d01010b0500").digest, "SHA-256");
  EXPECT_EQ(read("300506032b6570").kind, Kind::eddsa);
  EXPECT_EQ(read("300906072a8648ce380403").kind, Kind::dsa);
  EXPECT_EQ(read("300406022a03").kind, Kind::unknown);
  // RSA-PSS: SHA-256, MGF1 with SHA-256, salt of 32 bytes; then with a salt beyond reason.
  const std::string pss =
      "06092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d0101083"
      "00d06096086480165030402010500a203020120";
  const auto known = read("3041" + pss);
  EXPECT_EQ(known.kind, Kind::rsa_pss);
  EXPECT_EQ(known.digest, "SHA-256");
  EXPECT_EQ(known.mask_digest, "SHA-256");
  EXPECT_EQ(known.salt, 32);
  EXPECT_EQ(read("3041" + pss.substr(0, pss.size() - 2) + "ff").kind, Kind::unknown);
  EXPECT_EQ(read("300b06092a864886f70d01010a").kind, Kind::unknown);
}

}  // namespace
}  // namespace trust
