// The answers of the demonstration's OCSP responder and timestamp authority.
#include <openssl/bio.h>
#include <openssl/ocsp.h>
#include <openssl/ts.h>
#include <openssl/x509.h>

#include "trust/certificate.h"
#include "trust/demo/issuing.h"

namespace trust::demo {
namespace {

constexpr auto kOcspValidFor = std::chrono::hours(24);
constexpr char kPolicy[] = "1.3.6.1.4.1.99999.1.1";  // of the demonstration

base::Result<base::Bytes> bytes_of(const OCSP_RESPONSE* response) {
  const int size = response != nullptr ? i2d_OCSP_RESPONSE(response, nullptr) : 0;
  if (size <= 0) return broken("an OCSP answer");
  base::Bytes out(static_cast<std::size_t>(size), '\0');
  unsigned char* to = unsigned_of(out);
  i2d_OCSP_RESPONSE(response, &to);
  return out;
}

base::Result<base::Bytes> refuse_ocsp(int status) {
  return bytes_of(Handle<OCSP_RESPONSE>(OCSP_response_create(status, nullptr)).get());
}

bool names(OCSP_CERTID* id, const Identity& issuer) {
  ASN1_OBJECT* digest = nullptr;
  OCSP_id_get0_info(nullptr, &digest, nullptr, nullptr, id);
  const EVP_MD* md = EVP_get_digestbyobj(digest);
  if (md == nullptr) return false;
  Handle<OCSP_CERTID> own(OCSP_cert_id_new(md, X509_get_subject_name(issuer.certificate.get()),
                                           X509_get0_pubkey_bitstr(issuer.certificate.get()),
                                           nullptr));
  return own && OCSP_id_issuer_cmp(own.get(), id) == 0;
}

base::Bytes serial_of(OCSP_CERTID* id) {
  ASN1_INTEGER* serial = nullptr;
  OCSP_id_get0_info(nullptr, nullptr, nullptr, &serial, id);
  const int size = ASN1_STRING_length(serial);
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(serial)),
          static_cast<std::size_t>(size)};
}

bool add_status(OCSP_BASICRESP* to, OCSP_CERTID* id, const Responder& responder, base::Time now) {
  const auto from = asn1_time(now), until = asn1_time(now + kOcspValidFor);
  const base::Bytes serial = serial_of(id);
  for (const Revoked& one : responder.revoked) {
    if (one.serial != serial || one.at > now) continue;
    const auto at = asn1_time(one.at);
    return OCSP_basic_add1_status(to, id, V_OCSP_CERTSTATUS_REVOKED,
                                  OCSP_REVOKED_STATUS_UNSPECIFIED, at.get(), from.get(),
                                  until.get()) != nullptr;
  }
  return OCSP_basic_add1_status(to, id, V_OCSP_CERTSTATUS_GOOD, 0, nullptr, from.get(),
                                until.get()) != nullptr;
}

struct TheTime {
  base::Time now;
};

int give_time(TS_resp_ctx*, void* data, long* seconds, long* micros) {
  const std::int64_t all = base::to_micros(static_cast<TheTime*>(data)->now);
  *seconds = static_cast<long>(all / 1000000);
  *micros = 0;
  return 1;
}

ASN1_INTEGER* give_serial(TS_resp_ctx*, void* data) {
  ASN1_INTEGER* serial = ASN1_INTEGER_new();
  ASN1_INTEGER_set_int64(serial, base::to_micros(static_cast<TheTime*>(data)->now));
  return serial;
}

}  // namespace

base::Result<base::Bytes> answer_ocsp(base::BytesView request,
                                      const std::vector<Responder>& responders, base::Time now) {
  const ErrorQueue errors;
  const unsigned char* at = unsigned_of(request);
  Handle<OCSP_REQUEST> asked(d2i_OCSP_REQUEST(nullptr, &at, static_cast<long>(request.size())));
  if (!asked || OCSP_request_onereq_count(asked.get()) < 1) {
    return refuse_ocsp(OCSP_RESPONSE_STATUS_MALFORMEDREQUEST);
  }
  OCSP_CERTID* first = OCSP_onereq_get0_id(OCSP_request_onereq_get0(asked.get(), 0));
  for (const Responder& responder : responders) {
    if (!names(first, responder.issuer)) continue;
    Handle<OCSP_BASICRESP> basic(OCSP_BASICRESP_new());
    for (int i = 0; i < OCSP_request_onereq_count(asked.get()); ++i) {
      OCSP_CERTID* id = OCSP_onereq_get0_id(OCSP_request_onereq_get0(asked.get(), i));
      if (!add_status(basic.get(), id, responder, now)) return broken("an OCSP answer");
    }
    OCSP_copy_nonce(basic.get(), asked.get());
    // Signing writes the machine's time unless told not to; the demonstration has its own.
    const ASN1_GENERALIZEDTIME* produced = OCSP_resp_get0_produced_at(basic.get());
    if (ASN1_GENERALIZEDTIME_set(const_cast<ASN1_GENERALIZEDTIME*>(produced),
                                 base::to_micros(now) / 1000000) == nullptr ||
        OCSP_basic_sign(basic.get(), responder.signer.certificate.get(), responder.signer.key.get(),
                        EVP_sha256(), nullptr, OCSP_NOTIME) != 1) {
      return broken("an OCSP answer");
    }
    return bytes_of(
        Handle<OCSP_RESPONSE>(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()))
            .get());
  }
  return refuse_ocsp(OCSP_RESPONSE_STATUS_UNAUTHORIZED);
}

base::Result<base::Bytes> answer_timestamp(base::BytesView request, const Identity& tsa,
                                           const std::vector<const Identity*>& authorities,
                                           base::Time now) {
  const ErrorQueue errors;
  Handle<TS_RESP_CTX> context(TS_RESP_CTX_new());
  Handle<ASN1_OBJECT> policy(OBJ_txt2obj(kPolicy, 1));
  Handle<stack_st_X509> chain(sk_X509_new_null());
  for (const Identity* authority : authorities) {
    X509_up_ref(authority->certificate.get());
    sk_X509_push(chain.get(), authority->certificate.get());
  }
  TheTime time{now};
  if (!context || TS_RESP_CTX_set_signer_cert(context.get(), tsa.certificate.get()) != 1 ||
      TS_RESP_CTX_set_signer_key(context.get(), tsa.key.get()) != 1 ||
      TS_RESP_CTX_set_certs(context.get(), chain.get()) != 1 ||
      TS_RESP_CTX_set_def_policy(context.get(), policy.get()) != 1 ||
      TS_RESP_CTX_set_signer_digest(context.get(), EVP_sha256()) != 1 ||
      TS_RESP_CTX_set_ess_cert_id_digest(context.get(), EVP_sha256()) != 1) {
    return broken("a timestamp");
  }
  for (const EVP_MD* digest : {EVP_sha1(), EVP_sha256(), EVP_sha384(), EVP_sha512()}) {
    TS_RESP_CTX_add_md(context.get(), digest);
  }
  TS_RESP_CTX_set_time_cb(context.get(), give_time, &time);
  TS_RESP_CTX_set_serial_cb(context.get(), give_serial, &time);
  Handle<BIO> asked(BIO_new_mem_buf(request.data(), static_cast<int>(request.size())));
  Handle<TS_RESP> response(TS_RESP_create_response(context.get(), asked.get()));
  const int size = response ? i2d_TS_RESP(response.get(), nullptr) : 0;
  if (size <= 0) return broken("a timestamp");
  base::Bytes out(static_cast<std::size_t>(size), '\0');
  unsigned char* to = unsigned_of(out);
  i2d_TS_RESP(response.get(), &to);
  return out;
}

}  // namespace trust::demo
