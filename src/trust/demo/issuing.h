// Making keys and certificates for the demonstration; the objects are OpenSSL's.
#pragma once
#include <string>
#include <vector>

#include "trust/demo/authority.h"
#include "trust/handles.h"

namespace trust::demo {

struct Identity {
  Handle<evp_pkey_st> key;
  Handle<x509_st> certificate;

  base::Bytes key_pem() const;
  base::Bytes certificate_pem() const;
};
base::Result<Identity> read_identity(base::BytesView key_pem, base::BytesView certificate_pem);

base::Error broken(std::string_view what);  // trust.demo_failed
base::Result<Handle<evp_pkey_st>> make_key(KeyAlgorithm algorithm, int bits);
// "TRÌNH DIỄN / DEMONSTRATION" and a serial of 16 random bytes are added; revocation URLs are
// those of `url` unless it is empty. A null issuer signs itself.
struct Making {
  const Identity* issuer = nullptr;
  std::string url;
  bool root_issued = false;  // names the root's list
};
base::Result<Handle<x509_st>> make_certificate(const Wish& wish, evp_pkey_st* key,
                                               const Making& making);

struct Revoked {
  base::Bytes serial;  // big-endian
  base::Time at;
};
base::Result<base::Bytes> make_crl(const Identity& issuer, const std::vector<Revoked>& revoked,
                                   base::Time now, base::Duration valid_for);

struct Responder {
  const Identity& issuer;
  const Identity& signer;  // the issuer itself or its delegate
  const std::vector<Revoked>& revoked;
};
// Answers for the first of `responders` whose issuer the request names.
base::Result<base::Bytes> answer_ocsp(base::BytesView request,
                                      const std::vector<Responder>& responders, base::Time now);
base::Result<base::Bytes> answer_timestamp(base::BytesView request, const Identity& tsa,
                                           const std::vector<const Identity*>& authorities,
                                           base::Time now);

}  // namespace trust::demo
