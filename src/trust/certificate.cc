#include "trust/certificate.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>

#include "base/hash.h"
#include "trust/algorithms.h"

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

constexpr std::size_t kUrlsMax = 4;
constexpr std::size_t kUrlBytesMax = 1024;
constexpr int kPoliciesMax = 16;

base::Bytes der_of_name(const X509_NAME* name) {
  const unsigned char* der = nullptr;
  std::size_t size = 0;
  if (X509_NAME_get0_der(name, &der, &size) != 1) return {};
  return {reinterpret_cast<const char*>(der), size};
}

base::Bytes bytes_of(const ASN1_STRING* string) {
  if (string == nullptr) return {};
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

void add_url(const GENERAL_NAME* name, std::vector<std::string>& to) {
  int type = 0;
  const void* value = GENERAL_NAME_get0_value(name, &type);
  if (type != GEN_URI) return;
  std::string url = bytes_of(static_cast<const ASN1_STRING*>(value));
  const bool web = url.starts_with("http://") || url.starts_with("https://");
  if (web && url.size() <= kUrlBytesMax && to.size() < kUrlsMax) to.push_back(std::move(url));
}

void read_urls(const X509* x509, Certificate& out) {
  auto* points = static_cast<CRL_DIST_POINTS*>(
      X509_get_ext_d2i(x509, NID_crl_distribution_points, nullptr, nullptr));
  for (int i = 0; i < sk_DIST_POINT_num(points); ++i) {
    const DIST_POINT* point = sk_DIST_POINT_value(points, i);
    if (point->distpoint == nullptr || point->distpoint->type != 0) continue;
    const GENERAL_NAMES* names = point->distpoint->name.fullname;
    for (int j = 0; j < sk_GENERAL_NAME_num(names); ++j) {
      add_url(sk_GENERAL_NAME_value(names, j), out.crl_urls);
    }
  }
  CRL_DIST_POINTS_free(points);
  auto* access = static_cast<AUTHORITY_INFO_ACCESS*>(
      X509_get_ext_d2i(x509, NID_info_access, nullptr, nullptr));
  for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access); ++i) {
    const ACCESS_DESCRIPTION* one = sk_ACCESS_DESCRIPTION_value(access, i);
    if (OBJ_obj2nid(one->method) == NID_ad_OCSP) add_url(one->location, out.ocsp_urls);
  }
  AUTHORITY_INFO_ACCESS_free(access);
}

void read_policies(const X509* x509, Certificate& out) {
  auto* policies = static_cast<CERTIFICATEPOLICIES*>(
      X509_get_ext_d2i(x509, NID_certificate_policies, nullptr, nullptr));
  for (int i = 0; i < std::min(sk_POLICYINFO_num(policies), kPoliciesMax); ++i) {
    char text[80] = {};
    OBJ_obj2txt(text, sizeof text, sk_POLICYINFO_value(policies, i)->policyid, 1);
    out.policies.emplace_back(text);
  }
  CERTIFICATEPOLICIES_free(policies);
}

void read_extended_usage(X509* x509, Certificate& out) {
  int critical = 0;
  auto* usages = static_cast<EXTENDED_KEY_USAGE*>(
      X509_get_ext_d2i(x509, NID_ext_key_usage, &critical, nullptr));
  const int count = sk_ASN1_OBJECT_num(usages);
  int services = 0;
  bool timestamps = false;
  for (int i = 0; i < count; ++i) {
    const int nid = OBJ_obj2nid(sk_ASN1_OBJECT_value(usages, i));
    timestamps = timestamps || nid == NID_time_stamp;
    out.for_ocsp = out.for_ocsp || nid == NID_OCSP_sign;
    services += nid == NID_time_stamp || nid == NID_OCSP_sign ? 1 : 0;
  }
  EXTENDED_KEY_USAGE_free(usages);
  out.for_timestamps = timestamps && count == 1 && critical == 1;
  out.for_services = count > 0 && services == count;
}

}  // namespace

CertificatePtr make_certificate(base::BytesView der) {
  auto x509 = read_certificate(der);
  if (!x509) return nullptr;
  auto out = std::make_shared<Certificate>();
  X509* const raw = x509.get();
  out->x509 = std::move(x509);
  out->der = base::Bytes(der);
  out->summary = summary_of(raw);
  out->summary.sha256 = base::sha256(der);
  out->subject = der_of_name(X509_get_subject_name(raw));
  out->issuer = der_of_name(X509_get_issuer_name(raw));
  out->serial = bytes_of(X509_get0_serialNumber(raw));
  out->key = X509_get0_pubkey(raw);
  out->key_name = key_name(out->key);
  out->key_bits = out->key != nullptr ? EVP_PKEY_get_bits(out->key) : 0;
  // Fills what OpenSSL keeps of the extensions, before other threads see the certificate.
  X509_check_purpose(raw, -1, 0);
  out->key_id = bytes_of(X509_get0_subject_key_id(raw));
  const X509_ALGOR* algorithm = nullptr;
  X509_get0_signature(nullptr, &algorithm, raw);
  unsigned char* encoded = nullptr;
  const int size = i2d_X509_ALGOR(algorithm, &encoded);
  if (size > 0) {
    asn1::Reader in({reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(size)});
    if (const auto identifier = asn1::algorithm(in)) {
      const auto known = signature_algorithm(*identifier);
      out->digest = known.kind == SignatureAlgorithm::Kind::eddsa     ? ""
                    : known.kind == SignatureAlgorithm::Kind::unknown ? identifier->oid
                                                                      : known.digest;
    }
    OPENSSL_free(encoded);
  }
  const std::uint32_t usage = X509_get_key_usage(raw);  // all bits where it is not limited
  out->may_sign = (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
  out->may_sign_crls = (usage & KU_CRL_SIGN) != 0;
  out->authority = X509_check_ca(raw) > 0;
  read_extended_usage(raw, *out);
  read_urls(raw, *out);
  read_policies(raw, *out);
  return out;
}

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
  out.der = der_of(certificate);
  out.sha256 = base::sha256(out.der);
  return out;
}

ErrorQueue::ErrorQueue() { ERR_clear_error(); }
ErrorQueue::~ErrorQueue() { ERR_clear_error(); }

}  // namespace trust
