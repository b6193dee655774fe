#include "trust/handles.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/pkcs12.h>
#include <openssl/ts.h>
#include <openssl/x509.h>

namespace trust {

void Free::operator()(asn1_object_st* it) const { ASN1_OBJECT_free(it); }
void Free::operator()(asn1_string_st* it) const { ASN1_STRING_free(it); }
void Free::operator()(bignum_st* it) const { BN_free(it); }
void Free::operator()(bio_st* it) const { BIO_free_all(it); }
void Free::operator()(CMS_ContentInfo_st* it) const { CMS_ContentInfo_free(it); }
void Free::operator()(evp_md_ctx_st* it) const { EVP_MD_CTX_free(it); }
void Free::operator()(evp_pkey_ctx_st* it) const { EVP_PKEY_CTX_free(it); }
void Free::operator()(evp_pkey_st* it) const { EVP_PKEY_free(it); }
void Free::operator()(ocsp_basic_response_st* it) const { OCSP_BASICRESP_free(it); }
void Free::operator()(ocsp_cert_id_st* it) const { OCSP_CERTID_free(it); }
void Free::operator()(ocsp_request_st* it) const { OCSP_REQUEST_free(it); }
void Free::operator()(ocsp_response_st* it) const { OCSP_RESPONSE_free(it); }
void Free::operator()(PKCS12_st* it) const { PKCS12_free(it); }
void Free::operator()(stack_st_X509* it) const { sk_X509_pop_free(it, X509_free); }
void Free::operator()(TS_msg_imprint_st* it) const { TS_MSG_IMPRINT_free(it); }
void Free::operator()(TS_req_st* it) const { TS_REQ_free(it); }
void Free::operator()(TS_resp_ctx* it) const { TS_RESP_CTX_free(it); }
void Free::operator()(TS_resp_st* it) const { TS_RESP_free(it); }
void Free::operator()(TS_tst_info_st* it) const { TS_TST_INFO_free(it); }
void Free::operator()(x509_st* it) const { X509_free(it); }
void Free::operator()(X509_crl_st* it) const { X509_CRL_free(it); }
void Free::operator()(X509_extension_st* it) const { X509_EXTENSION_free(it); }
void Free::operator()(X509_name_st* it) const { X509_NAME_free(it); }
void Free::operator()(X509_req_st* it) const { X509_REQ_free(it); }
void Free::operator()(x509_revoked_st* it) const { X509_REVOKED_free(it); }
void Free::operator()(x509_store_ctx_st* it) const { X509_STORE_CTX_free(it); }
void Free::operator()(x509_store_st* it) const { X509_STORE_free(it); }

}  // namespace trust
