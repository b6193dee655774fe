#include "trust/signing/validation_data.h"

#include <openssl/cms.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <deque>
#include <set>
#include <string>

#include "trust/certificate.h"

namespace trust::signing {
namespace {

constexpr std::size_t kCertificatesMax = 64;
constexpr std::size_t kCmsMax = 8u << 20;

void add(std::vector<base::Bytes>& to, const base::Bytes& der) {
  if (std::find(to.begin(), to.end(), der) == to.end()) to.push_back(der);
}

base::Error incomplete(const X509* certificate) {
  const std::string issuer = name_text(X509_get_issuer_name(certificate));
  return {base::Code::invalid, "trust.chain_incomplete",
          "The certificate of the authority \"" + issuer + "\" is missing; add it.",
          "Thiếu chứng thư số của tổ chức cấp \"" + issuer + "\"; hãy bổ sung."};
}

base::Error revoked(const X509* certificate) {
  const std::string name = name_text(X509_get_subject_name(certificate));
  return {base::Code::forbidden, "trust.certificate_revoked",
          "The certificate \"" + name + "\" has been revoked.",
          "Chứng thư số \"" + name + "\" đã bị thu hồi."};
}

base::Error unavailable(const X509* certificate, const std::string& why) {
  const std::string name = name_text(X509_get_subject_name(certificate));
  return {base::Code::unavailable, "trust.revocation_unavailable",
          "Whether the certificate \"" + name + "\" is revoked cannot be learnt now: " + why,
          "Chưa kiểm tra được chứng thư số \"" + name + "\" có bị thu hồi không."};
}

bool issued(X509* issuer, X509* subject) {
  return X509_check_issued(issuer, subject) == X509_V_OK &&
         X509_verify(subject, X509_get0_pubkey(issuer)) == 1;
}

std::vector<std::string> ocsp_urls(X509* certificate) {
  std::vector<std::string> out;
  STACK_OF(OPENSSL_STRING)* urls = X509_get1_ocsp(certificate);
  for (int i = 0; i < sk_OPENSSL_STRING_num(urls); ++i) {
    out.emplace_back(sk_OPENSSL_STRING_value(urls, i));
  }
  X509_email_free(urls);
  return out;
}

std::vector<std::string> crl_urls(const X509* certificate) {
  std::vector<std::string> out;
  auto* points = static_cast<CRL_DIST_POINTS*>(
      X509_get_ext_d2i(certificate, NID_crl_distribution_points, nullptr, nullptr));
  for (int i = 0; i < sk_DIST_POINT_num(points); ++i) {
    const DIST_POINT* point = sk_DIST_POINT_value(points, i);
    if (point->distpoint == nullptr || point->distpoint->type != 0) continue;
    const GENERAL_NAMES* names = point->distpoint->name.fullname;
    for (int k = 0; k < sk_GENERAL_NAME_num(names); ++k) {
      const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, k);
      if (name->type != GEN_URI) continue;
      const ASN1_IA5STRING* uri = name->d.uniformResourceIdentifier;
      out.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                       static_cast<std::size_t>(ASN1_STRING_length(uri)));
    }
  }
  CRL_DIST_POINTS_free(points);
  return out;
}

enum class Word : unsigned char { good, revoked, useless };

class Gathering {
 public:
  Gathering(RevocationSource& revocation, base::Time now, std::int64_t deadline)
      : revocation_(revocation), now_(now), deadline_(deadline) {}

  base::Result<ValidationData> run(const std::vector<base::Bytes>& signers,
                                   const std::vector<base::Bytes>& others) {
    for (const base::Bytes& der : signers) enter(der, true);
    for (const base::Bytes& der : others) enter(der, false);
    while (!waiting_.empty()) {
      X509* certificate = waiting_.front();
      waiting_.pop_front();
      if (data_.certificates.size() > kCertificatesMax) return incomplete(certificate);
      if (!done_.insert(der_of(certificate)).second) continue;
      add(data_.certificates, der_of(certificate));
      if (issued(certificate, certificate)) continue;  // a root
      X509* issuer = issuer_of(certificate);
      if (issuer == nullptr) return incomplete(certificate);
      waiting_.push_back(issuer);
      TRY(ask(certificate, issuer));
    }
    return std::move(data_);
  }

 private:
  void enter(const base::Bytes& der, bool wanted) {
    Handle<X509> certificate = read_certificate(der);
    if (!certificate) return;
    if (wanted) waiting_.push_back(certificate.get());
    pool_.push_back(std::move(certificate));
  }

  X509* issuer_of(X509* certificate) {
    for (const auto& one : pool_) {
      if (issued(one.get(), certificate)) return one.get();
    }
    return nullptr;
  }

  base::Result<void> ask(X509* certificate, X509* issuer) {
    if (X509_get_ext_by_NID(certificate, NID_id_pkix_OCSP_noCheck, -1) >= 0) return base::done();
    std::string why = "it names no place to ask.";
    const auto conclude = [&](Word word) -> base::Result<bool> {
      if (word == Word::revoked) return revoked(certificate);
      if (word == Word::useless) why = "the answer is not about it or not signed rightly.";
      return word == Word::good;
    };
    const base::Bytes request = ocsp_request(certificate, issuer);
    for (const std::string& url : ocsp_urls(certificate)) {
      auto answer = revocation_.ocsp(url, request, now_, deadline_);
      if (!answer.ok()) {
        why = answer.error().detail();
      } else if (TRY(conclude(read_ocsp(*answer, certificate, issuer)))) {
        return base::done();
      }
    }
    for (const std::string& url : crl_urls(certificate)) {
      auto list = revocation_.crl(url, now_, deadline_);
      if (!list.ok()) {
        why = list.error().detail();
      } else if (TRY(conclude(read_crl(*list, certificate, issuer)))) {
        return base::done();
      }
    }
    return unavailable(certificate, why);
  }

  static base::Bytes ocsp_request(X509* certificate, X509* issuer) {
    const Handle<OCSP_REQUEST> request(OCSP_REQUEST_new());
    OCSP_request_add0_id(request.get(), OCSP_cert_to_id(EVP_sha1(), certificate, issuer));
    base::Bytes out(static_cast<std::size_t>(i2d_OCSP_REQUEST(request.get(), nullptr)), '\0');
    unsigned char* to = unsigned_of(out);
    i2d_OCSP_REQUEST(request.get(), &to);
    return out;
  }

  Word read_ocsp(const base::Bytes& der, X509* certificate, X509* issuer) {
    const unsigned char* at = unsigned_of(base::BytesView(der));
    const Handle<OCSP_RESPONSE> response(
        d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(der.size())));
    if (!response || OCSP_response_status(response.get()) != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
      return Word::useless;
    }
    const Handle<OCSP_BASICRESP> basic(OCSP_response_get1_basic(response.get()));
    const Handle<stack_st_X509> authorities(sk_X509_new_null());
    X509_up_ref(issuer);
    sk_X509_push(authorities.get(), issuer);
    if (!basic || OCSP_basic_verify(basic.get(), authorities.get(), nullptr, OCSP_NOVERIFY) != 1) {
      return Word::useless;
    }
    int status = -1;
    for (const EVP_MD* digest : {EVP_sha1(), EVP_sha256()}) {
      const Handle<OCSP_CERTID> id(OCSP_cert_to_id(digest, certificate, issuer));
      if (OCSP_resp_find_status(basic.get(), id.get(), &status, nullptr, nullptr, nullptr,
                                nullptr) == 1) {
        break;
      }
    }
    if (status == V_OCSP_CERTSTATUS_REVOKED) return Word::revoked;
    if (status != V_OCSP_CERTSTATUS_GOOD) return Word::useless;
    add(data_.ocsp_responses, der);
    const STACK_OF(X509)* theirs = OCSP_resp_get0_certs(basic.get());
    for (int i = 0; i < sk_X509_num(theirs); ++i) {
      enter(der_of(sk_X509_value(theirs, i)), true);  // the responder, judged like the others
    }
    return Word::good;
  }

  Word read_crl(const base::Bytes& der, X509* certificate, X509* issuer) {
    const unsigned char* at = unsigned_of(base::BytesView(der));
    const Handle<X509_CRL> crl(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
    if (!crl ||
        X509_NAME_cmp(X509_CRL_get_issuer(crl.get()), X509_get_issuer_name(certificate)) != 0 ||
        X509_CRL_verify(crl.get(), X509_get0_pubkey(issuer)) != 1) {
      return Word::useless;
    }
    X509_REVOKED* entry = nullptr;
    if (X509_CRL_get0_by_cert(crl.get(), &entry, certificate) == 1) return Word::revoked;
    add(data_.crls, der);
    return Word::good;
  }

  RevocationSource& revocation_;
  const base::Time now_;
  const std::int64_t deadline_;
  ValidationData data_;
  std::vector<Handle<X509>> pool_;
  std::deque<X509*> waiting_;
  std::set<base::Bytes> done_;
};

void collect(base::BytesView der, int depth, std::vector<base::Bytes>& into) {
  if (der.size() > kCmsMax || depth > 2) return;
  const unsigned char* at = unsigned_of(der);
  const Handle<CMS_ContentInfo> cms(
      d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(der.size())));
  if (!cms) return;
  const Handle<stack_st_X509> certificates(CMS_get1_certs(cms.get()));
  const int count = certificates ? sk_X509_num(certificates.get()) : 0;
  for (int i = 0; i < count; ++i) add(into, der_of(sk_X509_value(certificates.get(), i)));
  STACK_OF(CMS_SignerInfo)* signers = CMS_get0_SignerInfos(cms.get());
  for (int i = 0; i < sk_CMS_SignerInfo_num(signers); ++i) {
    const CMS_SignerInfo* signer = sk_CMS_SignerInfo_value(signers, i);
    const int index = CMS_unsigned_get_attr_by_NID(signer, NID_id_smime_aa_timeStampToken, -1);
    if (index < 0) continue;
    X509_ATTRIBUTE* attribute = CMS_unsigned_get_attr(signer, index);
    const auto* value = static_cast<const ASN1_STRING*>(
        X509_ATTRIBUTE_get0_data(attribute, 0, V_ASN1_SEQUENCE, nullptr));
    if (value == nullptr) continue;
    collect({reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
             static_cast<std::size_t>(ASN1_STRING_length(value))},
            depth + 1, into);
  }
}

}  // namespace

base::Result<ValidationData> gather(const std::vector<base::Bytes>& signers,
                                    const std::vector<base::Bytes>& others,
                                    RevocationSource& revocation, base::Time now,
                                    std::int64_t deadline_micros) {
  const ErrorQueue errors;
  return Gathering(revocation, now, deadline_micros).run(signers, others);
}

std::vector<base::Bytes> certificates_in(base::BytesView cms) {
  const ErrorQueue errors;
  std::vector<base::Bytes> found;
  collect(cms, 0, found);
  return found;
}

}  // namespace trust::signing
