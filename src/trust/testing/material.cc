#include "trust/testing/material.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ts.h>
#include <openssl/x509.h>

#include <algorithm>

#include "base/check.h"
#include "base/hash.h"
#include "trust/certificate.h"
#include "trust/demo/issuing.h"

namespace trust::testing {
namespace {

base::Bytes request_over(const EVP_MD* md, base::BytesView digest) {
  const Handle<TS_REQ> request(TS_REQ_new());
  const Handle<TS_MSG_IMPRINT> imprint(TS_MSG_IMPRINT_new());
  X509_ALGOR* algorithm = X509_ALGOR_new();
  X509_ALGOR_set_md(algorithm, md);
  TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm);
  X509_ALGOR_free(algorithm);
  base::Bytes copy(digest);
  TS_MSG_IMPRINT_set_msg(imprint.get(), unsigned_of(copy), static_cast<int>(copy.size()));
  TS_REQ_set_version(request.get(), 1);
  TS_REQ_set_msg_imprint(request.get(), imprint.get());
  TS_REQ_set_cert_req(request.get(), 1);
  base::Bytes out(static_cast<std::size_t>(i2d_TS_REQ(request.get(), nullptr)), '\0');
  unsigned char* to = unsigned_of(out);
  i2d_TS_REQ(request.get(), &to);
  return out;
}

base::Bytes token_in(const base::Bytes& answer) {
  const unsigned char* at = unsigned_of(base::BytesView(answer));
  const Handle<TS_RESP> response(d2i_TS_RESP(nullptr, &at, static_cast<long>(answer.size())));
  CHECK(response != nullptr);
  PKCS7* token = TS_RESP_get_token(response.get());
  CHECK(token != nullptr);
  base::Bytes out(static_cast<std::size_t>(i2d_PKCS7(token, nullptr)), '\0');
  unsigned char* to = unsigned_of(out);
  i2d_PKCS7(token, &to);
  return out;
}

base::Bytes digest_with(const EVP_MD* md, base::BytesView bytes) {
  base::Bytes out(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), unsigned_of(out), &size, md, nullptr);
  out.resize(size);
  return out;
}

class Stamps : public TimestampClient {
 public:
  Stamps(demo::Authority& authority, base::Time at) : authority_(authority), at_(at) {}
  base::Result<Stamp> stamp(base::BytesView digest, int) override {
    const auto request = request_over(EVP_sha256(), digest);
    const auto answer = TRY(authority_.timestamp(request, at_));
    return Stamp{token_in(answer), at_, "demonstration"};
  }

 private:
  demo::Authority& authority_;
  const base::Time at_;
};

Handle<EVP_PKEY> key_of(const demo::Credential& credential) {
  const Handle<BIO> in(
      BIO_new_mem_buf(credential.key_pem.data(), static_cast<int>(credential.key_pem.size())));
  return Handle<EVP_PKEY>(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
}

}  // namespace

std::unique_ptr<TimestampClient> stamps_at(demo::Authority& authority, base::Time at) {
  return std::make_unique<Stamps>(authority, at);
}

base::Bytes token_over(demo::Authority& authority, base::BytesView bytes, base::Time at,
                       const std::string& digest) {
  const EVP_MD* md = EVP_get_digestbyname(digest.c_str());
  return token_in(authority.timestamp(request_over(md, digest_with(md, bytes)), at).value());
}

base::Bytes token_by(const demo::Credential& tsa, base::BytesView bytes, base::Time at) {
  const demo::Identity identity{key_of(tsa), read_certificate(tsa.certificates.at(0))};
  const auto request = request_over(EVP_sha256(), base::sha256(bytes));
  return token_in(demo::answer_timestamp(request, identity, {}, at).value());
}

base::Bytes openssl_cms(base::BytesView content, const OpensslWish& wish) {
  const ErrorQueue errors;
  unsigned flags = CMS_BINARY | CMS_PARTIAL;
  if (wish.detached) flags |= CMS_DETACHED;
  const Handle<CMS_ContentInfo> cms(CMS_sign(nullptr, nullptr, nullptr, nullptr, flags));
  for (const demo::Credential* signer : wish.signers) {
    const auto key = key_of(*signer);
    const auto certificate = read_certificate(signer->certificates.at(0));
    unsigned own = flags | CMS_NOSMIMECAP;
    if (!wish.attributes) own |= CMS_NOATTR;
    if (wish.ess) own |= CMS_CADES;
    if (wish.key_id) own |= CMS_USE_KEYID;
    if (!wish.certificates) own |= CMS_NOCERTS;
    if (wish.pss) own |= CMS_KEY_PARAM;
    CMS_SignerInfo* info = CMS_add1_signer(cms.get(), certificate.get(), key.get(),
                                           EVP_get_digestbyname(wish.digest.c_str()), own);
    CHECK(info != nullptr);
    if (wish.pss)
      EVP_PKEY_CTX_set_rsa_padding(CMS_SignerInfo_get0_pkey_ctx(info), RSA_PKCS1_PSS_PADDING);
    if (wish.signed_at) {
      const auto at = asn1_time(*wish.signed_at);
      CMS_signed_add1_attr_by_NID(info, NID_pkcs9_signingTime, ASN1_STRING_type(at.get()), at.get(),
                                  -1);
    }
    for (std::size_t i = 1; wish.certificates && i < signer->certificates.size(); ++i) {
      CMS_add1_cert(cms.get(), read_certificate(signer->certificates[i]).get());
    }
  }
  const Handle<BIO> in(BIO_new_mem_buf(content.data(), static_cast<int>(content.size())));
  CHECK(CMS_final(cms.get(), in.get(), nullptr, CMS_BINARY) == 1);
  const Handle<BIO> out(BIO_new(BIO_s_mem()));
  if (wish.indefinite) {
    CHECK(i2d_CMS_bio_stream(out.get(), cms.get(), nullptr, 0) == 1);
  } else {
    CHECK(i2d_CMS_bio(out.get(), cms.get()) == 1);
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

Feed feed_of(base::BytesView content) {
  return [content](
             const std::function<base::Result<void>(base::BytesView)>& to) -> base::Result<void> {
    constexpr std::size_t kPiece = 1000;
    for (std::size_t at = 0; at < content.size(); at += kPiece) TRY(to(content.substr(at, kPiece)));
    return base::done();
  };
}

}  // namespace trust::testing
