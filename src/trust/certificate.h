// What is read out of a certificate, and DER to objects and back.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "trust/handles.h"
#include "trust/verdict.h"

namespace trust {

// Null when malformed, too large (64 KiB) or followed by anything.
Handle<x509_st> read_certificate(base::BytesView der);
base::Bytes der_of(const x509_st* certificate);

// Nothing for a time that is malformed.
std::optional<base::Time> time_of(const asn1_string_st* time);
// Seconds, as ASN.1 has them.
Handle<asn1_string_st> asn1_time(base::Time time);

std::string name_text(const X509_name_st* name);            // RFC 4514, UTF-8
std::string name_part(const X509_name_st* name, int nid);   // the first of that type, or empty
CertificateSummary summary_of(const x509_st* certificate);  // all but `demonstration`

// A certificate read once. Fixed; any thread.
struct Certificate {
  Handle<x509_st> x509;
  evp_pkey_st* key = nullptr;  // of x509; null when it is of no known kind
  base::Bytes der;
  CertificateSummary summary;
  base::Bytes subject, issuer;  // DER
  base::Bytes serial, key_id;   // contents; key_id may be empty
  std::string key_name;         // as in the policy: "RSA"
  int key_bits = 0;
  std::string digest;  // of the issuer's signature over it; empty where the algorithm has none
  bool authority = false;
  bool may_sign = false;        // key usage: digitalSignature or nonRepudiation
  bool may_sign_crls = false;   // key usage: cRLSign
  bool for_timestamps = false;  // extended key usage: critical, timeStamping and nothing else
  bool for_ocsp = false;        // extended key usage: OCSPSigning
  bool for_services = false;    // extended key usage: nothing but timeStamping and OCSPSigning
  std::vector<std::string> crl_urls, ocsp_urls;  // http and https only
  std::vector<std::string> policies;             // OIDs
};
using CertificatePtr = std::shared_ptr<const Certificate>;
// Null as read_certificate.
CertificatePtr make_certificate(base::BytesView der);

// Empties OpenSSL's queue of errors of this thread on the way in and on the way out, so that one
// judgement's failures are not read by the next, and nothing grows.
class ErrorQueue {
 public:
  ErrorQueue();
  ~ErrorQueue();
  ErrorQueue(const ErrorQueue&) = delete;
  ErrorQueue& operator=(const ErrorQueue&) = delete;
};

inline const unsigned char* unsigned_of(base::BytesView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* unsigned_of(base::Bytes& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

}  // namespace trust
