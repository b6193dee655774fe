#include "trust/revocation_answer.h"

#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "base/hash.h"
#include "trust/asn1.h"
#include "trust/remembered.h"

namespace trust {
namespace {

constexpr std::size_t kWholeKeyMax = 2048;  // shorter answers are their own key, for speed
constexpr long kHold = 6;                   // certificateHold, RFC 5280 §5.3.1

std::string key_of(char kind, base::BytesView der, const Certificate& of,
                   const Certificate& issuer) {
  std::string key;
  key.reserve(65 + std::min(der.size(), kWholeKeyMax));
  key += kind;
  key += of.summary.sha256;
  key += issuer.summary.sha256;
  const bool whole = der.size() <= kWholeKeyMax;
  key += whole ? 'w' : 'h';
  if (whole) {
    key += der;
  } else {
    key += base::sha256(der);
  }
  return key;
}

template <class Read>
std::optional<RevocationAnswer> remembered(char kind, base::BytesView der, const Certificate& of,
                                           const Certificate& issuer, ChainCache* cache,
                                           const Read& read) {
  if (cache == nullptr) return read();
  const std::string key = key_of(kind, der, of, issuer);
  if (auto known = cache->impl().answers.find(key)) return *known;
  auto answer = read();
  cache->impl().answers.keep(key, answer);
  return answer;
}

bool uses_md5(int signature_nid) {
  int digest = NID_undef;
  return OBJ_find_sigid_algs(signature_nid, &digest, nullptr) == 1 && digest == NID_md5;
}

// --- CRL -----------------------------------------------------------------------------------------

// Whether a list with this issuingDistributionPoint has the last word on the certificate.
bool speaks_for(const ISSUING_DIST_POINT* point, const Certificate& of) {
  if (point == nullptr) return true;
  if (point->onlyattr > 0 || point->indirectCRL > 0 || point->onlysomereasons != nullptr ||
      (point->onlyuser > 0 && of.authority) || (point->onlyCA > 0 && !of.authority)) {
    return false;
  }
  if (point->distpoint == nullptr) return true;
  if (point->distpoint->type != 0) return false;
  const GENERAL_NAMES* names = point->distpoint->name.fullname;
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    int type = 0;
    const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, i), &type);
    if (type != GEN_URI) continue;
    const auto* text = static_cast<const ASN1_STRING*>(value);
    const std::string_view url(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                               static_cast<std::size_t>(ASN1_STRING_length(text)));
    if (std::find(of.crl_urls.begin(), of.crl_urls.end(), url) != of.crl_urls.end()) return true;
  }
  return false;
}

bool understood(const X509_CRL* crl, const Certificate& of) {
  for (int i = 0; i < X509_CRL_get_ext_count(crl); ++i) {
    X509_EXTENSION* extension = X509_CRL_get_ext(crl, i);
    const int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
    if (nid == NID_delta_crl) return false;
    if (X509_EXTENSION_get_critical(extension) != 0 && nid != NID_issuing_distribution_point &&
        nid != NID_authority_key_identifier && nid != NID_crl_number) {
      return false;
    }
  }
  int critical = 0;
  auto* point = static_cast<ISSUING_DIST_POINT*>(
      X509_CRL_get_ext_d2i(crl, NID_issuing_distribution_point, &critical, nullptr));
  const bool good = (point != nullptr || critical == -1) && speaks_for(point, of);
  ISSUING_DIST_POINT_free(point);
  return good;
}

std::optional<base::Time> expired_since(const X509_CRL* crl) {
  const Handle<ASN1_OBJECT> type(OBJ_txt2obj("2.5.29.60", 1));  // expiredCertsOnCRL
  const int at = X509_CRL_get_ext_by_OBJ(crl, type.get(), -1);
  if (at < 0) return std::nullopt;
  const ASN1_OCTET_STRING* value = X509_EXTENSION_get_data(X509_CRL_get_ext(crl, at));
  const auto element = asn1::first({reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                                    static_cast<std::size_t>(ASN1_STRING_length(value))},
                                   asn1::kGeneralizedTime);
  return element ? asn1::time(*element) : std::nullopt;
}

bool on_hold(const X509_REVOKED* entry) {
  auto* reason = static_cast<ASN1_ENUMERATED*>(
      X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nullptr, nullptr));
  const bool hold = reason != nullptr && ASN1_ENUMERATED_get(reason) == kHold;
  ASN1_ENUMERATED_free(reason);
  return hold;
}

std::optional<RevocationAnswer> crl_answer(base::BytesView der, const Certificate& of,
                                           const Certificate& issuer) {
  const ErrorQueue errors;
  const unsigned char* at = unsigned_of(der);
  Handle<X509_CRL> crl(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
  if (!crl || at != unsigned_of(der) + der.size() || issuer.key == nullptr ||
      !issuer.may_sign_crls) {
    return std::nullopt;
  }
  if (X509_NAME_cmp(X509_CRL_get_issuer(crl.get()), X509_get_issuer_name(of.x509.get())) != 0 ||
      uses_md5(X509_CRL_get_signature_nid(crl.get())) || !understood(crl.get(), of) ||
      X509_CRL_verify(crl.get(), issuer.key) != 1) {
    return std::nullopt;
  }
  const auto this_update = time_of(X509_CRL_get0_lastUpdate(crl.get()));
  if (!this_update) return std::nullopt;
  RevocationAnswer out;
  out.this_update = *this_update;
  out.next_update = time_of(X509_CRL_get0_nextUpdate(crl.get()));
  out.keeps_expired_since = expired_since(crl.get());
  X509_REVOKED* entry = nullptr;
  if (X509_CRL_get0_by_cert(crl.get(), &entry, of.x509.get()) == 1) {
    out.standing = on_hold(entry) ? Standing::on_hold : Standing::revoked;
    out.revoked_at = time_of(X509_REVOKED_get0_revocationDate(entry)).value_or(base::Time{});
  }
  return out;
}

// --- OCSP ----------------------------------------------------------------------------------------

Handle<OCSP_BASICRESP> basic_of(base::BytesView der) {
  const unsigned char* at = unsigned_of(der);
  Handle<OCSP_RESPONSE> response(d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(der.size())));
  if (response) {
    if (OCSP_response_status(response.get()) != OCSP_RESPONSE_STATUS_SUCCESSFUL) return nullptr;
    return Handle<OCSP_BASICRESP>(OCSP_response_get1_basic(response.get()));
  }
  at = unsigned_of(der);  // CAdES keeps the inner structure alone
  return Handle<OCSP_BASICRESP>(d2i_OCSP_BASICRESP(nullptr, &at, static_cast<long>(der.size())));
}

const OCSP_SINGLERESP* single_for(OCSP_BASICRESP* basic, const Certificate& of,
                                  const Certificate& issuer) {
  for (int i = 0; i < OCSP_resp_count(basic); ++i) {
    OCSP_SINGLERESP* one = OCSP_resp_get0(basic, i);
    auto* id = const_cast<OCSP_CERTID*>(OCSP_SINGLERESP_get0_id(one));
    ASN1_OBJECT* digest = nullptr;
    OCSP_id_get0_info(nullptr, &digest, nullptr, nullptr, id);
    const EVP_MD* md = EVP_get_digestbyobj(digest);
    if (md == nullptr) continue;
    const Handle<OCSP_CERTID> own(OCSP_cert_to_id(md, of.x509.get(), issuer.x509.get()));
    if (own && OCSP_id_cmp(own.get(), id) == 0) return one;
  }
  return nullptr;
}

// Signed by the issuer, or by one whom the issuer appointed for this (RFC 6960 §4.2.2.2).
bool signed_by_right_one(OCSP_BASICRESP* basic, const Certificate& issuer, base::Time produced) {
  Handle<stack_st_X509> candidates(sk_X509_new_null());
  X509_up_ref(issuer.x509.get());
  sk_X509_push(candidates.get(), issuer.x509.get());
  if (OCSP_basic_verify(basic, candidates.get(), nullptr, OCSP_NOVERIFY) != 1) return false;
  X509* signer = nullptr;
  if (OCSP_resp_get0_signer(basic, &signer, candidates.get()) != 1 || signer == nullptr) {
    return false;
  }
  if (X509_cmp(signer, issuer.x509.get()) == 0) return true;
  const auto delegate = make_certificate(der_of(signer));
  return delegate && delegate->for_ocsp && delegate->issuer == issuer.subject &&
         delegate->may_sign && X509_verify(signer, issuer.key) == 1 &&
         produced >= delegate->summary.not_before && produced <= delegate->summary.not_after;
}

std::optional<base::Time> archive_cutoff(OCSP_SINGLERESP* single) {
  auto* time = static_cast<ASN1_GENERALIZEDTIME*>(
      OCSP_SINGLERESP_get1_ext_d2i(single, NID_id_pkix_OCSP_archiveCutoff, nullptr, nullptr));
  const Handle<ASN1_GENERALIZEDTIME> held(time);
  return time_of(time);
}

std::optional<RevocationAnswer> ocsp_answer(base::BytesView der, const Certificate& of,
                                            const Certificate& issuer) {
  const ErrorQueue errors;
  const auto basic = basic_of(der);
  if (!basic || issuer.key == nullptr) return std::nullopt;
  const X509_ALGOR* algorithm = OCSP_resp_get0_tbs_sigalg(basic.get());
  const ASN1_OBJECT* type = nullptr;
  X509_ALGOR_get0(&type, nullptr, nullptr, algorithm);
  auto* single = const_cast<OCSP_SINGLERESP*>(single_for(basic.get(), of, issuer));
  const auto produced = time_of(OCSP_resp_get0_produced_at(basic.get()));
  if (uses_md5(OBJ_obj2nid(type)) || single == nullptr || !produced ||
      !signed_by_right_one(basic.get(), issuer, *produced)) {
    return std::nullopt;
  }
  ASN1_GENERALIZEDTIME *revoked = nullptr, *from = nullptr, *until = nullptr;
  int reason = 0;
  const int status = OCSP_single_get0_status(single, &reason, &revoked, &from, &until);
  const auto this_update = time_of(from);
  if (!this_update || (status != V_OCSP_CERTSTATUS_GOOD && status != V_OCSP_CERTSTATUS_REVOKED)) {
    return std::nullopt;
  }
  RevocationAnswer out;
  out.from_ocsp = true;
  out.this_update = *this_update;
  out.next_update = time_of(until);
  out.keeps_expired_since = archive_cutoff(single);
  if (status == V_OCSP_CERTSTATUS_REVOKED) {
    out.standing = reason == kHold ? Standing::on_hold : Standing::revoked;
    out.revoked_at = time_of(revoked).value_or(base::Time{});
  }
  return out;
}

}  // namespace

std::optional<RevocationAnswer> read_crl(base::BytesView der, const Certificate& of,
                                         const Certificate& issuer, ChainCache* cache) {
  return remembered('c', der, of, issuer, cache, [&] { return crl_answer(der, of, issuer); });
}

std::optional<RevocationAnswer> read_ocsp(base::BytesView der, const Certificate& of,
                                          const Certificate& issuer, ChainCache* cache) {
  return remembered('o', der, of, issuer, cache, [&] { return ocsp_answer(der, of, issuer); });
}

std::optional<base::Time> next_update_of_crl(base::BytesView der) {
  const auto list = asn1::first(der, asn1::kSequence);
  const auto inner = list ? asn1::first(list->content, asn1::kSequence) : std::nullopt;
  if (!inner) return std::nullopt;
  asn1::Reader in(inner->content);
  in.next(asn1::kInteger);  // version
  if (!in.next(asn1::kSequence) || !in.next(asn1::kSequence) || !in.next()) return std::nullopt;
  const auto next = in.next();
  return next ? asn1::time(*next) : std::nullopt;
}

std::optional<base::Time> next_update_of_ocsp(base::BytesView der) {
  const ErrorQueue errors;
  const auto basic = basic_of(der);
  OCSP_SINGLERESP* single = basic ? OCSP_resp_get0(basic.get(), 0) : nullptr;
  ASN1_GENERALIZEDTIME* next = nullptr;
  if (single == nullptr) return std::nullopt;
  OCSP_single_get0_status(single, nullptr, nullptr, nullptr, &next);
  return time_of(next);
}

base::Bytes ocsp_request(const Certificate& of, const Certificate& issuer) {
  const ErrorQueue errors;
  const Handle<OCSP_REQUEST> request(OCSP_REQUEST_new());
  // SHA-1 names the certificate here and protects nothing; many responders know no other.
  Handle<OCSP_CERTID> id(OCSP_cert_to_id(EVP_sha1(), of.x509.get(), issuer.x509.get()));
  if (!request || !id || OCSP_request_add0_id(request.get(), id.get()) == nullptr) return {};
  static_cast<void>(id.release());  // the request's now
  const int size = i2d_OCSP_REQUEST(request.get(), nullptr);
  base::Bytes out(static_cast<std::size_t>(std::max(size, 0)), '\0');
  unsigned char* to = unsigned_of(out);
  i2d_OCSP_REQUEST(request.get(), &to);
  return out;
}

}  // namespace trust
