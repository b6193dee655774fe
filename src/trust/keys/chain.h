// Certificates as they come in files, and whether they fit a key.
#pragma once
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace trust::keys {

// DER of every certificate in a PEM file, or of the one in a DER file. trust.certificate_malformed.
base::Result<std::vector<base::Bytes>> read_certificates(base::BytesView file);

// The chain of a key (DER of its SubjectPublicKeyInfo) out of certificates in any order: its own
// first, each followed by its issuer. It need not reach a root. Errors, each of which names the
// certificate: trust.certificate_of_another_key, trust.certificate_expired at `now`,
// trust.certificate_usage (an authority's, or not for signatures), trust.certificate_chain (one
// that does not belong to it, or a signature of an issuer that is wrong).
base::Result<std::vector<base::Bytes>> chain_of_key(base::BytesView public_key,
                                                    const std::vector<base::Bytes>& certificates,
                                                    base::Time now);

}  // namespace trust::keys
