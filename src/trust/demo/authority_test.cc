#include "trust/demo/authority.h"

#include <gtest/gtest.h>
#include <openssl/ocsp.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "trust/certificate.h"

namespace trust::demo {
namespace {

const base::Time kNow = *base::parse_vietnam_time("2026/11/22 09:30:00");

class AuthorityTest : public testing::Test {
 protected:
  // Made once: keys take time.
  static void SetUpTestSuite() {
    authority_ = Authority::create({"http://127.0.0.1:1/pki", 2048, kNow}).value();
  }
  static void TearDownTestSuite() { authority_.reset(); }

  // "ok" or OpenSSL's word for what is wrong.
  static std::string verify(const Credential& credential, int purpose, base::Time at) {
    Handle<X509_STORE> store(X509_STORE_new());
    X509_STORE_add_cert(store.get(), read_certificate(authority_->root()).get());
    Handle<stack_st_X509> others(sk_X509_new_null());
    for (const base::Bytes& der : credential.certificates) {
      sk_X509_push(others.get(), read_certificate(der).release());
    }
    const auto own = read_certificate(credential.certificates.at(0));
    Handle<X509_STORE_CTX> context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store.get(), own.get(), others.get());
    X509_STORE_CTX_set_time(context.get(), 0, base::to_micros(at) / 1000000);
    X509_STORE_CTX_set_purpose(context.get(), purpose);
    X509_verify_cert(context.get());
    return X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
  }

  static base::Bytes ocsp_request(const Credential& of) {
    Handle<OCSP_REQUEST> request(OCSP_REQUEST_new());
    OCSP_request_add0_id(request.get(),
                         OCSP_cert_to_id(EVP_sha1(), read_certificate(of.certificates[0]).get(),
                                         read_certificate(of.certificates[1]).get()));
    base::Bytes out(static_cast<std::size_t>(i2d_OCSP_REQUEST(request.get(), nullptr)), '\0');
    unsigned char* to = unsigned_of(out);
    i2d_OCSP_REQUEST(request.get(), &to);
    return out;
  }

  // The status in an answer whose signature holds; -1 otherwise.
  static int status_of(const base::Bytes& answer, const Credential& of) {
    const unsigned char* at = unsigned_of(base::BytesView(answer));
    Handle<OCSP_RESPONSE> response(
        d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(answer.size())));
    Handle<OCSP_BASICRESP> basic(OCSP_response_get1_basic(response.get()));
    Handle<X509_STORE> store(X509_STORE_new());
    X509_STORE_add_cert(store.get(), read_certificate(authority_->root()).get());
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store.get()), base::to_micros(kNow) / 1000000);
    Handle<stack_st_X509> others(sk_X509_new_null());
    sk_X509_push(others.get(), read_certificate(authority_->issuing()).release());
    if (!basic || OCSP_basic_verify(basic.get(), others.get(), store.get(), 0) != 1) return -1;
    Handle<OCSP_CERTID> id(OCSP_cert_to_id(EVP_sha1(), read_certificate(of.certificates[0]).get(),
                                           read_certificate(of.certificates[1]).get()));
    int status = -1, reason = 0;
    OCSP_resp_find_status(basic.get(), id.get(), &status, &reason, nullptr, nullptr, nullptr);
    return status;
  }

  static inline std::unique_ptr<Authority> authority_;
};

TEST_F(AuthorityTest, IssuesCertificatesThatLeadToItsRoot) {
  for (const auto& [algorithm, bits] : {std::pair{KeyAlgorithm::rsa, 2048},
                                        {KeyAlgorithm::ecdsa_p256, 256},
                                        {KeyAlgorithm::ecdsa_p384, 384},
                                        {KeyAlgorithm::ed25519, 256}}) {
    Wish wish{.name = "Nguyễn Văn A", .organisation = "UBND tỉnh A"};
    wish.algorithm = algorithm;
    wish.bits = bits;
    const auto made = authority_->issue(wish).value();
    EXPECT_EQ(verify(made, X509_PURPOSE_ANY, kNow), "ok");
    const auto key = key_from_pem(made.pem(), "").value();
    EXPECT_EQ(key->algorithm(), algorithm);
    const auto summary = summary_of(read_certificate(made.certificates[0]).get());
    EXPECT_EQ(summary.name, "Nguyễn Văn A");
    EXPECT_NE(summary.subject.find("TRÌNH DIỄN / DEMONSTRATION"), std::string::npos);
    EXPECT_NE(summary.issuer.find("TRÌNH DIỄN / DEMONSTRATION"), std::string::npos);
  }
}

TEST_F(AuthorityTest, IssuesWhatIsWished) {
  Wish wish{.name = "A", .organisation = "A"};
  wish.not_before = kNow - std::chrono::hours(48);
  wish.not_after = kNow - std::chrono::hours(24);
  EXPECT_EQ(verify(authority_->issue(wish).value(), X509_PURPOSE_ANY, kNow),
            "certificate has expired");
  wish.not_after.reset();
  wish.authority = true;
  wish.name = "Sub";
  const auto sub = authority_->issue(wish).value();
  Wish leaf{.name = "B", .organisation = "B"};
  leaf.issuer = &sub;
  EXPECT_EQ(verify(authority_->issue(leaf).value(), X509_PURPOSE_ANY, kNow), "ok");
  const auto not_ca = authority_->issue(leaf).value();
  leaf.issuer = &not_ca;
  EXPECT_NE(verify(authority_->issue(leaf).value(), X509_PURPOSE_ANY, kNow), "ok");
}

TEST_F(AuthorityTest, ListsWhatItRevoked) {
  const auto good = authority_->issue({.name = "A", .organisation = "A"}).value();
  const auto bad = authority_->issue({.name = "B", .organisation = "B"}).value();
  ASSERT_TRUE(authority_->revoke(bad.certificates[0], kNow));
  EXPECT_FALSE(authority_->revoke("no certificate", kNow));
  const auto crl_at = [&](base::Time at) {
    const auto der = authority_->crl(at).value();
    const unsigned char* p = unsigned_of(base::BytesView(der));
    return Handle<X509_CRL>(d2i_X509_CRL(nullptr, &p, static_cast<long>(der.size())));
  };
  const auto crl = crl_at(kNow);
  ASSERT_TRUE(crl);
  const auto issuing = read_certificate(authority_->issuing());
  EXPECT_EQ(X509_CRL_verify(crl.get(), X509_get0_pubkey(issuing.get())), 1);
  X509_REVOKED* entry = nullptr;
  EXPECT_EQ(X509_CRL_get0_by_cert(crl.get(), &entry, read_certificate(bad.certificates[0]).get()),
            1);
  EXPECT_EQ(time_of(X509_REVOKED_get0_revocationDate(entry)), kNow);
  EXPECT_EQ(X509_CRL_get0_by_cert(crl.get(), &entry, read_certificate(good.certificates[0]).get()),
            0);
  const auto before = crl_at(kNow - std::chrono::seconds(1));
  EXPECT_EQ(
      X509_CRL_get0_by_cert(before.get(), &entry, read_certificate(bad.certificates[0]).get()), 0);
}

TEST_F(AuthorityTest, AnswersOcspRequests) {
  const auto good = authority_->issue({.name = "A", .organisation = "A"}).value();
  const auto bad = authority_->issue({.name = "B", .organisation = "B"}).value();
  ASSERT_TRUE(authority_->revoke(bad.certificates[0], kNow));
  EXPECT_EQ(status_of(authority_->ocsp(ocsp_request(good), kNow).value(), good),
            V_OCSP_CERTSTATUS_GOOD);
  EXPECT_EQ(status_of(authority_->ocsp(ocsp_request(bad), kNow).value(), bad),
            V_OCSP_CERTSTATUS_REVOKED);
  Credential ca;
  ca.certificates = {authority_->issuing(), authority_->root()};
  EXPECT_EQ(status_of(authority_->ocsp(ocsp_request(ca), kNow).value(), ca),
            V_OCSP_CERTSTATUS_GOOD);
  EXPECT_TRUE(authority_->ocsp("garbage", kNow));
}

TEST_F(AuthorityTest, StampsTheTimeItIsGiven) {
  Handle<TS_REQ> request(TS_REQ_new());
  Handle<TS_MSG_IMPRINT> imprint(TS_MSG_IMPRINT_new());
  X509_ALGOR* algorithm = X509_ALGOR_new();
  X509_ALGOR_set_md(algorithm, EVP_sha256());
  TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm);
  X509_ALGOR_free(algorithm);
  base::Bytes digest = base::sha256("content");
  TS_MSG_IMPRINT_set_msg(imprint.get(), unsigned_of(digest), 32);
  TS_REQ_set_version(request.get(), 1);
  TS_REQ_set_msg_imprint(request.get(), imprint.get());
  TS_REQ_set_cert_req(request.get(), 1);
  base::Bytes der(static_cast<std::size_t>(i2d_TS_REQ(request.get(), nullptr)), '\0');
  unsigned char* to = unsigned_of(der);
  i2d_TS_REQ(request.get(), &to);
  const auto answer = authority_->timestamp(der, kNow).value();
  const unsigned char* at = unsigned_of(base::BytesView(answer));
  Handle<TS_RESP> response(d2i_TS_RESP(nullptr, &at, static_cast<long>(answer.size())));
  ASSERT_TRUE(response);
  TS_TST_INFO* info = TS_RESP_get_tst_info(response.get());
  ASSERT_NE(info, nullptr);
  EXPECT_EQ(time_of(TS_TST_INFO_get_time(info)), kNow);
}

TEST_F(AuthorityTest, IsTheSameAfterARestart) {
  const std::string directory = testing::TempDir() + "demo-" + std::to_string(::getpid());
  const auto bad = authority_->issue({.name = "B", .organisation = "B"}).value();
  ASSERT_TRUE(authority_->revoke(bad.certificates[0], kNow));
  ASSERT_TRUE(authority_->save(directory));
  const auto again = Authority::open(directory).value();
  EXPECT_EQ(again->root(), authority_->root());
  EXPECT_EQ(status_of(again->ocsp(ocsp_request(bad), kNow).value(), bad),
            V_OCSP_CERTSTATUS_REVOKED);
  EXPECT_EQ(
      verify(again->issue({.name = "C", .organisation = "C"}).value(), X509_PURPOSE_ANY, kNow),
      "ok");
  EXPECT_FALSE(Authority::open(directory + "-absent"));
}

TEST_F(AuthorityTest, CertifiesRequests) {
  Handle<EVP_PKEY> key(EVP_EC_gen("P-256"));
  Handle<X509_REQ> request(X509_REQ_new());
  X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(request.get()), "CN", MBSTRING_UTF8,
                             unsigned_of(base::BytesView("Sở Nội vụ")), -1, -1, 0);
  X509_REQ_set_pubkey(request.get(), key.get());
  X509_REQ_sign(request.get(), key.get(), EVP_sha256());
  base::Bytes der(static_cast<std::size_t>(i2d_X509_REQ(request.get(), nullptr)), '\0');
  unsigned char* to = unsigned_of(der);
  i2d_X509_REQ(request.get(), &to);
  const auto certificate = authority_->certify(der, {.organisation = "Sở Nội vụ"}).value();
  EXPECT_EQ(summary_of(read_certificate(certificate).get()).name, "Sở Nội vụ");
  der[der.size() - 1] = static_cast<char>(der[der.size() - 1] ^ 1);
  EXPECT_EQ(authority_->certify(der, {}).error().reason(), "trust.request_malformed");
}

}  // namespace
}  // namespace trust::demo
