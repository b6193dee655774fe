#include "trust/anchors.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <unordered_map>

#include "base/hash.h"
#include "trust/anchor_store.h"

namespace trust {
namespace {

constexpr std::size_t kPemBytesMax = 4u << 20;

}  // namespace

struct Anchors::Impl {
  std::vector<Anchor> all;
  std::unordered_map<base::Bytes, std::size_t> by_certificate;  // SHA-256 to the place in `all`
  std::vector<CertificatePtr> certificates;
  Handle<X509_STORE> signatures{X509_STORE_new()}, timestamps{X509_STORE_new()};
  base::Bytes identity;
};

Anchors::Anchors() : impl_(std::make_unique<Impl>()) {}
Anchors::~Anchors() = default;
Anchors::Anchors(Anchors&&) noexcept = default;
Anchors& Anchors::operator=(Anchors&&) noexcept = default;

base::Result<void> Anchors::add(Anchor anchor) {
  const ErrorQueue errors;
  const auto certificate = make_certificate(anchor.certificate);
  if (!certificate) {
    return base::Error(base::Code::invalid, "trust.certificate_malformed",
                       anchor.name + " is not a certificate (DER)",
                       anchor.name + " không phải chứng thư số (DER)");
  }
  if (anchor.signatures) X509_STORE_add_cert(impl_->signatures.get(), certificate->x509.get());
  if (anchor.timestamps) X509_STORE_add_cert(impl_->timestamps.get(), certificate->x509.get());
  impl_->certificates.push_back(certificate);
  const std::string uses =
      std::string(anchor.signatures ? "s" : "") + (anchor.timestamps ? "t" : "");
  impl_->identity = base::sha256(impl_->identity + certificate->summary.sha256 + uses);
  const auto [known, fresh] =
      impl_->by_certificate.emplace(certificate->summary.sha256, impl_->all.size());
  if (fresh) {
    impl_->all.push_back(std::move(anchor));
  } else {  // named twice: both uses
    Anchor& first = impl_->all[known->second];
    first.signatures = first.signatures || anchor.signatures;
    first.timestamps = first.timestamps || anchor.timestamps;
    first.demonstration = first.demonstration || anchor.demonstration;
  }
  return base::done();
}

base::Result<void> Anchors::add_pem(base::BytesView pem, const Anchor& like) {
  const ErrorQueue errors;
  const base::BytesView bounded = pem.substr(0, kPemBytesMax);
  Handle<BIO> in(BIO_new_mem_buf(bounded.data(), static_cast<int>(bounded.size())));
  bool any = false;
  while (Handle<X509> one{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)}) {
    Anchor anchor = like;
    anchor.certificate = der_of(one.get());
    TRY(add(std::move(anchor)));
    any = true;
  }
  if (!any) {
    return base::Error(base::Code::invalid, "trust.no_certificate",
                       "there is no certificate (PEM) in " + like.name,
                       "không có chứng thư số (PEM) nào trong " + like.name);
  }
  return base::done();
}

const std::vector<Anchor>& Anchors::all() const { return impl_->all; }

x509_store_st* AnchorsAccess::store(const Anchors& anchors, Purpose purpose) {
  return (purpose == Purpose::timestamp ? anchors.impl_->timestamps : anchors.impl_->signatures)
      .get();
}

CertificatePtr AnchorsAccess::certificate(const Anchors& anchors, const x509_st* x509) {
  for (const CertificatePtr& one : anchors.impl_->certificates) {
    if (one->x509.get() == x509) return one;
  }
  return nullptr;
}

const Anchor* AnchorsAccess::find(const Anchors& anchors, const Certificate& certificate) {
  const auto found = anchors.impl_->by_certificate.find(certificate.summary.sha256);
  return found != anchors.impl_->by_certificate.end() ? &anchors.impl_->all[found->second]
                                                      : nullptr;
}

const base::Bytes& AnchorsAccess::identity(const Anchors& anchors) {
  return anchors.impl_->identity;
}

}  // namespace trust
