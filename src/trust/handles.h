// OpenSSL's objects as owning pointers, without its headers: only .cc files see those.
#pragma once
#include <memory>

struct asn1_object_st;
struct asn1_string_st;
struct bignum_st;
struct bio_st;
struct CMS_ContentInfo_st;
struct evp_md_ctx_st;
struct evp_pkey_ctx_st;
struct evp_pkey_st;
struct ocsp_basic_response_st;
struct ocsp_cert_id_st;
struct ocsp_request_st;
struct ocsp_response_st;
struct PKCS12_st;
struct stack_st_X509;
struct TS_msg_imprint_st;
struct TS_req_st;
struct TS_resp_ctx;
struct TS_resp_st;
struct TS_tst_info_st;
struct x509_st;
struct X509_crl_st;
struct X509_extension_st;
struct X509_name_st;
struct X509_req_st;
struct x509_revoked_st;
struct x509_store_ctx_st;
struct x509_store_st;

namespace trust {

struct Free {
  void operator()(asn1_object_st* it) const;
  void operator()(asn1_string_st* it) const;
  void operator()(bignum_st* it) const;
  void operator()(bio_st* it) const;
  void operator()(CMS_ContentInfo_st* it) const;
  void operator()(evp_md_ctx_st* it) const;
  void operator()(evp_pkey_ctx_st* it) const;
  void operator()(evp_pkey_st* it) const;
  void operator()(ocsp_basic_response_st* it) const;
  void operator()(ocsp_cert_id_st* it) const;
  void operator()(ocsp_request_st* it) const;
  void operator()(ocsp_response_st* it) const;
  void operator()(PKCS12_st* it) const;
  void operator()(stack_st_X509* it) const;  // and the certificates in it
  void operator()(TS_msg_imprint_st* it) const;
  void operator()(TS_req_st* it) const;
  void operator()(TS_resp_ctx* it) const;
  void operator()(TS_resp_st* it) const;
  void operator()(TS_tst_info_st* it) const;
  void operator()(x509_st* it) const;
  void operator()(X509_crl_st* it) const;
  void operator()(X509_extension_st* it) const;
  void operator()(X509_name_st* it) const;
  void operator()(X509_req_st* it) const;
  void operator()(x509_revoked_st* it) const;
  void operator()(x509_store_ctx_st* it) const;
  void operator()(x509_store_st* it) const;
};
// Handle<X509>, Handle<BIO>, …: OpenSSL's names are typedefs of these structs.
template <class T>
using Handle = std::unique_ptr<T, Free>;

}  // namespace trust
