// What somebody needs to judge a signature years later: the chains, and what revocation said.
#pragma once
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "trust/revocation.h"

namespace trust::signing {

struct ValidationData {
  std::vector<base::Bytes> certificates, crls, ocsp_responses;  // DER, without repetitions
};

// For the certificates in `signers` and everything that they lead to. Issuers are taken from
// `signers` and `others`. An OCSP answer is preferred to a list; what neither verifies nor speaks
// of the certificate is not taken. Errors: trust.chain_incomplete, trust.certificate_revoked,
// trust.revocation_unavailable.
base::Result<ValidationData> gather(const std::vector<base::Bytes>& signers,
                                    const std::vector<base::Bytes>& others,
                                    RevocationSource& revocation, base::Time now,
                                    std::int64_t deadline_micros);

// The certificates in a CMS object and in the timestamp tokens within it.
std::vector<base::Bytes> certificates_in(base::BytesView cms);

}  // namespace trust::signing
