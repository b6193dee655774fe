#include "trust/certificate.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <ctime>

#include "base/hash.h"

namespace trust {
namespace {

constexpr std::size_t kCertificateBytesMax = 64 * 1024;

std::string text_of_entry(const X509_NAME_ENTRY* entry) {
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(entry));
  if (size < 0) return {};
  std::string out(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  return out;
}

}  // namespace

Handle<x509_st> read_certificate(base::BytesView der) {
  if (der.empty() || der.size() > kCertificateBytesMax) return nullptr;
  const unsigned char* at = unsigned_of(der);
  Handle<X509> certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!certificate || at != unsigned_of(der) + der.size()) return nullptr;
  return certificate;
}

base::Bytes der_of(const x509_st* certificate) {
  const int size = i2d_X509(certificate, nullptr);
  if (size <= 0) return {};
  base::Bytes out(static_cast<std::size_t>(size), '\0');
  unsigned char* to = unsigned_of(out);
  i2d_X509(certificate, &to);
  return out;
}

std::optional<base::Time> time_of(const asn1_string_st* time) {
  std::tm broken{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &broken) != 1) return std::nullopt;
  return base::Time(std::chrono::seconds(::timegm(&broken)));
}

Handle<asn1_string_st> asn1_time(base::Time time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  return Handle<asn1_string_st>(ASN1_TIME_set(nullptr, seconds));
}

std::string name_text(const X509_name_st* name) {
  Handle<BIO> out(BIO_new(BIO_s_mem()));
  constexpr unsigned long kFlags =
      (XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) & ~XN_FLAG_DUMP_UNKNOWN_FIELDS;
  if (!out || X509_NAME_print_ex(out.get(), name, 0, kFlags) < 0) return {};
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

std::string name_part(const X509_name_st* name, int nid) {
  const int at = X509_NAME_get_index_by_NID(name, nid, -1);
  return at < 0 ? std::string() : text_of_entry(X509_NAME_get_entry(name, at));
}

CertificateSummary summary_of(const x509_st* certificate) {
  CertificateSummary out;
  const X509_NAME* subject = X509_get_subject_name(certificate);
  out.subject = name_text(subject);
  out.issuer = name_text(X509_get_issuer_name(certificate));
  out.name = name_part(subject, NID_commonName);
  out.organisation = name_part(subject, NID_organizationName);
  Handle<BIGNUM> serial(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  if (serial) {
    base::Bytes bytes(static_cast<std::size_t>(BN_num_bytes(serial.get())), '\0');
    BN_bn2bin(serial.get(), unsigned_of(bytes));
    out.serial = base::hex(bytes);
  }
  out.not_before = time_of(X509_get0_notBefore(certificate)).value_or(base::Time{});
  out.not_after = time_of(X509_get0_notAfter(certificate)).value_or(base::Time{});
  out.sha256 = base::sha256(der_of(certificate));
  return out;
}

ErrorQueue::ErrorQueue() { ERR_clear_error(); }
ErrorQueue::~ErrorQueue() { ERR_clear_error(); }

}  // namespace trust
