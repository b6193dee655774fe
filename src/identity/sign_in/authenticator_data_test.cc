#include "identity/sign_in/authenticator_data.h"

#include <gtest/gtest.h>

#include <string>

namespace identity {
namespace {

base::Bytes bytes(std::initializer_list<int> values) {
  base::Bytes out;
  for (const int value : values) out.push_back(static_cast<char>(value));
  return out;
}

TEST(Cbor, TheLengthOfOneItem) {
  EXPECT_EQ(cbor_item_bytes(bytes({0x00})), 1u);
  EXPECT_EQ(cbor_item_bytes(bytes({0x18, 0x20, 0xff})), 2u);
  EXPECT_EQ(cbor_item_bytes(bytes({0x43, 1, 2, 3, 4})), 4u);
  EXPECT_EQ(cbor_item_bytes(bytes({0x82, 0x01, 0x41, 0x02})), 4u);
  EXPECT_EQ(cbor_item_bytes(bytes({0xa1, 0x61, 'a', 0xf5})), 4u);
}

TEST(Cbor, WhatIsNotWholeHasNone) {
  EXPECT_EQ(cbor_item_bytes(""), 0u);
  EXPECT_EQ(cbor_item_bytes(bytes({0x43, 1, 2})), 0u);
  EXPECT_EQ(cbor_item_bytes(bytes({0x19, 0x01})), 0u);
  EXPECT_EQ(cbor_item_bytes(bytes({0x82, 0x01})), 0u);
  EXPECT_EQ(cbor_item_bytes(bytes({0x5f, 0x41, 1, 0xff})), 0u);  // no definite length
  EXPECT_EQ(cbor_item_bytes(bytes({0xc0, 0x00})), 0u);           // a tag
  EXPECT_EQ(cbor_item_bytes(bytes({0x1c})), 0u);                 // reserved
  const base::Bytes huge = bytes({0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00});
  EXPECT_EQ(cbor_item_bytes(huge), 0u);
  EXPECT_EQ(cbor_item_bytes(bytes({0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00})),
            0u);
  EXPECT_EQ(cbor_item_bytes(base::Bytes(100000, '\x81')), 0u);  // too deep
}

TEST(AuthenticatorData, EveryCutIsRefused) {
  const base::Bytes whole = base::Bytes(32, 'h') + bytes({0xc5, 0, 0, 1, 2}) +
                            base::Bytes(16, 'a') + bytes({0, 3}) + "key" +
                            bytes({0xa1, 0x01, 0x02}) + bytes({0xa0});
  const auto data = parse_authenticator_data(whole);
  ASSERT_TRUE(data.ok());
  EXPECT_EQ(data->counter, 258u);
  EXPECT_EQ(data->credential_id, "key");
  EXPECT_TRUE(data->user_present && data->user_verified && data->attested);
  EXPECT_FALSE(data->backup_eligible || data->backed_up);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(parse_authenticator_data(whole.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(parse_authenticator_data(whole + "x").ok());
}

TEST(AttestationObject, TheStatementSaysItsAlgorithm) {
  const base::Bytes signature = "\x63sig\x41s", name =
                                                    "\x63"
                                                    "alg";
  EXPECT_EQ(statement_algorithm("\xa2" + name + "\x26" + signature), -7);
  EXPECT_EQ(statement_algorithm("\xa2" + signature + name + bytes({0x39, 0x01, 0x00})), -257);
  EXPECT_EQ(statement_algorithm("\xa1" + signature), std::nullopt);
  EXPECT_EQ(statement_algorithm("\xa1" + name), std::nullopt);
  EXPECT_EQ(statement_algorithm("\xa1" + name + "\x61x"), std::nullopt);
  EXPECT_EQ(statement_algorithm(""), std::nullopt);
}

TEST(AttestationObject, IsAMapOfThree) {
  const auto text = [](const std::string& value) {
    return static_cast<char>(0x60 + value.size()) + value;
  };
  const base::Bytes format = text("fmt") + text("none"), statement = text("attStmt") + "\xa0",
                    data = text("authData") + bytes({0x41, 'd'});
  const auto object = parse_attestation_object("\xa3" + statement + data + format);
  ASSERT_TRUE(object.ok());
  EXPECT_EQ(object->format, "none");
  EXPECT_EQ(object->statement, "\xa0");
  EXPECT_EQ(object->authenticator_data, "d");
  for (const base::Bytes& bad :
       {"\xa3" + format + format + data, "\xa3" + format + statement, "\xa2" + format + statement,
        "\xa3" + format + statement + data + "x", base::Bytes(), base::Bytes("\xa3"),
        "\xa3" + format + statement + text("other") + "\xa0"}) {
    EXPECT_FALSE(parse_attestation_object(bad).ok());
  }
}

}  // namespace
}  // namespace identity
