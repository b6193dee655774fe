// What a CRL or an OCSP answer says of one certificate, once its signature was found good.
#pragma once
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "trust/certificate.h"

namespace trust {

class ChainCache;

enum class Standing : unsigned char { good, revoked, on_hold };

struct RevocationAnswer {
  Standing standing = Standing::good;
  std::optional<base::Time> revoked_at;  // with revoked and on_hold
  base::Time this_update;
  std::optional<base::Time> next_update;
  // Expired certificates are kept in view from this time on (expiredCertsOnCRL, archiveCutoff).
  std::optional<base::Time> keeps_expired_since;
  bool from_ocsp = false;
};

// Nothing when the answer is malformed, not about this certificate, not signed by `issuer` or
// (OCSP) by a responder that `issuer` appointed and whose certificate was in force, or of a kind
// that says only half (delta, indirect, by reason).
std::optional<RevocationAnswer> read_crl(base::BytesView der, const Certificate& of,
                                         const Certificate& issuer, ChainCache* cache);
std::optional<RevocationAnswer> read_ocsp(base::BytesView der, const Certificate& of,
                                          const Certificate& issuer, ChainCache* cache);

// When the next ones come, whoever signed these; nothing when malformed or not said.
std::optional<base::Time> next_update_of_crl(base::BytesView der);
std::optional<base::Time> next_update_of_ocsp(base::BytesView der);

// DER of a request for `of`.
base::Bytes ocsp_request(const Certificate& of, const Certificate& issuer);

}  // namespace trust
