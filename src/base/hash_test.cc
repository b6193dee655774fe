#include "base/hash.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace base {
namespace {

// FIPS 180-4 and NIST's examples.
TEST(Sha256, KnownDigests) {
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex(sha256(Bytes(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PiecesGiveTheSameDigest) {
  SeededRandom random(1);
  const Bytes bytes = random.bytes(5000);
  Sha256 sum;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t part = std::min<std::size_t>(1 + random.below(200), bytes.size() - at);
    sum.update(BytesView(bytes).substr(at, part));
    at += part;
  }
  EXPECT_EQ(sum.finish(), sha256(bytes));
}

TEST(Sha256, ACopyGoesItsOwnWay) {
  Sha256 sum;
  sum.update("ab");
  Sha256 copy(sum);
  sum.update("c");
  copy.update("d");
  EXPECT_EQ(sum.finish(), sha256("abc"));
  EXPECT_EQ(copy.finish(), sha256("abd"));
}

// RFC 4231 §4.2–4.8.
TEST(HmacSha256, Rfc4231) {
  EXPECT_EQ(hex(hmac_sha256(Bytes(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha256(Bytes(20, '\xaa'), Bytes(50, '\xdd'))),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(hex(hmac_sha256(*from_hex("0102030405060708090a0b0c0d0e0f10111213141516171819"),
                            Bytes(50, '\xcd'))),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
  EXPECT_EQ(hex(hmac_sha256(Bytes(20, '\x0c'), "Test With Truncation")).substr(0, 32),
            "a3b6167473100ee06e0c796c2955552b");
  EXPECT_EQ(hex(hmac_sha256(Bytes(131, '\xaa'),
                            "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(
      hex(hmac_sha256(
          Bytes(131, '\xaa'),
          "This is a test using a larger than block-size key and a larger than block-size data. "
          "The key needs to be hashed before being used by the HMAC algorithm.")),
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST(EqualConstantTime, ComparesContents) {
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_TRUE(equal_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_constant_time("abc", "abcd"));
}

TEST(Crc32, KnownValuesInOneAndInPieces) {
  EXPECT_EQ(crc32(0, "123456789"), 0xcbf43926u);
  EXPECT_EQ(crc32(crc32(0, "1234"), "56789"), 0xcbf43926u);
  EXPECT_EQ(crc32(0, ""), 0u);
}

TEST(Crc32, NothingChangesNothing) { EXPECT_EQ(crc32(0xcbf43926u, BytesView()), 0xcbf43926u); }

TEST(Hex, RoundTripsAndRefuses) {
  EXPECT_EQ(hex(BytesView("\x00\x7f\xff", 3)), "007fff");
  EXPECT_EQ(*from_hex("007fFF"), Bytes("\x00\x7f\xff", 3));
  EXPECT_EQ(*from_hex(""), "");
  for (const char* text : {"0", "0g", "zz", " 00", "0x00"}) EXPECT_FALSE(from_hex(text)) << text;
}

// RFC 4648 §10.
TEST(Base64, Rfc4648) {
  const std::pair<const char*, const char*> kVectors[] = {{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : kVectors) {
    EXPECT_EQ(base64(plain), text);
    ASSERT_TRUE(from_base64(text)) << text;
    EXPECT_EQ(*from_base64(text), plain);
  }
}

TEST(Base64, EveryByteRoundTrips) {
  Bytes all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  for (std::size_t size = 0; size <= all.size(); ++size) {
    const BytesView part = BytesView(all).substr(0, size);
    EXPECT_EQ(*from_base64(base64(part)), part);
  }
}

TEST(Base64, SkipsWhiteSpace) { EXPECT_EQ(*from_base64(" Zm9v\r\n\tYmFy "), "foobar"); }

TEST(Base64, RefusesWhatIsMalformed) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zm8", "=", "==", "====", "Z===", "Zg==Zg==", "Zm9v=",
                           "Zm9v==", "Z-8=", "Z_8=", "Zm9v!", "Zg=a", "\xc3\xa1"}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
}

class Sealing : public ::testing::Test {
 protected:
  const Bytes key_ = SeededRandom(1).bytes(32);
  const Bytes nonce_ = SeededRandom(2).bytes(12);
};

TEST_F(Sealing, OpensWhatItSealed) {
  for (const Bytes& plain : {Bytes(), Bytes("secret"), SeededRandom(3).bytes(5000)}) {
    const Bytes sealed = seal(key_, "00.53.W00", plain, nonce_);
    EXPECT_EQ(sealed.size(), plain.size() + 28);
    ASSERT_TRUE(unseal(key_, "00.53.W00", sealed));
    EXPECT_EQ(*unseal(key_, "00.53.W00", sealed), plain);
  }
}

TEST_F(Sealing, HidesThePlainText) {
  EXPECT_EQ(seal(key_, "x", "secret-secret", nonce_).find("secret"), Bytes::npos);
}

TEST_F(Sealing, AnotherKeyOrContextDoesNotOpenIt) {
  const Bytes sealed = seal(key_, "00.53.W00", "secret", nonce_);
  EXPECT_FALSE(unseal(SeededRandom(9).bytes(32), "00.53.W00", sealed));
  EXPECT_FALSE(unseal(key_, "00.54.W00", sealed));
  EXPECT_FALSE(unseal(key_.substr(1), "00.53.W00", sealed));
}

TEST_F(Sealing, EveryChangedBitIsNoticed) {
  const Bytes sealed = seal(key_, "x", "secret", nonce_);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      Bytes changed = sealed;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      EXPECT_FALSE(unseal(key_, "x", changed));
    }
  }
  for (std::size_t size = 0; size < sealed.size(); ++size)
    EXPECT_FALSE(unseal(key_, "x", sealed.substr(0, size)));
}

}  // namespace
}  // namespace base
