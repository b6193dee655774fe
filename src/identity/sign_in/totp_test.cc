#include "identity/sign_in/totp.h"

#include <gtest/gtest.h>

#include "identity/sign_in/encoding.h"
#include "identity/sign_in/url_text.h"

namespace identity {
namespace {

const base::Bytes kSecret = "12345678901234567890";

base::Time at(std::int64_t seconds) { return base::from_micros(seconds * 1'000'000); }

TEST(Totp, TheVectorsOfRfc6238) {
  const std::pair<std::int64_t, const char*> vectors[] = {
      {59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
      {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
  for (const auto& [seconds, code] : vectors) {
    EXPECT_EQ(totp_code(kSecret, totp_step(at(seconds)), 8), code);
  }
}

TEST(Totp, OneStepEitherWayAndNoneTwice) {
  const std::int64_t step = totp_step(at(1234567890));
  for (const std::int64_t off : {-1, 0, 1}) {
    EXPECT_EQ(totp_match(kSecret, totp_code(kSecret, step + off), at(1234567890), 0), step + off);
  }
  EXPECT_FALSE(totp_match(kSecret, totp_code(kSecret, step + 2), at(1234567890), 0));
  EXPECT_FALSE(totp_match(kSecret, totp_code(kSecret, step - 2), at(1234567890), 0));
  EXPECT_FALSE(totp_match(kSecret, totp_code(kSecret, step), at(1234567890), step));
  EXPECT_FALSE(totp_match(kSecret, "", at(1234567890), 0));
}

TEST(Totp, TheUriEscapesNames) {
  EXPECT_EQ(totp_uri("12345", "Trúc", "an nv"),
            "otpauth://totp/Tr%C3%BAc:an%20nv?secret=GEZDGNBV&issuer=Tr%C3%BAc&algorithm=SHA1&"
            "digits=6&period=30");
}

TEST(Encoding, Base64urlIsStrict) {
  EXPECT_EQ(base64url("\xff\xfe\xfd"), "__79");
  EXPECT_EQ(from_base64url("__79"), "\xff\xfe\xfd");
  EXPECT_EQ(from_base64url(""), "");
  for (const char* bad : {"__7", "_", "__79=", "//79", "__7 9", "ab\n"}) {
    EXPECT_FALSE(from_base64url(bad)) << bad;
  }
  EXPECT_FALSE(from_base64url("QR"));  // spare bits set
}

TEST(Encoding, TypedCodesForgive) {
  EXPECT_EQ(typed_code("0123456789"), "GAYT-EMZU-GU3D-OOBZ");
  EXPECT_EQ(normalised_typed(" gayt-emzu gu3d00bz "), "GAYTEMZUGU3DOOBZ");
}

TEST(UrlText, AValueIsThereOnceOrNotAtAll) {
  EXPECT_EQ(query_value("code=a%2Fb&state=x+y", "code"), "a/b");
  EXPECT_EQ(query_value("code=a%2Fb&state=x+y", "state"), "x y");
  EXPECT_FALSE(query_value("code=a&code=b", "code"));
  EXPECT_FALSE(query_value("code=%zz", "code"));
  EXPECT_FALSE(query_value("code=%2", "code"));
  EXPECT_FALSE(query_value("", "code"));
}

}  // namespace
}  // namespace identity
