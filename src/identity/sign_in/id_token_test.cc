#include <gtest/gtest.h>

#include "base/hash.h"
#include "identity/sign_in/encoding.h"
#include "identity/sign_in/oidc.h"
#include "identity/sign_in/signature.h"
#include "identity/sign_in/testing/token_signer.h"

namespace identity {
namespace {

using testing::TokenSigner;

constexpr std::int64_t kNow = 1'795'000'000;

class IdToken : public ::testing::Test {
 protected:
  IdToken() {
    key_ = signer_.jwk().add("kid", "1");
    header_.add("alg", "ES256").add("kid", "1");
    claims_.add("iss", "https://id.example")
        .add("aud", "truc")
        .add("sub", "an")
        .add("nonce", "n")
        .add("iat", kNow)
        .add("exp", kNow + 300);
  }
  // The claims with one of them replaced; null: left out.
  base::Json with(const std::string& name, base::Json value) const {
    return replaced(claims_, name, std::move(value));
  }
  static base::Json replaced(const base::Json& object, const std::string& name, base::Json value) {
    base::Json out;
    for (const auto& [key, kept] : object.object()) {
      if (key != name) out.add(key, kept);
    }
    if (!value.is_null()) out.add(name, std::move(value));
    return out;
  }
  std::string judge(const std::string& token) {
    const IdTokenExpectation expected{"https://id.example", "truc", "n",
                                      base::from_micros(kNow * 1'000'000)};
    const auto subject =
        check_id_token(token, expected, [&](std::string_view kid) -> base::Result<base::Json> {
          if (kid == "1" || kid.empty()) return key_;
          return base::Error(base::Code::unauthenticated, "identity.oidc_token_refused", "kid");
        });
    return subject ? "sub " + *subject : std::string(subject.error().reason());
  }
  std::string judge(const base::Json& claims) { return judge(signer_.sign(header_, claims)); }

  TokenSigner signer_{"ES256"};
  base::Json key_, header_, claims_;
  const std::string kRefused = "identity.oidc_token_refused";
};

TEST_F(IdToken, EachAlgorithmOfOurs) {
  for (const char* algorithm : {"RS256", "PS256", "ES256", "EdDSA"}) {
    const TokenSigner signer(algorithm);
    key_ = signer.jwk();
    const std::string token = signer.sign(base::Json().add("alg", algorithm), claims_);
    EXPECT_EQ(judge(token), "sub an") << algorithm;
    std::string altered = token;
    char& last = altered[altered.size() - 8];
    last = last == 'A' ? 'B' : 'A';
    EXPECT_EQ(judge(altered), kRefused) << algorithm;
    key_ = TokenSigner(algorithm).jwk();
    EXPECT_EQ(judge(token), kRefused) << algorithm;
  }
}

TEST_F(IdToken, NoneAndSecretsAreNoSignatures) {
  const std::string claims = base64url(claims_.dump());
  for (const char* algorithm : {"none", "None", "", "HS256", "HS512", "RS1", "ES384"}) {
    const std::string header = base64url(base::Json().add("alg", algorithm).add("kid", "1").dump());
    const std::string bytes = header + "." + claims;
    EXPECT_EQ(judge(bytes + "."), kRefused) << algorithm;
    // The public key, which everyone has, as the secret.
    const base::Bytes mac = base::hmac_sha256(key_.dump(), bytes);
    EXPECT_EQ(judge(bytes + "." + base64url(mac)), kRefused) << algorithm;
  }
}

TEST_F(IdToken, AKeyIsUsedForItsOwnAlgorithmOnly) {
  const TokenSigner rsa("RS256");
  key_ = rsa.jwk().add("kid", "1");
  EXPECT_EQ(judge(signer_.sign(header_, claims_)), "identity.oidc_key_unusable");
  key_ = signer_.jwk().add("alg", "RS256");
  EXPECT_EQ(judge(claims_), kRefused);
  key_ = signer_.jwk().add("use", "enc");
  EXPECT_EQ(judge(claims_), kRefused);
  const TokenSigner weak("RS256", 1024);
  key_ = weak.jwk();
  EXPECT_EQ(judge(weak.sign(base::Json().add("alg", "RS256"), claims_)),
            "identity.oidc_key_unusable");
}

TEST_F(IdToken, WhereTheHeaderSaysTheKeyIsDoesNotMatter) {
  const TokenSigner forger("ES256");
  base::Json header = header_;
  header.add("jku", "https://evil.example/jwks").add("x5u", "https://evil.example/x5u");
  header.add("jwk", forger.jwk());
  EXPECT_EQ(judge(forger.sign(header, claims_)), kRefused);
  EXPECT_EQ(judge(signer_.sign(header, claims_)), "sub an");
  EXPECT_EQ(judge(signer_.sign(replaced(header_, "kid", "2"), claims_)), kRefused);
  EXPECT_EQ(judge(signer_.sign(replaced(header_, "kid", ""), claims_)), kRefused);
  EXPECT_EQ(judge(signer_.sign(base::Json(header_).add("crit", base::Json::Array{"x"}), claims_)),
            kRefused);
}

TEST_F(IdToken, TheClaimsMustBeForUsAndNow) {
  EXPECT_EQ(judge(claims_), "sub an");
  const std::pair<const char*, base::Json> wrong[] = {
      {"iss", "https://id.example/"},
      {"iss", nullptr},
      {"aud", "other"},
      {"aud", base::Json::Array{"other"}},
      {"aud", base::Json::Array{"truc", "other"}},  // without azp
      {"aud", nullptr},
      {"azp", "other"},
      {"nonce", "m"},
      {"nonce", nullptr},
      {"sub", ""},
      {"sub", std::string(256, 'x')},
      {"exp", kNow - 60},
      {"exp", nullptr},
      {"exp", "9999999999"},
      {"exp", -1},
      {"exp", 1e300},
      {"iat", kNow + 61},
      {"iat", kNow - 601},
      {"iat", nullptr},
      {"nbf", kNow + 61},
  };
  for (const auto& [name, value] : wrong) {
    EXPECT_EQ(judge(with(name, value)), kRefused) << name << " " << value.dump();
  }
  const std::pair<const char*, base::Json> right[] = {
      {"exp", kNow - 59}, {"iat", kNow + 60}, {"iat", kNow - 600},
      {"nbf", kNow + 60}, {"azp", "truc"},    {"aud", base::Json::Array{"truc"}},
  };
  for (const auto& [name, value] : right) {
    EXPECT_EQ(judge(with(name, value)), "sub an") << name << " " << value.dump();
  }
  EXPECT_EQ(judge(replaced(with("aud", base::Json::Array{"truc", "other"}), "azp", "truc")),
            "sub an");
}

TEST_F(IdToken, WhatTwoProgramsCouldReadDifferentlyIsRefused) {
  EXPECT_EQ(judge(base::Json(claims_).add("sub", "binh")), kRefused);
  EXPECT_EQ(judge(signer_.sign(base::Json(header_).add("alg", "ES256"), claims_)), kRefused);
  const std::string token = signer_.sign(header_, claims_);
  EXPECT_EQ(judge(token + "."), kRefused);
  EXPECT_EQ(judge(token + "="), kRefused);
  EXPECT_EQ(judge(" " + token), kRefused);
  EXPECT_EQ(judge(token.substr(0, token.rfind('.'))), kRefused);
  EXPECT_EQ(judge(std::string(20000, 'a')), kRefused);
  EXPECT_EQ(judge(std::string()), kRefused);
}

// RFC 7515 A.3 and RFC 8037 A.4.
TEST(Jws, TheExamplesOfTheStandards) {
  base::Json ec, ed;
  ec.add("kty", "EC")
      .add("crv", "P-256")
      .add("x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")
      .add("y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
  const auto ec_signature = from_base64url(
      "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
  EXPECT_TRUE(check_jws("ES256", ec,
                        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0"
                        "dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
                        *ec_signature)
                  .ok());
  ed.add("kty", "OKP")
      .add("crv", "Ed25519")
      .add("x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
  const auto ed_signature = from_base64url(
      "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
  EXPECT_TRUE(check_jws("EdDSA", ed, "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
                        *ed_signature)
                  .ok());
  EXPECT_FALSE(check_jws("EdDSA", ed, "x", *ed_signature).ok());
}

}  // namespace
}  // namespace identity
