// What is read out of a certificate, and DER to objects and back.
#pragma once
#include <cstdint>
#include <string>

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
