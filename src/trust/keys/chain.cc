#include "trust/keys/chain.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>

#include "trust/certificate.h"

namespace trust::keys {
namespace {

constexpr std::size_t kFileBytesMax = 1 << 20, kCertificatesMax = 64;

base::Error malformed() {
  return {base::Code::invalid, "trust.certificate_malformed",
          "this file holds no certificate (PEM or DER)",
          "tệp này không có chứng thư số nào (PEM hoặc DER)"};
}
base::Error another_key(const Certificate& first) {
  return {base::Code::invalid, "trust.certificate_of_another_key",
          "no certificate in this file is of this key; the first is of " + first.summary.subject +
              ": import the one that was issued for the request made with this key",
          "không chứng thư nào trong tệp là của khóa này; chứng thư đầu là của " +
              first.summary.subject +
              ": hãy nhập chứng thư được cấp cho yêu cầu đã lập bằng khóa này"};
}
base::Error expired(const Certificate& own) {
  const std::string when = base::iso_time_text(own.summary.not_after);
  return {base::Code::invalid, "trust.certificate_expired",
          "the certificate of " + own.summary.subject + " expired at " + when +
              ": ask for a new one with truc certificate request",
          "chứng thư của " + own.summary.subject + " đã hết hạn lúc " + when +
              ": hãy xin cấp mới bằng truc certificate request"};
}
base::Error usage(const Certificate& own, const std::string& en, const std::string& vi) {
  return {base::Code::invalid, "trust.certificate_usage",
          "the certificate of " + own.summary.subject + " " + en +
              ": ask the authority for one with key usage digitalSignature",
          "chứng thư của " + own.summary.subject + " " + vi +
              ": hãy xin chứng thư có mục đích digitalSignature"};
}
base::Error chain(const Certificate& one, const std::string& en, const std::string& vi) {
  return {base::Code::invalid, "trust.certificate_chain",
          "the certificate of " + one.summary.subject + " " + en,
          "chứng thư của " + one.summary.subject + " " + vi};
}

bool has_key(const Certificate& certificate, const EVP_PKEY* key) {
  return certificate.key != nullptr && EVP_PKEY_eq(certificate.key, key) == 1;
}

base::Result<void> check_own(const Certificate& own, base::Time now) {
  if (own.summary.not_after <= now) return expired(own);
  if (own.authority) return usage(own, "is an authority's", "là của một tổ chức chứng thực");
  if (!own.may_sign) {
    return usage(own, "is not for signatures (key usage)", "không dùng để ký (key usage)");
  }
  if (own.for_services) {
    return usage(own, "is for timestamps or OCSP only", "chỉ dùng cho dấu thời gian hoặc OCSP");
  }
  return base::done();
}

}  // namespace

base::Result<std::vector<base::Bytes>> read_certificates(base::BytesView file) {
  const ErrorQueue errors;
  if (file.size() > kFileBytesMax) return malformed();
  std::vector<base::Bytes> out;
  if (file.find("-----BEGIN") == base::BytesView::npos) {
    if (!read_certificate(file)) return malformed();
    out.emplace_back(file);
    return out;
  }
  const Handle<BIO> in(BIO_new_mem_buf(file.data(), static_cast<int>(file.size())));
  while (out.size() < kCertificatesMax) {
    const Handle<X509> one(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    if (!one) break;
    out.push_back(der_of(one.get()));
  }
  if (out.empty()) return malformed();
  return out;
}

base::Result<std::vector<base::Bytes>> chain_of_key(base::BytesView public_key,
                                                    const std::vector<base::Bytes>& certificates,
                                                    base::Time now) {
  const ErrorQueue errors;
  const unsigned char* at = unsigned_of(public_key);
  const Handle<EVP_PKEY> key(d2i_PUBKEY(nullptr, &at, static_cast<long>(public_key.size())));
  std::vector<CertificatePtr> left;
  for (const base::Bytes& der : certificates) {
    auto one = make_certificate(der);
    if (!one) return malformed();
    const bool twice = std::any_of(left.begin(), left.end(),
                                   [&](const CertificatePtr& known) { return known->der == der; });
    if (!twice) left.push_back(std::move(one));
  }
  if (!key || left.empty()) return malformed();
  // Of several for one key (it was renewed) the one that ends last.
  auto next = left.end();
  for (auto it = left.begin(); it != left.end(); ++it) {
    if (!has_key(**it, key.get())) continue;
    if (next == left.end() || (*next)->summary.not_after < (*it)->summary.not_after) next = it;
  }
  if (next == left.end()) return another_key(*left.front());
  TRY(check_own(**next, now));
  std::vector<base::Bytes> out;
  CertificatePtr last;
  while (next != left.end()) {
    if (last && X509_verify(last->x509.get(), (*next)->key) != 1) {
      return chain(*last, "was not signed by the key of its issuer in this file",
                   "không do khóa của nơi cấp trong tệp này ký");
    }
    last = *next;
    out.push_back(last->der);
    left.erase(next);
    next = std::find_if(left.begin(), left.end(),
                        [&](const CertificatePtr& one) { return one->subject == last->issuer; });
  }
  if (!left.empty()) {
    return chain(*left.front(),
                 "does not belong to the chain, whose last needs the issuer " +
                     last->summary.issuer + ": take it out, or add what is between",
                 "không thuộc chuỗi, mà chứng thư cuối cần nơi cấp " + last->summary.issuer +
                     ": hãy bỏ ra, hoặc thêm chứng thư ở giữa");
  }
  return out;
}

}  // namespace trust::keys
