// Whether a certificate was revoked, from everything that is at hand or can be fetched
// (EN 319 102-1 §5.2.5 and §5.2.6).
#pragma once
#include <vector>

#include "base/bytes.h"
#include "trust/certificate.h"
#include "trust/judge.h"

namespace trust {

struct RevocationMaterial {
  std::vector<base::BytesView> crls, ocsp_responses;  // DER, as they came
};

struct RevocationFinding {
  enum class Outcome : unsigned char {
    good,     // not revoked, by something current at the time asked for
    revoked,  // at `revoked_at`
    on_hold,
    unknown,        // nothing current
    out_of_bounds,  // only words from after the certificate expired
  } outcome = Outcome::unknown;
  base::Time revoked_at;
  base::Text message;
};

// `at`: the proven time of the signature, else now. `fetch`: what is embedded may be completed from
// context.revocation.
RevocationFinding check_revocation(const Certificate& of, const Certificate& issuer,
                                   const RevocationMaterial& material, base::Time at, bool fetch,
                                   const Context& context);

}  // namespace trust
