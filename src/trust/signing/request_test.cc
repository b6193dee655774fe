#include "trust/signing/request.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/time.h"
#include "trust/certificate.h"
#include "trust/demo/authority.h"

namespace trust::signing {
namespace {

TEST(Request, IsOneThatOpensslAndTheAuthorityTake) {
  const auto authority = demo::Authority::create({"", 2048, base::SystemClock().now()}).value();
  for (const auto algorithm : {KeyAlgorithm::rsa, KeyAlgorithm::ecdsa_p256,
                               KeyAlgorithm::ecdsa_p384, KeyAlgorithm::ed25519}) {
    const base::Bytes pem = create_key_pem(algorithm, 2048, "").value();
    const auto key = key_from_pem(pem, "").value();
    ASSERT_TRUE(check_key(*key).ok());
    const Subject subject{.province = "Hà Nội",
                          .organisation = "Ủy ban nhân dân tỉnh A",
                          .name = "Ủy ban nhân dân tỉnh A",
                          .id = "MST:0100109106",
                          .email = "vanthu@tinh-a.example"};
    const base::Bytes request = certificate_request(*key, subject).value();
    const Handle<BIO> in(BIO_new_mem_buf(request.data(), static_cast<int>(request.size())));
    const Handle<X509_REQ> read(PEM_read_bio_X509_REQ(in.get(), nullptr, nullptr, nullptr));
    ASSERT_TRUE(read);
    EXPECT_EQ(X509_REQ_verify(read.get(), X509_REQ_get0_pubkey(read.get())), 1);
    EXPECT_EQ(name_part(X509_REQ_get_subject_name(read.get()), NID_commonName), subject.name);
    STACK_OF(X509_EXTENSION)* wanted = X509_REQ_get_extensions(read.get());
    EXPECT_EQ(sk_X509_EXTENSION_num(wanted), 2);
    sk_X509_EXTENSION_pop_free(wanted, X509_EXTENSION_free);

    const base::Bytes certificate =
        authority->certify(request, {.name = subject.name, .organisation = subject.name}).value();
    const Handle<X509> parsed = read_certificate(certificate);
    ASSERT_TRUE(parsed);
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(X509_get0_pubkey(parsed.get()), &der);
    EXPECT_EQ(base::Bytes(reinterpret_cast<char*>(der), static_cast<std::size_t>(size)),
              key->public_key().value());
    OPENSSL_free(der);
  }
}

TEST(Request, KeysUnderAPasswordAndWrongSubjects) {
  const base::Bytes pem = create_key_pem(KeyAlgorithm::ecdsa_p256, 0, "mật khẩu").value();
  EXPECT_NE(pem.find("ENCRYPTED"), std::string::npos);
  EXPECT_FALSE(key_from_pem(pem, "khác").ok());
  const auto key = key_from_pem(pem, "mật khẩu").value();
  EXPECT_EQ(create_key_pem(KeyAlgorithm::rsa, 1024, "").error().reason(), "trust.key_malformed");
  for (const Subject& wrong :
       {Subject{}, Subject{.country = "VNM", .name = "A"}, Subject{.name = std::string(65, 'a')},
        Subject{.name = "a\nb"}, Subject{.name = "A", .email = "ă@b"}}) {
    EXPECT_EQ(certificate_request(*key, wrong).error().reason(), "trust.subject_malformed");
  }
}

}  // namespace
}  // namespace trust::signing
