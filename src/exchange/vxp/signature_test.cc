#include "exchange/vxp/signature.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "exchange/testing/vxp_server.h"

namespace exchange::vxp {
namespace {

using testing::kSecret;

http::Headers headers_of(const std::string& json, std::string_view secret = kSecret,
                         const std::string& system = "00.99.W00") {
  http::Headers headers;
  headers.add("XroadVnpt-systemid", system);
  headers.add("XroadVnpt-sign-header", json);
  headers.add("XroadVnpt-hash-header", testing::sign(secret, json));
  return headers;
}

TEST(Signature, TheWorkedExampleOfTheSdk) {
  const std::string json =
      R"({"XroadVnpt-systemid":"00.53.W00",)"
        R"("XroadVnpt-timestamp":"22112026T015906+0134","XroadVnpt-Content-Type":"application/json"})";
  http::Headers headers;
  headers.add("XroadVnpt-systemid", "00.53.W00");
  headers.add("XroadVnpt-sign-header-key", "systemid;timestamp;Content-Type");
  headers.add("XroadVnpt-sign-header", json);
  headers.add("XroadVnpt-hash-header",
              "59d9ba3230ff49648221df0236f8bfa979752be616df3533572315fbaea41de0");
  const auto parameters = verified_parameters(headers, kSecret);
  ASSERT_TRUE(parameters);
  EXPECT_EQ((*parameters)["timestamp"], "22112026T015906+0134");
  EXPECT_EQ((*parameters)["Content-Type"], "application/json");
}

TEST(Signature, OurOwnClientSignsAsTheSdkDoes) {
  Parameters parameters;
  parameters.add("systemid", "00.53.W00");
  parameters.add("timestamp", "22112026T015906+0134");
  parameters.add("Content-Type", "application/json");
  const http::Headers headers = signed_headers(parameters, kSecret);
  EXPECT_EQ(headers["XroadVnpt-hash-header"],
            "59d9ba3230ff49648221df0236f8bfa979752be616df3533572315fbaea41de0");
  EXPECT_EQ(headers["XroadVnpt-sign-header-key"], "systemid;timestamp;Content-Type");
  EXPECT_TRUE(verified_parameters(headers, kSecret));
}

TEST(Signature, UpperCaseHexAndSpacesAroundItAreAccepted) {
  http::Headers headers = headers_of(R"({"XroadVnpt-systemid":"00.99.W00"})");
  std::string upper(headers["XroadVnpt-hash-header"]);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  headers.set("XroadVnpt-hash-header", " " + upper + " ");
  EXPECT_TRUE(verified_parameters(headers, kSecret));
}

TEST(Signature, AnythingWrongIsRefusedWithTheSameReason) {
  const std::string good = R"({"XroadVnpt-systemid":"00.99.W00","XroadVnpt-docId":"1"})";
  ASSERT_TRUE(verified_parameters(headers_of(good), kSecret));
  std::vector<http::Headers> wrong;
  wrong.push_back(headers_of(good, "another secret"));
  wrong.push_back(headers_of(good, kSecret, "00.98.W00"));  // looked up under another system
  for (const char* json : {"", "[]", "\"text\"", "{", "null", "{}", R"({"docId":"1"})",
                           R"({"xroadvnpt-systemid":"00.99.W00"})",
                           R"({"XroadVnpt-systemid":"00.99.W00","other":"1"})",
                           R"({"XroadVnpt-SystemId":"00.99.W00"})"}) {
    wrong.push_back(headers_of(json));
  }
  wrong.push_back(headers_of(good));
  wrong.back().set("XroadVnpt-sign-header", good + " ");
  wrong.push_back(headers_of(good));
  wrong.back().set("XroadVnpt-hash-header", "");
  wrong.push_back(headers_of(good));
  wrong.back().set("XroadVnpt-hash-header", std::string(64, '0'));
  wrong.push_back(headers_of(good));
  wrong.back().add("XroadVnpt-sign-header-key", "docId;systemid");
  wrong.push_back(headers_of(good));
  wrong.back().add("XroadVnpt-sign-header-key", "systemid");
  wrong.emplace_back();
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    const auto refused = verified_parameters(wrong[i], kSecret);
    ASSERT_FALSE(refused) << i;
    EXPECT_EQ(refused.error().reason(), "vxp.signature");
  }
}

TEST(Signature, UnsignedHeadersAreNoParameters) {
  http::Headers headers =
      headers_of(R"({"XroadVnpt-systemid":"00.99.W00","XroadVnpt-docId":"signed"})");
  headers.add("XroadVnpt-docId", "unsigned");
  headers.add("XroadVnpt-status", "done");
  const auto parameters = verified_parameters(headers, kSecret);
  ASSERT_TRUE(parameters);
  EXPECT_EQ((*parameters)["docId"], "signed");
  EXPECT_FALSE(parameters->has("status"));
}

TEST(Signature, NamesKeepTheirCase) {
  const auto parameters = verified_parameters(
      headers_of(
          R"({"XroadVnpt-systemid":"00.99.W00","XroadVnpt-docid":"a","XroadVnpt-docId":"b"})"),
      kSecret);
  ASSERT_TRUE(parameters);
  EXPECT_EQ((*parameters)["docid"], "a");
  EXPECT_EQ((*parameters)["docId"], "b");
  EXPECT_FALSE(parameters->has("DOCID"));
}

// A null hid the other spelling of the same parameter behind the text "null".
TEST(Signature, AJsonNullIsAsIfItWereNotThere) {
  http::Headers headers = headers_of(
      R"({"XroadVnpt-systemid":"00.99.W00","XroadVnpt-docId":null,"XroadVnpt-docid":"a"})");
  headers.add("XroadVnpt-sign-header-key", "systemid;docId;docid");
  const auto parameters = verified_parameters(headers, kSecret);
  ASSERT_TRUE(parameters);
  EXPECT_FALSE(parameters->has("docId"));
  EXPECT_EQ((*parameters)["docid"], "a");
}

TEST(Signature, ValuesThatAreNotTextBecomeTheirJsonText) {
  const auto parameters = verified_parameters(
      headers_of(
          R"({"XroadVnpt-systemid":"00.99.W00","XroadVnpt-to":["A","B"],"XroadVnpt-n":12,"XroadVnpt-b":true})"),
      kSecret);
  ASSERT_TRUE(parameters);
  EXPECT_EQ((*parameters)["to"], R"(["A","B"])");
  EXPECT_EQ((*parameters)["n"], "12");
  EXPECT_EQ((*parameters)["b"], "true");
}

TEST(Signature, EscapedQuotesAndRawVietnameseVerify) {
  const std::string json =
      "{\"XroadVnpt-systemid\":\"00.99.W00\",\"XroadVnpt-to\":\"[\\\"A\\\",\\\"B\\\"]\","
      "\"XroadVnpt-description\":\"Đã nhận <&>\"}";
  const auto parameters = verified_parameters(headers_of(json), kSecret);
  ASSERT_TRUE(parameters);
  EXPECT_EQ((*parameters)["to"], "[\"A\",\"B\"]");
  EXPECT_EQ((*parameters)["description"], "Đã nhận <&>");
}

TEST(Signature, TimestampIsLocalTimeWithMilliseconds) {
  // 2026-11-22T02:24:38.353Z is 09:24:38 in Viet Nam.
  EXPECT_EQ(timestamp_text(base::from_micros(1'795'314'278'353'000)), "22112026T092438+0353");
  EXPECT_EQ(timestamp_text(base::from_micros(1'795'314'278'007'999)), "22112026T092438+0007");
}

TEST(Signature, HashesCountInPaddedAndUnpaddedForm) {
  const base::Bytes digest = *base::from_hex("0a00ff10" + std::string(56, 'a'));
  EXPECT_EQ(unpadded_hex(digest), "a0ff10" + std::string(56, 'a'));
  EXPECT_TRUE(hash_matches("a0ff10" + std::string(56, 'a'), digest));
  EXPECT_TRUE(hash_matches("0a00ff10" + std::string(56, 'a'), digest));
  EXPECT_TRUE(hash_matches(" 0A00FF10" + std::string(56, 'A') + " ", digest));
  EXPECT_FALSE(hash_matches("", digest));
  EXPECT_FALSE(hash_matches("a0ff10", digest));
  EXPECT_FALSE(hash_matches("0a0ff10" + std::string(56, 'a'), digest));
}

}  // namespace
}  // namespace exchange::vxp
